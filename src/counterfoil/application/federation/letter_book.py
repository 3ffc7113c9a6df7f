"""The letter book: copies of all that was sent to partners and came from them, and what is still to be delivered.

It stands beside the journal. Deliveries, counts and the place in the journal can be made again from it; the signed
messages cannot. Those that led to an act are kept for as long as the registry: they prove what a partner has said. Of
those that changed nothing only the latest are.

Source: 6/CMA.4 annex I paras. 9-10 (non-repudiation of existence, type, time and content); ADR-0035.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

NONE: Final[frozenset[str]] = frozenset()


class Direction(StrEnum):
    """From where this registry stands."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Letter:
    """One signed message: the digest of its content (SHA-256, as the journal names it), and its compact bytes."""

    digest: str
    direction: Direction
    partner: str
    kind: str
    transfer: str
    at_ms: int
    signed: bytes


class Delivery(NamedTuple):
    """What this side owes a partner about a transfer: tried so often, next at that moment.

    All moments are UTC milliseconds; `expires_ms` is when a proposal of ours ends unanswered, 0 where nothing does.
    `fault` is the code of the last failure. A dead one waits for a person.
    """

    partner: str
    transfer: str
    tries: int
    next_ms: int
    expires_ms: int = 0
    fault: str = ""
    dead: bool = False


class Count(NamedTuple):
    """How many messages of a kind were answered to a partner with a code; an empty code: all was well."""

    partner: str
    direction: Direction
    kind: str
    code: str
    number: int


class Queue(NamedTuple):
    """How much waits for a partner, how much of it is dead, and when the next of it is due (None: nothing is)."""

    partner: str
    waiting: int
    dead: int
    next_ms: int | None


class LetterBook(Protocol):
    """Every change stands inside `change()`, which is durable at its end."""

    def change(self, *, synced: bool = True) -> AbstractContextManager[None]:
        """One transaction. Without `synced` the loss of power may take it back, whole, with those after it."""
        ...

    def keep(self, letters: Iterable[Letter]) -> None:
        """Keep copies for good; one that is here already stays as it was kept first."""
        ...

    def keep_beside(self, letters: Sequence[Letter]) -> Future[frozenset[str]]:
        """Keep copies in a change of its own, durably, while the caller goes on; the digests of those that are new."""
        ...

    def keep_idle(self, letters: Iterable[Letter], *, fresh: frozenset[str] = NONE) -> None:
        """Keep copies of what changed nothing, of each partner the latest. One that was here stays as it is.

        Args:
            fresh: Digests that are here only since they were heard just now.
        """
        ...

    def came(self, digest: str) -> bool:
        """Whether a message of this digest has come before, and was kept."""
        ...

    def letters(self, transfer: str, *, limit: int) -> Sequence[Letter]: ...
    def owe(self, deliveries: Iterable[Delivery]) -> None:
        """Write down what is owed, over what was written about the same transfer before."""
        ...

    def settle(self, owed: Iterable[tuple[str, str]]) -> None:
        """Nothing is owed to these (partner, transfer) any more."""
        ...

    def revive(self, owed: Iterable[tuple[str, str]], *, now_ms: int) -> int:
        """Try these dead deliveries again from the beginning; says how many were dead."""
        ...

    def due(self, partner: str, *, now_ms: int, limit: int) -> Sequence[Delivery]: ...
    def expired(self, *, now_ms: int, limit: int) -> Sequence[Delivery]:
        """Proposals of ours whose time has run out, dead ones too."""
        ...

    def dead(self, *, after: tuple[str, str], limit: int) -> Sequence[Delivery]: ...
    def queues(self) -> Sequence[Queue]: ...
    def position(self) -> int | None:
        """The first entry of the journal that was not yet looked at; None before the first look."""
        ...

    def move(self, position: int) -> None: ...
    def count(self, counts: Iterable[Count]) -> None:
        """Add to the counts."""
        ...

    def counts(self) -> Sequence[Count]: ...
