"""One measurement of annual reports in a process of its own, so that its peak of memory is nobody else's.

Arguments: what, rows, a folder. The answer is one JSON object on the standard output: seconds, of which processor
seconds, and MiB.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from counterfoil.entrypoints.bench.aef_year import SUBMITTED_ON, action_rows, submission

PARTIES: Final = 200
WORKBOOK: Final = "actions.xlsx"
OF_LIBRARY: Final = "actions-xlsxwriter.xlsx"
TABLE: Final = "actions.csv"
ACTIONS: Final = 3
"""The number of the table."""


class Rows(Sequence[ActionRow]):
    """Actions that are made when they are walked, so that what is measured is the writer and not a list."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ActionRow]:
        return action_rows(0, self._count)

    def __getitem__(self, place: Any) -> Any:
        raise NotImplementedError


def _report(rows: int) -> Submission:
    from dataclasses import replace

    return replace(submission(0, (), 0), actions=Rows(rows))


def nothing(rows: int, folder: Path) -> int:
    """What the other measurements of writing have in common: making the rows."""
    return sum(1 for _ in action_rows(0, rows))


def write(rows: int, folder: Path) -> int:
    """Our writer."""
    from counterfoil.adapters.documents.aef_xlsx import write_workbook
    from counterfoil.domain.reporting.aef_layout import aef_layout
    from counterfoil.entrypoints.bootstrap import aef_format

    refusal = write_workbook(aef_layout(_report(rows), aef_format()), folder / WORKBOOK, created=SUBMITTED_ON)
    assert refusal is None, refusal
    return rows


def write_by_library(rows: int, folder: Path) -> int:
    """The same cells through XlsxWriter in its constant-memory mode."""
    import xlsxwriter

    from counterfoil.domain.reporting.aef_layout import aef_layout
    from counterfoil.entrypoints.bootstrap import aef_format

    book = xlsxwriter.Workbook(str(folder / OF_LIBRARY), {"constant_memory": True})
    text, day = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "dd/mm/yyyy"})
    laid = aef_layout(_report(rows), aef_format())[ACTIONS + 1]
    sheet = book.add_worksheet(laid.name)
    for number, row in enumerate(laid.rows):
        for column, cell in enumerate(row.cells):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, text)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell, text)
            elif cell is not None:
                sheet.write_datetime(number, column, cell, day)
    book.close()
    return rows


def write_csv(rows: int, folder: Path) -> int:
    from counterfoil.adapters.documents.aef_csv import write_table
    from counterfoil.entrypoints.bootstrap import aef_format

    write_table(_report(rows), aef_format(), ACTIONS, folder / TABLE)
    return rows


def read(rows: int, folder: Path) -> int:
    """Our reader, from the file to typed rows that pass by, with every cell checked."""
    from counterfoil.adapters.documents.xlsx_reading import read_workbook_file
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.aef_table_rows import Seen, row_batches
    from counterfoil.domain.reporting.aef_tables import found_table
    from counterfoil.entrypoints.bootstrap import aef_format

    raw = read_workbook_file(folder / WORKBOOK)
    assert not isinstance(raw, Refusal), raw
    form = aef_format()
    spec = form.table(ACTIONS)
    sheet = raw.sheet(spec.sheet)
    table = None if sheet is None else found_table(sheet, spec)
    assert table is not None
    seen: list[Seen] = []
    count = sum(len(batch.values) for batch in row_batches(table, form, WORKBOOK, seen))
    assert (count, seen) == (rows, [])
    return count


def read_by_library(rows: int, folder: Path) -> int:
    """The same sheet as lists of cells by python-calamine, unchecked."""
    from python_calamine import CalamineWorkbook

    from counterfoil.entrypoints.bootstrap import aef_format

    book = CalamineWorkbook.from_path(str(folder / WORKBOOK))
    return len(book.get_sheet_by_name(aef_format().table(ACTIONS).sheet).to_python(skip_empty_area=False))


def workbooks(rows: int, folder: Path) -> int:
    """A year's reports of all Parties, as files; not measured."""
    from counterfoil.adapters.documents.aef_xlsx import write_workbook
    from counterfoil.domain.reporting.aef_layout import aef_layout
    from counterfoil.entrypoints.bootstrap import aef_format

    each, form = rows // PARTIES, aef_format()
    for number in range(PARTIES):
        one = submission(number, action_rows(number, each), each)
        path = folder / f"{one.party}.xlsx"
        assert write_workbook(aef_layout(one, form), path, created=SUBMITTED_ON) is None
    return each * PARTIES


def read_all(rows: int, folder: Path) -> int:
    """Reading the reports of all Parties to typed rows, each let go before the next."""
    from counterfoil.domain.reporting.aef_parse import read_submission
    from counterfoil.entrypoints.bootstrap import aef_format

    count, form = 0, aef_format()
    for name, raw in _files(folder):
        filed = read_submission(raw, form, name).filed
        assert filed is not None
        count += len(filed.submission.actions)
    return count


def check_all(rows: int, folder: Path) -> int:
    """Reading the reports of all Parties and making every check on them together."""
    from counterfoil.application.queries.aef_check import NamedRaw, check
    from counterfoil.domain.reporting.finding import Severity
    from counterfoil.entrypoints.bootstrap import aef_format

    report = check((NamedRaw(name, raw) for name, raw in _files(folder)), aef_format())
    wrong = {one.check for one in report.findings if one.severity in (Severity.BLOCKING, Severity.INCONSISTENT)}
    assert not wrong, wrong
    return rows


def _files(folder: Path) -> Iterator[tuple[str, Any]]:
    from counterfoil.adapters.documents.xlsx_reading import read_workbook_file

    for path in sorted(folder.glob("X*.xlsx")):
        yield path.name, read_workbook_file(path)


WHAT: Final[Mapping[str, Callable[[int, Path], int]]] = {
    "nothing": nothing,
    "write": write,
    "write_by_library": write_by_library,
    "write_csv": write_csv,
    "read": read,
    "read_by_library": read_by_library,
    "workbooks": workbooks,
    "read_all": read_all,
    "check_all": check_all,
}


def main(arguments: Sequence[str]) -> int:
    what, rows, folder = arguments
    begun, begun_cpu = time.perf_counter(), time.process_time()
    WHAT[what](int(rows), Path(folder))
    taken = {"seconds": time.perf_counter() - begun, "cpu_s": time.process_time() - begun_cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(msgspec.json.encode({**taken, "peak_mib": peak}).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
