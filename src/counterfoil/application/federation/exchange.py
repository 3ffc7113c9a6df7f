"""One exchange with a partner: hand over what is owed, take what it answers, and go on until neither owes anything.

A transport only carries. What came is kept before it is answered; what was sent, once it is answered: until then it is
still owed. What fails is owed again later: each message is made from the latest entry about its transfer, so it is the
same to the byte, and repeating is harmless.
Source: ADR-0007, ADR-0035.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

from counterfoil.application.federation.hearing import Heard, Hearing, Owed, Taken
from counterfoil.application.federation.letter_book import Count, Direction, Letter, LetterBook
from counterfoil.application.ports import Clock
from counterfoil.domain.federation.jws import compact
from counterfoil.domain.federation.message import MessageKind

BUNDLE_MESSAGES_MAX: Final = 1_000
BUNDLE_BYTES_MAX: Final = 4 * 1024 * 1024
TURNS_MAX: Final = 16
"""Posts of one exchange. A whole transfer needs two; what is still owed after so many waits for the next exchange."""
_BESIDE_MIN: Final = 8
"""So few transfers are not worth a second way."""
DONE: Final = "done"
UNAVAILABLE: Final = "unavailable"


class LineAnswer(NamedTuple):
    """A partner's answer to one message: `done`, `refused` or `unavailable`, a code, and its messages in return."""

    outcome: str
    code: str
    answers: tuple[bytes, ...]


class Peer(Protocol):
    """The way to one partner."""

    def post(self, bundle: Sequence[bytes]) -> Sequence[LineAnswer]: ...


def deaf(letters: Sequence[Letter]) -> None:
    """Keeps nothing before its time."""


class OwnSide(Protocol):
    """This registry's own federation, called in the thread that may."""

    def owed(self, transfers: Sequence[str]) -> Sequence[Owed | None]:
        """What this side owes about each transfer, and None where nothing is owed."""
        ...

    def owing(self, transfers: Sequence[str]) -> Sequence[bool]:
        """Whether something is owed about each; costs next to nothing. Who knows of a withdrawal, no book says."""
        ...

    def take(self, signed: Sequence[bytes], heard: Heard = deaf) -> Sequence[Taken]:
        """Receive compact messages; the acts that they ask for are durable afterwards.

        Args:
            heard: Told of what came from proven senders, before it is acted on.
        """
        ...


@dataclass(slots=True)
class Exchanged:
    """What is settled after an exchange, and what is not, each with the code of what went wrong (empty: silence)."""

    settled: list[str] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)
    posts: int = 0
    sent: int = 0


def exchange(
    partner: str,
    transfers: Sequence[str],
    *,
    side: OwnSide,
    peer: Peer,
    book: LetterBook,
    clock: Clock,
    beside: Peer | None = None,
) -> Exchanged:
    """Deliver what is owed a partner about these transfers.

    Args:
        beside: A second way to the same partner. Of many transfers it takes half: each side then works on one half
            while the other side works on the other.

    Raises:
        Outage: the partner cannot be reached, or this registry takes nothing now. What was done until then is done.
    """
    run = _Run(partner, side, peer, book, clock)
    if beside is None or len(transfers) < _BESIDE_MIN:
        return run.exchange(transfers)
    half = len(transfers) // 2
    with ThreadPoolExecutor(1, thread_name_prefix="counterfoil-beside") as pool:
        waiting = pool.submit(_Run(partner, side, beside, book, clock).exchange, transfers[half:])
        done = run.exchange(transfers[:half])
    other = waiting.result()
    settled, still = [*done.settled, *other.settled], {**done.open, **other.open}
    return Exchanged(settled, still, done.posts + other.posts, done.sent + other.sent)


class _Run:
    def __init__(self, partner: str, side: OwnSide, peer: Peer, book: LetterBook, clock: Clock) -> None:
        self._partner, self._side, self._peer, self._book, self._clock = partner, side, peer, book, clock
        self._faults: dict[str, str] = {}
        self._told: set[str] = set()
        self._done = Exchanged()

    def exchange(self, transfers: Sequence[str]) -> Exchanged:
        waiting = [owed for owed in self._side.owed(transfers) if owed is not None]
        for _ in range(TURNS_MAX):
            if not waiting:
                break
            bundle, waiting = _cut(waiting)
            waiting += self._turn(bundle)
        for transfer, owing in zip(transfers, self._side.owing(transfers), strict=True):
            if owing and transfer not in self._told:
                self._done.open[transfer] = self._faults.get(transfer, "")
            else:
                self._done.settled.append(transfer)
        return self._done

    def _turn(self, bundle: Sequence[tuple[Owed, bytes]]) -> list[Owed]:
        """One post: send, take the answers, keep both, and give what this side owes in return."""
        now = self._clock.now_ms()
        answers = self._peer.post([signed for _, signed in bundle])
        self._done.posts += 1
        self._done.sent += len(bundle)
        counts: Counter[tuple[str, str]] = Counter()
        incoming: list[bytes] = []
        for (owed, _), answer in zip(bundle, answers, strict=True):
            code = "" if answer.outcome == DONE else answer.code or answer.outcome
            self._faults[owed.transfer] = code
            counts[owed.kind, code] += 1
            if owed.kind == MessageKind.WITHDRAWAL and (not code or answer.answers):
                self._told.add(owed.transfer)
            if owed.kind == MessageKind.REFUSAL and answer.outcome != UNAVAILABLE:
                # Whatever its source makes of it: one that still proposes gets it again in answer.
                self._told.add(owed.transfer)
            incoming += answer.answers
        hearing = Hearing(self._book, now)
        taken = self._side.take(incoming, hearing.heard) if incoming else ()
        # Only now: what is cut off before this is still owed, and is sent and kept the same to the byte.
        hearing.settle(
            incoming,
            taken,
            sent=(sent_copy(self._partner, owed, signed, now_ms=now) for owed, signed in bundle),
            counts=(Count(self._partner, Direction.OUT, kind, code, n) for (kind, code), n in counts.items()),
        )
        # A message of somebody else may have been overheard: what answers it is not for this partner.
        return [owed for each in taken if each.partner == self._partner for owed in each.answers]


def sent_copy(partner: str, owed: Owed, signed: bytes, *, now_ms: int) -> Letter:
    """The copy of a message that is sent."""
    digest = sha256(owed.envelope.content).hexdigest()
    return Letter(digest, Direction.OUT, partner, owed.kind, owed.transfer, now_ms, signed)


def _cut(waiting: Sequence[Owed]) -> tuple[list[tuple[Owed, bytes]], list[Owed]]:
    """The next bundle with its messages as they travel, and what is left for later ones; never an empty bundle."""
    bundle: list[tuple[Owed, bytes]] = []
    size = 0
    for owed in waiting[:BUNDLE_MESSAGES_MAX]:
        signed = compact(owed.envelope)
        size += len(signed) + 1
        if bundle and size > BUNDLE_BYTES_MAX:
            break
        bundle.append((owed, signed))
    return bundle, list(waiting[len(bundle) :])
