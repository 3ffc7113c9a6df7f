"""The press: reports are made, and uploaded files checked, in a process of their own; the server stays small and quick.

The server imports no library for documents, and a large report takes neither its memory nor its time. The process is
bounded in both, is ended when the client goes away, and dies by itself should the server die first. An uploaded file
is handed to it as its standard input: it has no name anywhere, and is gone when nobody reads it any more.
Read next: `press_worker.py`.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Final, TypeAlias

import msgspec

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault

AT_ONCE: Final = 1
WAITING_MAX: Final = 8
"""Orders that may wait for their turn; beyond them a caller is told to come back."""
SECONDS: Final = 300
CHECKS_MAX: Final = 2
"""Letters of anybody that may wait or be looked at: so that strangers never take all places from the desks."""
CHECK_SECONDS: Final = 60
"""How long one letter may take: a sound one takes a few seconds."""
MEGABYTES: Final = 2_048
"""Address space of the process, in MiB: several times what a report of a million actions takes."""

MADE: Final = "made"
ORDER: Final = "order.json"
FAULT: Final = "fault.json"
REFUSED: Final = 3
"""Its exit status beside a fault. Python itself ends with 1 for what nobody caught, such as memory that ran out."""
_WORKER: Final = "counterfoil.entrypoints.http.press_worker"

Facts: TypeAlias = Mapping[str, str | int | bool | None]


class Product(StrEnum):
    """What the press makes."""

    AEF = "aef"
    INITIAL = "initial"
    UPDATED_INITIAL = "updated-initial"
    REGULAR = "regular"
    SUMMARY = "summary"
    CHECK = "check"
    DIFF = "diff"
    OVERLAPS = "overlaps"
    LETTER = "letter"
    LETTER_CHECK = "letter-check"
    FILING = "filing"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to be made, with the facts that its maker asks for, days as ISO 8601."""

    product: Product
    facts: Facts = field(default_factory=dict)


class Press:
    """Makes what is ordered of one registry, one at a time. It belongs to one event loop."""

    def __init__(self, folder: Path, *, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._folder = folder
        self._seconds = seconds
        self._megabytes = megabytes
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._checking = 0

    async def made(self, order: Order, upload: IO[bytes] | None = None) -> IO[bytes] | Refusal:
        """What was ordered as an open file that has no name any more. Cancelled, it ends the process.

        Raises:
            Outage: `http.busy`, `http.report_unfinished` when the process broke a bound, or what the store says.
        """
        check = order.product is Product.LETTER_CHECK
        if self._waiting >= WAITING_MAX or (check and self._checking >= CHECKS_MAX):
            raise Outage(HttpFault.BUSY, {"waiting": self._waiting}, retry=True)
        seconds = min(self._seconds, CHECK_SECONDS) if check else self._seconds
        self._waiting += 1
        self._checking += check
        try:
            async with self._turns:
                with tempfile.TemporaryDirectory(prefix="counterfoil-") as place:
                    (Path(place) / ORDER).write_bytes(msgspec.json.encode(order))
                    bounds = {"seconds": seconds, "megabytes": self._megabytes}
                    return _found(Path(place), await self._ended(place, upload, seconds), bounds)
        finally:
            self._waiting -= 1
            self._checking -= check

    async def _ended(self, place: str, upload: IO[bytes] | None, seconds: int) -> int | None:
        """Run the process to its end; its status, None when its time was up."""
        # -P: nothing is imported from the folder in which the server happens to have been started.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", _WORKER, str(seconds), str(self._megabytes), str(self._folder), place,
            stdin=asyncio.subprocess.DEVNULL if upload is None else upload, stdout=asyncio.subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": place},
        )  # fmt: skip
        try:
            async with asyncio.timeout(seconds):
                return await process.wait()
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _found(place: Path, status: int | None, bounds: dict[str, int]) -> IO[bytes] | Refusal:
    """What the process left: the file, or why there is none."""
    if status == 0:
        return (place / MADE).open("rb")
    if status != REFUSED:
        raise Outage(HttpFault.REPORT_UNFINISHED, bounds)
    told = msgspec.json.decode((place / FAULT).read_bytes())
    if told["outage"]:
        raise Outage(told["code"], told["facts"], retry=told["retry"])
    return Refusal(told["code"], told["facts"])
