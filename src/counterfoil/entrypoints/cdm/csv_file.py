"""A CSV file, read whole and strictly: every fault has a file and a line, and a file with faults is not used at all.

Read next: `entrypoints/cdm/rows.py`.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal

FAULTS_MAX: Final = 20
ROWS_MAX: Final = 1_000_000
BYTES_MAX: Final = 512 * 1024 * 1024
_SHOWN: Final = 60


class CsvFault(StrEnum):
    UNREADABLE = "import.file_unreadable"
    TOO_LARGE = "import.file_too_large"
    NOT_UTF8 = "import.not_utf8"
    NOT_CSV = "import.not_csv"
    COLUMNS_MISSING = "import.columns_missing"
    COLUMN_TWICE = "import.column_twice"
    CELLS_DIFFER = "import.cells_differ"
    LINE_BREAK = "import.line_break"
    TOO_MANY_ROWS = "import.too_many_rows"


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why files cannot be used: the first faults with file and line, and how many there are. Nothing was applied."""

    faults: tuple[Refusal, ...]
    count: int


@dataclass(slots=True)
class Faults:
    """The faults found so far. All are counted, the first are kept."""

    kept: list[Refusal] = field(default_factory=list)
    count: int = 0

    def add(self, code: str, *, file: str, line: int, **facts: JSON) -> None:
        """Keep one fault; what was typed is shortened."""
        self.count += 1
        if len(self.kept) < FAULTS_MAX:
            shown = {name: fact[:_SHOWN] if isinstance(fact, str) else fact for name, fact in facts.items()}
            self.kept.append(Refusal(code, {"file": file, "line": line, **shown}))

    def unusable(self) -> Unusable | None:
        return Unusable(tuple(self.kept), self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row by column, and its line. The header is line 1."""

    line: int
    by_column: Mapping[str, str]


def named(path: Path) -> str:
    """The file's own name, as it stands in answers and provenance; bytes that are no text become question marks."""
    return path.name.encode("utf-8", "replace").decode()


def read_table(path: Path, columns: Sequence[str], faults: Faults) -> Iterator[Cells]:
    """The rows of a UTF-8 CSV file with at least these columns, in any order; further columns are left aside.

    Faults are added to `faults`; a row with a fault is left out, and so is what follows an unreadable place.
    """
    text = _text(path, faults)
    if text is None:
        return
    file = named(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _header_fits(header, columns, file, faults):
            return
        rows = 0
        for cells in reader:
            if not cells:
                continue
            rows += 1
            if rows > ROWS_MAX:
                faults.add(CsvFault.TOO_MANY_ROWS, file=file, line=reader.line_num, rows_max=ROWS_MAX)
                return
            if len(cells) != len(header):
                facts = {"found": len(cells), "expected": len(header)}
                faults.add(CsvFault.CELLS_DIFFER, file=file, line=reader.line_num, **facts)
            elif any("\n" in cell or "\r" in cell for cell in cells):
                faults.add(CsvFault.LINE_BREAK, file=file, line=reader.line_num)
            else:
                by_column = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
                yield Cells(reader.line_num, by_column)
    except csv.Error as error:
        faults.add(CsvFault.NOT_CSV, file=file, line=reader.line_num, detail=str(error))


def _text(path: Path, faults: Faults) -> str | None:
    file = named(path)
    try:
        with path.open("rb") as opened:
            data = opened.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        faults.add(CsvFault.UNREADABLE, file=file, line=0, detail=detail)
        return None
    if len(data) > BYTES_MAX:
        faults.add(CsvFault.TOO_LARGE, file=file, line=0, bytes_max=BYTES_MAX)
        return None
    nul = data.find(b"\x00")
    if nul >= 0 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.add(CsvFault.NOT_CSV, file=file, line=data.count(b"\n", 0, nul) + 1, detail="a NUL byte")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Positions count from after the byte order mark, which holds no line end.
        faults.add(CsvFault.NOT_UTF8, file=file, line=data.count(b"\n", 0, error.start) + 1)
        return None


def _header_fits(header: Sequence[str], columns: Sequence[str], file: str, faults: Faults) -> bool:
    missing = [name for name in columns if name not in header]
    if missing:
        listed = ", ".join(missing)
        faults.kept.append(Refusal(CsvFault.COLUMNS_MISSING, {"file": file, "line": 1, "columns": listed}))
        faults.count += 1
        return False
    twice = next((name for name in columns if header.count(name) > 1), None)
    if twice is not None:
        faults.add(CsvFault.COLUMN_TWICE, file=file, line=1, column=twice)
    return twice is None
