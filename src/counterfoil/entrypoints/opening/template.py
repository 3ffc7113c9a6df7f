"""The empty file to fill in: a workbook with one sheet for each table, or one table as CSV."""

import csv
import io
from collections.abc import Mapping

from counterfoil.entrypoints.opening.tables import Column, OpeningTable, opening_tables


def template_workbook(language: str) -> bytes:
    """Every table in one language; a note at each heading says what is meant, and a star what is required."""
    # Imported late: a server that offers this file loads no library for documents before somebody asks for it.
    from counterfoil.adapters.documents.headed_xlsx import HeadedSheet, headed_workbook

    return headed_workbook(
        [
            HeadedSheet(
                table.labels[language],
                tuple((_heading(column, language), _note(column, language)) for column in table.columns),
            )
            for table in opening_tables()
        ]
    )


def template_csv(table: OpeningTable, language: str) -> bytes:
    """The headings of one table."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([_heading(column, language) for column in table.columns])
    from counterfoil.adapters.documents.aef_csv import MARK

    return MARK + out.getvalue().encode("utf-8")


def _heading(column: Column, language: str) -> str:
    return column.labels[language] + ("*" if column.required else "")


def _note(column: Column, language: str) -> str:
    notes: Mapping[str, str] = column.notes or {}
    return notes.get(language, "")
