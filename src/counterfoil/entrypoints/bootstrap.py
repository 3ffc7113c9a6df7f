"""The one place that names a storage engine, a key file and a pack: it wires a registry together from its folder.

Reading a registry must start fast, so what only writing, reporting or tests need is imported where it is used.
A folder holds `ledger.db` (journal and tables), `keys/` (the signing key, and its public half), `evidence/` (documents
and readings by digest) and, while something writes, `lock`.
"""

import base64
import gc
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from counterfoil.adapters.chance import SystemChance
from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.adapters.lock import RegistryLock
from counterfoil.adapters.signing.ed25519 import FileSigner, KeysFault, verify
from counterfoil.adapters.signing.key_folder import FolderSigner, settle, signer_of
from counterfoil.adapters.signing.trusted_key import require_own_key, trusted_key
from counterfoil.adapters.storage.postgres.engine_file import EngineFile, read_engine_file
from counterfoil.adapters.storage.sqlite.reading import SqliteReading
from counterfoil.adapters.storage.sqlite.soundness import require_own_layout, require_sound_file
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.command import REGISTRY, SELF, Registry
from counterfoil.application.damage import whole_registry
from counterfoil.application.key_history import read_key_history
from counterfoil.application.loading import load_books
from counterfoil.application.ports import (
    Chance,
    CheckpointRow,
    Clock,
    Codec,
    Evidence,
    Outage,
    OutageFault,
    Reading,
    Signer,
    Store,
    World,
)
from counterfoil.application.verification import Audit, Finding, Progress, audit, audit_hashes
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.key_history import KEY
from counterfoil.domain.ledger.note import NoteKey, read_note
from counterfoil.entrypoints.laws_at_hand import LawsAtHand

if TYPE_CHECKING:
    from counterfoil.adapters.storage.memory.store import MemoryStore
    from counterfoil.domain.reporting.aef_format import AefFormat


@dataclass(frozen=True)
class Folder:
    """Where a registry lives."""

    path: Path

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.db"

    @property
    def key(self) -> Path:
        return self.path / "keys" / "registry.key"

    @property
    def public_key(self) -> Path:
        return self.path / "keys" / "registry.pub"

    @property
    def evidence(self) -> Path:
        return self.path / "evidence"

    @property
    def founded(self) -> bool:
        """True once a ledger was laid out here. One in PostgreSQL leaves a mark, so that no server is asked."""
        return self.ledger.exists() or self.mark.exists() or self.unfinished.exists()

    @property
    def mark(self) -> Path:
        return self.path / "ledger.postgresql"

    @property
    def unfinished(self) -> Path:
        """A file that says that a restore into this folder has not ended."""
        return self.path / "restore.unfinished"

    def require_whole(self) -> None:
        """Raises the outage `restore.unfinished` where a restore has not ended."""
        if self.unfinished.exists():
            raise Outage(OutageFault.RESTORE_UNFINISHED, {"folder": str(self.path)})

    @property
    def engine(self) -> EngineFile | None:
        """Where the ledger stands, when it is not the file here."""
        return read_engine_file(self.path / "engine.toml")


class StoredFormat(Protocol):
    """How an engine lays out its tables, and the way from an older layout to the newest."""

    newest: int

    def now(self) -> int: ...

    def keep(self) -> Path | None:
        """Copy the store as it stands, where the engine does that, and say where the copy is."""
        ...

    def step(self) -> int:
        """Go on to the next format, when there is one, in one transaction; give the format after it."""
        ...


class Writable:
    """A registry that this process writes: lock, store, and the writer's thread. Close it, or use it in `with`."""

    def __init__(self, folder: Folder, lock: RegistryLock, world: World, store: Store) -> None:
        self.folder = folder
        self.lock = lock
        self.world = world
        from counterfoil.entrypoints.writing_driver import driver_of

        self.driver = driver_of(world, folder.path)
        _collect_seldom()
        self._store = store

    @property
    def registry(self) -> Registry:
        return self.driver.writer.registry

    def __enter__(self) -> "Writable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish what waits, close the store, free the lock."""
        self.driver.close()
        self._store.close()
        self.lock.release()


class Readable:
    """A registry as of one committed moment, readable beside a running writer."""

    def __init__(self, folder: Folder, reading: Reading, codec: Codec) -> None:
        self.folder = folder
        self.reading = reading
        self.codec = codec

    @cached_property
    def books(self) -> Books:
        return load_books(self.reading, self.codec)

    @cached_property
    def registry(self) -> Registry:
        row = self.reading.record(REGISTRY, SELF)
        if row is None:
            raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(self.folder.path)})
        return whole_registry(row.value, self.codec)

    @property
    def evidence(self) -> Evidence:
        return FileEvidence(self.folder.evidence)

    def __enter__(self) -> "Readable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reading.close()


def _collect_seldom() -> None:
    """Look for garbage cycles seldom, never among what was loaded, and the young between two batches (`driver.py`).

    The books live as long as the process and hold no cycles. Looking through them took a quarter of the writer's time;
    a look in the middle of a batch stopped it for 30 to 45 ms, and found nothing.
    """
    gc.freeze()
    gc.set_threshold(200_000, 1_000_000, 1_000)


def _signer(folder: Folder, store: Store) -> FolderSigner:
    """The signer that the journal names, with its files in order; before the founding, the key that was made for it.

    Raises:
        Outage: no file of the folder holds the key.
    """
    codec = JsonCodec()
    reading = store.reading()
    try:
        rotated = next(reading.records(KEY, limit=1), None) is not None
        last = reading.last_checkpoint()
        if not rotated or last is None:
            return _own(folder, last)
        history = read_key_history(reading, codec, otherwise=b"")
    finally:
        reading.close()
    signer = signer_of(folder.key.parent, history.current)
    settle(folder.key.parent, history.current, vouched=last.size > history.terms[-1].after)
    return signer


def _own(folder: Folder, last: CheckpointRow | None) -> FolderSigner:
    """The folder's only key, unless the last checkpoint was signed by another one: then nothing may be signed here."""
    signer = signer_of(folder.key.parent, None)
    note = None if last is None else read_note(last.note)
    if note is not None and not note.of(NoteKey(signer.name, signer.public_key)):
        raise Outage(KeysFault.OTHER, {"path": str(folder.key)})
    return signer


def create_key(folder: Folder, *, name: str) -> FileSigner:
    """Make the folder's signing key. The origin of the registry's log is the key's name."""
    folder.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = FileSigner.create(folder.key, name)
    folder.public_key.write_text(f"{base64.b64encode(signer.public_key).decode()}\n")
    return signer


def open_for_writing(
    folder: Folder,
    what: str,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    laws: LawsAtHand | None = None,
    create: bool = False,
) -> Writable | Refusal:
    """Take the lock and open the registry. A lock held elsewhere is a refusal that names its holder.

    Raises:
        Outage: the store or the key cannot be used.
    """
    if not create and not folder.founded:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(folder.path)})
    folder.require_whole()
    lock = RegistryLock(folder.path).acquire(what)
    if isinstance(lock, Refusal):
        return lock
    store = None
    try:
        store = _store(folder, create=create)
        world = World(
            store=store,
            signer=_signer(folder, store),
            verify=verify,
            clock=clock or SystemClock(),
            chance=chance or SystemChance(),
            codec=JsonCodec(),
            evidence=FileEvidence(folder.evidence),
            laws=laws or LawsAtHand(),
        )
        return Writable(folder, lock, world, store)
    except BaseException:
        if store is not None:
            store.close()
        lock.release()
        raise


def _store(folder: Folder, *, create: bool) -> Store:
    engine = folder.engine
    if engine is None:
        return SqliteStore(folder.ledger, create=create)
    # The driver is imported by registries on PostgreSQL only.
    from counterfoil.adapters.storage.postgres.epoch_file import EpochFile
    from counterfoil.adapters.storage.postgres.store import PostgresStore

    return PostgresStore(engine.conninfo, create=create, schema=engine.schema, seen=EpochFile(folder.mark))


def stored_format(folder: Folder) -> "StoredFormat":
    """The format of a registry's store, this one or an older one. Change it under the registry's lock only."""
    engine = folder.engine
    if engine is None:
        from counterfoil.adapters.storage.sqlite.migrations import SqliteFormat

        return SqliteFormat(folder.ledger)
    from counterfoil.adapters.storage.postgres.migrations import PostgresFormat

    return PostgresFormat(engine.conninfo, schema=engine.schema)


def _reading(folder: Folder) -> Reading:
    engine = folder.engine
    if engine is None:
        return SqliteReading(folder.ledger)
    from counterfoil.adapters.storage.postgres.reading import PostgresReading

    return PostgresReading(engine.conninfo, schema=engine.schema)


def open_for_filling(folder: Folder, *, begun: bool) -> Store:
    """A store without a writer, for a restore that has the folder's lock: a new one, or with `begun` one half filled.

    Raises:
        Outage: the store cannot be used, or there is one already although nothing was begun.
    """
    try:
        return _store(folder, create=True)
    except Outage as outage:
        if outage.code != StorageFault.EXISTS or not begun:
            raise
    return _store(folder, create=False)


def open_for_reading(folder: Folder, *, unfinished: bool = False) -> Readable:
    """Open a view of what is committed. Needs no lock. `unfinished` also opens what a restore is filling.

    Raises:
        Outage: `registry.not_founded` where there is no registry, or what the store says.
    """
    if not folder.founded:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(folder.path)})
    if not unfinished:
        folder.require_whole()
    return Readable(folder, _reading(folder), JsonCodec())


def verify_folder(
    folder: Folder,
    *,
    progress: Progress = lambda _: None,
    unfinished: bool = False,
    journal_only: bool = False,
) -> Audit:
    """Audit a registry's whole store against its public key, or only whether the journal is what was signed.

    Args:
        unfinished: Audit also what a restore has filled so far.

    Raises:
        Outage: `keys.foreign` when signatures fail and the public key is none that the registry names.
    """
    public_key = trusted_key(folder.public_key)
    if folder.engine is None and folder.ledger.exists():
        require_sound_file(folder.ledger)
    with open_for_reading(folder, unfinished=unfinished) as readable:
        check = audit_hashes if journal_only else audit
        audited = check(readable.reading, readable.codec, verify=verify, public_key=public_key, progress=progress)
        if any(finding.code == "verify.signature" for finding in audited.findings):
            require_own_key(folder.public_key, readable.reading, readable.codec)
    if audited.findings or journal_only:
        return audited
    try:
        _require_own_layout(folder)
    except Outage as outage:
        if outage.code != StorageFault.SCHEMA_DIFFERS:
            raise
        return replace(audited, findings=(Finding("schema", None, outage.code, {"part": str(outage.facts["part"])}),))
    return audited


def _require_own_layout(folder: Folder) -> None:
    """Raises the outage `storage.schema_differs` where the guards of the store are not those that were laid out."""
    engine = folder.engine
    if engine is None:
        return require_own_layout(folder.ledger)
    from counterfoil.adapters.storage.postgres import layout

    return layout.require_own_layout(engine.conninfo, schema=engine.schema)


def aef_format(*, profile: str | None = None) -> "AefFormat":
    """The agreed electronic format from its pack; without a profile, the pack's default one."""
    from counterfoil.packs.loader import load_aef_format

    return load_aef_format(profile=profile)


def memory_world(
    signer: Signer, *, clock: Clock | None = None, chance: Chance | None = None, store: "MemoryStore | None" = None
) -> World:
    """A world without disk, for tests and simulation."""
    from counterfoil.adapters.evidence.memory import MemoryEvidence
    from counterfoil.adapters.storage.memory.store import MemoryStore

    return World(
        store=store or MemoryStore(),
        signer=signer,
        verify=verify,
        clock=clock or SystemClock(),
        chance=chance or SystemChance(),
        codec=JsonCodec(),
        evidence=MemoryEvidence(),
    )
