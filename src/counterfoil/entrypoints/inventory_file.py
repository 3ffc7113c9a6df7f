"""A series of yearly totals as CSV: a column `year`, a column of whole t CO2 eq, and perhaps one of codes.

The values stand in `value_t`, or in `total_emissions` as public collections of inventories name it; the codes in
`party`, `actor_id`, `code` or `Code`. What covers the totals is not in such a file and is said beside it.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from counterfoil.application.commands.record_inventory import VALUES_MAX
from counterfoil.domain.accounting.inventory import YearTotal
from counterfoil.domain.accounting.ndc import InventorySector
from counterfoil.domain.kernel.refusal import Refusal

BYTES_MAX: Final = 32 * 1024 * 1024
_VALUES: Final = ("value_t", "total_emissions")
_CODES: Final = ("party", "actor_id", "code", "Code")
_WHOLE: Final = re.compile(r"-?\d{1,18}\Z", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}\Z", re.ASCII)


class InventoryFileFault(StrEnum):
    UNREADABLE = "inventory_file.unreadable"
    COLUMN_MISSING = "inventory_file.column_missing"
    ROW_UNREADABLE = "inventory_file.row_unreadable"
    NO_ROWS = "inventory_file.no_rows"
    TOO_MANY_ROWS = "inventory_file.too_many_rows"


def read_totals(
    data: bytes, name: str, *, rows: str, sectors: tuple[InventorySector, ...], first: int, last: int
) -> tuple[YearTotal, ...] | Refusal:
    """The totals of one code, in the order of the file.

    Args:
        rows: The code whose rows are meant; empty where the file has no column of codes.
        sectors: What every total covers.
        first: Years before it are left out, and years after `last`.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = tuple(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as wrong:
        return Refusal(InventoryFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
    columns = _columns(header, coded=bool(rows))
    if isinstance(columns, str):
        return Refusal(InventoryFileFault.COLUMN_MISSING, {"file": name, "column": columns})
    value, code = columns
    found: list[YearTotal] = []
    for read in _rows(reader, name):
        if isinstance(read, Refusal):
            return read
        line, row = read
        if code and row.get(code) != rows:
            continue
        year, amount = (row.get("year") or "").strip(), (row.get(value) or "").strip()
        if not _YEAR.match(year) or not _WHOLE.match(amount):
            return Refusal(InventoryFileFault.ROW_UNREADABLE, {"file": name, "line": line})
        if first <= int(year) <= last:
            found.append(YearTotal(int(year), int(amount), sectors))
    if not found:
        return Refusal(InventoryFileFault.NO_ROWS, {"file": name, "rows": rows or "*"})
    if len(found) > VALUES_MAX:
        return Refusal(InventoryFileFault.TOO_MANY_ROWS, {"file": name, "rows_max": VALUES_MAX})
    return tuple(found)


def _columns(header: Sequence[str], *, coded: bool) -> tuple[str, str] | str:
    """The columns of values and of codes, or the name of one that is missing."""
    if "year" not in header:
        return "year"
    value = next((name for name in _VALUES if name in header), None)
    if value is None:
        return " / ".join(_VALUES)
    code = next((name for name in _CODES if name in header), "")
    return " / ".join(_CODES) if coded and not code else (value, code if coded else "")


def _rows(reader: "csv.DictReader[str]", name: str) -> Iterator[tuple[int, dict[str, str]] | Refusal]:
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as wrong:
        yield Refusal(InventoryFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
