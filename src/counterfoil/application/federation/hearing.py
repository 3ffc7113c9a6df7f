"""Keeping what came while this side looks at what it asks, so that letter book and journal wait for the disk together.

A message is kept once its signature was checked, before anything is done with it. What turns out to have changed
nothing is put under a bound afterwards: nobody fills the disk with messages that ask for nothing.
Source: ADR-0037.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Final, NamedTuple, TypeAlias

from counterfoil.application.federation.letter_book import Count, Direction, Letter, LetterBook
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.refusal import Refusal

Heard: TypeAlias = Callable[[Sequence[Letter]], None]
"""Told of messages whose sender is proven before they are acted on, in the thread that acts: it must not wait."""


class Owed(NamedTuple):
    """A signed message of this side, and what it is about."""

    transfer: str
    kind: str
    envelope: Envelope


class Taken(NamedTuple):
    """What became of one message that came: who sent what about which transfer, and this side's answers.

    `fault` is None where what it asks was done. `digest` is that of its content, and empty where the sender was not
    proven: such a message is counted, and nothing of it is kept. `idle` says that it changed nothing.
    """

    partner: str
    kind: str
    transfer: str
    digest: str
    fault: Refusal | Outage | None = None
    answers: tuple[Owed, ...] = ()
    idle: bool = False


NOTHING: Final[tuple[Letter, ...]] = ()


class Hearing:
    """The messages of one bundle, in the thread that waits for what becomes of them."""

    def __init__(self, book: LetterBook, now_ms: int) -> None:
        self._book, self._now_ms = book, now_ms
        self._keeping: list[Future[frozenset[str]]] = []

    def heard(self, letters: Sequence[Letter]) -> None:
        """Begin to keep messages."""
        if letters:
            self._keeping.append(self._book.keep_beside(letters))

    def settle(
        self,
        signed: Sequence[bytes],
        taken: Sequence[Taken],
        *,
        sent: Iterable[Letter],
        sent_idle: Iterable[Letter] = NOTHING,
        counts: Iterable[Count] = (),
    ) -> None:
        """Wait until what came is durable, and keep what follows from it: what was sent, and the counts.

        The copy of a sent message can be signed again, and is in the file for good with the next letter that comes; so
        nobody waits for the disk a second time.

        Args:
            signed: What came, with `taken` for each.
            sent_idle: Sent messages that tell only that nothing was done.

        Raises:
            Outage: the letter book's file cannot be used. What came is not to be answered then.
        """
        fresh = frozenset[str]().union(*(each.result() for each in self._keeping))
        came = [(self._letter(each, text), each.idle) for text, each in zip(signed, taken, strict=True) if each.digest]
        # What had come before may have been in vain then, and may have gone.
        again = [letter for letter, idle in came if not idle and letter.digest not in fresh]
        heard = Counter((each.partner, each.kind, "" if each.fault is None else str(each.fault.code)) for each in taken)
        book = self._book
        with book.change(synced=bool(again)):
            book.keep([*sent, *again])
            book.keep_idle([*(letter for letter, idle in came if idle), *sent_idle], fresh=fresh)
            book.count(Count(partner, Direction.IN, kind, code, n) for (partner, kind, code), n in heard.items())
            book.count(counts)

    def _letter(self, taken: Taken, text: bytes) -> Letter:
        return Letter(taken.digest, Direction.IN, taken.partner, taken.kind, taken.transfer, self._now_ms, text)
