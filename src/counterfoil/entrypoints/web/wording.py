"""Numbers, days and moments as people of a language read them. What stands in the books is never changed by it."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final

from counterfoil.entrypoints.language import said

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Era:
    """How a jurisdiction's own papers count years: what is added to a year of the common era, and what it is called."""

    offset: int
    name: Mapping[str, str]


@cache
def eras() -> Mapping[str, Era]:
    """The eras by jurisdiction, as the catalogue has them; whoever is not in it counts by the common era alone."""
    source = (resources.files("counterfoil") / "catalogue" / "eras.toml").read_text("utf-8")
    return {code: Era(row["offset"], row["name"]) for code, row in tomllib.loads(source).items()}


class Wording:
    """The way of one language, with the era of one jurisdiction."""

    def __init__(self, language: str, jurisdiction: str = "") -> None:
        self.language = language
        self._era = eras().get(jurisdiction)

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
        """A year of the common era, with the jurisdiction's own count beside it where it has one.

        >>> Wording("en", "THA").year(2026), Wording("zh-Hant", "TWN").year(2026)
        ('2026 (B.E. 2569)', '2026年（民國115年）')
        """
        common = f"{value}年" if self._chinese else str(value)
        if self._era is None:
            return common
        name, own = said(self._era.name, self.language), value + self._era.offset
        return f"{common}（{name}{own}年）" if self._chinese else f"{common} ({name} {own})"

    def day(self, value: object) -> str:
        """A day, given as a date or as ISO 8601 text; anything else as it is.

        >>> Wording("en").day("2026-01-05"), Wording("zh-Hant").day(date(2026, 1, 5))
        ('5 Jan 2026', '2026年1月5日')
        """
        found = _date(value)
        if found is None:
            return str(value)
        return self._day(found, f"{found.year}年" if self._chinese else str(found.year))

    def full_day(self, value: object) -> str:
        """A day as the jurisdiction's own papers write it, with its era.

        >>> Wording("en", "THA").full_day("2026-01-05")
        '5 Jan 2026 (B.E. 2569)'
        """
        found = _date(value)
        return str(value) if found is None else self._day(found, self.year(found.year))

    def _day(self, found: date, year: str) -> str:
        return (
            f"{year}{found.month}月{found.day}日" if self._chinese else f"{found.day} {_MONTHS[found.month - 1]} {year}"
        )

    @property
    def _chinese(self) -> bool:
        return self.language == "zh-Hant"

    def moment(self, value: object) -> str:
        """A moment in UTC, given as milliseconds or as ISO 8601 text; always with its zone.

        >>> Wording("en").moment("2026-01-05T09:30:00.123Z")
        '5 Jan 2026, 09:30 UTC'
        """
        found = _moment(value)
        if found is None:
            return str(value)
        between = " " if self._chinese else ", "
        return f"{self.day(found.date())}{between}{found:%H:%M} UTC"

    def iso(self, value: object) -> str:
        """The same moment or day for machines, as `<time datetime>` has it."""
        found = _moment(value) if isinstance(value, int) else None
        return value.isoformat() if isinstance(value, date) else found.isoformat() if found else str(value)

    def listed(self, values: Iterable[object]) -> str:
        """Several words in a row.

        >>> Wording("en").listed(["a", "b"]), Wording("zh-Hant").listed(["a", "b"])
        ('a, b', 'a、b')
        """
        return ("、" if self._chinese else ", ").join(str(each) for each in values)


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
