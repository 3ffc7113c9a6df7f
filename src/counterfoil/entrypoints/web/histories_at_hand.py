"""Which entries set each record of a kind, remembered as the journal grows: what an earlier moment is read from.

Asked for the first time, a kind is searched in the journal once, a stretch at a time; a visitor for whom it has not
been searched far enough is told to come back. Read before: `mentioned.py`; next: `application/queries/earlier.py`.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from counterfoil.application.ports import Outage
from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.web.mentioned import Mentioned

AT_ONCE: Final = 1_000
"""Entries that are taken in before the next are looked for."""
ROUNDS: Final = 4


@dataclass(slots=True)
class _Kind:
    """The numbers of the entries before `end` that set a record, by its key; and of those that set one first."""

    numbers: "dict[str, array[int]]" = field(default_factory=dict)
    firsts: "array[int]" = field(default_factory=lambda: array("q"))
    end: int = 0
    running: bool = False


class HistoriesAtHand:
    """For one server. Kinds are named by our pages, never by a visitor, so they are few."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}
        self._lock = Lock()

    def last_set(
        self, sight: Sight, kind: str, key: str, *, size: int, mentioned: Mentioned, room: ReadingRoom
    ) -> int | None:
        """The last of the first `size` entries that set a record; None where none did.

        Raises:
            Outage: `moment.being_read`, while the journal has not been searched that far.
        """
        with self._lock:
            known = self._searched(sight, kind, size=size, mentioned=mentioned, room=room)
            numbers = known.numbers.get(key)
            place = 0 if numbers is None else bisect_left(numbers, size)
            return numbers[place - 1] if numbers is not None and place else None

    def count(self, sight: Sight, kind: str, *, size: int, mentioned: Mentioned, room: ReadingRoom) -> int:
        """How many records of a kind the first `size` entries set.

        Raises:
            Outage: as above.
        """
        with self._lock:
            known = self._searched(sight, kind, size=size, mentioned=mentioned, room=room)
            return bisect_left(known.firsts, size)

    def _searched(self, sight: Sight, kind: str, *, size: int, mentioned: Mentioned, room: ReadingRoom) -> _Kind:
        """A kind whose entries are known up to a size; else the rest is searched while nobody waits."""
        known = self._kinds.setdefault(kind, _Kind())
        self._advance(sight, known, kind=kind, size=size, mentioned=mentioned, room=room)
        if known.end >= size:
            return known
        if not known.running:
            known.running = True
            room.later(lambda look: self._go_on(look, kind, mentioned, room))
        raise Outage(EarlierFault.BEING_READ, {"read": known.end, "entries": size}, retry=True)

    def _go_on(self, sight: Sight, kind: str, mentioned: Mentioned, room: ReadingRoom) -> None:
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        with self._lock:
            known = self._kinds.setdefault(kind, _Kind())
            try:
                self._advance(sight, known, kind=kind, size=size, mentioned=mentioned, room=room)
            except BaseException:
                known.running = False
                raise
            known.running = known.end < size
        if known.running:
            room.later(lambda look: self._go_on(look, kind, mentioned, room))

    @staticmethod
    def _advance(sight: Sight, known: _Kind, *, kind: str, size: int, mentioned: Mentioned, room: ReadingRoom) -> None:
        """Take in what is found in a few rounds, as far as this look at the books reaches."""
        last = sight.reading.last_checkpoint()
        there = 0 if last is None else last.size
        for _ in range(ROUNDS):
            if known.end >= size:
                return
            found = mentioned.page(sight, f'["{kind}","', after=known.end - 1, limit=AT_ONCE, room=room)
            for row in found.rows:
                # Entries that were taken in by a look that saw more are not taken in twice.
                if row.seq < known.end:
                    continue
                keys = {
                    str(key) for of, key, _ in sight.codec.decode_unchecked(row.leaf).get("records", ()) if of == kind
                }
                for key in keys:
                    if key not in known.numbers:
                        known.firsts.append(row.seq)
                    known.numbers.setdefault(key, array("q")).append(row.seq)
            known.end = max(known.end, there if found.following is None else found.following + 1)
