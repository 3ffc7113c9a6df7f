"""Whether a CTF table 4 is complete and adds up: every line, every year, every identity, by what it holds.

"Object present" is no check (rulebook section 7, error 14): each gap names its line and year. A figure that is not
available for a stated reason is reported as a gap, unless the line does not apply.

Source: 2/CMA.3 annex para. 23; rulebook 4.4 and checks C71-C75.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from counterfoil.domain.accounting.ctf_lines import LINES, TONNES, Part, Row
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.figure import NO_GAPS, Figure, Unavailable
from counterfoil.domain.accounting.flow import Basis, FlowKind


class GapKind(StrEnum):
    """What is wrong with a table."""

    LINE_MISSING = "line_missing"
    YEAR_MISSING = "year_missing"
    NOT_AVAILABLE = "not_available"
    ENTITIES_MISSING = "entities_missing"
    DOES_NOT_ADD_UP = "does_not_add_up"
    SPLIT_DIFFERS = "split_differs"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong: the line, the year (0: the whole line) and, if known, the reason."""

    kind: GapKind
    line: int
    year: int = 0
    reason: str = ""


def gaps(table: Table4) -> tuple[Gap, ...]:
    """Everything that keeps the table from being complete, in the order of its lines."""
    found = [*_lines(table), *_figures(table), *_entities(table), *_identities(table), *_splits(table)]
    return tuple(sorted(found, key=lambda gap: (gap.line, gap.year, gap.kind.value, gap.reason)))


def _lines(table: Table4) -> Iterator[Gap]:
    there = {row.line.number for row in table.rows}
    yield from (Gap(GapKind.LINE_MISSING, line.number) for line in LINES if line.number not in there)


def _figures(table: Table4) -> Iterator[Gap]:
    for row in table.rows:
        if row.years or (row.single is None and not row.statement):
            absent = [year for year in table.facts.years if year not in row.years]
            yield from (Gap(GapKind.YEAR_MISSING, row.line.number, year) for year in absent)
        named = {0: row.single} if row.single is not None else row.years
        for year, figure in named.items():
            if isinstance(figure, Unavailable) and figure not in NO_GAPS:
                yield Gap(GapKind.NOT_AVAILABLE, row.line.number, year, figure.value)


def _entities(table: Table4) -> Iterator[Gap]:
    """Line 7 lists the entities that may use what it counts. Source: 2/CMA.3 annex para. 23(d)."""
    amounts = table.row(7).years.values()
    if any(isinstance(amount, Fraction) and amount for amount in amounts) and not table.entities:
        yield Gap(GapKind.ENTITIES_MISSING, 7)


def _identities(table: Table4) -> Iterator[Gap]:
    """Lines 9, 11, 12 and 13 from the lines that they are made of; the balance has the right sign (C75).

    Line 9 is by vintage, so a view by the year of first transfer shows other amounts in lines 6 and 7.
    """
    running = Fraction(0)
    by_vintage = table.facts.basis is Basis.VINTAGE
    for year in table.facts.years:
        six, seven, eight, nine = (_at(table, number, year) for number in (6, 7, 8, 9))
        if by_vintage and _sum(six, seven, _minus(eight)) != nine:
            yield Gap(GapKind.DOES_NOT_ADD_UP, 9, year)
        running += nine if isinstance(nine, Fraction) else 0
        if _at(table, 12, year) != running:
            yield Gap(GapKind.DOES_NOT_ADD_UP, 12, year)
        emissions, adjustment, balance = (_at(table, number, year) for number in (3, 11, 13))
        if isinstance(balance, Fraction) and _sum(emissions, adjustment) != balance:
            yield Gap(GapKind.DOES_NOT_ADD_UP, 13, year)


def _splits(table: Table4) -> Iterator[Gap]:
    """The tables of para. 23(j) add up to lines 6 to 8 (C74)."""
    for number, kind in ((6, FlowKind.FIRST_TRANSFERRED), (7, FlowKind.OIMP), (8, FlowKind.USED)):
        for row in table.rows:
            if row.line.number != number:
                continue
            commodity = row.unit if row.unit == TONNES else f"metric:{row.unit}"
            for year, figure in row.years.items():
                parts = [
                    each.quantity
                    for each in table.split
                    if (each.kind, each.year, each.commodity) == (kind, year, commodity)
                ]
                if sum(parts) != figure:
                    yield Gap(GapKind.SPLIT_DIFFERS, number, year)


def _at(table: Table4, number: int, year: int) -> Figure | None:
    row: Row | None = next(
        (row for row in table.rows if row.line.number == number and row.unit == TONNES and row.part is Part.WHOLE), None
    )
    return None if row is None else row.years.get(year)


def _minus(figure: Figure | None) -> Figure | None:
    return -figure if isinstance(figure, Fraction) else figure


def _sum(*parts: Figure | None) -> Fraction | None:
    found = Fraction(0)
    for part in parts:
        if not isinstance(part, Fraction):
            return None
        found += part
    return found
