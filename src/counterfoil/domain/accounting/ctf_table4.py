"""CTF table 4, lines 1 to 20: the structured summary's numbers, each exact or with the reason why there is none.

Every line is there, whatever is known. The balance is line 3 plus line 11, never less it.

Read next: `domain/accounting/ctf_completeness.py`.
Source: 2/CMA.3 annex para. 23; 18/CMA.1 annex paras. 70, 77(d); 5/CMA.3 annex II; rulebook 4.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from counterfoil.domain.accounting.ctf_final import final_rows, tonnes_compared
from counterfoil.domain.accounting.ctf_lines import BY_NUMBER, NO_UNIT, TONNES, Part, Row
from counterfoil.domain.accounting.emissions_balance import (
    Flows,
    Method,
    adjusted_indicator,
    adjustments,
    average_adjustment,
    emissions_balance,
)
from counterfoil.domain.accounting.figure import Figure, Unavailable, both, less
from counterfoil.domain.accounting.flow import Basis, Flow, FlowKind, SplitRow, by_year, net_flows, split
from counterfoil.domain.accounting.inventory import Inventory, Reading, covered, indicator
from counterfoil.domain.accounting.ndc import Ndc, Standing, Target, TargetForm
from counterfoil.domain.accounting.period_account import PeriodAccount
from counterfoil.domain.accounting.target import Comparison, floor, intensity
from counterfoil.domain.kernel.period import YearSpan


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the table is made of.

    `method` is the one locked for the period or, for a look ahead, the one asked for; None where none is chosen.
    `adaptation` and `omge` are quantities by year of the act, in t CO2 eq. `authorized_not_transferred` is what is
    authorized for other purposes and not first transferred.
    """

    party: str
    standing: Standing
    period: YearSpan
    year: int
    as_of: date
    ndc: Ndc | None = None
    method: Method | None = None
    account: PeriodAccount | None = None
    inventories: Sequence[Inventory] = ()
    flows: Sequence[Flow] = ()
    basis: Basis = Basis.VINTAGE
    adaptation: Mapping[int, int] = field(default_factory=dict)
    omge: Mapping[int, int] = field(default_factory=dict)
    authorized_not_transferred: int = 0

    @property
    def years(self) -> range:
        return range(self.period.first, min(self.year, self.period.last) + 1)

    @property
    def assumed(self) -> tuple[str, ...]:
        """What a demonstration supposes about the NDC, the method and the inventories of the period's years."""
        held = [each for each in (self.ndc, self.account) if each is not None]
        used = [each for each in self.inventories if any(value.year in self.period for value in each.values)]
        return tuple(dict.fromkeys(text for each in (*held, *used) for text in each.assumed))

    @property
    def final(self) -> bool:
        return self.year >= self.period.last

    def of(self, commodity: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.commodity == commodity]


@dataclass(frozen=True, slots=True)
class Table4:
    """The rows in the order of the lines, the split of lines 6 to 8, and what stands behind them."""

    facts: Facts
    rows: tuple[Row, ...]
    split: tuple[SplitRow, ...]
    entities: tuple[str, ...]
    sources: tuple[str, ...]

    def row(self, number: int, *, unit: str = TONNES, part: Part = Part.WHOLE) -> Row:
        """The first row of a line in a unit."""
        found = [row for row in self.rows if row.line.number == number and row.part is part]
        return next((row for row in found if row.unit == unit), found[0])


def table4(facts: Facts) -> Table4:
    """The whole table for one Party, one NDC period and the years up to `facts.year`."""
    emissions = {year: emissions_of(facts, year) for year in facts.years}
    flows = net_flows(facts.of(TONNES), facts.period)
    totals = total_adjustments(facts, flows)
    balances = {year: both(emissions[year].figure, totals[year], emissions_balance) for year in facts.years}
    rows = (
        *_paths(facts),
        *_inputs(facts, emissions),
        *_flow_rows(facts, totals, flows),
        _balance_row(facts, balances),
        *_indicator_rows(facts),
        *_other(facts),
        *final_rows(facts.ndc, comparisons(facts, balances) if facts.final else None),
    )
    ordered = sorted(rows, key=lambda row: row.line.number)
    oimp = [flow for flow in facts.flows if flow.kind is FlowKind.OIMP]
    return Table4(
        facts,
        tuple(ordered),
        tuple(row for row in split(facts.flows, basis=facts.basis) if row.year in facts.years),
        tuple(sorted({entity for flow in oimp for entity in flow.entities})),
        tuple(sorted({reading.inventory for reading in emissions.values() if reading.inventory})),
    )


def emissions_of(facts: Facts, year: int) -> Reading:
    """The year's covered emissions. A Party that shares its NDC has none of its own under it."""
    if facts.ndc is None:
        return Reading(Unavailable.NDC_NOT_RECORDED)
    if facts.ndc.shared:
        return Reading(Unavailable.SHARED_NDC)
    return covered(facts.inventories, facts.ndc.scope, year, gwp=facts.ndc.gwp)


def portion_of(facts: Facts, year: int) -> Reading:
    """Line 4 of an NDC of measures: the year's emissions of the portion in which cooperative approaches act.

    Source: 2/CMA.3 annex paras. 10, 23(b).
    """
    assert facts.ndc is not None
    if facts.ndc.shared:
        return Reading(Unavailable.SHARED_NDC)
    if facts.ndc.portion is None:
        return Reading(Unavailable.PORTION_MISSING)
    return covered(facts.inventories, facts.ndc.portion, year, gwp=facts.ndc.gwp)


def total_adjustments(facts: Facts, flows: Flows) -> dict[int, Figure]:
    """Line 11 by year: by the Party's method; without one there is no adjustment to state."""
    if facts.method is None:
        return dict.fromkeys(facts.years, Unavailable.METHOD_NOT_CHOSEN)
    known = {} if facts.account is None else {"basis": facts.account.basis}
    return dict(adjustments(flows, facts.method, as_of=facts.year, **known))


def _paths(facts: Facts) -> Iterator[Row]:
    for number, method in ((1, Method.TRAJECTORY), (2, Method.MULTI_YEAR)):
        yield Row(BY_NUMBER[number], years={year: _path(facts, method, year) for year in facts.years})


def _path(facts: Facts, method: Method, year: int) -> Figure:
    if facts.method is None:
        return Unavailable.METHOD_NOT_CHOSEN
    if facts.method is not method:
        return Unavailable.NOT_APPLICABLE
    return Unavailable.PATH_MISSING if facts.account is None else facts.account.level(year)


def _inputs(facts: Facts, emissions: Mapping[int, Reading]) -> Iterator[Row]:
    """Lines 3 to 5. Of measures without a quantity, line 3 is what they affect, and line 4 the portion of it."""
    measures = facts.ndc is not None and facts.ndc.of_measures
    whole = {year: reading.figure for year, reading in emissions.items()}
    yield Row(BY_NUMBER[3], years=whole)
    portion = {year: portion_of(facts, year).figure for year in facts.years} if measures else whole
    yield Row(BY_NUMBER[4], years=portion)
    for metric in _metrics(facts):
        yield Row(BY_NUMBER[5], unit=metric, years=_levels(facts, metric))
    if not _metrics(facts):
        yield _not_applicable(facts, 5)


def _flow_rows(facts: Facts, totals: Mapping[int, Figure], flows: Flows) -> Iterator[Row]:
    """Lines 6 to 12. Line 10 is each year's own average; line 11 the newest one, unless the Party keeps its own.

    Lines 6 and 7 are shown in the year of the facts' basis. From line 9 on the same flows stand in their vintages on
    any basis, because that is where they adjust: a view changes no balance and no outcome.

    Source: 2/CMA.3 annex paras. 8, 23 (chapeau) and 23(f)-(h).
    """
    for number, kind in ((6, FlowKind.FIRST_TRANSFERRED), (7, FlowKind.OIMP), (8, FlowKind.USED)):
        for commodity in (TONNES, *(f"metric:{metric}" for metric in _metrics(facts))):
            amounts = by_year(facts.of(commodity), kind, basis=facts.basis)
            counted: dict[int, Figure] = {year: Fraction(amounts.get(year, 0)) for year in facts.years}
            yield Row(BY_NUMBER[number], unit=_unit(commodity), years=counted)
    yield Row(BY_NUMBER[9], years={year: Fraction(flows.net(year)) for year in facts.years})
    yield Row(BY_NUMBER[10], years={year: _average(facts, flows, year) for year in facts.years})
    yield Row(BY_NUMBER[11], years=dict(totals))
    yield Row(BY_NUMBER[12], years={year: Fraction(flows.cumulative(year)) for year in facts.years})


def _average(facts: Facts, flows: Flows, year: int) -> Figure:
    if facts.method is None:
        return Unavailable.METHOD_NOT_CHOSEN
    if facts.method is not Method.AVERAGING:
        return Unavailable.NOT_APPLICABLE
    return average_adjustment(flows, as_of=year)


def _balance_row(facts: Facts, balances: Mapping[int, Figure]) -> Row:
    """Line 13, with the unconditional ceiling beside it and what is left to it in the latest year."""
    target = _ceiling(facts)
    if target is None or not facts.years:
        return Row(BY_NUMBER[13], years=dict(balances))
    latest = balances[facts.years[-1]]
    return Row(
        BY_NUMBER[13],
        years=dict(balances),
        target=target.value,
        target_year=target.year,
        progress=less(target.value, latest),
    )


def _ceiling(facts: Facts) -> Target | None:
    """The unconditional target in tonnes for one year."""
    if facts.ndc is None:
        return None
    levels = (TargetForm.LEVEL, TargetForm.REDUCTION)
    found = [target for target in facts.ndc.targets if target.form in levels and not target.conditional]
    return found[0] if found else None


def _levels(facts: Facts, metric: str) -> dict[int, Figure]:
    return {year: indicator(facts.inventories, metric, year).figure for year in facts.years}


def adjusted_levels(facts: Facts, metric: str) -> dict[int, Figure]:
    """A non-GHG indicator with its adjustments: the signs are the opposite of those of emissions.

    Source: 2/CMA.3 annex para. 9.
    """
    flows = net_flows(facts.of(f"metric:{metric}"), facts.period)
    return {
        year: level if isinstance(level, Unavailable) else adjusted_indicator(level, flows, year)
        for year, level in _levels(facts, metric).items()
    }


def _changes(facts: Facts, metric: str) -> dict[int, Figure]:
    flows = net_flows(facts.of(f"metric:{metric}"), facts.period)
    return {year: adjusted_indicator(0, flows, year) for year in facts.years}


def _indicator_rows(facts: Facts) -> Iterator[Row]:
    for metric in _metrics(facts):
        yield Row(BY_NUMBER[14], unit=metric, part=Part.ADJUSTMENT, years=_changes(facts, metric))
        yield Row(BY_NUMBER[14], unit=metric, part=Part.ADJUSTED, years=adjusted_levels(facts, metric))
    if not _metrics(facts):
        yield _not_applicable(facts, 14)


def _other(facts: Facts) -> Iterator[Row]:
    for part, amounts in ((Part.ADAPTATION, facts.adaptation), (Part.OMGE, facts.omge)):
        counted: dict[int, Figure] = {year: Fraction(amounts.get(year, 0)) for year in facts.years}
        yield Row(BY_NUMBER[15], part=part, years=counted)


def comparisons(facts: Facts, balances: Mapping[int, Figure]) -> dict[str, Comparison]:
    """Every target of the NDC, by name, against what was reached. Source: 2/CMA.3 annex para. 23(l)."""
    if facts.ndc is None:
        return {}
    found: dict[str, Comparison] = {}
    for target in facts.ndc.targets:
        match target.form:
            case TargetForm.FLOOR:
                reached = adjusted_levels(facts, target.metric).get(target.year, Unavailable.INDICATOR_MISSING)
                found[target.name] = floor(target.value, reached)
            case TargetForm.INTENSITY:
                found[target.name] = intensity(
                    target.value,
                    emissions=balances.get(target.year, Unavailable.INVENTORY_MISSING),
                    adjustment=Fraction(0),  # the balance has it already
                    denominator=indicator(facts.inventories, target.metric, target.year).figure,
                )
            case _:
                found[target.name] = tonnes_compared(target, facts.account, balances, period=facts.period)
    return found


def _metrics(facts: Facts) -> tuple[str, ...]:
    """The non-GHG metrics of the NDC's indicators and of the flows, by name."""
    targets = () if facts.ndc is None else facts.ndc.targets
    moved = {_unit(flow.commodity) for flow in facts.flows if flow.commodity != TONNES}
    return tuple(sorted(moved | {target.metric for target in targets if target.form is TargetForm.FLOOR}))


def _unit(commodity: str) -> str:
    return commodity.removeprefix("metric:")


def _not_applicable(facts: Facts, number: int) -> Row:
    return Row(BY_NUMBER[number], unit=NO_UNIT, years=dict.fromkeys(facts.years, Unavailable.NOT_APPLICABLE))
