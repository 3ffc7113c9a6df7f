"""Start registries' processes so that they outlive whoever started them, and watch them while they come up.

They are no children of this process: nothing has to wait for them, and they end by themselves.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.network.plan import NetworkFault

STARTED_SECONDS: Final = 60
_MODULE: Final = "counterfoil.entrypoints.network.nursery"
_PAUSE_S: Final = 0.02
_SAID: Final = 300


@dataclass(frozen=True, slots=True)
class Start:
    """What one process serves, at which port (0: a free one), for how long, and the file for what it says."""

    folder: Path
    port: int
    seconds: int
    log: Path

    def json(self) -> Mapping[str, Any]:
        folder, log = str(self.folder.absolute()), str(self.log.absolute())
        return {"folder": folder, "port": self.port, "seconds": self.seconds, "log": log}


class Spawned:
    """A process that was started for us. Where the system can hold on to one, its number is never another's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle: int | None = None
        if hasattr(os, "pidfd_open"):
            with suppress(ProcessLookupError):
                self._handle = os.pidfd_open(pid)

    @property
    def ended(self) -> bool:
        if hasattr(os, "pidfd_open"):
            return self._handle is None or bool(select.select([self._handle], [], [], 0)[0])
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def stop(self, seconds: float) -> None:
        """End it, by force if it takes longer than that."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.ended:
                self._tell(number)
            end_at = time.monotonic() + seconds
            while not self.ended and time.monotonic() < end_at:
                time.sleep(_PAUSE_S)

    def let_go(self) -> None:
        """Watch it no longer."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def _tell(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self._handle is None:
                os.kill(self.pid, number)
            else:
                signal.pidfd_send_signal(self._handle, number)


def spawned(starts: Sequence[Start], *, environment: Mapping[str, str]) -> list[Spawned]:
    """Start them all, each in a session of its own.

    Raises:
        Outage: `network.not_healthy` when the program itself does not start.
    """
    rows = [start.json() for start in starts]
    try:
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", _MODULE],
            input=json.dumps(rows).encode(),
            capture_output=True,
            env=environment,
            timeout=STARTED_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode("utf-8", "replace")[-_SAID:] or type(error).__name__
        raise Outage(NetworkFault.NOT_HEALTHY, {"party": "-", "said": said}, retry=True) from error
    return [Spawned(pid) for pid in json.loads(done.stdout)]
