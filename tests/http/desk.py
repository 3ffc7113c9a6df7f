"""A registry to talk to: founded, with blocks of a thousand units, and a token that may write."""

import base64
import contextlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx

from counterfoil.application.command import Command, NdcPeriod
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.import_units import ImportIssuance
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_writing
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.http.tokens import TokenTable, new_token
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.site import Site

BLOCK = 1_000
HELD, OTHER = "cdm:BR-1", "tha:trader"
SERVE = (
    "import sys; from pathlib import Path; from counterfoil.entrypoints.bootstrap import Folder; "
    "from counterfoil.entrypoints.serving import serve; "
    "sys.exit(serve(Folder(Path(sys.argv[1])), port=0, for_seconds=int(sys.argv[2])))"
)


def founded(path: Path, *, blocks: int = 10, demonstration: bool = True) -> Folder:
    """A registry with so many blocks of `HELD`, and an account `OTHER`."""
    folder = Folder(path)
    signer = create_key(folder, name="tha/registry")
    opened = open_for_writing(folder, "test", create=True)
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, found(base64.b64encode(signer.public_key).decode(), demonstration=demonstration))
        act(writable, OpenAccount(account=OTHER, holder="trader"))
        act(writable, *(block(number) for number in range(blocks)))
    return folder


def found(public_key: str, *, demonstration: bool) -> Found:
    return Found(
        registry="THA01",
        party=Party("THA"),
        name="Thailand <泰國>",
        origin="tha/registry",
        public_key=public_key,
        demonstration=demonstration,
        ndc_periods=(NdcPeriod(2021, 2030, 2032),),
    )


def block(number: int) -> ImportIssuance:
    return ImportIssuance(
        party="BR",
        project="1",
        first=number * BLOCK + 1,
        last=(number + 1) * BLOCK,
        unit_type="CER",
        commitment_period="1",
        completed_at="2010-01-01",
        provenance="test",
    )


def act(writable: Writable, *commands: Command) -> None:
    outcomes = writable.driver.do([Submission(command, "test") for command in commands])
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes


def token(folder: Folder, name: str = "client", **options: Any) -> dict[str, str]:
    """The header of a new token."""
    made = new_token(folder.path, name=name, **options)
    assert not isinstance(made, Refusal), made
    return {"authorization": f"Bearer {made.text}"}


def transfer(first: int, last: int, **changes: Any) -> dict[str, Any]:
    units = {"unit_class": "BR-#", "first": first, "last": last}
    return {"command": "Transfer", "units": units, "source": HELD, "target": OTHER, **changes}


@contextlib.asynccontextmanager
async def open_site(folder: Folder, at_hand: OfficeAtHand | None = None) -> AsyncIterator[Site]:
    """The site on this event loop, without sockets."""
    import asyncio

    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        room = ReadingRoom(folder, lambda: writable.driver.writer.note)
        try:
            desk = Desk(writable.driver, asyncio.get_running_loop())
            site = Site(desk, room, TokenTable(folder.path), at_hand=at_hand)
            yield site
            site.close()
        finally:
            room.close()


@contextlib.asynccontextmanager
async def asking(folder: Folder, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the site that sends these headers."""
    async with open_site(folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry", headers=headers) as client:
            with anyio.fail_after(60):
                yield client


@dataclass
class Served:
    """A server in a process of its own."""

    folder: Folder
    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@contextlib.contextmanager
def served(folder: Folder, *, for_seconds: int = 120, code: str = SERVE) -> Iterator[Served]:
    command = [sys.executable, "-c", code, str(folder.path), str(for_seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert "http://" in line, process.stderr.read()
        server = Served(folder, process, int(line.rsplit(":", 1)[1]))
        try:
            yield server
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
