"""CTF table 4 by itself: whether its lines recompute, with the right sign, against the right target. C72, C75, C77.

Amounts may be rounded to 0.01 t for display, so recomputed values may differ by that much per year added.

Source: 2/CMA.3 annex paras. 7-8, 23(f)-(h), (k), (l); rulebook 3.4, 3.6, 4.4.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from counterfoil.domain.reporting.consistency.world import World
from counterfoil.domain.reporting.finding import Observation, Place, Severity
from counterfoil.domain.reporting.records import AdjustmentMethod
from counterfoil.domain.reporting.structured_summary import FinalAssessment, Line, StructuredSummary, YearBasis

SHEET: Final = "CTF table 4"
TOLERANCE: Final = Fraction(1, 100)

Expected = dict[int, Fraction]


def place(summary: StructuredSummary, line: int | str, year: int | str = "") -> Place:
    """Where a finding about a line and year stands."""
    cell = f"line {line}, {year}" if year else f"line {line}"
    return Place(file=summary.file, party=summary.party, sheet=SHEET, cell=cell)


def lines_recompute(world: World) -> Iterator[Observation]:
    """C72: net amounts, averages, adjustments, cumulative amounts and balances follow from lines 3 and 6 to 8.

    "Not available" for a year of which an amount stands without what it is computed from.
    Source: 2/CMA.3 annex paras. 7-8, 23(f)-(h), (k)(i).
    """
    for summary in world.records.summaries or ():
        for line, expected in _recomputed(summary).items():
            stated = summary.amounts(line)
            for year in sorted(set(stated) | set(expected)):
                yield from _compared(summary, line, year, stated.get(year), expected.get(year))


def _compared(
    summary: StructuredSummary, line: Line, year: int, stated: Fraction | None, expected: Fraction | None
) -> Iterator[Observation]:
    facts: dict[str, str | int] = {"line": int(line), "year": year, "found": amount(stated)}
    if expected is None:
        if line is Line.AVERAGE and summary.method != AdjustmentMethod.AVERAGING:
            yield Observation("not_applicable", place(summary, line, year), {**facts, "method": summary.method})
        else:
            yield Observation("not_available", place(summary, line, year), facts, Severity.NOT_AVAILABLE)
    elif stated is None:
        yield Observation("omitted", place(summary, line, year), {**facts, "expected": amount(expected)})
    elif abs(stated - expected) > TOLERANCE and not (line is Line.BALANCE and _inverted(summary, year)):
        yield Observation("differs", place(summary, line, year), {**facts, "expected": amount(expected)})


def _recomputed(summary: StructuredSummary) -> dict[Line, Expected]:
    net = _net(summary)
    cumulative = _cumulative(summary, net)
    start = summary.ndc_first_year
    average = {year: total / (year - start + 1) for year, total in cumulative.items()}
    averaging = summary.method == AdjustmentMethod.AVERAGING
    # Without a method nobody can say what the adjustment should be.
    adjustment = net if summary.method in set(AdjustmentMethod) else {}
    if averaging:
        newest = average.get(max(average, default=0))
        running = summary.running_average
        adjustment = {year: each if running or newest is None else newest for year, each in average.items()}
    stated = summary.amounts(Line.ADJUSTMENT)
    balance = {
        year: emissions + stated.get(year, adjustment.get(year, Fraction(0)))
        for year, emissions in summary.amounts(Line.EMISSIONS).items()
        if year in stated or year in adjustment
    }
    return {
        Line.NET: net,
        Line.AVERAGE: average if averaging else {},
        Line.ADJUSTMENT: adjustment,
        Line.CUMULATIVE: cumulative,
        Line.BALANCE: balance,
    }


def _net(summary: StructuredSummary) -> Expected:
    """By year. Where lines 6 and 7 are shown by the year of first transfer, adjustments stand by vintage all the same:
    line 9 cannot be told from them and is taken as stated.
    """
    if summary.year_basis is YearBasis.FIRST_TRANSFER_YEAR:
        return dict(summary.amounts(Line.NET))
    first, oimp, used = (summary.amounts(line) for line in (Line.FIRST_TRANSFERRED, Line.OIMP, Line.USED))
    return {year: first[year] + oimp[year] - used[year] for year in sorted(set(first) & set(oimp) & set(used))}


def _cumulative(summary: StructuredSummary, net: Expected) -> Expected:
    """Running sums from the first year of the period, as far as no year is missing."""
    total = Fraction(0)
    found: Expected = {}
    for year in range(summary.ndc_first_year, summary.ndc_last_year + 1):
        if year not in net:
            break
        total += net[year]
        found[year] = total
    return found


def sign_is_right(world: World) -> Iterator[Observation]:
    """C75: what a host first transfers is added to its emissions, never taken away: line 13 less line 3 is line 11.

    Source: 2/CMA.3 annex paras. 7-8.
    """
    for summary in world.records.summaries or ():
        for year in sorted(summary.amounts(Line.BALANCE)):
            if _inverted(summary, year):
                facts: dict[str, str | int] = {
                    "year": year,
                    "found": amount(summary.amounts(Line.BALANCE)[year]),
                    "expected": amount(summary.amounts(Line.EMISSIONS)[year] + summary.amounts(Line.ADJUSTMENT)[year]),
                }
                yield Observation("inverted", place(summary, Line.BALANCE, year), facts)


def _inverted(summary: StructuredSummary, year: int) -> bool:
    """Whether the adjustment was applied with the wrong sign."""
    emissions = summary.amounts(Line.EMISSIONS).get(year)
    adjustment = summary.amounts(Line.ADJUSTMENT).get(year)
    balance = summary.amounts(Line.BALANCE).get(year)
    if emissions is None or adjustment is None or balance is None or abs(adjustment) <= TOLERANCE:
        return False
    return abs(balance - emissions + adjustment) <= TOLERANCE


def target_comparison(world: World) -> Iterator[Observation]:
    """C77: the final report compares the balance of the target year, or under a multi-year NDC the sum of balances,
    and says "achieved" exactly when it does not exceed the target.

    Source: 2/CMA.3 annex para. 23(l); 18/CMA.1 annex para. 70; rulebook 3.6.
    """
    for summary in world.records.summaries or ():
        final = summary.final
        if final is None:
            continue
        right = _to_compare(summary, final)
        if right is None:
            yield Observation("not_available", place(summary, 18), {}, Severity.NOT_AVAILABLE)
        elif abs(final.compared - right) > TOLERANCE * max(1, len(summary.amounts(Line.BALANCE))):
            facts: dict[str, str | int] = {"found": amount(final.compared), "expected": amount(right)}
            yield Observation("compared", place(summary, 18), {**facts, "method": summary.method})
        elif final.achieved is not (right <= final.target):
            yield Observation("achieved", place(summary, 20), {"found": amount(right), "target": amount(final.target)})


def _to_compare(summary: StructuredSummary, final: FinalAssessment) -> Fraction | None:
    balance = summary.amounts(Line.BALANCE)
    if summary.method != AdjustmentMethod.MULTI_YEAR:
        return balance.get(summary.ndc_last_year if final.target_year is None else final.target_year)
    years = range(summary.ndc_first_year, summary.ndc_last_year + 1)
    return sum((balance[year] for year in years), Fraction(0)) if all(year in balance for year in years) else None


def amount(value: Fraction | None) -> str:
    """An amount for a message: whole, or with two decimals, half to even."""
    if value is None:
        return "–"
    if value.denominator == 1:
        return str(value.numerator)
    hundredths = round(value * 100)
    sign, whole = ("-" if hundredths < 0 else ""), abs(hundredths)
    return f"{sign}{whole // 100}.{whole % 100:02}"
