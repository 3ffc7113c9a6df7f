"""National inventories and indicators, year by year, and what of them the NDC covers.

A year that no inventory has is missing, not zero. A total of another scope than the NDC's is no covered total: it is
shown as not available rather than used.

Source: 2/CMA.3 annex paras. 8-10, 23(a)-(b), 23(i); 18/CMA.1 annex paras. 57-58.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from counterfoil.domain.accounting.figure import Figure, Unavailable
from counterfoil.domain.accounting.ndc import InventorySector, Scope, Source
from counterfoil.domain.kernel.ids import Party

INVENTORY_RECORD: Final = "inventory"


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What was emitted less what was removed in one year, in t CO2 eq, in these sectors together.

    Of an indicator, the level of the year in the indicator's unit, without sectors. Removals are negative.
    """

    year: int
    value: int
    sectors: tuple[InventorySector, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """One submission of a Party: totals with the gases and the set of GWP values in which they are given.

    `metric` is empty for emissions; otherwise it names the non-GHG metric whose levels these are, such as `MWh`.
    """

    id: str
    party: Party
    submitted_on: date
    values: tuple[YearTotal, ...]
    source: Source
    gases: tuple[str, ...] = ()
    gwp: str = ""
    metric: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure for a year and the inventory from which it was taken."""

    figure: Figure
    inventory: str = ""


def covered(inventories: Iterable[Inventory], scope: Scope, year: int, *, gwp: str = "") -> Reading:
    """The year's emissions that the NDC covers, from the latest submission that has them in the NDC's own scope.

    One total of exactly this scope is taken; otherwise single parts that make it up without overlap. Where the year is
    there in another scope only, the reason is `outside_scope`; where it is not there at all, `inventory_missing`. A
    total in another set of GWP values than the NDC's cannot be compared with its target: `gwp_differs`.

    Args:
        gwp: The NDC's set of GWP values. Where either side does not say its set, they are not held to differ.

    Source: 2/CMA.3 annex para. 23(a); 18/CMA.1 annex para. 37.
    """
    seen = differs = False
    for inventory in _latest_first(inventories, metric=""):
        totals = [value for value in inventory.values if value.year == year]
        seen = seen or bool(totals)
        if set(inventory.gases) != set(scope.gases):
            continue
        found = _made_up(totals, frozenset(scope.sectors))
        if found is not None and gwp and inventory.gwp and inventory.gwp != gwp:
            differs = True
        elif found is not None:
            return Reading(Fraction(found), inventory.id)
    if differs:
        return Reading(Unavailable.GWP_DIFFERS)
    return Reading(Unavailable.OUTSIDE_SCOPE if seen else Unavailable.INVENTORY_MISSING)


def indicator(inventories: Iterable[Inventory], metric: str, year: int) -> Reading:
    """The year's level of a non-GHG indicator, from the latest submission. Source: 2/CMA.3 annex para. 23(i)."""
    for inventory in _latest_first(inventories, metric=metric):
        for value in inventory.values:
            if value.year == year:
                return Reading(Fraction(value.value), inventory.id)
    return Reading(Unavailable.INDICATOR_MISSING)


def _latest_first(inventories: Iterable[Inventory], *, metric: str) -> list[Inventory]:
    found = [inventory for inventory in inventories if inventory.metric == metric]
    return sorted(found, key=lambda each: (each.submitted_on, each.id), reverse=True)


def _made_up(totals: Sequence[YearTotal], sectors: frozenset[InventorySector]) -> int | None:
    """The value for these sectors: one total of them, or the totals of each of them alone."""
    for total in totals:
        if frozenset(total.sectors) == sectors:
            return total.value
    alone = {total.sectors[0]: total.value for total in totals if len(total.sectors) == 1}
    return sum(alone[sector] for sector in sectors) if sectors and sectors <= set(alone) else None
