"""A registry that was restored from a backup says so in its journal, the first time that it is opened for writing.

The restore leaves a file; the first opening writes the act and takes the file away. Until the partners were asked, no
units move (`application/commands/recover.py`). Source: ADR-0033.
"""

import json
import logging
import os
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.durable import written_once
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.commands.recover import BeginRecovery, RecoveryFault
from counterfoil.application.driver import Driver
from counterfoil.application.ports import Outage, Store
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.refusal import Refusal

FILE: Final = "restored.json"
BY: Final = "restore"
_BYTES_MAX: Final = 4_096
_LOG: Final = logging.getLogger("counterfoil.recovery")


def leave_mark(folder: Path, store: Store, *, taken_at: str, entries: int) -> None:
    """Say beside the ledger that it was restored, where it has partners. What an earlier attempt left stays."""
    reading = store.reading()
    try:
        linked = next(reading.records(PARTNER, limit=1), None) is not None
    finally:
        reading.close()
    path = folder / FILE
    if linked and not path.exists():
        written_once(path, f"{json.dumps({'taken_at': taken_at, 'entries': entries})}\n".encode())


def begin_recovery(folder: Path, driver: Driver) -> None:
    """Write the act that the mark asks for, once; without a mark, nothing.

    Raises:
        Outage: the mark cannot be read, or the act not be written.
    """
    path = folder / FILE
    if not path.exists():
        return
    data, said = _read(path)
    command = BeginRecovery(
        id=f"recovery:{sha256(data).hexdigest()[:24]}", taken_at=str(said["taken_at"]), entries=int(said["entries"])
    )
    outcome = driver.do([Submission(command, BY)])[0]
    if isinstance(outcome, Outage):
        raise outcome
    if isinstance(outcome, Refusal) and outcome.code != RecoveryFault.NO_PARTNERS:
        _LOG.warning("the restore could not be noted: %s", outcome.code)
        return
    _take_away(path)


def _read(path: Path) -> tuple[bytes, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_BYTES_MAX)
        said = json.loads(data)
        said["taken_at"], int(said["entries"])
    except OSError as error:
        raise of_system(error, path) from error
    except (KeyError, TypeError, ValueError):
        # A mark that cannot be read is still a mark: the registry was restored.
        return data, {"taken_at": "", "entries": 0}
    return data, said


def _take_away(path: Path) -> None:
    path.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
