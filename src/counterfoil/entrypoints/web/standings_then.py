"""The sums that pages tell, of the moment that the books show: those of now, or those after so many entries.

Both are asked in the same words, so a page that tells a sum tells it of any moment.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from counterfoil.application.ports import Outage
from counterfoil.application.queries.earlier import EarlierFault, EarlierReading
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.web.visit import Visit

T = TypeVar("T")


class Sums(Protocol):
    """Units by where they stand. Read: `standings.py` and `moved_units.py` of the queries."""

    def of(self, account: str) -> Mapping[str, int]: ...

    def ending(self, word: str) -> int: ...

    def held(self, reserved: Iterable[str]) -> int: ...


def sums(sight: Sight, visit: Visit, question: Callable[[Sums], T]) -> T:
    """The answer of the sums of the moment that these books show.

    Raises:
        Outage: `moment.being_read`, while the journal is being read after a start.
    """
    reading = sight.reading
    if not isinstance(reading, EarlierReading):
        return visit.ground.standings.ask(sight, question)
    now = Sight(reading.now, sight.codec, sight.evidence)
    return visit.ground.accounts.stood(now, question, size=reading.size)


def adjustment_book(sight: Sight, visit: Visit) -> dict[str, dict[str, int]]:
    """The adjustment book of the moment that these books show: amounts by account, by commodity.

    Raises:
        Outage: `moment.being_read`, while the journal is being read after a start.
    """
    reading = sight.reading
    if not isinstance(reading, EarlierReading):
        return visit.ground.standings.ask(
            sight, lambda all_: {commodity: dict(found) for commodity, found in all_.adjustments().items()}
        )
    now = Sight(reading.now, sight.codec, sight.evidence)
    found = visit.ground.accounts.book(now, size=reading.size)
    if found is None:
        reach = visit.ground.accounts.reach(now)
        raise Outage(EarlierFault.BEING_READ, {"read": reach.known, "entries": reach.entries}, retry=True)
    return found


def known_of(sight: Sight) -> int:
    """How many entries these books have, for the line that says what a figure is made of."""
    if isinstance(sight.reading, EarlierReading):
        return sight.reading.size
    last = sight.reading.last_checkpoint()
    return 0 if last is None else last.size
