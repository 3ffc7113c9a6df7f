"""The indicator rows of CTF table 4 on paper, which stand before its lines on Article 6, and figures as texts.

Source: 5/CMA.3 annex II table 4; 18/CMA.1 annex paras. 65-67, 77(a)-(c).
"""

from collections.abc import Iterator
from fractions import Fraction

from counterfoil.application.paper import Align, Column, Table
from counterfoil.domain.accounting.ctf_indicators import IndicatorRow, indicator_rows
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.figure import NO_GAPS, Figure
from counterfoil.entrypoints.ctf_sheets import indicator_text, unit_text, year_text
from counterfoil.entrypoints.reports.words import DASH, Words


def indicators_table(table: Table4, words: Words) -> Table:
    """Each selected indicator with its reference, years, target and change; then the total and land use."""
    years = list(table.facts.years)
    columns = [
        Column(words("ctf4.column.text"), weight=4),
        Column(words("ctf4.column.provision"), weight=2),
        Column(words("ctf4.column.unit"), weight=2),
        Column(words("ctf4.column.reference"), Align.END, 2),
        *(Column(year_text(table.facts.ndc, year, words.text), Align.END, 2) for year in years),
        *(Column(words(f"ctf4.column.{each}"), Align.END, 2) for each in ("target_level", "target_year", "change")),
    ]
    return Table(
        words("report.caption.lines.indicators"),
        tuple(columns),
        tuple(tuple(_cells(row, years, words)) for row in indicator_rows(table.facts)),
        source=words.source(words("report.source.summary")),
        sheet=words("report.sheet.lines.indicators"),
    )


def _cells(row: IndicatorRow, years: list[int], words: Words) -> Iterator[str]:
    yield indicator_text(row, words.text)
    yield words.provision(row.provision)
    yield unit_text(row.unit, words.text) or DASH
    reference = DASH if row.reference is None else figure_text(row.reference, words, brief=True)
    yield reference if row.reference_year is None else f"{reference} ({row.reference_year})"
    yield from (figure_text(row.years[year], words, brief=True) for year in years)
    yield DASH if row.target is None else figure_text(row.target, words, brief=True)
    yield DASH if row.target_year is None else str(row.target_year)
    yield DASH if row.change is None else figure_text(row.change, words, brief=True)


def figure_text(figure: Figure, words: Words, *, brief: bool = False) -> str:
    """A number, or why there is none; in a narrow column a gap is one word, and its reason stands in the list."""
    if isinstance(figure, Fraction):
        return words.number(figure)
    if not brief:
        return words(f"ctf4.reason.{figure.value}")
    return DASH if figure in NO_GAPS else words("cli.party_balance.missing")
