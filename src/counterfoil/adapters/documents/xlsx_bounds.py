"""Looks at a workbook before it is opened: is it one, and does it stay within stated bounds?

The reader that follows lays out each sheet as one dense table in memory, so a file of a few hundred bytes with a cell
in the last row and column would ask for terabytes. Hence the sheets' cell addresses are scanned first, as bytes.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
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
CELLS_MAX: Final = ROWS_MAX * COLUMNS_MAX
"""Cells of all sheets together, the empty ones between others included."""
SHEETS_MAX: Final = 100
TEXTS_MAX: Final = 512 * MIB
"""Bytes of all texts once each cell has its own copy: a text that is stored once may be shown a million times."""
TEXT_COUNTS_FROM: Final = 256
SPARSE_ROWS_FREE: Final = 20_000
"""Rows that may be empty without a reason; beyond that, half of the rows must hold a cell."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_NAME_ENDS: Final = rb"""(?![\w:.-])"""
# A reader takes attributes that no space parts, so what may not stand before one is only a sign of a longer name.
_ROW_NUMBERS: Final = re.compile(rb"""r(?<![\w:.-]r)\s*=\s*["'][A-Za-z]*(\d+)""")
_WIDE: Final = re.compile(rb"""r(?<![\w:.-]r)\s*=\s*["'](?:[B-Zb-z][A-Za-z]|[A-Za-z]{3,})\d""")
_EMPTY: Final = re.compile(rb"""<[\w:.-]+(?:\s+[\w:.-]+\s*=\s*"[^"<>]*")*\s*/>""")
"""A tag that closes at once: a cell with a format and no value needs no room. No match can hide another tag."""
_ROW: Final = re.compile(rb"<(?:\w+:)?row" + _NAME_ENDS)
_UNPLACED: Final = re.compile(rb"<(?:\w+:)?c" + _NAME_ENDS + rb"(?!\s+r\s*=)")
_CELL_OR_ROW: Final = re.compile(rb"<(?:\w+:)?(c|row)" + _NAME_ENDS)
_ITEM: Final = re.compile(rb"<(?:\w+:)?si" + _NAME_ENDS)
_NUMBER_CELL: Final = re.compile(rb"""<c(?:\s+[rs]="\w*")*(?:\s+t="n")?\s*>\s*<v>""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v" + _NAME_ENDS + rb"([^<]{0,24})")
_FORMULA_MARKS: Final = (b"<f>", b"<f ", b"<f/", b"<f\n", b"<f\t", b"<f\r", b":f>", b":f ", b":f/")
"""Without one of these a part holds no formula. A text may hold one too: whoever finds a mark looks again."""
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
    TOO_MANY_CELLS = "workbook.too_many_cells"
    UNREADABLE = "workbook.unreadable"


def within_bounds(content: bytes) -> frozenset[str] | Refusal:
    """The parts that hold a formula, of bytes that are a workbook of a size that can be read; else why they are not."""
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
    """How far the cell addresses of one part reach, and where its long shared texts are."""

    rows_named: int = 0
    rows: int = 0
    last_row: int = 0
    wide: bool = False
    unplaced: int = 0
    items: list[int] = field(default_factory=list)
    read: int = 0
    formula: bool = False

    def measure(self, piece: bytes) -> None:
        self.formula = self.formula or any(mark in piece for mark in _FORMULA_MARKS)
        self.wide = self.wide or _WIDE.search(piece) is not None
        self.rows += len(_ROW.findall(piece))
        numbers = set(_ROW_NUMBERS.findall(piece))
        if numbers:
            self.rows_named += len(numbers)
            # A number of more than seven digits is beyond every bound; its first eight digits say so already.
            self.last_row = max(self.last_row, *(int(number[:8]) for number in numbers))
        if self.unplaced or _UNPLACED.search(piece):
            self._count_unplaced(piece)
        self.items.extend(self.read + item.start() for item in _ITEM.finditer(piece))
        self.read += len(piece)

    def _count_unplaced(self, piece: bytes) -> None:
        """A cell without an address stands beside the one before it: then the cells of a row say how wide it is."""
        self.unplaced = max(1, self.unplaced)
        for tag in _CELL_OR_ROW.finditer(piece):
            self.unplaced = self.unplaced + 1 if tag[1] == b"c" else 1
            self.wide = self.wide or self.unplaced > COLUMNS_MAX + 1

    def long_texts(self) -> dict[int, int]:
        """The size of each long shared text, by its number."""
        sizes = (end - start for start, end in pairwise([*self.items, self.read]))
        return {number: size for number, size in enumerate(sizes) if size > TEXT_COUNTS_FROM}


def _entries(archive: zipfile.ZipFile) -> frozenset[str] | Refusal:
    """Unpack each part once, which also proves its stated size and checksum, and look at how far it reaches.

    Any part may be a sheet, whatever its name: the workbook's relations decide. The quick look counts cells without a
    value too; only a part that it finds too far-reaching gets the exact look.
    """
    texts: dict[int, int] = {}
    formulas: set[str] = set()
    for entry in archive.infolist():
        extent = _Extent()
        for piece in pieces(archive, entry):
            if piece is None or (b"\0" in piece and entry.filename.lower().endswith(".xml")):
                # A tag without an end, or an encoding of two bytes, would hide every address from this look.
                return Refusal(WorkbookFault.UNREADABLE)
            extent.measure(piece)
        if extent.formula:
            formulas.add(entry.filename)
        for number, size in extent.long_texts().items():
            texts[number] = max(size, texts.get(number, 0))
        if _judged(extent, entry.filename) is None:
            continue
        exact = _Extent()
        for piece in pieces(archive, entry):
            exact.measure(_EMPTY.sub(b"", piece or b""))
        exact.rows_named = extent.rows_named
        refusal = _judged(exact, entry.filename)
        if refusal is not None:
            return refusal
    return (_texts_shown(archive, texts) if texts else None) or frozenset(formulas)


def pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes | None]:
    """The entry in pieces that never cut a tag in two; None for a tag that is longer than a piece."""
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            piece = tail + chunk
            cut = piece.rfind(b"<")
            if cut == 0 and len(piece) >= _CHUNK:
                yield None
                return
            cut = len(piece) if cut < 0 else cut
            yield piece[:cut]
            tail = piece[cut:]
    yield tail


def _texts_shown(archive: zipfile.ZipFile, texts: Mapping[int, int]) -> Refusal | None:
    """Add up the long texts, once for each cell that may show one. A value that is no plain number may be any text."""
    longest, shown = max(texts.values()), 0
    for entry in archive.infolist():
        for piece in pieces(archive, entry):
            values = Counter(_VALUE.findall(_NUMBER_CELL.sub(b"", piece or b"")))
            for value, times in values.items():
                number = value.rpartition(b">")[2].strip()
                shown += times * (texts.get(int(number), 0) if number.isdigit() else longest)
            if shown > TEXTS_MAX:
                facts = {"size_mib_max": TEXTS_MAX // MIB, "ratio_max": RATIO_MAX}
                return Refusal(WorkbookFault.UNPACKS_TOO_LARGE, facts)
    return None


def _judged(extent: _Extent, entry: str) -> Refusal | None:
    if extent.wide:
        return Refusal(WorkbookFault.TOO_WIDE, {"part": entry, "columns_max": COLUMNS_MAX})
    sparse = extent.last_row > SPARSE_ROWS_FREE + 2 * extent.rows_named
    if max(extent.last_row, extent.rows) > ROWS_MAX or sparse:
        return Refusal(WorkbookFault.TOO_MANY_ROWS, {"part": entry, "rows_max": ROWS_MAX})
    return None
