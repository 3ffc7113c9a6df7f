"""A structured summary from the workbook that `report summary` writes, in whichever language: the values of its JSON.

Lines are found by their number, columns by their heads. What the words stand for is looked up in the texts by which
they were written. A cell without a number is a figure that is not available.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from counterfoil.domain.accounting.ctf_lines import TONNES, Part
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.flow import Basis
from counterfoil.domain.accounting.target import Outcome
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_workbook import Cell, RawSheet, RawWorkbook
from counterfoil.domain.reporting.summary_json import REPORT
from counterfoil.entrypoints.ctf_sheets import Text

ROWS_MAX: Final = 100_000
ELAPSED_MAX: Final = 50
"""No NDC period is longer, so no average has a larger denominator: the fraction behind a decimal is found again."""
SURE: Final = 10**13
"""Cells keep fifteen digits or more: a fraction as close as this share of the value is the one that was written."""
_PARTS: Final = {15: (Part.ADAPTATION, Part.OMGE)}
_SPAN: Final = re.compile(r"(\d{4})-(\d{4})", re.ASCII)
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_SPLIT: Final = {
    "line": "line",
    "year": "year",
    "approach": "cooperative_approach",
    "sector": "sector",
    "transferring": "transferring_party",
    "using": "acquiring_or_using_party",
    "vintage": "vintage",
    "unit": "unit",
    "quantity": "quantity",
}
_TEXTS: Final = frozenset({"approach", "sector", "transferring", "using"})


class SummaryFileFault(StrEnum):
    NOT_A_SUMMARY = "summary_file.not_a_summary"


def summary_values(book: RawWorkbook, name: str, texts: Mapping[str, Text]) -> dict[str, Any] | Refusal:
    """The values as `summary_json` reads them, or the refusal that the workbook is no such summary.

    Args:
        texts: The words of each language; the first in which the sheets are named is the workbook's.
    """
    for text in texts.values():
        sheets = [book.sheet(text(f"ctf4.sheet.{key}")) for key in ("lines", "split", "sources")]
        lines, split, sources = sheets
        if lines is not None and split is not None and sources is not None:
            try:
                return _values(lines, split, sources, text)
            except (KeyError, ValueError, StopIteration, TypeError, IndexError):
                break
    return Refusal(SummaryFileFault.NOT_A_SUMMARY, {"file": name})


def _values(lines: RawSheet, split: RawSheet, sources: RawSheet, text: Text) -> dict[str, Any]:
    facts = {str(row[1]): row[2] for row in _rows(sources) if len(row) > 2 and row[1]}
    told = {key: facts[text(f"ctf4.source.{key}")] for key in ("party", "as_of", "method", "basis")}
    as_of = told["as_of"]
    if not isinstance(as_of, date):
        raise TypeError
    day = as_of.date() if isinstance(as_of, datetime) else as_of
    span = next(found for row in _rows(lines) for cell in row if (found := _SPAN.search(str(cell or ""))))
    methods = {text(f"method.{method.value}"): method.value for method in Method}
    bases = {text(f"ctf4.basis.{basis.value}"): basis.value for basis in Basis}
    return {
        "report": REPORT,
        "party": told["party"],
        "as_of": day.isoformat(),
        "period": {"first": int(span[1]), "last": int(span[2])},
        "method": methods.get(str(told["method"])),
        "ctf_year_basis": bases[str(told["basis"])],
        "lines": list(_lines(lines, text)),
        "split": list(_split(split, text)),
    }


def _lines(sheet: RawSheet, text: Text) -> Iterator[dict[str, Any]]:
    """Every row below the head, with the part or the target that its place among its line's rows stands for."""
    head, body = _below_head(sheet, text("ctf4.column.line"))
    places = {str(cell): place for place, cell in enumerate(head) if cell}
    number, unit, value = (places[text(f"ctf4.column.{key}")] for key in ("line", "unit", "value"))
    years = {found[0]: place for place, cell in enumerate(head) if (found := _YEAR.search(str(cell or "")))}
    outcomes = {text(f"outcome.{outcome.value}"): outcome.value for outcome in Outcome}
    seen: dict[tuple[int, str], int] = {}
    for row in body:
        line = row[number]
        if not isinstance(line, int):
            continue
        of = TONNES if row[unit] == text("ctf4.tonnes") else _text(row[unit])
        place = seen[line, of] = seen.get((line, of), -1) + 1
        told: dict[str, Any] = {"line": line, "unit": of}
        if line < _ASSESSED:
            told["years"] = {year: read for year, at in years.items() if (read := _number(row[at])) is not None}
        else:
            told |= {"about": str(place), "value": _number(row[value]) or {}}
            told["statement"] = outcomes.get(str(row[value]), "")
        if line in _PARTS:
            told["part"] = _PARTS[line][place].value
        yield told


_ASSESSED: Final = 16


def _split(sheet: RawSheet, text: Text) -> Iterator[dict[str, Any]]:
    head, body = _below_head(sheet, text("ctf4.column.line"))
    places = {key: list(head).index(text(f"ctf4.column.{key}")) for key in _SPLIT}
    for row in body:
        if not isinstance(row[places["line"]], int):
            continue
        told = {_SPLIT[key]: _text(row[at]) if key in _TEXTS else row[at] for key, at in places.items()}
        yield told | {"unit": TONNES if told["unit"] == text("ctf4.tonnes") else str(told["unit"])}


def _below_head(sheet: RawSheet, mark: str) -> tuple[Sequence[Cell], Sequence[Sequence[Cell]]]:
    """The row in which a column has this head, and the rows below it."""
    rows = _rows(sheet)
    at = next(place for place, row in enumerate(rows) if mark in row)
    return rows[at], rows[at + 1 :]


def _rows(sheet: RawSheet) -> list[Sequence[Cell]]:
    return list(islice(sheet.rows, ROWS_MAX))


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _number(cell: Cell) -> int | dict[str, str] | None:
    """A whole number as it is; of a decimal the average that it was written from, where it is one."""
    if isinstance(cell, int):
        return cell
    if not isinstance(cell, Fraction):
        return None
    near = cell.limit_denominator(ELAPSED_MAX)
    return {"exact": str(near if abs(near - cell) * SURE <= abs(cell) else cell)}
