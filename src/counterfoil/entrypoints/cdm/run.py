"""One import run: read both files whole, found the registry if there is none, and submit row by row.

A row's command id is (run, line), so a killed run is resumed by naming it: accepted rows return their first receipts. A
new run has new ids, so the books themselves refuse what is already there.

Read next: `entrypoints/cdm/desk.py`.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.chance import SystemChance
from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.ports import Outage
from counterfoil.application.writer import BATCH_MAX
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.cdm.activity_rows import read_periods, read_projects
from counterfoil.entrypoints.cdm.csv_file import Faults, Unusable
from counterfoil.entrypoints.cdm.desk import Answer, Desk, desk
from counterfoil.entrypoints.cdm.findings import Refused, findings
from counterfoil.entrypoints.cdm.rows import Row, read_cancellations, read_issuances
from counterfoil.entrypoints.cdm.totals import totals
from counterfoil.entrypoints.faults import catalogue

RUNS: Final = "imports.ndjson"
"""Remembers the runs in the registry's folder, for `--resume`. A convenience: the journal is the truth."""

_MARKS: Final = {"projects": "a", "referenced": "r", "periods": "p", "issuances": "i", "cancellations": "c"}
"""What stands for a list in the ids of its rows."""
_RUN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


class RunFault(StrEnum):
    NOTHING_GIVEN = "import.nothing_given"
    RUN_UNREADABLE = "import.run_unreadable"
    INTERRUPTED = "import.interrupted"


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who looks on: told the run's id before the first row is submitted, then how many of all rows are answered."""

    started: Callable[[str], None] = lambda _: None
    progress: Callable[[int, int], None] = lambda _done, _total: None


def import_cdm(
    folder: Folder,
    *,
    issuances: Path | None = None,
    cancellations: Path | None = None,
    projects: Path | None = None,
    periods: Path | None = None,
    resume: str | None = None,
    language: str = "en",
    watcher: Watcher = Watcher(),
    batch: int = BATCH_MAX,
) -> Mapping[str, Any] | Refusal | Unusable:
    """Load projects, then their monitoring periods, then issuances and cancellations, each in order of completion.

    An empty or missing folder becomes a registry of its own, an archive; an existing registry is imported into, through
    its running server where there is one. `resume` names an earlier run, whose accepted rows are not booked again.

    Returns:
        What was done, as the JSON that the command line prints; the refusal `registry.locked`, when another process
        holds the registry; or `Unusable`, when what was given cannot be read exactly: nothing was applied then.

    Raises:
        Outage: the registry cannot be used, or (`import.interrupted`) the run stopped on the way. What was accepted
            stays, and the run can be resumed.
    """
    begun = time.perf_counter()
    files = {"projects": projects, "periods": periods, "issuances": issuances, "cancellations": cancellations}
    if not any(files.values()):
        return Unusable((Refusal(RunFault.NOTHING_GIVEN),), 1)
    if resume is not None and not _RUN.match(resume):
        return Unusable((Refusal(RunFault.RUN_UNREADABLE, {"run": resume[:80]}),), 1)
    faults = Faults()
    read = _read(files, faults)
    unusable = faults.unusable()
    if unusable is not None:
        return unusable
    run = resume or f"cdm-{SystemChance().command_id()}"
    rows = {name: _identified(some, f"{run}:{_MARKS[name]}") for name, some in read.items()}
    opened = desk(folder, found=issuances is not None or projects is not None or periods is not None)
    if isinstance(opened, Refusal):
        return opened
    with opened:
        _remember(folder, run, files)
        watcher.started(run)
        refused = _submitted(opened, [row for some in rows.values() for row in some], run, watcher, batch)
    found = {"findings": findings(refused)} if periods is not None else {}
    return {
        "run": run,
        "rows": {name: _counts(some, refused) for name, some in rows.items()},
        "refusals": [_told(each, language) for each in refused],
        **found,
        **totals(folder),
        "seconds": round(time.perf_counter() - begun, 3),
    }


def _read(files: Mapping[str, Path | None], faults: Faults) -> dict[str, list[Row]]:
    """The rows of each list, in the order in which they are handed in. `referenced` are projects that periods name."""
    found: dict[str, list[Row]] = {}
    if files["projects"] is not None:
        found["projects"] = read_projects(files["projects"], faults)
    if files["periods"] is not None:
        found["referenced"], found["periods"] = read_periods(files["periods"], faults)
    issuances, cancellations = files["issuances"], files["cancellations"]
    if issuances is not None or cancellations is not None or not found:
        found["issuances"] = [] if issuances is None else read_issuances(issuances, faults)
        found["cancellations"] = [] if cancellations is None else read_cancellations(cancellations, faults)
    return found


def _identified(rows: Sequence[Row], prefix: str) -> list[Row]:
    return [replace(row, command=replace(row.command, id=f"{prefix}:{row.line}")) for row in rows]


def _submitted(opened: Desk, rows: Sequence[Row], run: str, watcher: Watcher, batch: int) -> list[Refused]:
    """Submit in batches, one after the other, so that what is reported as done is durable."""
    refused = [Refused(row, row.refusal) for row in rows if row.refusal is not None]
    waiting = [row for row in rows if row.refusal is None]
    for start in range(0, len(waiting), batch):
        some = waiting[start : start + batch]
        answers = _answered(opened, some, run, start, len(waiting))
        for row, answer in zip(some, answers, strict=True):
            if isinstance(answer, Outage):
                raise _interrupted(run, start, len(waiting), answer)
            if answer is not None:
                refused.append(Refused(row, answer))
        watcher.progress(start + len(some), len(waiting))
    return refused


def _answered(opened: Desk, some: Sequence[Row], run: str, done: int, total: int) -> Sequence[Answer]:
    try:
        return opened.submit([row.command for row in some])
    except Outage as outage:
        raise _interrupted(run, done, total, outage) from outage


def _interrupted(run: str, done: int, total: int, outage: Outage) -> Outage:
    facts = {"run": run, "done": done, "total": total, "why": str(outage.code)}
    return Outage(RunFault.INTERRUPTED, facts, retry=outage.retry)


def _told(each: Refused, language: str) -> dict[str, Any]:
    message = catalogue().message(each.refusal, language)
    return {"file": each.row.file, "line": each.row.line, "code": str(each.refusal.code), "message": message}


def _counts(rows: list[Row], refused: list[Refused]) -> dict[str, int]:
    ids = {row.command.id for row in rows}
    count = sum(each.row.command.id in ids for each in refused)
    return {"read": len(rows), "accepted": len(rows) - count, "refused": count}


def _remember(folder: Folder, run: str, files: Mapping[str, Path | None]) -> None:
    """Note the run beside the ledger. Where that cannot be written, the run goes on: its id was shown."""
    started = datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = {"run": run, "started": started} | {name: str(path) for name, path in files.items() if path is not None}
    try:
        with (folder.path / RUNS).open("a", encoding="utf-8", errors="replace") as runs:
            runs.write(f"{json.dumps(line, ensure_ascii=False)}\n")
    except OSError:
        return
