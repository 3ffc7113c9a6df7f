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
