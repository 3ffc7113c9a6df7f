"""Reads the sheets of a large workbook as they stream by, when they are written in the plain form that programs write.

A cell has few forms: shared text, text in place, number, truth value, nothing. One expression knows them all, and the
count of angle brackets proves that nothing else was between them: no formula, no comment, no other namespace. Then a
row costs a few microseconds and memory stays flat. Whatever is not plain is left to the library (`xlsx_reading.py`).
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Final

from counterfoil.adapters.documents.plain_cells import Beyond, Columns, Kinds
from counterfoil.adapters.documents.shared_texts import SharedTextFile
from counterfoil.adapters.documents.spooled_rows import Packed, Spool
from counterfoil.adapters.documents.xlsx_bounds import (
    COLUMNS_MAX,
    MIB,
    ROWS_MAX,
    SHEETS_MAX,
    SPARSE_ROWS_FREE,
    WorkbookFault,
)
from counterfoil.adapters.documents.xlsx_directory import NotPlain, directory, is_utf8
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_workbook import RawSheet, RawWorkbook

UNPACKED_MIN: Final = 2 * MIB
"""Workbooks that unpack to less are laid out in memory by the library, which takes a dozen MiB at most."""
FILE_MAX: Final = 256 * MIB
UNPACKED_MAX: Final = 2_048 * MIB
"""Bytes of all parts. A million actions take half of it."""
_CHUNK: Final = 1 << 20
_ROW_MAX: Final = 4 * MIB
"""Bytes without the end of a row."""
_TOKEN: Final = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^<>]*)>'
    rb"(?:<v>([^<]*)</v></c>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is></c>|</c>)?"
    rb'|<row r="(\d{1,7})"[^<>]*>'
)
_NOT_READ: Final = (
    NotPlain,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
)
"""What a part in another form, or a damaged archive, makes of itself; the library's way says which."""
_BEGIN, _END, _ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
_NOTHING: Final = b"<sheetData/>"


def plain_workbook(stream: IO[bytes]) -> RawWorkbook | Refusal | None:
    """The workbook, its rows on disk, or why not; None when it is not plain, small or damaged: then ask the library."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            unpacked = sum(entry.file_size for entry in entries)
            encrypted = any(entry.flag_bits & 0x1 for entry in entries)
            if not UNPACKED_MIN <= unpacked <= UNPACKED_MAX or encrypted or len(set(names)) != len(names):
                return None
            return _read(archive)
    except _NOT_READ:
        return None


def _read(archive: zipfile.ZipFile) -> RawWorkbook | Refusal:
    about = directory(archive)
    if len(about.sheets) > SHEETS_MAX:
        raise NotPlain
    shared = SharedTextFile()
    if "xl/sharedStrings.xml" in archive.namelist():
        shared.fill(_chunks(archive, "xl/sharedStrings.xml"))
    spool = Spool()
    sheets = []
    for sheet in about.sheets:
        try:
            rows = spool.rows(_rows(_chunks(archive, sheet.part), Kinds(shared, about.days)))
        except Beyond as beyond:
            return _refused(WorkbookFault(str(beyond)), sheet.part)
        sheets.append(RawSheet(sheet.name, rows, sheet.hidden))
    macros = any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())
    return RawWorkbook(tuple(sheets), macros)


def _refused(code: WorkbookFault, part: str) -> Refusal:
    if code is WorkbookFault.TOO_WIDE:
        return Refusal(code, {"part": part, "columns_max": COLUMNS_MAX})
    return Refusal(code, {"part": part, "rows_max": ROWS_MAX})


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _rows(chunks: Iterator[bytes], kinds: Kinds) -> Iterator[Sequence[Packed]]:
    """The rows of one sheet from the first on, with empty ones where the sheet has none."""
    reading = _Rows(kinds)
    for piece in _pieces(chunks):
        yield from reading.of(piece)
    yield from reading.last()


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The cells of a sheet in pieces of whole rows. What stands before and after them is looked at, and left."""
    head, found, rest = next(chunks, b"").replace(_NOTHING, _BEGIN + _END, 1).partition(_BEGIN)
    if not found or not is_utf8(head):
        raise NotPlain
    while _END not in rest:
        cut = rest.rfind(_ROW_END) + len(_ROW_END)
        if cut > len(_ROW_END):
            yield rest[:cut]
            rest = rest[cut:]
        chunk = next(chunks, b"")
        if not chunk or len(rest) > _ROW_MAX:
            raise NotPlain
        rest += chunk
    piece, _, tail = rest.partition(_END)
    yield piece
    for chunk in chunks:
        tail = tail[-16:] + chunk
        if b"<!" in tail or b"<sheetData" in tail:
            raise NotPlain


class _Rows:
    """Turns pieces of a sheet into rows."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._columns = Columns()
        self._number = b""
        self._row: list[Packed] = []
        self._made = 0
        """Rows that were handed out, empty ones between them included."""
        self._named = 0

    def of(self, piece: bytes) -> Iterator[Sequence[Packed]]:
        """The rows that the piece ends."""
        tokens = _TOKEN.findall(piece)
        _require_nothing_else(piece, len(tokens))
        columns, kinds, number, row = self._columns, self._kinds, self._number, self._row
        for letters, at, attributes, value, text, begun in tokens:
            if begun:
                if number:
                    yield from self._ended(number, row)
                number, row = begun, [None] * COLUMNS_MAX
                continue
            if at != number:
                raise NotPlain
            kind = kinds[attributes]
            if kind is not None and (value or text):
                row[columns[letters]] = kind[value or text]
        self._number, self._row = number, row

    def last(self) -> Iterator[Sequence[Packed]]:
        if self._number:
            yield from self._ended(self._number, self._row)

    def _ended(self, number: bytes, row: list[Packed]) -> Iterator[Sequence[Packed]]:
        place = int(number)
        self._named += 1
        if place <= self._made:
            raise NotPlain
        if place > ROWS_MAX or place > SPARSE_ROWS_FREE + 2 * self._named:
            raise Beyond(WorkbookFault.TOO_MANY_ROWS)
        for _ in range(place - self._made - 1):
            yield ()
        self._made = place
        yield row


def _require_nothing_else(piece: bytes, tokens: int) -> None:
    """That the tokens are all there is, by counting: every bracket belongs to one of the known forms."""
    cells, rows = piece.count(b"<c "), piece.count(b"<row ")
    in_place = piece.count(b"<is><t")
    known = cells + rows + piece.count(b"</c>") + piece.count(_ROW_END)
    known += piece.count(b"<v>") + piece.count(b"</v>") + 2 * in_place + 2 * piece.count(b"</t></is>")
    if cells + rows != tokens or known != piece.count(b"<"):
        raise NotPlain
