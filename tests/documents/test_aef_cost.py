"""What writing, reading and checking annual reports costs at a hundredth of the sizes of `counterfoil bench aef`."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counterfoil.application.queries.aef_check import NamedRaw, check
from counterfoil.domain.reporting.aef_profile import raw_workbook
from counterfoil.entrypoints.bench import aef_worker
from counterfoil.entrypoints.bench.aef_year import action_rows, submission
from counterfoil.packs.loader import load_aef_format

FORM = load_aef_format()
SMALL, LARGE = 2_500, 10_000
TIMES_MAX = 6
"""Four times the rows may take this many times as long: linear, with room for a neighbour and for sorting."""


def processor_seconds(what: str, rows: int, folder: Path) -> float:
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        assert aef_worker.WHAT[what](rows, folder) == rows
        best = min(best, time.process_time() - begun)
    return best


def peak_mib(what: str, rows: int, folder: Path) -> int:
    command = [sys.executable, "-m", aef_worker.__name__, what, str(rows), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return int(json.loads(done.stdout)["peak_mib"])


def test_writing_and_reading_grow_with_the_rows(tmp_path: Path) -> None:
    took = {}
    for rows in (SMALL, LARGE):
        for what in ("write", "write_csv", "read"):
            took[what, rows] = processor_seconds(what, rows, tmp_path)
    for what in ("write", "write_csv", "read"):
        assert took[what, LARGE] < took[what, SMALL] * TIMES_MAX, (what, took)


@pytest.mark.parametrize("what", ["write", "write_csv", "read"])
def test_five_times_the_rows_need_no_more_memory(what: str, tmp_path: Path) -> None:
    peaks = []
    for rows in (LARGE, 5 * LARGE):
        if what == "read":
            aef_worker.write(rows, tmp_path)
        peaks.append(peak_mib(what, rows, tmp_path))
    assert peaks[1] < peaks[0] * 1.25, peaks


def checking_seconds(rows: int) -> float:
    """A year's reports of 20 Parties with so many actions together."""
    each = rows // 20
    ones = [submission(number, action_rows(number, each), each) for number in range(20)]
    books = [NamedRaw(f"{one.party}.xlsx", raw_workbook(one, FORM)) for one in ones]
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        report = check(books, FORM)
        best = min(best, time.process_time() - begun)
        assert report.counts()["B"] + report.counts()["I"] == 0
    return best


def test_checking_many_parties_grows_with_the_rows() -> None:
    assert checking_seconds(LARGE) < checking_seconds(SMALL) * TIMES_MAX


def test_one_workbook_is_let_go_before_the_next_is_opened() -> None:
    alive: list[int] = []

    class Watched(list[list[object]]):
        def __del__(self) -> None:
            alive.remove(id(self))

    def books() -> object:
        for number in range(6):
            assert len(alive) <= 2, "the cells of an earlier workbook are still held"
            one = submission(number, action_rows(number, 3), 3)
            raw = raw_workbook(one, FORM)
            for sheet in raw.sheets:
                rows = Watched(sheet.rows)
                object.__setattr__(sheet, "rows", rows if sheet.name == FORM.table(3).sheet else list(sheet.rows))
                if sheet.name == FORM.table(3).sheet:
                    alive.append(id(rows))
                else:
                    alive.append(id(rows))
            del rows, sheet
            yield NamedRaw(f"{number}.xlsx", raw)
            del raw, one

    check(books(), FORM)  # type: ignore[arg-type]
    assert alive == []
