"""How the country writes: languages, currency, calendar, numbers. Told, never decided on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, noted


class Era(StrEnum):
    """`buddhist` counts years from 543 before the common era, `minguo` from 1912."""

    COMMON = "common"
    BUDDHIST = "buddhist"
    MINGUO = "minguo"
    REIWA = "reiwa"


_SINCE: Final = {Era.BUDDHIST: date(1941, 1, 1), Era.MINGUO: date(1912, 1, 1), Era.REIWA: date(2019, 5, 1)}
"""The first day that an era can name. A Buddhist year begins on 1 January only since 2484 (1941)."""
_BEFORE: Final = {Era.BUDDHIST: -543, Era.MINGUO: 1911, Era.REIWA: 2018}
"""What is taken from a common year to get the era's year."""


def era_year(day: date, era: Era) -> int | None:
    """The year of a day in an era; None where the era has none for it, so that nobody prints a year 0 or a wrong one.

    >>> era_year(date(2026, 11, 22), Era.MINGUO), era_year(date(2026, 1, 1), Era.BUDDHIST)
    (115, 2569)
    >>> era_year(date(1911, 12, 31), Era.MINGUO), era_year(date(1940, 12, 31), Era.BUDDHIST)
    (None, None)
    """
    return None if era is Era.COMMON or day < _SINCE[era] else day.year - _BEFORE[era]


class Digits(StrEnum):
    """How thousands and decimals are parted: `1,234.5`, `1.234,5`, `1 234,5` or `1'234.5`."""

    COMMA_POINT = "comma_point"
    POINT_COMMA = "point_comma"
    SPACE_COMMA = "space_comma"
    APOSTROPHE_POINT = "apostrophe_point"


@dataclass(frozen=True, slots=True)
class PresentationRule:
    """`languages`: BCP 47 tags, first one first. `year_starts`: first month of the reporting year."""

    languages: tuple[str, ...]
    currency: str
    era: Era = Era.COMMON
    digits: Digits = Digits.COMMA_POINT
    year_starts: int = 1


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    del asked, law, on
    for clause in clauses:
        rule: PresentationRule = clause.content
        notes = (("languages", ", ".join(rule.languages)), ("currency", rule.currency), ("era", rule.era.value))
        yield noted("presentation", clause.basis, notes=notes)


PRESENTATION: Final = Kind("presentation", PresentationRule, frozenset({Act.PUBLISH}), decide)
