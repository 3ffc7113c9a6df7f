"""Unit types: what may ever happen to a unit, whatever its state.

Kyoto units and domestic certificates never enter an agreed electronic format, an adjustment or an NDC use here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.units.identifier import Grammar


class UnitType(StrEnum):
    """The types that the book knows today; mechanism packs bring more."""

    ITMO = "ITMO"
    DOMESTIC = "domestic"
    CER = "CER"
    TCER = "tCER"
    LCER = "lCER"


@dataclass(frozen=True, slots=True)
class UnitTypeRule:
    """What a type allows."""

    grammar: Grammar
    authorizable: bool
    voluntary_cancellation_only: bool
    temporary: bool


RULES: Final = {
    UnitType.ITMO: UnitTypeRule(Grammar.ITMO, authorizable=True, voluntary_cancellation_only=False, temporary=False),
    UnitType.DOMESTIC: UnitTypeRule(
        Grammar.DOMESTIC, authorizable=False, voluntary_cancellation_only=False, temporary=False
    ),
    UnitType.CER: UnitTypeRule(Grammar.KYOTO, authorizable=False, voluntary_cancellation_only=True, temporary=False),
    UnitType.TCER: UnitTypeRule(Grammar.KYOTO, authorizable=False, voluntary_cancellation_only=True, temporary=True),
    UnitType.LCER: UnitTypeRule(Grammar.KYOTO, authorizable=False, voluntary_cancellation_only=True, temporary=True),
}


class MitigationType(StrEnum):
    """Reduction or removal, never both: blocks are type-pure. Source: 4/CMA.6 annex II; 2/CMA.3 annex para. 1(b)."""

    REDUCTION = "reduction"
    REMOVAL = "removal"


class Reversibility(StrEnum):
    """Whether what was stored can come back. Source: 2/CMA.3 annex paras. 18(h)(iii), 22(b)(iii)."""

    NOT_APPLICABLE = "not_applicable"
    PERMANENT = "permanent"
    REVERSIBLE = "reversible"


class PermittedUse(StrEnum):
    """Where the issuer lets a unit be used before any authorization is asked."""

    DOMESTIC = "domestic"
    INTERNATIONAL = "international"
