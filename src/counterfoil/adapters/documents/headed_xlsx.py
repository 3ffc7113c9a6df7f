"""Writes a workbook of empty tables: headings with notes, to be filled in by somebody."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from counterfoil.adapters.documents.paper_xlsx import UNDATED

WIDTH: Final = 24
HEAD: Final = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A34", "border": 1, "text_wrap": True}


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """One sheet: its name, and each heading with its note; an empty note is none."""

    name: str
    heads: tuple[tuple[str, str], ...]


def headed_workbook(sheets: Sequence[HeadedSheet]) -> bytes:
    """The bytes of the workbook; the same sheets give the same bytes. Cells are text, so that serials stay exact."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": UNDATED})
        look: Any = book.add_format(HEAD)
        text: Any = book.add_format({"num_format": "@"})
        for each in sheets:
            sheet = book.add_worksheet(each.name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(each.heads) - 1), WIDTH, text)
            for column, (head, note) in enumerate(each.heads):
                sheet.write_string(0, column, head, look)
                if note:
                    sheet.write_comment(0, column, note)
    return out.getvalue()
