"""Numbers, days and moments as people of a language read them. What stands in the books is never changed by it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS: Final = "\N{MINUS SIGN}"


class Era(StrEnum):
    """How a jurisdiction counts years in what its people read. Source: ISO 8601 has the common era throughout."""

    COMMON = "common"
    BUDDHIST = "buddhist"
    MINGUO = "minguo"


BUDDHIST_OFFSET: Final = 543
"""Source: Thailand, B.E. year = common year + 543 since 1 January 1941."""
MINGUO_OFFSET: Final = -1911
"""Source: Taiwan, 民國 year = common year - 1911."""


class Wording:
    """The way of one language, with the era of one jurisdiction."""

    def __init__(self, language: str, era: Era = Era.COMMON) -> None:
        self.language = language
        self.era = era

    def number(self, value: object) -> str:
        """An integer or a decimal with thousands set apart and a real minus sign; anything else as it is.

        >>> Wording("en").number(-63366), Wording("en").number("TH-1")
        ('−63,366', 'TH-1')
        """
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return str(value)
        return f"{value:,}".replace("-", MINUS)

    def signed(self, value: int | Decimal) -> str:
        """A number that is a change: with its sign, also a plus.

        >>> Wording("en").signed(1000), Wording("en").signed(0)
        ('+1,000', '0')
        """
        return f"+{self.number(value)}" if value > 0 else self.number(value)

    def year(self, value: int) -> str:
        """A year of the common era, with the jurisdiction's own count beside it where that is another.

        >>> Wording("en", Era.BUDDHIST).year(2026), Wording("zh-Hant", Era.MINGUO).year(2026)
        ('2026 (B.E. 2569)', '2026年（民國115年）')
        """
        chinese = self.language == "zh-Hant"
        match self.era:
            case Era.BUDDHIST:
                own = value + BUDDHIST_OFFSET
                return f"{value}年（佛曆{own}年）" if chinese else f"{value} (B.E. {own})"
            case Era.MINGUO:
                own = value + MINGUO_OFFSET
                return f"{value}年（民國{own}年）" if chinese else f"{value} (ROC {own})"
            case Era.COMMON:
                return f"{value}年" if chinese else str(value)

    def day(self, value: object) -> str:
        """A day, given as a date or as ISO 8601 text; anything else as it is.

        >>> Wording("en").day("2026-01-05"), Wording("zh-Hant").day(date(2026, 1, 5))
        ('5 Jan 2026', '2026年1月5日')
        """
        found = _date(value)
        if found is None:
            return str(value)
        if self.language == "zh-Hant":
            return f"{self.year(found.year)}{found.month}月{found.day}日"
        return f"{found.day} {_MONTHS[found.month - 1]} {self.year(found.year)}"

    def moment(self, value: object) -> str:
        """A moment in UTC, given as milliseconds or as ISO 8601 text; always with its zone.

        >>> Wording("en").moment("2026-01-05T09:30:00.123Z")
        '5 Jan 2026, 09:30 UTC'
        """
        found = _moment(value)
        if found is None:
            return str(value)
        between = " " if self.language == "zh-Hant" else ", "
        return f"{self.day(found.date())}{between}{found:%H:%M} UTC"

    def iso(self, value: object) -> str:
        """The same moment or day for machines, as `<time datetime>` has it."""
        found = _moment(value) if isinstance(value, int) else None
        return value.isoformat() if isinstance(value, date) else found.isoformat() if found else str(value)

    def listed(self, values: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
        """Several words in a row.

        >>> Wording("en").listed(["a", "b"]), Wording("zh-Hant").listed(["a", "b"])
        ('a, b', 'a、b')
        """
        return ("、" if self.language == "zh-Hant" else ", ").join(str(each) for each in values)


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == 10 else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC)
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
