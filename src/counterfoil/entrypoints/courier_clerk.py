"""The couriers of a server: one thread follows the journal, and each linked partner has a thread of its own.

A partner that is slow, dead or hostile keeps its own thread busy and nobody else. Only addresses that the operator
linked are called. What is in memory is written into the letter book once a second, with how far the journal was read.
Source: ADR-0035.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from counterfoil.application.commands.abroad import TRANSFER
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.courier import Courier
from counterfoil.application.federation.federation import BY
from counterfoil.application.federation.following import News, news_of, news_of_record, standing_news
from counterfoil.application.ports import Outage, Reading
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.courier_lane import TICK_SECONDS, Lane
from counterfoil.entrypoints.links_at_hand import LinksAtHand

PARTNERS_MAX: Final = 256
"""Partners with a thread. Others wait in the letter book; there are fewer Parties than this."""
EXPIRED_MAX: Final = 1_000
EXPIRE_AGAIN_MS: Final = 60_000
"""How soon a proposal is voided again that could not be: while partners are not asked after a restore."""
_ROWS: Final = 2_000
_TOLD: Final = frozenset(
    act.value
    for act in (
        Act.TRANSFER_PROPOSED,
        Act.TRANSFER_ACCEPTED,
        Act.TRANSFER_REFUSED,
        Act.TRANSFER_VOIDED,
        Act.FIRST_TRANSFERRED,
        Act.TRANSFERRED_ABROAD,
        Act.PARTNER_LINKED,
        Act.LINK_CHANGED,
    )
)
"""Acts after which something is owed now. What a target accepts in its answer, or acquires, that tells; it owes that
later."""

_log = logging.getLogger("counterfoil.federation")


class CourierClerk:
    """Threads beside the event loop, until they are told to stop."""

    def __init__(self, links: LinksAtHand) -> None:
        self._links, self._codec = links, links.driver.writer.world.codec
        self._lanes: dict[str, Lane] = {}
        self._next = -1
        self._note = ""
        self._kept = -1
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="counterfoil-couriers", daemon=True)

    def start(self) -> None:
        self._links.driver.heed = self._heed
        self._links.key_unknown = self._key_unknown
        self._thread.start()

    def close(self, *, seconds: float) -> None:
        """Ask them to stop and wait so long. What is not delivered is owed to the next one."""
        self._links.driver.heed = None
        ends = time.monotonic() + seconds
        self._stop.set()
        self._wake.set()
        for lane in self._lanes.values():
            lane.stop()
        for thread in (self._thread, *(lane.thread for lane in self._lanes.values())):
            if thread.is_alive():
                thread.join(max(0.0, ends - time.monotonic()))
        try:
            self._write_down()
        except Outage as outage:
            _log.warning("couriers: %s", outage.code)

    def _heed(self, submissions: Sequence[Submission], outcomes: Sequence[Outcome]) -> None:
        """In the writer's thread, after everybody was answered: whoever has something to deliver needs not wait.

        What messages of partners led to is on its way with the answer to them; the follower comes to it in its time.
        """
        for submission, outcome in zip(submissions, outcomes, strict=True):
            if isinstance(outcome, Receipt) and outcome.act in _TOLD and submission.by != BY:
                transfer = str(getattr(submission.command, "transfer", ""))
                if not self._delivering(transfer):
                    self._wake.set()

    def _delivering(self, transfer: str) -> bool:
        """Whether the courier of a transfer's partner is at work, and was told of it."""
        value = self._links.driver.writer.books.record(TRANSFER, transfer)
        for each in () if value is None else news_of_record(TRANSFER, transfer, value):
            lane = self._lanes.get(each.partner)
            if lane is not None:
                lane.courier.tell([each], self._links.clock.now_ms())
                lane.wake.set()
                return True
        return False

    def _key_unknown(self, party: str) -> None:
        lane = self._lanes.get(party)
        if lane is not None:
            lane.look_at_keys()

    def _run(self) -> None:
        told, ticked = "", 0.0
        while not self._stop.is_set():
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
            try:
                self._follow()
                if time.monotonic() - ticked >= TICK_SECONDS:
                    ticked = time.monotonic()
                    self._tick()
                told = ""
            except Outage as outage:
                # The same trouble is told once.
                if outage.code != told:
                    _log.warning("couriers wait: %s", outage.code)
                told = str(outage.code)
                self._stop.wait(TICK_SECONDS)
            except Exception:  # noqa: BLE001  a thread would end without a word
                _log.exception("couriers wait")
                self._stop.wait(TICK_SECONDS)

    def _follow(self) -> None:
        """Tell the couriers what was recorded since the last look."""
        note = self._links.driver.writer.note
        if note == self._note:
            return
        reading = self._links.driver.writer.store.reading()
        try:
            if self._next < 0 and not self._begin(reading):
                self._note = note
                return
            while not self._stop.is_set():
                rows = list(reading.journal(self._next, self._next + _ROWS - 1))
                self._told([news for row in rows for news in news_of(row, self._codec)], reading)
                self._next += len(rows)
                if len(rows) < _ROWS:
                    break
        finally:
            reading.close()
        self._note = note

    def _begin(self, reading: Reading) -> bool:
        """Take up the links and what is owed to them; False where there are none yet."""
        if next(reading.records(PARTNER, limit=1), None) is None:
            return False
        for row in reading.records(PARTNER, limit=PARTNERS_MAX):
            self._linked(row.key, reading)
        position, last = self._links.book().position(), reading.last_checkpoint()
        size = 0 if last is None else last.size
        if position is None or position > size:
            # The letter book is new, or newer than a journal that was restored: what is owed, the records say.
            position = size
            self._told(list(standing_news(reading, self._codec)), reading)
        self._next = self._kept = position
        return True

    def _told(self, news: Sequence[News], reading: Reading) -> None:
        by_partner: dict[str, list[News]] = defaultdict(list)
        for each in news:
            if not each.transfer:
                self._linked(each.partner, reading)
            else:
                by_partner[each.partner].append(each)
        now = self._links.clock.now_ms()
        for party, its in by_partner.items():
            lane = self._lanes.get(party)
            if lane is not None:
                lane.courier.tell(its, now)
                lane.wake.set()

    def _linked(self, party: str, reading: Reading) -> None:
        """Take up a link as it stands now."""
        row = reading.record(PARTNER, party)
        if row is None or (party not in self._lanes and len(self._lanes) >= PARTNERS_MAX):
            return
        partner = from_json(Partner, self._codec.decode(row.value))
        lane = self._lanes.get(party)
        if lane is None:
            courier = Courier(party, self._links.tools())
            lane = self._lanes[party] = Lane(courier, self._links, self._stop)
            self._links.couriers[party] = courier
        lane.linked(partner)

    def _tick(self) -> None:
        if self._next < 0:
            return
        self._write_down()
        book = self._links.book()
        expired = book.expired(now_ms=self._links.clock.now_ms(), limit=EXPIRED_MAX)
        if expired:
            waiting = set(self._links.side.expire([each.transfer for each in expired]))
            later = self._links.clock.now_ms() + EXPIRE_AGAIN_MS
            # What the books have answered is not asked again: what is owed now, the journal tells.
            with book.change(synced=False):
                book.owe(
                    each._replace(expires_ms=later if each.transfer in waiting else 0, dead=False) for each in expired
                )

    def _write_down(self) -> None:
        if self._next < 0:
            return
        book = self._links.book()
        with book.change(synced=False):
            written = [lane for lane in self._lanes.values() if lane.courier.write_down()]
            if self._kept != self._next:
                book.move(self._next)
        self._kept = self._next
        for lane in written:
            # One that looked meanwhile found it neither in memory nor, before the commit, in the book.
            lane.wake.set()
