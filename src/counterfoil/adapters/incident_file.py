"""The book of incidents: one file of JSON lines for each month, in a folder beside the ledger, bounded and append-only.

A month that is full takes no more, so a flood of attempts fills one month and never the disk. The same attempt by the
same hand is noted once while a process runs. Nobody waits for this file, and no decision rests on it.
"""

import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import made_folder
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.incidents import Incident
from counterfoil.application.ports import Outage

FOLDER: Final = "incidents"
BYTES_MAX: Final = 4 * 1024 * 1024
"""Of one month: about ten thousand incidents."""
LINE_MAX: Final = 8 * 1024
"""More than any incident takes, since its texts are bounded."""
REMEMBERED_MAX: Final = 10_000
_MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}\.jsonl\Z", re.ASCII)
_NAMES: Final = frozenset(field.name for field in fields(Incident))
_LOG: Final = logging.getLogger(__name__)


class IncidentFile:
    """Appends to the month of each incident. Used by the thread of one writer."""

    def __init__(self, registry: Path) -> None:
        self._folder = registry / FOLDER
        self._noted: set[tuple[str, ...]] = set()

    def note(self, incidents: Sequence[Incident]) -> None:
        """Append those that are not known. A disk that fails is logged: whoever tried was refused and answered."""
        fresh = list(self._fresh(incidents))
        try:
            for month in sorted({incident.at[:7] for incident in fresh}):
                self._append(month, (each for each in fresh if each.at[:7] == month))
        except (OSError, Outage):
            _LOG.exception("incidents could not be noted")

    def _fresh(self, incidents: Sequence[Incident]) -> Iterator[Incident]:
        for each in incidents:
            attempt = (each.at[:7], each.by, each.act, each.code, each.units, each.account)
            if attempt not in self._noted:
                if len(self._noted) >= REMEMBERED_MAX:
                    self._noted.clear()
                self._noted.add(attempt)
                yield each

    def _append(self, month: str, incidents: Iterable[Incident]) -> None:
        made_folder(self._folder)
        path = self._folder / f"{month}.jsonl"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(file).st_size
            # A line that a killed process left unfinished must not swallow the next one.
            data = b"" if size == 0 or os.pread(file, 1, size - 1) == b"\n" else b"\n"
            for each in incidents:
                line = json.dumps(asdict(each), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
                if size + len(data) + len(line) > BYTES_MAX:
                    break
                data += line
            while data:
                data = data[os.write(file, data) :]
        finally:
            os.close(file)


@dataclass(frozen=True, slots=True)
class Noted:
    """What the book holds. `full` names months that took no more; `unreadable` counts lines that are no incident."""

    incidents: tuple[Incident, ...]
    full: tuple[str, ...]
    unreadable: int


def read_incidents(registry: Path, *, month: str | None = None) -> Noted:
    """The incidents of all months or of one (YYYY-MM), in the order in which they were noted.

    Raises:
        Outage: a file cannot be read.
    """
    folder = registry / FOLDER
    found: list[Incident] = []
    full: list[str] = []
    unreadable = 0
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        if not _MONTH.match(name) or (month is not None and name != f"{month}.jsonl"):
            continue
        lines = _lines(folder / name)
        read = [_incident(line) for line in lines]
        found += [each for each in read if each is not None]
        unreadable += sum(each is None for each in read)
        if sum(len(line) + 1 for line in lines) > BYTES_MAX - LINE_MAX:
            full.append(name.removesuffix(".jsonl"))
    return Noted(tuple(found), tuple(full), unreadable)


def _lines(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as file:
            return [line for line in file.read(BYTES_MAX).split(b"\n") if line]
    except OSError as error:
        raise of_system(error, path) from error


def _incident(line: bytes) -> Incident | None:
    """The incident of a line; None when somebody else wrote it."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or set(value) != _NAMES or not all(isinstance(each, str) for each in value.values()):
        return None
    return Incident(**value)
