"""Looks at a workbook before it is opened: is it one, and does it stay within stated bounds?

The reader that follows lays out each sheet as one dense table in memory, so a file of a few hundred bytes with a cell
in the last row and column would ask for terabytes. Hence the sheets' cell addresses are scanned first, as bytes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal

MIB: Final = 1 << 20
FILE_MAX: Final = 64 * MIB
UNPACKED_MAX: Final = 512 * MIB
RATIO_MAX: Final = 200
"""Unpacked size over packed size. Sheets of ten thousand equal rows stay below a hundred."""
RATIO_COUNTS_FROM: Final = 4 * MIB
ENTRIES_MAX: Final = 1_000
ROWS_MAX: Final = 1_100_000
COLUMNS_MAX: Final = 52
"""Columns A to AZ; the widest table of the format ends at AH."""
SPARSE_ROWS_FREE: Final = 20_000
"""Rows that may be empty without a reason; beyond that, half of the rows must hold a cell."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ROW_NUMBERS: Final = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{0,3}(\d+)""")
_WIDE: Final = re.compile(rb"""\sr\s*=\s*["'](?:[B-Z][A-Z]|[A-Z]{3})\d""", re.IGNORECASE)
_ATTRIBUTES: Final = rb"""(?:\s+[^\s=<>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*>"""
_FILLED_ROW_NUMBERS: Final = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{0,3}(\d+)["']""" + _ATTRIBUTES)
_FILLED_WIDE: Final = re.compile(rb"""\sr\s*=\s*["'](?:[B-Z][A-Z]|[A-Z]{3})\d+["']""" + _ATTRIBUTES, re.IGNORECASE)
"""The same for tags that do not close at once: a cell with a format and no value needs no room."""
_CHUNK: Final = 4 * MIB


class WorkbookFault(StrEnum):
    """Why a file is not read as a workbook."""

    NOT_A_WORKBOOK = "workbook.not_a_workbook"
    ENCRYPTED = "workbook.encrypted"
    TRUNCATED = "workbook.truncated"
    TOO_LARGE = "workbook.too_large"
    UNPACKS_TOO_LARGE = "workbook.unpacks_too_large"
    TOO_MANY_ROWS = "workbook.too_many_rows"
    TOO_WIDE = "workbook.too_wide"
    UNREADABLE = "workbook.unreadable"


def within_bounds(content: bytes) -> Refusal | None:
    """None when the bytes are a workbook of a size that can be read, else the refusal that says why not."""
    if len(content) > FILE_MAX:
        return Refusal(WorkbookFault.TOO_LARGE, {"size_mib_max": FILE_MAX // MIB})
    if content.startswith(_OLE):
        return Refusal(WorkbookFault.ENCRYPTED if _ENCRYPTED in content else WorkbookFault.NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _directory(archive, packed=len(content)) or _entries(archive)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError):
        # The zip reader answers a damaged archive with any of these; the bytes tell a torn workbook from another file.
        return Refusal(WorkbookFault.TRUNCATED if content.startswith(b"PK\x03\x04") else WorkbookFault.NOT_A_WORKBOOK)


def _directory(archive: zipfile.ZipFile, *, packed: int) -> Refusal | None:
    """What the archive says of itself, before anything is unpacked."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES_MAX or len(set(names)) != len(names):
        return Refusal(WorkbookFault.NOT_A_WORKBOOK)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        return Refusal(WorkbookFault.NOT_A_WORKBOOK)
    if any(entry.flag_bits & 0x1 for entry in entries):
        return Refusal(WorkbookFault.ENCRYPTED)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_MAX or (unpacked > RATIO_COUNTS_FROM and unpacked > RATIO_MAX * packed):
        return Refusal(WorkbookFault.UNPACKS_TOO_LARGE, {"size_mib_max": UNPACKED_MAX // MIB, "ratio_max": RATIO_MAX})
    return None


@dataclass(slots=True)
class _Extent:
    """How far the cell addresses of one sheet reach."""

    rows_named: int = 0
    last_row: int = 0
    wide: bool = False


def _entries(archive: zipfile.ZipFile) -> Refusal | None:
    """Unpack each XML part once, which also proves its stated size and checksum, and look at how far it reaches.

    Any part may be a sheet, whatever its name: the workbook's relations decide. The quick look counts cells without a
    value too; only a part that it finds too far-reaching gets the exact look.
    """
    for entry in archive.infolist():
        extent = _Extent()
        for piece in _pieces(archive, entry):
            if b"\0" in piece and entry.filename.lower().endswith(".xml"):
                # An encoding of two bytes would hide every address from this look.
                return Refusal(WorkbookFault.UNREADABLE)
            _measure(piece, extent, _ROW_NUMBERS, _WIDE)
        if _judged(extent, entry.filename) is None:
            continue
        extent = _Extent(rows_named=extent.rows_named)
        for piece in _pieces(archive, entry):
            _measure(piece, extent, _FILLED_ROW_NUMBERS, _FILLED_WIDE)
        refusal = _judged(extent, entry.filename)
        if refusal is not None:
            return refusal
    return None


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry in pieces that never cut a tag in two."""
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            piece = tail + chunk
            cut = piece.rfind(b"<")
            if cut <= 0:
                cut = len(piece)
            yield piece[:cut]
            tail = piece[cut:]
    yield tail


def _measure(piece: bytes, extent: _Extent, rows: re.Pattern[bytes], wide: re.Pattern[bytes]) -> None:
    extent.wide = extent.wide or wide.search(piece) is not None
    numbers = set(rows.findall(piece))
    if numbers:
        extent.rows_named += len(numbers)
        # A number of more than seven digits is beyond every bound; its first eight digits say so already.
        extent.last_row = max(extent.last_row, *(int(number[:8]) for number in numbers))


def _judged(extent: _Extent, entry: str) -> Refusal | None:
    if extent.wide:
        return Refusal(WorkbookFault.TOO_WIDE, {"part": entry, "columns_max": COLUMNS_MAX})
    if extent.last_row > ROWS_MAX or extent.last_row > SPARSE_ROWS_FREE + 2 * extent.rows_named:
        return Refusal(WorkbookFault.TOO_MANY_ROWS, {"part": entry, "rows_max": ROWS_MAX})
    return None
