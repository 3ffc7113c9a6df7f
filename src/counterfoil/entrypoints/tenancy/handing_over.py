"""Hand a section over to its Party: the whole registry, checked, in its own folder; then the key here is destroyed.

It takes two steps, because for as long as two places hold the key two books could be written. The first step closes the
section and makes the copy. The second asks for a proof that the Party has turned its log to a key that we never had.
Source: 6/CMA.4 annex I para. 18; ADR-0034.
"""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.durable import made_folder, written_once
from counterfoil.adapters.lock import RegistryLock
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.adapters.signing.trusted_key import trusted_key
from counterfoil.application.key_history import read_key_history
from counterfoil.application.queries.prove import check
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import Proven
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.key_history import key_text
from counterfoil.domain.ledger.note import read_note, read_note_key
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.gate import OFFICE
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.restore import restore
from counterfoil.entrypoints.tenancy.fault import InstallationFault
from counterfoil.entrypoints.tenancy.installation import Section

WAIT_SECONDS: Final = 40
"""How long the section's process may take to end once its state has changed."""
REGISTRY: Final = "registry"
RECEIPT: Final = "hand-over.json"
_PAUSE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was handed over: the folder with the registry and its backup, and how far its log had come."""

    folder: Path
    backup: Path
    origin: str
    entries: int
    root: str
    office: bool


@contextlib.contextmanager
def resting(section: Section, *, seconds: float = WAIT_SECONDS) -> Iterator[Refusal | None]:
    """The section's lock, once its process has ended. Yields the refusal where it does not end in time."""
    end = time.monotonic() + seconds
    lock = RegistryLock(section.folder).acquire("installation hand-over")
    while isinstance(lock, Refusal) and time.monotonic() < end:
        time.sleep(_PAUSE_S)
        lock = RegistryLock(section.folder).acquire("installation hand-over")
    if isinstance(lock, Refusal):
        holder = str(lock.facts["holder"])
        yield Refusal(InstallationFault.STILL_AT_WORK, {"party": section.party, "holder": holder})
        return
    with lock:
        yield None


def hand_over(section: Section, to: Path) -> HandedOver | Refusal:
    """Write the whole registry into a new folder: its backup, and the registry restored from it, audited, with its key.

    The caller holds the section's lock. Nothing is changed here: what went wrong can be done again in another folder.

    Raises:
        Outage: the section cannot be read, or the folder not written.
    """
    folder = Folder(section.folder)
    made_folder(to)
    to.chmod(0o700)
    kept = back_up(folder, to, office=(folder.path / OFFICE).exists())
    if isinstance(kept, Refusal):
        return kept
    office = None if kept.office is None else kept.office.path
    restored = restore(kept.path, Folder(to / REGISTRY), key=folder.key, office=office, audited=True)
    if isinstance(restored, Refusal):
        return restored
    if not restored.sound or restored.rebuilt.differs:
        return _unfit(section, "the copy is not sound")
    done = HandedOver(
        to,
        kept.path,
        restored.checkpoint.origin,
        restored.checkpoint.size,
        restored.checkpoint.root.hex(),
        office is not None,
    )
    _receipt(section, done)
    return done


def taken_over(section: Section, proof: bytes) -> HandedOver | Refusal:
    """Whether a proof shows that the Party writes on in its log under a key that is not here; then how far it was here.

    Raises:
        Outage: the section's folder cannot be read.
    """
    folder = Folder(section.folder)
    with open_for_reading(folder) as readable:
        last = readable.reading.last_checkpoint()
        history = read_key_history(readable.reading, readable.codec, otherwise=trusted_key(folder.public_key))
        origin = readable.registry.origin
        size = 0 if last is None else last.size
        root = _root_of("" if last is None else last.note)
    proven = check(proof, key=key_text(history.current), codec=JsonCodec(), verify=verify)
    if isinstance(proven, Refusal):
        return _unfit(section, str(proven.code))
    detail = _falls_short(proven, origin, size, history.public_keys)
    if detail is not None:
        return _unfit(section, detail)
    return HandedOver(folder.path, folder.path, origin, size, root, office=False)


def destroy_keys(section: Section) -> int:
    """Take every private key from the section's folder, and count them. The public half stays, to check the log by."""
    paths = sorted((section.folder / "keys").glob("*.key"))
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _falls_short(proven: Proven, origin: str, size: int, keys: tuple[bytes, ...]) -> str | None:
    signing = read_note_key(proven.key)
    if proven.checkpoint.origin != origin:
        return "another log"
    if not isinstance(proven.subject, int) or proven.subject < size:
        return f"no entry after the first {size}"
    return "the key is one that this installation has" if signing is None or signing.public_key in keys else None


def _root_of(note: str) -> str:
    read = read_note(note)
    checkpoint = None if read is None else read_checkpoint(read.text)
    return "" if checkpoint is None else checkpoint.root.hex()


def _receipt(section: Section, done: HandedOver) -> None:
    """Beside the registry, what was handed over, for the Party's files."""
    said = {
        "party": section.party,
        "origin": done.origin,
        "entries": done.entries,
        "root": done.root,
        "backup": done.backup.name,
        "registry": REGISTRY,
        "office": done.office,
        "request": section.closing_request,
    }
    with contextlib.suppress(FileExistsError):
        written_once(done.folder / RECEIPT, json.dumps(said, indent=1).encode() + b"\n", mode=0o600)


def _unfit(section: Section, detail: str) -> Refusal:
    return Refusal(InstallationFault.PROOF_UNFIT, {"party": section.party, "detail": detail})
