"""Writes laid-out sheets as an XLSX file: same sheets, same bytes.

Rows stream into the frame of the workbook, so a million actions need no more memory than ten. Text is always written as
text, never as a formula, so a cell that begins with `=` stays what the Party wrote. Read next: `xlsx_frame.py`,
`xlsx_rows.py`; why this is not left to a library: ADR-0023.
"""

import contextlib
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from counterfoil.adapters.documents.xlsx_frame import (
    Below,
    Frame,
    WorkbookWritingFault,
    workbook_frame,
)
from counterfoil.adapters.documents.xlsx_rows import SharedTexts, written_rows
from counterfoil.adapters.storage_fault import of_system
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_layout import LaidSheet

ROWS_MAX: Final = 1_048_576
"""Rows that a sheet of the format can hold."""
PART_MAX: Final = 2_000_000_000
"""Bytes of one sheet before they are packed; beyond twice that, some programs open a workbook no more."""
LEVEL: Final = 2
"""Of 1 to 9: from here on, files shrink little and writing takes much longer."""
_TYPES, _TEXTS = "[Content_Types].xml", "xl/sharedStrings.xml"
_END: Final = b"</sheetData>"
_EMPTY: Final = b"<sheetData/>"
_TABLE: Final = re.compile(rb'<sst ([^>]*?) count="\d+" uniqueCount="(\d+)">')
_DOS_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def write_workbook(sheets: Iterable[LaidSheet], target: Path, *, created: date) -> Refusal | None:
    """Write the sheets to `target`; the file appears whole or not at all.

    Args:
        created: The day in the file's properties. Nothing else in the file depends on when or where it is written.

    Returns:
        None, or `workbook.writing.too_many_rows`, `workbook.writing.text_too_long` with the cell, or
        `workbook.writing.too_large`.

    Raises:
        Outage: the disk is full or fails, told of the target.
    """
    frame = workbook_frame(tuple(sheets), created=created)
    if isinstance(frame, Refusal):
        return frame
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        refusal = _assembled(frame, unfinished)
        if refusal is None:
            os.replace(unfinished, target)
        return refusal
    except OSError as error:
        raise of_system(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _assembled(frame: Frame, target: Path) -> Refusal | None:
    """Every part in a fixed order: the types first, as readers expect, the shared texts when all rows are known."""
    known = _TABLE.search(frame.parts.get(_TEXTS, b""))
    assert known is not None, "every workbook has a title"
    texts = SharedTexts(int(known[2]))
    names = [_TYPES, *(name for name in frame.parts if name not in (_TYPES, _TEXTS))]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in names:
            refusal = _part(archive, name, _pieces(frame, name, texts), frame.below.get(name))
            if refusal is not None:
                return refusal
        return _part(archive, _TEXTS, _table(frame.parts[_TEXTS], texts), None)


def _part(
    archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes | Refusal], below: Below | None
) -> Refusal | None:
    entry = zipfile.ZipInfo(name, _DOS_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    entry._compresslevel = LEVEL  # type: ignore[attr-defined]
    written = 0
    with archive.open(entry, "w") as stream:
        for piece in pieces:
            if isinstance(piece, Refusal):
                return piece
            written += len(piece)
            if written > PART_MAX:
                sheet = below.laid.name if below else name
                return Refusal(WorkbookWritingFault.TOO_LARGE, {"sheet": sheet, "size_mib_max": PART_MAX >> 20})
            stream.write(piece)
    return None


def _pieces(frame: Frame, name: str, texts: SharedTexts) -> Iterator[bytes | Refusal]:
    content = frame.parts[name]
    below = frame.below.get(name)
    if below is None:
        yield content
        return
    head, _, tail = content.replace(_EMPTY, b"<sheetData>" + _END).partition(_END)
    yield head
    yield from written_rows(below, frame.styles, texts, rows_max=ROWS_MAX)
    yield _END + tail


def _table(frame: bytes, texts: SharedTexts) -> Iterator[bytes | Refusal]:
    """The shared texts of the frame and those of the rows. How often each is shown is left out, as it may be."""
    head = _TABLE.sub(rb'<sst \1 uniqueCount="%d">' % len(texts), frame, count=1)
    yield head.removesuffix(b"</sst>")
    yield from texts.added()
    yield b"</sst>"
