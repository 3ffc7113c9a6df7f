"""CTF table 4 against what it is made from: annual information, initial report, 23(j) tables, inventory. C71, C73, C74,
C76, C78.

Source: 2/CMA.3 annex paras. 18(c), 23, 33, 38, 40.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from counterfoil.domain.reporting.aef_terms import ADAPTATION, Subtype
from counterfoil.domain.reporting.consistency.summary_lines import TOLERANCE, amount, place
from counterfoil.domain.reporting.consistency.world import Act, World
from counterfoil.domain.reporting.finding import Observation, Severity
from counterfoil.domain.reporting.structured_summary import SPLIT_LINES, Line, StructuredSummary, YearBasis

_OMGE = frozenset({Subtype.MANDATORY_OMGE, Subtype.VOLUNTARY_OMGE})


def lines_equal_aefs(world: World) -> Iterator[Observation]:
    """C71: lines 6 and 7 together are what the annual information first transferred of each vintage, line 8 what it
    used for each year.

    "Not available" where a report of the Party up to the year before the summary is missing.
    Source: 2/CMA.3 annex paras. 23(c)-(e), 33.
    """
    acts = world.once(acts_by_party)
    for summary in world.records.summaries or ():
        missing = _missing_reports(world, summary)
        if missing is not None:
            facts: dict[str, str | int] = {"party": summary.party, "year": missing}
            yield Observation("not_available", place(summary, "6–8"), facts, Severity.NOT_AVAILABLE)
            continue
        moved, used = _reported(summary, acts.get(summary.party, ()))
        first, oimp, uses = (summary.amounts(line) for line in SPLIT_LINES)
        for year in sorted({*summary.years(), *moved, *used}):
            stated = first.get(year, Fraction(0)) + oimp.get(year, Fraction(0))
            yield from _differs(summary, "6+7", year, stated, moved.get(year, Fraction(0)))
            yield from _differs(summary, "8", year, uses.get(year, Fraction(0)), used.get(year, Fraction(0)))


def _differs(
    summary: StructuredSummary, line: str, year: int, stated: Fraction, expected: Fraction
) -> Iterator[Observation]:
    # What is reported for a year after the last column belongs to the next summary.
    if abs(stated - expected) > TOLERANCE and year <= max(summary.years(), default=0):
        facts: dict[str, str | int] = {
            "line": line,
            "year": year,
            "found": amount(stated),
            "expected": amount(expected),
        }
        yield Observation("differs", place(summary, line, year), facts)


def _missing_reports(world: World, summary: StructuredSummary) -> int | None:
    """The first year of which the Party's annual information is not here in full."""
    years = summary.years()
    needed = range(years[0] if years else summary.submitted_on.year, summary.submitted_on.year)
    return next((year for year in needed if not world.reported_in_full(summary.party, year)), None)


def acts_by_party(world: World) -> Mapping[str, list[Act]]:
    """Every action row by its reporting Party."""
    found: dict[str, list[Act]] = defaultdict(list)
    for act in world.acts:
        found[act.party].append(act)
    return found


def _reported(
    summary: StructuredSummary, acts: list[Act] | tuple[()]
) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
    """First transferred by year, and used towards the NDC by year, as reported before the summary."""
    moved: dict[int, Fraction] = defaultdict(Fraction)
    used: dict[int, Fraction] = defaultdict(Fraction)
    for act in acts:
        row = act.action
        if act.filed.year >= summary.submitted_on.year:
            continue
        if act.is_first_transfer:
            by_vintage = summary.year_basis is YearBasis.VINTAGE
            moved[row.vintage if by_vintage else row.action_date.year] += row.quantity_co2
        elif row.year_itmo_used_towards_ndc is not None:
            used[row.year_itmo_used_towards_ndc] += row.quantity_co2
    return moved, used


def method_is_locked(world: World) -> Iterator[Observation]:
    """C73: method, metrics and NDC period are those of the initial report and of earlier summaries of the period.

    Source: 2/CMA.3 annex paras. 7, 18(c).
    """
    summaries = sorted(world.records.summaries or (), key=lambda summary: summary.submitted_on)
    for number, summary in enumerate(summaries):
        reports = [each for each in world.records.reports_of(summary.party) if _same_period(each, summary)]
        earlier = [each for each in summaries[:number] if each.party == summary.party and _same_period(each, summary)]
        for other, name in ((reports[-1:], "initial report"), (earlier[:1], earlier[0].file if earlier else "")):
            for declared in other:
                yield from _changed(summary, declared, name)


def _same_period(declared: object, summary: StructuredSummary) -> bool:
    first, last = _attribute(declared, "ndc_first_year"), _attribute(declared, "ndc_last_year")
    return max(int(first), summary.ndc_first_year) <= min(int(last), summary.ndc_last_year)


def _attribute(declared: object, name: str) -> str:
    value = getattr(declared, name)
    return ", ".join(sorted(value)) if isinstance(value, tuple) else str(value)


def _changed(summary: StructuredSummary, declared: object, name: str) -> Iterator[Observation]:
    for attribute in ("method", "metrics", "ndc_first_year", "ndc_last_year"):
        found, expected = _attribute(summary, attribute), _attribute(declared, attribute)
        if found != expected:
            facts: dict[str, str | int] = {
                "field": attribute.replace("_", " "),
                "found": found,
                "expected": expected,
                "other": name,
            }
            yield Observation("differs", place(summary, attribute), facts)


def splits_add_up(world: World) -> Iterator[Observation]:
    """C74: the rows of the tables of paragraph 23(j) add up to lines 6, 7 and 8.

    "Not available" where a line has amounts and no such table is given. Source: 2/CMA.3 annex para. 23(j).
    """
    for summary in world.records.summaries or ():
        sums: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
        for row in summary.splits:
            sums[row.line, row.year] += row.amount
        for line in SPLIT_LINES:
            amounts = summary.amounts(line)
            if not summary.splits and any(amounts.values()):
                yield Observation("not_available", place(summary, line), {"line": int(line)}, Severity.NOT_AVAILABLE)
                continue
            for year in sorted({*amounts, *(year for number, year in sums if number == line)}):
                stated, added = amounts.get(year, Fraction(0)), sums.get((line, year), Fraction(0))
                if abs(stated - added) > TOLERANCE:
                    facts: dict[str, str | int] = {
                        "line": int(line),
                        "year": year,
                        "found": amount(added),
                        "expected": amount(stated),
                    }
                    yield Observation("differs", place(summary, line, year), facts)


def inventory_agrees(world: World) -> Iterator[Observation]:
    """C76: line 3 equals the latest inventory for the sectors and gases of the NDC.

    Source: 2/CMA.3 annex para. 23(a); 18/CMA.1 annex para. 77(d)(i).
    """
    inventories = world.records.inventories or {}
    for summary in world.records.summaries or ():
        for year, stated in sorted(summary.amounts(Line.EMISSIONS).items()):
            known = inventories.get((summary.party, year))
            if known is not None and abs(stated - known) > TOLERANCE:
                facts: dict[str, str | int] = {"year": year, "found": amount(stated), "expected": amount(known)}
                yield Observation("differs", place(summary, Line.EMISSIONS, year), facts)


def contributions_agree(world: World) -> Iterator[Observation]:
    """C78: narrated contributions to adaptation and to OMGE are the totals of the annual information of those years.

    Source: 2/CMA.3 annex paras. 38, 40.
    """
    acts = world.once(acts_by_party)
    for summary in world.records.summaries or ():
        if _missing_reports(world, summary) is not None:
            continue
        mine = [act for act in acts.get(summary.party, ()) if act.filed.year in summary.years()]
        for case, stated, subtypes in (
            ("adaptation", summary.adaptation_t, ADAPTATION),
            ("omge", summary.omge_t, _OMGE),
        ):
            rows = (act.action.quantity_co2 for act in mine if act.action.action_subtype in subtypes)
            total = sum(rows, Fraction(0))
            if stated is not None and abs(stated - total) > TOLERANCE:
                facts: dict[str, str | int] = {"found": amount(stated), "expected": amount(Fraction(total))}
                yield Observation(case, place(summary, 15), facts)
