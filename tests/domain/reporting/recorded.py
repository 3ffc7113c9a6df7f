"""A consistent world with everything beside it: initial reports, lists of the CARP, summaries, inventories."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.records import InitialReport, ListedApproach, Records, WithdrawnUnits
from counterfoil.domain.reporting.structured_summary import (
    FinalAssessment,
    Line,
    SplitAmount,
    StructuredSummary,
)
from tests.domain.reporting.submissions import history, report

YEARS = range(2021, 2026)
EMISSIONS = Fraction(50_000)


def whole_history(**authorized: Any) -> list[Submission]:
    """The consistent history, with the empty years before it."""
    return [*history(**authorized), *(report(party, year) for party in ("XAA", "XBB") for year in (2021, 2022))]


def initial_report(party: str = "XAA", **changes: Any) -> InitialReport:
    one = InitialReport(
        party=party,
        submitted_on=date(2021, 6, 1),
        approaches=("CA9001",),
        ndc_first_year=2021,
        ndc_last_year=2030,
        method="trajectory",
    )
    return replace(one, **changes)


def summary(
    moved: Mapping[int, int], used: Mapping[int, int], years: range = YEARS, **changes: Any
) -> StructuredSummary:
    """A table whose lines follow from what was first transferred and used, by trajectory or multi-year."""
    first = {year: Fraction(moved.get(year, 0)) for year in years}
    uses = {year: Fraction(used.get(year, 0)) for year in years}
    net = {year: first[year] - uses[year] for year in years}
    lines = {
        Line.EMISSIONS: dict.fromkeys(years, EMISSIONS),
        Line.FIRST_TRANSFERRED: first,
        Line.OIMP: dict.fromkeys(years, Fraction(0)),
        Line.USED: uses,
        Line.NET: net,
        Line.ADJUSTMENT: net,
        Line.CUMULATIVE: {year: sum((net[y] for y in years if y <= year), Fraction(0)) for year in years},
        Line.BALANCE: {year: EMISSIONS + net[year] for year in years},
    }
    splits = tuple(
        SplitAmount(line=line, year=year, amount=amount, cooperative_approach_id="CA9001", sector="Transportation")
        for line, amounts in ((Line.FIRST_TRANSFERRED, first), (Line.USED, uses))
        for year, amount in amounts.items()
        if amount
    )
    one = StructuredSummary(
        file="btr-XAA-2026.json",
        party="XAA",
        submitted_on=date(2026, 12, 31),
        ndc_first_year=2021,
        ndc_last_year=2030,
        method="trajectory",
        lines=lines,
        splits=splits,
        adaptation_t=Fraction(0),
        omge_t=Fraction(0),
    )
    return replace(one, **changes)


def summaries() -> list[StructuredSummary]:
    """Those of host and user."""
    return [
        summary({2023: 1000}, {}),
        summary({}, {2025: 1000}, party="XBB", file="btr-XBB-2026.json"),
    ]


def averaging(**changes: Any) -> StructuredSummary:
    """The host's table under averaging: 1000 t first transferred in the third of five years."""
    one = summary({2023: 1000}, {}, method="averaging")
    running = {2021: 0, 2022: 0, 2023: Fraction(1000, 3), 2024: Fraction(1000, 4), 2025: Fraction(1000, 5)}
    newest = dict.fromkeys(YEARS, Fraction(200))
    lines = {
        **one.lines,
        Line.AVERAGE: running,
        Line.ADJUSTMENT: newest,
        Line.BALANCE: dict.fromkeys(YEARS, EMISSIONS + 200),
    }
    return replace(one, lines=lines, **changes)


def final(years: range = range(2021, 2031), **changes: Any) -> StructuredSummary:
    """A table of a whole period, ten years of 100 t first transferred each, and its assessment."""
    one = summary(dict.fromkeys(years, 100), {}, years, submitted_on=date(2032, 12, 31), splits=())
    target = FinalAssessment(compared=EMISSIONS + 100, target=EMISSIONS + 100, achieved=True)
    return replace(one, **{"final": target, **changes})


def changed(one: StructuredSummary, line: Line, year: int, amount: int | Fraction | None) -> StructuredSummary:
    """The table with one amount changed, or taken out."""
    amounts = {**one.amounts(line)}
    if amount is None:
        del amounts[year]
    else:
        amounts[year] = Fraction(amount)
    return replace(one, lines={**one.lines, line: amounts})


def records(**changes: Any) -> Records:
    one = Records(
        initial_reports=[initial_report(), initial_report("XBB")],
        approaches=[ListedApproach("CA9001", ("XAA", "XBB"))],
        documents=frozenset({("XAA", "XAA-1")}),
        summaries=summaries(),
        inventories={(party, year): EMISSIONS for party in ("XAA", "XBB") for year in YEARS},
        withdrawn_units=[WithdrawnUnits("VCS", "VCS-1-1", "VCS-1-100", "a voluntary claim")],
    )
    return replace(one, **changes)
