"""The few interfaces through which the application reaches the world.

The storage contract is the journal's: `load`, `commit`, `read`. Each engine is native behind it, and one conformance
suite holds them together (ADR-0010).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from counterfoil.domain.ledger.blocks import Block
from counterfoil.domain.policy.laws import NO_LAWS, Laws

BLOCKS_AT_MAX: Final = 512
SEQ_MAX: Final = 2**63 - 1
"""Above every entry's number."""


class OutageFault(StrEnum):
    """Outages that the application itself raises; engines add their own."""

    NOT_FOUNDED = "registry.not_founded"
    RESTORE_UNFINISHED = "restore.unfinished"
    CHECKPOINT_BROKEN = "storage.checkpoint_broken"
    WRITER_BUSY = "writer.busy"
    WRITER_CLOSED = "writer.closed"
    WRITER_MISTAKE = "writer.mistake"


class Outage(Exception):
    """The world failed, not the request. `retry` says whether trying again can help."""

    def __init__(self, code: str, facts: Mapping[str, Any] | None = None, *, retry: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.facts = dict(facts or {})
        self.retry = retry


class JournalRow(NamedTuple):
    """One row of the journal: its number from 0, the command's id, the leaf's hash and the leaf's canonical bytes."""

    seq: int
    command: str
    leaf_hash: bytes
    leaf: bytes


class TermRow(NamedTuple):
    """A text that stands by number: `kind` is class, account or lot."""

    kind: str
    number: int
    text: str


class BlockRow(NamedTuple):
    unit_class: int
    first: int
    last: int
    account: int
    lot: int
    seq: int


class SumRow(NamedTuple):
    """The numbers of a class and an account, and the units of the one that the other has."""

    unit_class: int
    account: int
    units: int


class RecordRow(NamedTuple):
    """A record's current value, as canonical JSON text, and the entry that set it."""

    kind: str
    key: str
    value: str
    seq: int


class BalanceRow(NamedTuple):
    """A balance that blocks do not tell: of a source account, or of a book beside the unit book."""

    book: str
    commodity: str
    account: str
    amount: int


class OpeningRow(NamedTuple):
    """What opens one confidential field of an entry; `value` is canonical JSON text."""

    seq: int
    field: str
    salt: bytes
    value: str


class CheckpointRow(NamedTuple):
    """A signed checkpoint and the frontier (the 32-byte roots of complete subtrees, joined) from which to append."""

    number: int
    size: int
    frontier: bytes
    note: str


class CosignatureRow(NamedTuple):
    """A witness's cosignature line (tlog-cosignature) on the checkpoint of that number."""

    number: int
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything of one commit. It is written whole or not at all. Block rows are sorted by (class, first).

    `earlier` are checkpoints before the last one, in order: of several commits of old that are written again as one.
    """

    journal: Sequence[JournalRow]
    checkpoint: CheckpointRow
    terms: Sequence[TermRow] = ()
    blocks: Sequence[BlockRow] = ()
    removed: Sequence[tuple[int, int]] = ()
    records: Sequence[RecordRow] = ()
    balances: Sequence[BalanceRow] = ()
    openings: Sequence[OpeningRow] = ()
    earlier: Sequence[CheckpointRow] = ()


class Reading(Protocol):
    """Reads of what is committed, as of one moment. Beside a running writer they see whole batches only."""

    def last_checkpoint(self) -> CheckpointRow | None: ...
    def checkpoint(self, number: int) -> CheckpointRow | None: ...
    def checkpoints(self) -> Iterator[CheckpointRow]: ...
    def cosignatures(self, number: int | None = None, *, newest_first: bool = False) -> Iterator[CosignatureRow]: ...
    def terms(self) -> Iterator[TermRow]: ...
    def blocks(self) -> Iterator[BlockRow]: ...
    def blocks_between(self, unit_class: int, first: int, last: int) -> list[BlockRow]: ...
    def blocks_of(self, account: int, *, after: tuple[int, int] | None, limit: int) -> list[BlockRow]: ...
    def blocks_after(self, after: tuple[int, int], limit: int) -> list[BlockRow]:
        """So many blocks after a class and a first serial, in that order: a page costs its rows."""
        ...

    def blocks_at(self, keys: Sequence[tuple[int, int]]) -> list[BlockRow]:
        """The blocks that begin at these classes and serials, in their order; at most `BLOCKS_AT_MAX`."""
        ...

    def block_sums(self) -> Iterator[SumRow]:
        """How many units each account has of each class. It walks every block, in the engine."""
        ...

    def records(self, kind: str | None = None, *, after: str = "", limit: int | None = None) -> Iterator[RecordRow]: ...
    def record(self, kind: str, key: str) -> RecordRow | None: ...
    def balances(self) -> Iterator[BalanceRow]: ...
    def journal(self, first: int = 0, last: int | None = None) -> Iterator[JournalRow]: ...
    def leaves(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Every entry as number, hash of the leaf and leaf: the whole journal at the least cost."""
        ...

    def mentions(
        self, text: str, *, after: int = -1, before: int | None = None, limit: int = 100
    ) -> list[JournalRow]: ...
    def row(self, seq: int) -> JournalRow | None: ...
    def openings(self, seq: int | None = None) -> Iterator[OpeningRow]: ...
    def commands(self, ids: Sequence[str]) -> dict[str, int]: ...
    def last_command(self) -> str: ...
    def close(self) -> None: ...


class Store(Protocol):
    """A storage engine as the single writer sees it."""

    @property
    def epoch(self) -> int:
        """Which writer of this registry this is, where an engine counts them: it stands in every checkpoint."""
        ...

    def reading(self) -> Reading:
        """A view of one committed moment (a snapshot), to be closed by the caller."""
        ...

    def commit(self, batch: Batch) -> None:
        """Make a batch durable: on return it survives the loss of power.

        Raises:
            Outage: the batch is not there, or (`storage.outcome_unknown`) it is not known whether it is.
        """
        ...

    def commands(self, ids: Sequence[str]) -> dict[str, int]:
        """The entry numbers of those commands that are in the journal, on the writer's own connection."""
        ...

    def row(self, seq: int) -> JournalRow | None: ...

    def openings(self, seq: int) -> list[OpeningRow]: ...

    def erase(self, seq: int, field: str) -> bool:
        """Erase one opening; the public leaf and every proof stay as they are."""
        ...

    def cosign(self, row: CosignatureRow) -> bool:
        """Keep a witness's line beside its checkpoint; False when that witness's line is there already."""
        ...

    def close(self) -> None: ...


class Signer(Protocol):
    """The registry's signing key, and beside it the one that may come next (ADR-0018)."""

    @property
    def name(self) -> str: ...
    @property
    def public_key(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...
    def holds(self, public_key: bytes) -> bool:
        """Whether the private half of a public key is here."""
        ...

    def turn_to(self, public_key: bytes) -> None:
        """From now on this key, which is held, signs."""
        ...


class Verifier(Protocol):
    """Checks an Ed25519 signature under a raw public key."""

    def __call__(self, *, public_key: bytes, message: bytes, signature: bytes) -> bool: ...


class Clock(Protocol):
    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01T00:00Z. It may run backwards; the writer does not."""
        ...


class Chance(Protocol):
    def salt(self) -> bytes:
        """Sixteen bytes that nobody can guess."""
        ...

    def command_id(self) -> str:
        """A new command id in time order (UUID version 7)."""
        ...


class Codec(Protocol):
    """Canonical JSON, fast. `encode` agrees with `kernel.canonical` byte for byte."""

    def encode(self, value: Any) -> bytes: ...
    def plain(self, value: Any) -> bool: ...
    def encode_plain(self, value: Any) -> bytes: ...
    def decode(self, data: bytes | str) -> Any: ...
    def decode_unchecked(self, data: bytes) -> Any: ...


class Evidence(Protocol):
    """Documents and batches of readings by their SHA-256, beside the journal."""

    def put(self, data: bytes) -> str: ...
    def put_all(self, documents: Sequence[bytes]) -> None:
        """Put several, which then wait for the disk together."""
        ...

    def get(self, digest: str) -> bytes | None: ...
    def has(self, digest: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class World:
    """All that the writer and the queries need of the world, injected once."""

    store: Store
    signer: Signer
    verify: Verifier
    clock: Clock
    chance: Chance
    codec: Codec
    evidence: Evidence
    settings: Mapping[str, Any] = field(default_factory=dict)
    laws: Laws = NO_LAWS


def as_block(row: BlockRow) -> Block:
    return Block(row.first, row.last, row.account, row.lot, row.seq)
