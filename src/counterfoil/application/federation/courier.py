"""The courier of one partner: what it is owed is delivered now, again later, or set aside for a person.

What is new stands in memory and is delivered at once; only what is still owed after that is written down, together
with how far the journal was followed. A process that ends at any moment so delivers some things twice, and loses
nothing. One thread works for a partner, with a second one beside it for many transfers, so a partner that is slow or
dead delays nobody else.
Source: ADR-0007, ADR-0035.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from threading import Lock
from typing import Final

from counterfoil.application.federation.exchange import Exchanged, OwnSide, Peer, exchange
from counterfoil.application.federation.following import News
from counterfoil.application.federation.letter_book import Delivery, LetterBook
from counterfoil.application.federation.pacing import INQUIRY_MS, TRIES_MAX, Circuit, Pick, wait_ms
from counterfoil.application.ports import Clock, Outage

ROUND_MAX: Final = 1_000
"""Transfers of one exchange."""


class CourierFault(StrEnum):
    SILENT = "peers.silent"
    """The partner answered, and still owes the next step."""
    MISTAKE = "peers.mistake"
    """This side failed in a way that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a courier works with, the same for all partners."""

    side: OwnSide
    book: LetterBook
    clock: Clock
    pick: Pick


class Courier:
    """The deliveries to one partner. One thread delivers; `tell` and `write_down` may be called from others."""

    def __init__(self, partner: str, tools: Tools) -> None:
        self.partner = partner
        self.circuit = Circuit()
        self.fault = ""
        """The code of the last failure to reach the partner; empty after a success."""
        self._tools = tools
        self._lock = Lock()
        self._fresh: dict[str, Delivery] = {}
        self._busy: dict[str, Delivery] = {}
        self._written: set[str] = set()
        self._over: list[str] = []

    def tell(self, news: Iterable[News], now_ms: int) -> None:
        """Take news of the journal, in their order."""
        with self._lock:
            for each in news:
                known = self._fresh.pop(each.transfer, None)
                if not each.owed and known is None:
                    self._over.append(each.transfer)
                elif each.owed:
                    next_ms = now_ms + INQUIRY_MS if each.later else now_ms
                    self._fresh[each.transfer] = Delivery(self.partner, each.transfer, 0, next_ms, each.expires_ms)

    def write_down(self) -> bool:
        """Write into the letter book what stands in memory; False where nothing did. Stands inside its `change()`."""
        with self._lock:
            waiting, self._fresh = self._fresh, {}
            over, self._over = self._over, []
            self._written.update(self._busy)
            waiting.update(self._busy)
        self._tools.book.settle((self.partner, each) for each in over)
        self._tools.book.owe(waiting.values())
        return bool(waiting or over)

    def round(self, peer: Peer, beside: Peer | None = None) -> bool:
        """Deliver what is due, at most `ROUND_MAX` transfers; False when there was nothing, or the partner rests.

        Args:
            beside: A second way to the partner, for a share of many transfers.
        """
        now = self._tools.clock.now_ms()
        if not self.circuit.may_try(now):
            return False
        batch = self._taken(now)
        if not batch:
            return False
        try:
            self._exchanged(batch, peer, beside)
        except BaseException:
            # Whatever it was, these are still owed.
            with self._lock:
                self._fresh = batch | self._fresh
            raise
        finally:
            with self._lock:
                self._busy, self._written = {}, set()
        return True

    def _exchanged(self, batch: dict[str, Delivery], peer: Peer, beside: Peer | None) -> None:
        side, book, clock = self._tools.side, self._tools.book, self._tools.clock
        try:
            done = exchange(self.partner, list(batch), side=side, peer=peer, book=book, clock=clock, beside=beside)
        except Outage as outage:
            self._failed(batch, outage)
        except Exception:
            # Our own mistake: whoever runs this courier tells of it, and the partner is not called each second.
            self._failed(batch, Outage(CourierFault.MISTAKE))
            raise
        else:
            self.circuit, self.fault = Circuit(), ""
            self._settled(batch, done)

    def _taken(self, now_ms: int) -> dict[str, Delivery]:
        """What is due, the news first. It stays in memory as busy until it is settled or written down."""
        with self._lock:
            due = list(islice((each for each in self._fresh.values() if each.next_ms <= now_ms), ROUND_MAX))
            for each in due:
                del self._fresh[each.transfer]
            self._busy = {each.transfer: each for each in due}
        batch = dict(self._busy)
        if len(batch) < ROUND_MAX:
            for row in self._tools.book.due(self.partner, now_ms=now_ms, limit=ROUND_MAX - len(batch)):
                batch.setdefault(row.transfer, row)
        return batch

    def _failed(self, batch: dict[str, Delivery], outage: Outage) -> None:
        now = self._tools.clock.now_ms()
        self.fault = str(outage.code)
        self.circuit = self.circuit.failed(now, self._tools.pick, asked_ms=int(outage.facts.get("seconds", 0)) * 1000)
        with self._tools.book.change(synced=False):
            self._tools.book.owe(self._again(each, self.fault, now) for each in batch.values())

    def _settled(self, batch: dict[str, Delivery], done: Exchanged) -> None:
        now = self._tools.clock.now_ms()
        again = [self._again(batch[transfer], code or CourierFault.SILENT, now) for transfer, code in done.open.items()]
        # What was new and is settled was never written down: most deliveries cost the book nothing.
        with self._lock:
            new = self._busy.keys() - self._written
        written = [(self.partner, each) for each in done.settled if each not in new]
        if again or written:
            with self._tools.book.change(synced=False):
                self._tools.book.owe(again)
                self._tools.book.settle(written)

    def _again(self, delivery: Delivery, code: str, now_ms: int) -> Delivery:
        """The delivery after one more failure. A proposal that will expire is tried until then, and never dead."""
        tries = delivery.tries + 1
        dead = tries >= TRIES_MAX and not delivery.expires_ms
        return delivery._replace(tries=tries, next_ms=now_ms + wait_ms(tries, self._tools.pick), fault=code, dead=dead)
