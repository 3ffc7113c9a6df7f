"""A declaration of units against a liability: what was accepted, with which effect on the accounts, and what was not.

Source: requirements R-CMP-05, R-INT-02; 2/CMA.3 annex paras. 1(d), 8(b), 20-21.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.compliance.charge import Charge
from counterfoil.domain.units.serials import SerialRange

SURRENDER: Final = "surrender"


class SurrenderFault(StrEnum):
    ID_UNREADABLE = "surrender.id_unreadable"
    ALREADY_DECLARED = "surrender.already_declared"
    LIABILITY_UNKNOWN = "surrender.liability_unknown"
    UNITS_DIFFER = "surrender.units_differ"
    EFFECT_NOT_AUTHORIZED = "surrender.effect_not_authorized"
    VOLUNTARY_ONLY = "surrender.voluntary_only"
    ANSWER_IS_KNOWN = "surrender.answer_is_known"


class NotAccepted(StrEnum):
    """Why a part was not accepted. It is an outcome of the declaration, and the units stay with their holder."""

    CAP_EXCEEDED = "compliance.cap_exceeded"


class AccountingEffect(StrEnum):
    """The one effect of a surrender on the accounts under the Paris Agreement."""

    NDC = "ndc"
    """Use towards the Party's NDC: the surrender is the use, and subtracts once."""
    OIMP = "oimp"
    """Cancellation for international mitigation purposes."""
    NONE = "none"
    """Domestic units: retired at home, nothing is adjusted."""


@dataclass(frozen=True, slots=True)
class Surrender:
    """One declaration and its outcome. Quantities are whole tonnes; `units` were declared, from the lowest serial.

    `limit` names the rule or value that set the cap; `law_on` the day of the law that priced it.
    """

    id: str
    liability: str
    entity: str
    scheme: str
    year: int
    unit_class: str
    declared: SerialRange
    accepted_t: int
    effect: AccountingEffect
    unit_type: str
    limit: str
    cap_t: int | None
    deducted_t: int
    law_on: date
    declared_on: date
    pack: str
    version: str
    charge: Charge | None = None

    @property
    def accepted(self) -> SerialRange:
        return SerialRange(self.declared.first, self.declared.first + self.accepted_t - 1)

    @property
    def not_accepted(self) -> SerialRange | None:
        """The serials that stay with their holder."""
        first = self.declared.first + self.accepted_t
        return SerialRange(first, self.declared.last) if first <= self.declared.last else None
