"""A series of yearly totals as CSV: a column `year`, a column of whole t CO2 eq, and perhaps one of codes.

The values stand in `value_t`, or in `total_emissions` as public collections of inventories name it; or as tonnes of
each gas in `CO2_t`, `CH4_t` and so on, which are made one total by the values of AR5. The codes stand in `party`,
`actor_id`, `code` or `Code`. What covers the totals is not in such a file and is said beside it.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

from counterfoil.application.commands.record_inventory import VALUES_MAX
from counterfoil.domain.accounting.gwp import AR5_VALUES, co2_equivalent
from counterfoil.domain.accounting.inventory import YearTotal
from counterfoil.domain.accounting.ndc import InventorySector
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.metric import GWP_AR5

BYTES_MAX: Final = 32 * 1024 * 1024
_VALUES: Final = ("value_t", "total_emissions")
_OF_GAS: Final = "_t"
_CODES: Final = ("party", "actor_id", "code", "Code")
_WHOLE: Final = re.compile(r"-?\d{1,18}\Z", re.ASCII)
_TONNES: Final = re.compile(r"\d{1,15}(?:\.\d{1,9})?\Z", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}\Z", re.ASCII)


class InventoryFileFault(StrEnum):
    UNREADABLE = "inventory_file.unreadable"
    COLUMN_MISSING = "inventory_file.column_missing"
    ROW_UNREADABLE = "inventory_file.row_unreadable"
    NO_ROWS = "inventory_file.no_rows"
    TOO_MANY_ROWS = "inventory_file.too_many_rows"
    NOT_CONVERTED = "inventory_file.not_converted"


def read_totals(
    data: bytes,
    name: str,
    *,
    rows: str,
    sectors: tuple[InventorySector, ...],
    first: int,
    last: int,
    gases: tuple[str, ...] = (),
    gwp: str = "",
) -> tuple[YearTotal, ...] | Refusal:
    """The totals of one code, in the order of the file.

    Args:
        rows: The code whose rows are meant; empty where the file has no column of codes.
        sectors: What every total covers.
        first: Years before it are left out, and years after `last`.
        gases: What the totals cover; where the file has tonnes of each gas, the columns that are added up.
        gwp: The set of GWP values of the totals; tonnes of gases become totals in that of AR5 only.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = tuple(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as wrong:
        return Refusal(InventoryFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
    columns = _columns(header, coded=bool(rows), gases=gases)
    if isinstance(columns, str):
        return Refusal(InventoryFileFault.COLUMN_MISSING, {"file": name, "column": columns})
    values, code = columns
    if values[0] not in _VALUES and (gwp != GWP_AR5 or not AR5_VALUES.keys() >= set(gases)):
        facts = {"file": name, "gases": ", ".join(AR5_VALUES), "set": GWP_AR5}
        return Refusal(InventoryFileFault.NOT_CONVERTED, facts)
    found: list[YearTotal] = []
    for read in _rows(reader, name):
        if isinstance(read, Refusal):
            return read
        line, row = read
        if code and row.get(code) != rows:
            continue
        year, amount = (row.get("year") or "").strip(), _amount(row, values)
        # A row of more cells than the head is most often a number with a comma in it, cut in two.
        if not _YEAR.match(year) or amount is None or None in row:
            return Refusal(InventoryFileFault.ROW_UNREADABLE, {"file": name, "line": line})
        if first <= int(year) <= last:
            found.append(YearTotal(int(year), amount, sectors))
    if not found:
        return Refusal(InventoryFileFault.NO_ROWS, {"file": name, "rows": rows or "*"})
    if len(found) > VALUES_MAX:
        return Refusal(InventoryFileFault.TOO_MANY_ROWS, {"file": name, "rows_max": VALUES_MAX})
    return tuple(found)


def _columns(header: Sequence[str], *, coded: bool, gases: Sequence[str]) -> tuple[tuple[str, ...], str] | str:
    """The columns of values and of codes, or the name of one that is missing."""
    if "year" not in header:
        return "year"
    masses = tuple(f"{gas}{_OF_GAS}" for gas in gases)
    values = next(((name,) for name in _VALUES if name in header), masses)
    if not values or not any(name in header for name in values):
        return " / ".join(_VALUES)
    missing = next((name for name in values if name not in header), None)
    if missing is not None:
        return missing
    code = next((name for name in _CODES if name in header), "")
    return " / ".join(_CODES) if coded and not code else (values, code if coded else "")


def _amount(row: dict[str, str], columns: Sequence[str]) -> int | None:
    """The total of a row in whole t CO2 eq. Gases are added exactly and rounded once, half to even."""
    cells = [(row.get(column) or "").strip() for column in columns]
    if columns[0] in _VALUES:
        return int(cells[0]) if _WHOLE.match(cells[0]) else None
    if not all(_TONNES.match(cell) for cell in cells):
        return None
    pairs = zip(columns, cells, strict=True)
    return round(co2_equivalent({column.removesuffix(_OF_GAS): Fraction(cell) for column, cell in pairs}))


def _rows(reader: "csv.DictReader[str]", name: str) -> Iterator[tuple[int, dict[str, str]] | Refusal]:
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as wrong:
        yield Refusal(InventoryFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
