"""A Party's accounts for pages and the API: what they are made of is held by the server and follows the journal.

After a start the journal is read once, a stretch at a time, behind the questions of visitors; nobody waits for it.
Then an answer for any day, after any entry, costs milliseconds. Read before: `application/queries/account_events.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, Final, TypeVar

from counterfoil.application.ports import Outage
from counterfoil.application.queries.account_events import AccountEvents
from counterfoil.application.queries.accounts_at import accounts_at
from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.application.queries.moved_units import Stood
from counterfoil.application.queries.party_accounts import Gather, PartyAccounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http import accounting
from counterfoil.entrypoints.http.queries import Page
from counterfoil.entrypoints.http.reading_room import ReadingRoom

T = TypeVar("T")
STRETCH: Final = 2_000
"""Entries that are read at once: some tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many entries are known of how many there are; `ready` once they were all known at some time."""

    known: int
    entries: int
    ready: bool


class AccountsAtHand:
    """The accounts of one registry, for everybody. One reader at a time uses what is held, for a moment."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._lock = Lock()
        self._events: AccountEvents | None = None
        self._running = False
        self._ready = False

    def begin(self) -> None:
        """Read the journal while nobody waits for it."""
        with self._lock:
            if self._running:
                return
            self._running = True
        self._room.later(self._go_on)

    def reach(self, sight: Sight) -> Reach:
        """Read on for a stretch, and let the rest follow. What one stretch ends is read even while others read on."""
        with self._lock:
            running = self._running
            found = self._reach(sight, self._events)
            if not running or found.entries - found.known <= STRETCH:
                found = self._reach(sight, self._read(sight))
        if found.known < found.entries and not running:
            self.begin()
        return found

    def gather(self, sight: Sight, *, size: int = 0, then: Sight | None = None) -> Gather:
        """Who answers for accounts as of a moment of the journal, or as far as it is known; `moment.being_read` before.

        Args:
            size: After so many entries; 0 for as many as are known.
            then: The records of that moment.
        """

        def gathered(_: Sight, *, party: str, year: int, as_of: date) -> PartyAccounts | Refusal:
            reach = self.reach(sight)
            if not reach.ready or size > reach.known:
                return Refusal(EarlierFault.BEING_READ, {"read": reach.known, "entries": reach.entries})
            with self._lock:
                assert self._events is not None, "what is ready is there"
                end = size or min(reach.known, reach.entries)
                return accounts_at(sight, self._events, party=party, year=year, as_of=as_of, size=end, then=then)

        return gathered

    def balance(self, sight: Sight, key: str, _: Page) -> Mapping[str, Any] | Refusal:
        """What the API says of a Party's emissions balance."""
        return self._told(accounting.balance(sight, key, self.gather(sight)))

    def summary(self, sight: Sight, key: str) -> Mapping[str, Any] | Refusal:
        """What the API says of a Party's CTF table 4."""
        return self._told(accounting.summary(sight, key, self.gather(sight)))

    @staticmethod
    def _told(found: Mapping[str, Any] | Refusal) -> Mapping[str, Any] | Refusal:
        if isinstance(found, Refusal) and found.code == EarlierFault.BEING_READ:
            raise Outage(found.code, found.facts, retry=True)
        return found

    def book(self, sight: Sight, *, size: int) -> dict[str, dict[str, int]] | None:
        """The adjustment book after so many entries, amounts by account by commodity; None until it is known."""
        reach = self.reach(sight)
        if size > reach.known:
            return None
        found: dict[str, dict[str, int]] = {}
        with self._lock:
            assert self._events is not None, "what is known is there"
            moment = self._events.moment(day=date.max, size=size)
            for (commodity, account), amount in self._events.book.at(moment).items():
                found.setdefault(commodity, {})[account] = amount
        return found

    def stood(self, sight: Sight, question: Callable[[Stood], T], *, size: int) -> T:
        """What the units of accounts were after so many entries.

        Raises:
            Outage: `moment.being_read`, until the journal is known that far.
        """
        reach = self.reach(sight)
        if size > reach.known:
            raise Outage(EarlierFault.BEING_READ, {"read": reach.known, "entries": reach.entries}, retry=True)
        with self._lock:
            assert self._events is not None, "what is known is there"
            return question(Stood(self._events.moved, size))

    def _read(self, sight: Sight) -> AccountEvents:
        if self._events is None:
            self._events = AccountEvents(sight.registry.party)
        self._events.follow(sight, limit=STRETCH)
        return self._events

    def _reach(self, sight: Sight, events: AccountEvents | None) -> Reach:
        last = sight.reading.last_checkpoint()
        entries = 0 if last is None else last.size
        known = 0 if events is None else events.size
        self._ready = self._ready or 0 < entries <= known
        return Reach(known, entries, self._ready)

    def _go_on(self, sight: Sight) -> None:
        """One stretch; the next one waits its turn behind the questions of visitors."""
        done = True
        try:
            with self._lock:
                if sight.reading.last_checkpoint() is not None:
                    reach = self._reach(sight, self._read(sight))
                    done = reach.known >= reach.entries
        finally:
            self._running = not done
        if not done:
            self._room.later(self._go_on)
