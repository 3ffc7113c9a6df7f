"""The moment that a link names: `?as_of=N` means the register after its first N entries, for ever the same.

`?as_of=2026-06-30` means the end of that day (UTC), and leads to the number of its entries.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, TypeVar

from counterfoil.application.queries.earlier import EarlierFault, EarlierReading
from counterfoil.application.queries.past import moment_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.reply import Gone
from counterfoil.entrypoints.web.visit import Visit

T = TypeVar("T")
_DIGITS_MAX = 18
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class AsOf:
    """So many entries, and when the last of them was recorded. `size` 0: nothing was asked, so the books of now."""

    size: int = 0
    on: str = ""

    def before(self, seq: int) -> bool:
        """Whether an entry had been made."""
        return not self.size or seq < self.size


NOW = AsOf()


def moment_asked(sight: Sight, visit: Visit) -> AsOf | Refusal:
    """The moment of the address.

    Refused are `moment.unreadable`, `moment.not_yet` (the journal is not that long, or the day has not come), and
    `balance.before_founding` (a day before the first entry).
    """
    visit.moment_asked = True
    text = visit.query.get("as_of", "").strip()
    if not text:
        return NOW
    size = _of_day(sight, visit, text) if _DAY.match(text) else _number(text)
    if isinstance(size, Refusal):
        return size
    row = sight.reading.row(size - 1)
    if row is None:
        last = sight.reading.last_checkpoint()
        return Refusal(EarlierFault.NOT_YET, {"as_of": text[:60], "entries": 0 if last is None else last.size})
    return AsOf(size, str(sight.codec.decode(row.leaf)["at"]))


def _number(text: str) -> int | Refusal:
    size = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX else 0
    return size or Refusal(EarlierFault.UNREADABLE, {"as_of": text[:60]})


def _of_day(sight: Sight, visit: Visit, text: str) -> int | Refusal:
    """How many entries there were at the end of a day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Refusal(EarlierFault.UNREADABLE, {"as_of": text})
    last = sight.reading.last_checkpoint()
    if last is None or day > visit.today:
        return Refusal(EarlierFault.NOT_YET, {"as_of": text, "entries": 0 if last is None else last.size})
    moment = moment_of(sight.reading, number=None, on=day)
    return moment if isinstance(moment, Refusal) else moment.row.size


def now_only(visit: Visit, reply: T) -> T | Refusal:
    """What a page answers, unless its address names a moment at which the page never looked: `moment.now_only`.

    So no page shows the present under an address that names the past.
    """
    asked = visit.query.get("as_of", "").strip()
    if not asked or visit.moment_asked or isinstance(reply, Refusal | Gone):
        return reply
    return Refusal(EarlierFault.NOW_ONLY, {"as_of": asked[:60]})


def books_then(sight: Sight, visit: Visit, as_of: AsOf) -> Sight:
    """The books with the records of that moment; as they are where none was asked."""
    if not as_of.size:
        return sight
    ground = visit.ground
    last_set = partial(ground.histories.last_set, sight, size=as_of.size, mentioned=ground.mentioned, room=ground.room)
    return Sight(EarlierReading(sight.reading, sight.codec, as_of.size, last_set), sight.codec, sight.evidence)
