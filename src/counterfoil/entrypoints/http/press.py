"""The press: annual reports are made in a process of their own, so that the server stays small and quick.

The server imports no library for documents, and a large report takes neither its memory nor its time. The process is
bounded in both, is ended when the client goes away, and dies by itself should the server die first.
Read next: `press_worker.py`.
"""

import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Final

import msgspec

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault

AT_ONCE: Final = 1
WAITING_MAX: Final = 8
"""Orders that may wait for their turn; beyond them a caller is told to come back."""
SECONDS: Final = 300
MEGABYTES: Final = 2_048
"""Address space of the process, in MiB: several times what a report of a million actions takes."""

WORKBOOK: Final = "aef.xlsx"
FAULT: Final = "fault.json"
REFUSED: Final = 3
"""Its exit status beside a fault. Python itself ends with 1 for what nobody caught, such as memory that ran out."""
_WORKER: Final = "counterfoil.entrypoints.http.press_worker"


@dataclass(frozen=True, slots=True)
class Order:
    """One report: whose, of which year, in which version, and its day; without one, the day of the last commit."""

    party: str
    year: int
    version: str
    on: date | None


class Press:
    """Makes the workbooks of one registry, one at a time. It belongs to one event loop."""

    def __init__(self, folder: Path, *, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._folder = folder
        self._seconds = seconds
        self._megabytes = megabytes
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def workbook(self, order: Order) -> IO[bytes] | Refusal:
        """The report as an open file that has no name any more. Cancelled, it ends the process.

        Raises:
            Outage: `http.busy`, `http.report_unfinished` when the process broke a bound, or what the store says.
        """
        if self._waiting >= WAITING_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": self._waiting}, retry=True)
        self._waiting += 1
        try:
            async with self._turns:
                with tempfile.TemporaryDirectory(prefix="counterfoil-") as place:
                    return _found(Path(place), await self._made(order, place), self._bounds)
        finally:
            self._waiting -= 1

    @property
    def _bounds(self) -> dict[str, int]:
        return {"seconds": self._seconds, "megabytes": self._megabytes}

    async def _made(self, order: Order, place: str) -> int | None:
        """Run the process to its end; its status, None when its time was up."""
        facts = (order.party, str(order.year), order.version, order.on.isoformat() if order.on else "")
        # -P: nothing is imported from the folder in which the server happens to have been started.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", _WORKER, str(self._seconds), str(self._megabytes), str(self._folder), place,
            *facts, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": place},
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._seconds):
                return await process.wait()
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _found(place: Path, status: int | None, bounds: dict[str, int]) -> IO[bytes] | Refusal:
    """What the process left: the workbook, or why there is none."""
    if status == 0:
        return (place / WORKBOOK).open("rb")
    if status != REFUSED:
        raise Outage(HttpFault.REPORT_UNFINISHED, bounds)
    told = msgspec.json.decode((place / FAULT).read_bytes())
    if told["outage"]:
        raise Outage(told["code"], told["facts"], retry=told["retry"])
    return Refusal(told["code"], told["facts"])
