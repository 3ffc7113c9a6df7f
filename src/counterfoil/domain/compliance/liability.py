"""What an entity owes under a compliance scheme for one year, and how much of it units have covered.

A liability names three days of law: the year of the emissions, the day of filing, and the day whose limit, rate and
factor apply. It remembers what was accepted under each limit, so that several declarations share one limit.

Source: requirements R-CMP-01 to R-CMP-03; ADR-0024.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.compliance.charge import Charge
from counterfoil.domain.kernel.ids import NAME, unfit
from counterfoil.domain.kernel.refusal import Refusal

LIABILITY: Final = "liability"
LIABILITY_OF: Final = "liability_of"
"""Which liability an entity has in a scheme for a year: it has one, or its limit would count twice."""
AMOUNT_MAX: Final = 10**15
YEAR_MIN: Final = 2021


class LiabilityFault(StrEnum):
    ID_UNREADABLE = "liability.id_unreadable"
    ALREADY_FILED = "liability.already_filed"
    YEAR_NOT_OVER = "liability.year_not_over"
    AMOUNT_UNREADABLE = "liability.amount_unreadable"
    BASE_MISSING = "liability.base_missing"
    BASE_ABOVE_EMISSIONS = "liability.base_above_emissions"
    NO_LAW = "liability.no_law"


@dataclass(frozen=True, slots=True)
class Base:
    """What is charged: tonnes of CO2 equivalent, and money in minor units. What is not known is None, never zero."""

    emissions_t: int | None = None
    base_t: int | None = None
    base_money: int | None = None

    def facts(self) -> dict[str, int]:
        """What is known, by the names of the law's facts."""
        named = {"emissions_t": self.emissions_t, "base_t": self.base_t, "base_money": self.base_money}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Liability:
    """One entity, one scheme, one year. `accepted_t` counts accepted units by the limit under which they fell.

    `law_on` is the day whose limit, rate and factor apply; `version` is that of the pack on the day of filing.
    `charge` is what the law answered last: at the filing, and after each declaration; None where it names no price.
    """

    id: str
    entity: str
    account: str
    scheme: str
    year: int
    filed_on: date
    law_on: date
    pack: str
    version: str
    base: Base
    answers: Mapping[str, Any] = field(default_factory=dict)
    accepted_t: Mapping[str, int] = field(default_factory=dict)
    deducted_t: int = 0
    charge: Charge | None = None

    def taking(self, limit: str, *, accepted_t: int, deducted_t: int, charge: Charge | None) -> "Liability":
        """The liability after units were accepted under a limit, with the law's charge after them."""
        counted = {**self.accepted_t, limit: self.accepted_t.get(limit, 0) + accepted_t}
        return replace(self, accepted_t=counted, deducted_t=self.deducted_t + deducted_t, charge=charge)


def liability_key(entity: str, scheme: str, year: int) -> str:
    return f"{scheme}:{year}:{entity}"


def unfit_liability(*, name: str, entity: str, scheme: str, year: int, base: Base, on: date) -> Refusal | None:
    """Why a liability cannot be filed, in this order: names, year, amounts.

    A year that is not over has no emissions to charge yet.
    """
    if not NAME.match(name):
        return Refusal(LiabilityFault.ID_UNREADABLE, {"liability": name[:80]})
    nameless = unfit("entity", entity) or unfit("scheme", scheme) or unfit("key", liability_key(entity, scheme, year))
    if nameless is not None:
        return nameless
    if not YEAR_MIN <= year < on.year:
        return Refusal(LiabilityFault.YEAR_NOT_OVER, {"year": year, "on": on.isoformat()})
    amounts = base.facts()
    for fact, amount in amounts.items():
        if not 0 <= amount <= AMOUNT_MAX:
            return Refusal(LiabilityFault.AMOUNT_UNREADABLE, {"fact": fact, "amount_max": AMOUNT_MAX})
    if base.base_t is None and base.base_money is None:
        return Refusal(LiabilityFault.BASE_MISSING, {"liability": name})
    if base.base_t is not None and base.emissions_t is not None and base.base_t > base.emissions_t:
        facts = {"base_t": base.base_t, "emissions_t": base.emissions_t}
        return Refusal(LiabilityFault.BASE_ABOVE_EMISSIONS, {**facts})
    return None
