"""A running registry's own side of its links: its federation, called in the writer's thread, a little at a time.

There the books stand still and an act is one step; between two calls the acts of others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from counterfoil.application.commands.abroad import TRANSFER, AbroadFault
from counterfoil.application.commands.end_transfer import Ending, VoidTransfer
from counterfoil.application.commands.recover import RecoveryFault
from counterfoil.application.draft import Outcome
from counterfoil.application.driver import Driver
from counterfoil.application.federation.exchange import deaf
from counterfoil.application.federation.federation import BY, Federation, Received
from counterfoil.application.federation.following import owes
from counterfoil.application.federation.hearing import Heard, Owed, Taken
from counterfoil.application.federation.letter_book import Direction, Letter
from counterfoil.application.federation.opening import Opened
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.jws import read_compact
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.federation.notice import NOTICE, NoticeState
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.faults import catalogue

T = TypeVar("T")
CHUNK: Final = 128
"""Messages that are made, or received, before the acts of others get their turn."""
EXPIRED: Final = "expired"
_KIND: Final = b'"kind":"'


class WriterSide:
    """The federation of the registry that a driver runs. May be called from any thread but the writer's."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        world = driver.writer.world
        self._federation = Federation(world, driver.writer, driver.within, _Nowhere(), say=said)

    def owed(self, transfers: Sequence[str]) -> list[Owed | None]:
        books = self._driver.writer.books
        owing = [each for each in transfers if _sayable(books.record(TRANSFER, each), books.record(NOTICE, each))]
        found: dict[str, Owed] = {}
        for start in range(0, len(owing), CHUNK):
            part = owing[start : start + CHUNK]
            made = self._aside(partial(self._federation.owed, part))
            found |= {
                each: Owed(each, owed.kind.value, owed.envelope)
                for each, owed in zip(part, made, strict=True)
                if owed is not None
            }
        return [found.get(each) for each in transfers]

    def owing(self, transfers: Sequence[str]) -> list[bool]:
        books = self._driver.writer.books
        return [_owing(books.record(TRANSFER, each), books.record(NOTICE, each)) for each in transfers]

    def take(self, signed: Sequence[bytes], heard: Heard = deaf) -> list[Taken]:
        """Receive compact messages.

        Args:
            heard: Told in the writer's thread of what came from proven senders, before it is acted on.

        Raises:
            Outage: `writer.busy` or `writer.closed`; the rest of them was not taken.
        """
        if self._driver.crowded:
            raise Outage(OutageFault.WRITER_BUSY, {"waiting": len(signed)}, retry=True)
        taken: list[Taken] = []
        for start in range(0, len(signed), CHUNK):
            some = signed[start : start + CHUNK]
            read = [read_compact(text) for text in some]
            texts = {id(each): text for each, text in zip(read, some, strict=True)}
            envelopes = [each for each in read if isinstance(each, Envelope)]
            letters = partial(self._letters, texts, heard)
            received = iter(self._aside(partial(self._federation.receive_all, envelopes, letters)))
            taken += [
                Taken("", "", "", "", each) if isinstance(each, Refusal) else _taken(next(received)) for each in read
            ]
        return taken

    def _letters(self, texts: Mapping[int, bytes], heard: Heard, opened: Sequence[Opened]) -> None:
        now_ms = self._driver.writer.world.clock.now_ms()
        heard([_letter(each, texts[id(each.envelope)], now_ms) for each in opened])

    def expire(self, transfers: Sequence[str]) -> list[str]:
        """Void proposals of ours whose time has run out; gives those that cannot be ended now, but later."""
        acts = [
            VoidTransfer(id=f"{each}:void", transfer=TransferId(each), reason=EXPIRED, ending=Ending.EXPIRED)
            for each in transfers
        ]
        outcomes = self._driver.do([Submission(act, BY) for act in acts]) if acts else []
        return [each for each, outcome in zip(transfers, outcomes, strict=True) if _waits(outcome)]

    def _aside(self, work: Callable[[], T]) -> T:
        """Work in the writer's thread, between two batches."""
        return self._driver.aside(lambda _: work()).result()


class _Nowhere:
    """Nothing is sent from inside the federation: the courier carries what is owed."""

    def send(self, party: str, envelope: Envelope) -> None:
        raise AssertionError(f"{party} gets {envelope.key} by the courier")


def said(refusal: Refusal) -> Mapping[str, JSON]:
    """The texts of a refusal and the way out, in both languages."""
    told = catalogue().problem(refusal)
    return {"text": told["message"], "fix": told["fix"]}


def _waits(outcome: Outcome) -> bool:
    """Whether nothing was decided: this registry is not ready, or recovers from a restore."""
    return isinstance(outcome, Outage) or (isinstance(outcome, Refusal) and outcome.code == RecoveryFault.UNRECONCILED)


def _sayable(transfer: Any, notice: Any) -> bool:
    """Whether there is something to say: of a notice that was refused, too, where a person has it told once more."""
    told_again = transfer is None and notice is not None and notice.get("state") == NoticeState.REFUSED
    return told_again or _owing(transfer, notice)


def _owing(transfer: Any, notice: Any) -> bool:
    if transfer is not None:
        return owes(transfer)
    return notice is not None and notice.get("state", NoticeState.OWED) == NoticeState.OWED


def _taken(received: Received) -> Taken:
    fault = None if isinstance(received.outcome, Receipt) else received.outcome
    opened = received.opened
    if opened is None:
        return Taken("", "", "", "", fault or Refusal(AbroadFault.UNKNOWN, {"transfer": ""}))
    message = opened.message
    answers = tuple(Owed(message.transfer, _kind(answer.content), answer) for answer in received.answers)
    return Taken(message.sender, message.kind.value, message.transfer, opened.digest, fault, answers, received.idle)


def _letter(opened: Opened, text: bytes, now_ms: int) -> Letter:
    message = opened.message
    return Letter(opened.digest, Direction.IN, message.sender, message.kind.value, message.transfer, now_ms, text)


def _kind(content: bytes) -> str:
    """The kind of a message of ours. In canonical form it is the last member of its name: what follows are texts."""
    start = content.rfind(_KIND) + len(_KIND)
    return content[start : content.index(b'"', start)].decode()
