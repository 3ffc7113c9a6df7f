"""The process that does one errand; `errand.py` starts it. Its argument is the registry's folder.

What is to be done stands in the state that the server wrote. The writer goes first: this process is nice, and gives up
after some hours.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.backup.manifest import Unfit
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.drill import drill
from counterfoil.entrypoints.keeping.errand import (
    SCRATCH,
    Errand,
    ErrandKind,
    clear_state,
    held,
    made_place,
    read_state,
    write_report,
    write_state,
)
from counterfoil.entrypoints.keeping.links_backup import back_up_links
from counterfoil.entrypoints.keeping.office_backup import beside
from counterfoil.entrypoints.office_at_hand import FILE

NICE: Final = 10
SECONDS_MAX: Final = 6 * 60 * 60
PAUSE_S: Final = 0.5
"""Between two words about the progress."""

Told = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    (folder,) = arguments
    place = made_place(Path(folder))
    os.nice(NICE)
    signal.alarm(SECONDS_MAX)
    with held(place) as free:
        errand = read_state(place)
        if not free or errand is None:
            return 1
        _swept(place)
        try:
            told = _done(Folder(Path(folder)), place, errand)
        except Unfit as unfit:
            told = _refused(unfit.refusal)
        except (Outage, OSError) as error:
            fault = error if isinstance(error, Outage) else of_system(error, place)
            told = {"status": "refused", "fault": {"code": fault.code, "facts": dict(fault.facts)}}
        head = {"kind": errand.kind, "by": errand.by, "begun_ms": errand.begun_ms, "backup": errand.backup}
        write_report(place, {**head, "ended_ms": SystemClock().now_ms(), "fault": None, **told})
        clear_state(place)
    return 0


def _swept(place: Path) -> None:
    """Take away what a drill that was killed left behind: it holds a whole registry."""
    for each in place.glob(f"{SCRATCH}*"):
        shutil.rmtree(each, ignore_errors=True)


def _done(folder: Folder, place: Path, errand: Errand) -> Told:
    stage = _teller(place, errand)
    if errand.kind == ErrandKind.BACKUP:
        return _backed_up(folder, place, stage)
    backup = place / errand.backup if errand.backup else None
    people = None if backup is None or not beside(backup).is_file() else beside(backup)
    found = drill(folder, backup=backup, office=people, scratch=place, stage=stage)
    return _refused(found) if isinstance(found, Refusal) else {**found.json(), "backup": errand.backup}


def _backed_up(folder: Folder, place: Path, stage: Callable[[str, int, int], None]) -> Told:
    with open_for_reading(folder) as readable:
        last = readable.reading.last_checkpoint()
    total = 0 if last is None else last.size
    people = (folder.path / FILE).exists()
    done = back_up(folder, place, office=people, progress=lambda at: stage("copying", at, total))
    if isinstance(done, Refusal):
        return _refused(done)
    links = back_up_links(folder.path, done.path)
    damaged = done.manifest.evidence.damaged
    return {
        "status": "incomplete" if damaged else "whole",
        "backup": done.path.name,
        "bytes": done.bytes,
        "taken_at": done.manifest.taken_at,
        "entries": done.manifest.entries,
        "checkpoint": done.manifest.checkpoints,
        "office": None if done.office is None else done.office.path.name,
        "links": None if links is None else links.name,
        "damaged_evidence": list(damaged),
    }


def _refused(refusal: Refusal) -> Told:
    return {"status": "refused", "fault": {"code": refusal.code, "facts": dict(refusal.facts)}}


def _teller(place: Path, errand: Errand) -> Callable[[str, int, int], None]:
    """Writes the progress down, twice a second at most, and every new stage at once."""
    told_at, told = 0.0, ""

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal told_at, told
        now = time.monotonic()
        if stage != told or now - told_at >= PAUSE_S:
            told_at, told = now, stage
            write_state(place, replace(errand, stage=stage, done=done, total=total))

    return tell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
