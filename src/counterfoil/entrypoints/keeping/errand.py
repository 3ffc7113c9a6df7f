"""Errands: a backup or a drill that a server has done in a process of its own, with its progress and report on disk.

One at a time for a registry. What is written beside the backups outlives the server: an errand goes on while the server
starts anew, and a report stays. Who was killed in the middle leaves a state that nobody holds, which is told as such.
Read next: `errand_worker.py`. Source: ADR-0017.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.durable import replaced
from counterfoil.adapters.storage_fault import of_system
from counterfoil.domain.kernel.refusal import Refusal

BACKUPS: Final = "backups"
"""The folder beside a registry's ledger in which its server keeps backups, and what it knows of them."""
REPORTS: Final = "reports"
STATE: Final = "errand.json"
LOCK: Final = "errand.lock"
SCRATCH: Final = "counterfoil-drill-"
REPORTS_MAX: Final = 200
"""Of more, the oldest go."""
_BYTES_MAX: Final = 1024 * 1024
_WORKER: Final = "counterfoil.entrypoints.keeping.errand_worker"


class ErrandKind(StrEnum):
    BACKUP = "backup"
    DRILL = "drill"


class ErrandFault(StrEnum):
    RUNNING = "errand.running"
    BACKUP_UNKNOWN = "errand.backup_unknown"


@dataclass(frozen=True, slots=True)
class Errand:
    """What is being done: by whom it was asked for, at which stage, and how many entries of how many."""

    kind: str
    by: str
    backup: str
    begun_ms: int
    stage: str = ""
    done: int = 0
    total: int = 0
    running: bool = True


def place_of(folder: Path) -> Path:
    return folder / BACKUPS


def made_place(folder: Path) -> Path:
    """The folder of backups, readable by its owner only."""
    place = place_of(folder)
    try:
        for each in (place, place / REPORTS):
            each.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise of_system(error, place) from error
    return place


def write_state(place: Path, errand: Errand) -> None:
    with replaced(place / STATE) as draft:
        draft.write_text(json.dumps(asdict(errand)), "utf-8")


def clear_state(place: Path) -> None:
    (place / STATE).unlink(missing_ok=True)


@contextlib.contextmanager
def held(place: Path) -> Iterator[bool]:
    """Hold the lock of errands; gives whether nobody else does. The kernel lets it go when the process ends."""
    with (place / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class Errands:
    """The errands that one server has sent somebody on."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, folder: Path, errand: Errand) -> Refusal | None:
        """Send somebody on an errand; refused while another one is under way.

        Raises:
            Outage: the folder of backups cannot be made or written.
        """
        place = made_place(folder)
        with self._guard:
            known = self._now(place)
            if known is not None and known.running:
                return Refusal(ErrandFault.RUNNING, {"kind": known.kind})
            if errand.backup and not (place / errand.backup).is_file():
                return Refusal(ErrandFault.BACKUP_UNKNOWN, {"backup": errand.backup[:120]})
            write_state(place, errand)
            # -P: nothing is imported from the folder in which the server happens to have been started.
            self._process = subprocess.Popen(  # noqa: S603  our own program, and words of ours
                [sys.executable, "-P", "-m", _WORKER, str(folder)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ},
            )  # fmt: skip
            # Somebody takes note of its end, so that nothing of it stays in the table of processes.
            threading.Thread(target=self._process.wait, name="counterfoil-errand", daemon=True).start()
        return None

    def now(self, folder: Path) -> Errand | None:
        """What is under way, or what was cut off in the middle (`running` is False); None where nothing is."""
        place = place_of(folder)
        if not (place / STATE).exists():
            return None
        with self._guard:
            return self._now(place)

    def forget(self, folder: Path) -> None:
        """Take away the state of one that was cut off."""
        place = place_of(folder)
        with self._guard:
            known = self._now(place)
            if known is not None and not known.running:
                clear_state(place)

    def _now(self, place: Path) -> Errand | None:
        own = self._process is not None and self._process.poll() is None
        found = read_state(place)
        if found is None:
            return None
        if own:
            return found
        with held(place) as free:
            # Read once more: it may have ended in between.
            found = read_state(place)
            return None if found is None else Errand(**{**asdict(found), "running": not free})


def read_state(place: Path) -> Errand | None:
    told = _read(place / STATE)
    try:
        return None if told is None else Errand(**told)
    except TypeError:
        return None


def write_report(place: Path, report: Mapping[str, Any]) -> Path:
    """Keep the report of an errand that is over, under a name that sorts by when it began."""
    path = place / REPORTS / f"{report['begun_ms']:014}-{report['kind']}.json"
    with replaced(path) as draft:
        draft.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for old in sorted((place / REPORTS).glob("*.json"), reverse=True)[REPORTS_MAX:]:
        old.unlink(missing_ok=True)
    return path


def reports_in(folder: Path, *, limit: int) -> list[dict[str, Any]]:
    """The newest reports, each with its `name`."""
    place = place_of(folder) / REPORTS
    if not place.is_dir():
        return []
    names = sorted((each.name for each in place.glob("*.json")), reverse=True)[:limit]
    return [found for name in names if (found := report_of(folder, name.removesuffix(".json"))) is not None]


def report_of(folder: Path, name: str) -> dict[str, Any] | None:
    """One report by its name; None where there is none of that name."""
    if not name.replace("-", "").isalnum():
        return None
    told = _read(place_of(folder) / REPORTS / f"{name}.json")
    return None if told is None else {**told, "name": name}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_BYTES_MAX))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
