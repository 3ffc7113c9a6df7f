"""What CTF table 4 has before its lines on Article 6: the indicator of each target, the total, and land use.

An indicator is known by what its target is set in: the covered emissions, their intensity, or a non-GHG metric. The
change compares its latest year with the reference of the target.

Read next: `domain/accounting/ctf_table4.py`.
Source: 18/CMA.1 annex paras. 65-67, 77(a)-(c); 5/CMA.3 annex II table 4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.ctf_table4 import Facts, emissions_of
from counterfoil.domain.accounting.figure import Figure, Unavailable, both, less
from counterfoil.domain.accounting.inventory import covered, indicator
from counterfoil.domain.accounting.ndc import InventorySector, Scope, Target, TargetForm


class Opening(StrEnum):
    """The three kinds of rows; each has a text in both languages."""

    SELECTED = "selected_indicator"
    TOTAL = "total_emissions"
    LAND_USE = "land_use"


PROVISIONS: Mapping[Opening, str] = {
    Opening.SELECTED: "18/CMA.1 annex paras. 65, 77(a)",
    Opening.TOTAL: "18/CMA.1 annex para. 77(b)",
    Opening.LAND_USE: "18/CMA.1 annex para. 77(c)",
}


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row, year by year in `unit`. What compares with a target is there for selected indicators only.

    `reference` is the level of `reference_year`; `change` is the latest year that has ended less the reference.
    """

    kind: Opening
    unit: str
    years: Mapping[int, Figure]
    about: str = ""
    reference: Figure | None = None
    reference_year: int | None = None
    target: Figure | None = None
    target_year: int | None = None
    change: Figure | None = None

    @property
    def provision(self) -> str:
        return PROVISIONS[self.kind]


def indicator_rows(facts: Facts) -> tuple[IndicatorRow, ...]:
    """The rows in the order of the table: one for each target, then the total, then land use."""
    emissions: dict[int, Figure] = {year: emissions_of(facts, year).figure for year in facts.years}
    return (
        *_selected(facts, emissions),
        IndicatorRow(Opening.TOTAL, TONNES, emissions),
        IndicatorRow(Opening.LAND_USE, TONNES, {year: _land_use(facts, year) for year in facts.years}),
    )


def _selected(facts: Facts, emissions: Mapping[int, Figure]) -> Iterator[IndicatorRow]:
    for target in () if facts.ndc is None else facts.ndc.targets:
        years = {year: _level(facts, target, year, emissions[year]) for year in facts.years}
        reference = Unavailable.TARGET_LEVEL_MISSING if target.base_level is None else Fraction(target.base_level)
        yield IndicatorRow(
            Opening.SELECTED,
            target.measure,
            years,
            about=target.name,
            reference=reference,
            reference_year=target.base_year,
            target=target.value,
            target_year=target.year,
            change=less(years[facts.years[-1]], reference) if facts.years else None,
        )


def _level(facts: Facts, target: Target, year: int, emissions: Figure) -> Figure:
    match target.form:
        case TargetForm.FLOOR:
            return indicator(facts.inventories, target.metric, year).figure
        case TargetForm.INTENSITY:
            return _intensity(emissions, indicator(facts.inventories, target.metric, year).figure)
        case _:
            return emissions


def _intensity(emissions: Figure, denominator: Figure) -> Figure:
    if denominator == 0:
        return Unavailable.INDICATOR_MISSING
    return both(emissions, denominator, lambda one, other: one / other)


def _land_use(facts: Facts, year: int) -> Figure:
    """Land use where the total leaves it out; where the NDC covers it, the total has it already."""
    if facts.ndc is None:
        return Unavailable.NDC_NOT_RECORDED
    if InventorySector.LULUCF in facts.ndc.scope.sectors:
        return Unavailable.NOT_APPLICABLE
    scope = Scope((InventorySector.LULUCF,), facts.ndc.scope.gases)
    return covered(facts.inventories, scope, year, gwp=facts.ndc.gwp).figure
