"""How cells look: the styles of all workbooks that this registry writes, and which style a cell takes."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from counterfoil.adapters.documents.page_flow import narrow_length
from counterfoil.domain.reporting.aef_format import Shown
from counterfoil.domain.reporting.aef_layout import LaidColumn, Link, Look

INK, PAPER, LINE = "#1F3A34", "#E6EEEA", "#B7C7C0"
_BOX = {"border": 1, "border_color": LINE, "valign": "top"}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "note": {"italic": True, "font_color": "#8A4B08"},
    "title": {"bold": True, "font_size": 14, "font_color": INK},
    "header": {**_BOX, "bold": True, "font_color": "#FFFFFF", "bg_color": INK, "text_wrap": True, "valign": "vcenter"},
    "label": {**_BOX, "bold": True, "bg_color": PAPER, "text_wrap": True},
    "text": _BOX,
    "wrapped": {**_BOX, "text_wrap": True, "align": "left"},
    "plain": {**_BOX, "num_format": "0"},
    "amount": {**_BOX, "num_format": "#,##0"},
    "fraction": {**_BOX, "num_format": "#,##0.00"},
    "date": {**_BOX, "num_format": "dd/mm/yyyy", "align": "left"},
    "number": {**_BOX, "num_format": "0", "align": "left"},
    "link": {**_BOX, "font_color": "#0B5CAD", "underline": 1},
}
WRAPPED_FROM: Final = 36
"""Characters from which a text may run out of its cell, and is broken into lines instead."""
ROW_HEIGHTS: Final = {Look.HEADER: 52, Look.TITLE: 24}


LINE_HEIGHT, HEIGHT_MAX = 15, 409
"""Of a row, in points."""


def height_of(columns: Sequence[LaidColumn], cells: Sequence[object]) -> int | None:
    """The height of a row with a text that is broken into lines, in points; None where one line is enough.

    It is written because not every program works it out for itself.
    """
    lines = 1
    for column, cell in zip(columns, cells, strict=False):
        if isinstance(cell, str) and len(cell) > WRAPPED_FROM:
            lines = max(lines, 1 + narrow_length(cell) // max(1, column.width - 2))
    return min(HEIGHT_MAX, LINE_HEIGHT * lines) if lines > 1 else None


def look_of(look: Look, column: int, cell: Shown | Link, *, grouped: bool) -> str:
    """The style of one cell: by the look of its row, and then by what the cell holds."""
    if look in (Look.NOTE, Look.TITLE, Look.HEADER):
        return str(look.value)
    if isinstance(cell, Link):
        return "link"
    if look is Look.PAIR and column == 1:
        return "label"
    if isinstance(cell, date):
        return "date"
    if isinstance(cell, Fraction):
        return "fraction"
    if isinstance(cell, int):
        return "number" if look is Look.PAIR else "amount" if grouped else "plain"
    return "wrapped" if look is Look.PAIR or len(str(cell)) > WRAPPED_FROM else "text"
