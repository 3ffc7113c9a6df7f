"""Annual reports: how long writing, reading and checking take, and their peaks of memory, beside two libraries.

Each measurement is a process of its own (`aef_worker.py`), so that its peak is nobody else's. Libraries are measured up
to a size that fits a laptop: one of them holds every cell.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.entrypoints.bench.report import Report

WORKER: Final = "counterfoil.entrypoints.bench.aef_worker"
SECONDS_MAX: Final = 3_600


@dataclass(frozen=True, slots=True)
class Size:
    """Action rows of one report, of all Parties together, up to which libraries are measured, and repetitions."""

    rows: tuple[int, ...]
    checked: tuple[int, ...]
    library_max: int
    times: int


FULL: Final = Size(rows=(10_000, 100_000, 1_000_000), checked=(100_000, 1_000_000), library_max=100_000, times=3)
QUICK: Final = Size(rows=(1_000, 10_000), checked=(10_000,), library_max=10_000, times=1)
_WRITTEN: Final = ("write", "write_csv", "read")
_LIBRARIES: Final = {"write": "write_by_library", "read": "read_by_library"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process took. Ratios are of processor seconds: one thread each, and neighbours come and go."""

    seconds: float
    cpu_s: float
    peak_mib: int


def aef(place: Path, *, size: Size) -> Report:
    """Write and read at each size, then check; the largest sizes once."""
    report = Report(figures={"parties": 200})
    with tempfile.TemporaryDirectory(dir=place) as name:
        peaks = {rows: _one_report(report, Path(name), rows, size) for rows in size.rows}
    for what in ("write", "read"):
        smaller, largest = size.rows[-2], size.rows[-1]
        report.ratios[f"{what}_peak_{largest}_vs_{smaller}"] = round(peaks[largest][what] / peaks[smaller][what], 3)
    for rows in size.checked:
        with tempfile.TemporaryDirectory(dir=place) as name:
            _all_parties(report, Path(name), rows)
    return report


def _one_report(report: Report, folder: Path, rows: int, size: Size) -> Mapping[str, int]:
    """One Party's report of so many actions; the peaks of memory in MiB."""
    times = size.times if rows <= size.library_max else 1
    taken: dict[str, list[Taken]] = {what: [] for what in (*_WRITTEN, *_LIBRARIES.values())}
    for _ in range(times):
        for what in _WRITTEN:
            taken[what].append(_taken(what, rows, folder))
        if rows <= size.library_max:
            for what in _LIBRARIES.values():
                taken[what].append(_taken(what, rows, folder))
    for what in _WRITTEN:
        report.figure(f"{what}_{rows}_s", [one.seconds for one in taken[what]], 2)
        report.figure(f"{what}_{rows}_mib", [one.peak_mib for one in taken[what]])
    for ours, theirs in _LIBRARIES.items():
        report.baseline(f"{theirs}_{rows}_s", [one.seconds for one in taken[theirs]], 2)
        report.baseline(f"{theirs}_{rows}_mib", [one.peak_mib for one in taken[theirs]])
        pairs = [[one.cpu_s for one in taken[what]] for what in (ours, theirs)]
        if pairs[1]:
            report.ratio(f"{ours}_{rows}_vs_library", pairs[0], pairs[1])
    return {what: max(one.peak_mib for one in taken[what]) for what in _WRITTEN}


def _all_parties(report: Report, folder: Path, rows: int) -> None:
    """A year's reports of all Parties: read alone, then read and checked."""
    _taken("workbooks", rows, folder)
    read, checked = _taken("read_all", rows, folder), _taken("check_all", rows, folder)
    report.figures[f"read_and_check_{rows}_s"] = round(checked.seconds, 2)
    report.figures[f"read_and_check_{rows}_cpu_s"] = round(checked.cpu_s, 2)
    report.figures[f"read_and_check_{rows}_mib"] = checked.peak_mib
    report.baselines[f"read_all_{rows}_s"] = round(read.seconds, 2)
    report.baselines[f"read_all_{rows}_cpu_s"] = round(read.cpu_s, 2)
    report.baselines[f"read_all_{rows}_mib"] = read.peak_mib
    report.ratios[f"read_and_check_{rows}_vs_read"] = round(checked.cpu_s / read.cpu_s, 3)


def _taken(what: str, rows: int, folder: Path) -> Taken:
    command = [sys.executable, "-m", WORKER, what, str(rows), str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=SECONDS_MAX)  # noqa: S603 - our module
    return msgspec.json.decode(done.stdout, type=Taken)
