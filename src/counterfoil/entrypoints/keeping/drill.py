"""The drill: take or take up a backup, restore it into a scratch place, audit it, compare it, and take the place away.

A backup that nobody ever restored is a hope. This is what a registry runs every month, and files the report of.
"""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.backup.manifest import Manifest
from counterfoil.application.verification import finding_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.keeping.backup import SUFFIX, back_up
from counterfoil.entrypoints.keeping.restore import Restored, Stage, restore
from counterfoil.entrypoints.office_at_hand import FILE

ROOT: Final = "root"
AUDIT: Final = "audit"
TABLES: Final = ("block", "balance", "record", "term")
LIVE: Final = "live"
EVIDENCE: Final = "evidence"
OFFICE: Final = "office"


@dataclass(frozen=True, slots=True)
class Report:
    """What the drill found: each comparison by name, True where it held, and how long each stage took in seconds."""

    on: str
    backup: str
    bytes: int
    restored: Restored
    held: Mapping[str, bool]
    seconds: Mapping[str, str]

    @property
    def passed(self) -> bool:
        return all(self.held.values())

    def json(self) -> dict[str, Any]:
        manifest, audit = self.restored.manifest, self.restored.audit
        return {
            "status": "passed" if self.passed else "failed",
            "on": self.on,
            "registry": manifest.registry,
            "backup": self.backup,
            "bytes": self.bytes,
            "taken_at": manifest.taken_at,
            "entries": manifest.entries,
            "checkpoint": self.restored.checkpoint.number,
            "root": self.restored.checkpoint.root.hex(),
            "held": dict(self.held),
            "findings": [dict(finding_json(finding)) for finding in (audit.findings if audit else ())],
            "damaged_evidence": list(manifest.evidence.damaged),
            "seconds": dict(self.seconds),
        }


def drill(
    live: Folder | None,
    *,
    backup: Path | None = None,
    office: Path | None = None,
    scratch: Path | None = None,
    stage: Stage = lambda *_: None,
) -> Report | Refusal:
    """Try a backup: a new one of the live registry, or one that is given.

    Args:
        live: The registry to compare with; None compares the backup with itself only.
        office: The office's file to try with a given backup. A new backup takes the live one with it.
        scratch: A folder with room for the backup and the restored registry; the system's own by default.

    Raises:
        Outage: something cannot be read, or the scratch place not written.
    """
    begun = datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC)
    with tempfile.TemporaryDirectory(prefix="counterfoil-drill-", dir=scratch) as place:
        clock = time.monotonic()
        path = backup or Path(place) / f"drill{SUFFIX}"
        if backup is None:
            assert live is not None
            total = _entries(live)
            people = (live.path / FILE).exists()
            taken = back_up(live, path, office=people, progress=lambda done: stage("copying", done, total))
            if isinstance(taken, Refusal):
                return taken
            office = None if taken.office is None else taken.office.path
        copied = time.monotonic()
        watch = _Watch(stage)
        restored = restore(path, Folder(Path(place) / "registry"), office=office, audited=True, stage=watch)
        if isinstance(restored, Refusal):
            return restored
        seconds = {"backup": copied - clock, **watch.seconds()}
        return Report(
            on=begun.strftime("%Y-%m-%dT%H:%M:%SZ"),
            backup=str(backup or ""),
            bytes=path.stat().st_size,
            restored=restored,
            held=_held(restored, live),
            seconds={name: f"{value:.2f}" for name, value in seconds.items()},
        )


def _entries(live: Folder) -> int:
    with open_for_reading(live) as readable:
        last = readable.reading.last_checkpoint()
    return 0 if last is None else last.size


class _Watch:
    """Passes the stages on, and stops the time of each."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._names: list[str] = []
        self._begun = [time.monotonic()]

    def __call__(self, name: str, done: int, total: int) -> None:
        if name not in self._names:
            if self._names:
                self._begun.append(time.monotonic())
            self._names.append(name)
        self._stage(name, done, total)

    def seconds(self) -> dict[str, float]:
        ends = [*self._begun[1:], time.monotonic()]
        return {name: end - begun for name, begun, end in zip(self._names, self._begun, ends, strict=True)}


def _held(restored: Restored, live: Folder | None) -> dict[str, bool]:
    """Each comparison by name. The tables are compared with what the live registry had at that checkpoint."""
    audit = restored.audit
    held = {
        AUDIT: audit is not None and not audit.findings,
        ROOT: audit is not None and audit.root == restored.checkpoint.root.hex(),
        **{table: table not in restored.rebuilt.differs for table in TABLES},
        EVIDENCE: not restored.manifest.evidence.damaged,
    }
    if restored.office is not None:
        held[OFFICE] = restored.office.broken is None
    if live is not None:
        held[LIVE] = _stands_in(live, restored.manifest, restored.checkpoint.number)
    return held


def _stands_in(live: Folder, manifest: Manifest, number: int) -> bool:
    """Whether the live registry has this checkpoint, byte for byte: then its journal up to there is this one."""
    with open_for_reading(live) as readable:
        row = readable.reading.checkpoint(number)
    return row is not None and row.note == manifest.checkpoint
