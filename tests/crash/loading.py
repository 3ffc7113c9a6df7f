"""A load in a process of its own, so that it can be killed: it prints its run, then every durable count.

With `pause` it waits for a line on its standard input after the first count, holding the registry meanwhile.
"""

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from counterfoil.entrypoints.cdm import Unusable, import_cdm
from counterfoil.entrypoints.cdm.csv_file import Faults
from counterfoil.entrypoints.cdm.rows import read_cancellations, read_issuances
from counterfoil.entrypoints.cdm.run import Watcher
from tests.imports.desk import NOT_OF_THE_CDM, SAMPLE, rows

BATCH = 4
RUN = "cdm-killed"
NOT_THERE_YET = {"registry.not_founded", "storage.absent", "storage.not_ours", "keys.absent"}
ROOT = Path(__file__).parents[2]


def start(folder: Path, run: str, *, pause: bool = False, file_bytes_max: int = 0) -> "subprocess.Popen[str]":
    """The load as a process. `file_bytes_max` is the largest file that it may write, 0 for any."""
    words = [str(folder), run, str(file_bytes_max), "pause" if pause else "go"]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.loading", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed(folder: Path, run: str, chance: Random) -> int:
    """Start a load and kill it at some moment; how many rows it said were durable."""
    process = start(folder, run)
    assert process.stdout is not None
    assert process.stdin is not None
    with process.stdin, process.stdout:
        told = [process.stdout.readline() for _ in range(chance.randrange(0, 60))]
        try:
            # A moment inside the commits that follow, or anywhere in the start when no line was awaited.
            process.wait(timeout=chance.random() * (0.02 if told else 0.6))
        except subprocess.TimeoutExpired:
            process.kill()
        told += process.stdout.readlines()
        process.wait()
    return max(map(count_in, told), default=0)


def count_in(line: str) -> int:
    word, _, number = line.strip().partition(" ")
    return int(number) if word == "done" and number.isdigit() else 0


def command_ids(run: str) -> list[str]:
    """The ids of all rows that can be accepted, in the order of submission."""
    faults = Faults()
    issued = read_issuances(SAMPLE / "cdm_issuances.csv", faults)
    cancelled = read_cancellations(SAMPLE / "cdm_cancellations.csv", faults)
    assert not faults.count
    return [f"{run}:i:{row.line}" for row in issued] + [f"{run}:c:{row.line}" for row in cancelled]


def missing(folder: Folder, ids: Sequence[str]) -> list[str]:
    """Those of the ids that are not in the journal."""
    with open_for_reading(folder) as readable:
        there = readable.reading.commands(list(ids))
    return [command for command in ids if command not in there]


def require_sound(folder: Folder, acknowledged: int) -> None:
    """`verify` finds nothing, and every acknowledged row is there. Before the founding there is nothing to verify."""
    try:
        audit = verify_folder(folder)
    except Outage as outage:
        assert not acknowledged
        assert outage.code in NOT_THERE_YET
        return
    assert not audit.findings
    gone = missing(folder, command_ids(RUN)[:acknowledged])
    assert len(gone) <= 1, gone  # the one row that is refused
    assert all(command in refused_ids() for command in gone)


def refused_ids() -> list[str]:
    some = rows(SAMPLE / "cdm_cancellations.csv")
    return [f"{RUN}:c:{line}" for line, row in enumerate(some, 2) if row["unit_type"] == NOT_OF_THE_CDM]


def main(folder: Path, run: str, *, pause: bool) -> int:
    def progress(done: int, _total: int) -> None:
        print("done", done, flush=True)
        if pause and done == BATCH:
            sys.stdin.readline()

    try:
        answer = import_cdm(
            Folder(folder),
            issuances=SAMPLE / "cdm_issuances.csv",
            cancellations=SAMPLE / "cdm_cancellations.csv",
            resume=run,
            watcher=Watcher(lambda run: print("run", run, flush=True), progress),
            batch=BATCH,
        )
    except Outage as outage:
        print("outage", outage.code, dict(outage.facts), flush=True)
        return 3
    if isinstance(answer, Refusal | Unusable):
        print("refused", answer, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    file_bytes_max = int(sys.argv[3])
    if file_bytes_max:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes_max, file_bytes_max))
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], pause=sys.argv[4] == "pause"))
