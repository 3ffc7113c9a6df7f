"""The front door of an installation: one port for all sections, behind which each has a socket of its own.

It parses the head of a request, says which section is meant, and hands the body on piece by piece. It keeps nothing,
decides nothing and holds no key: a section takes nobody who comes through it for its owner. Each request has a
connection of its own to its section, so that no two requests can be mixed up there. Where a section is told by the
path, all sections are one origin to a browser; so cookies pass only where a host name told it. Source: ADR-0034.
"""

import asyncio
import socket
import time
from pathlib import Path
from typing import Final

import h11

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.caller import is_local
from counterfoil.entrypoints.http.exchange import Receive, Scope, Send, answer, answer_problem
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.problem import language_of, problem
from counterfoil.entrypoints.tenancy.door_counts import DoorCounts
from counterfoil.entrypoints.tenancy.door_pages import health, index, metrics
from counterfoil.entrypoints.tenancy.fault import DoorFault
from counterfoil.entrypoints.tenancy.passage import Broken, Passage, head_of
from counterfoil.entrypoints.tenancy.routing import Routes, Way
from counterfoil.entrypoints.tenancy.standing import FILE, Running, Standing, read_standing, run_folder

RUNNING_MAX: Final = 96
"""Requests that may be in one section at once: a section that hangs takes no more of the door than this."""
CONNECT_SECONDS: Final = 5
_RESTING: Final = Standing("", 0, "")


class FrontDoor:
    """The ASGI application of the front door."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._mark: tuple[int, int] | None = None
        self.standing = _RESTING
        self.routes = Routes(_RESTING)
        self.counts = DoorCounts()
        self.look()

    def look(self) -> None:
        """Take up what the supervisor wrote since the last look; asked before each request, which costs one `stat`."""
        try:
            found = (run_folder(self._directory) / FILE).stat()
        except OSError:
            return
        mark = found.st_mtime_ns, found.st_ino
        if mark == self._mark:
            return
        standing = read_standing(self._directory)
        if standing is not None:
            self._mark, self.standing, self.routes = mark, standing, Routes(standing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.look()
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        path: bytes = scope["raw_path"].partition(b"?")[0]
        way = self.routes.way(hosts[0], path) if len(hosts) == 1 else None
        if way is not None and not is_local(scope) and path.startswith(b"/"):
            await self._hand_on(way, scope, receive, send)
        elif len(hosts) != 1 or not path.startswith(b"/"):
            await _tell(scope, send, Refusal(HttpFault.REQUEST_UNREADABLE))
        else:
            await self._own(scope, send, path)

    async def _own(self, scope: Scope, send: Send, path: bytes) -> None:
        """What the door itself answers. What stands behind the sections' doors is told to the owner alone."""
        own = is_local(scope)
        if scope["method"] not in ("GET", "HEAD"):
            return await _tell(scope, send, _unknown(scope))
        if path == b"/":
            return await answer(send, 200, index(self.standing), _FRESH)
        if path == b"/health":
            status, body = await health(self.standing, in_detail=own)
            return await answer(send, status, body, _FRESH)
        if path == b"/metrics" and own:
            return await answer(send, 200, await metrics(self.standing, self.counts), _FRESH, _PROMETHEUS)
        return await _tell(scope, send, _unknown(scope))

    async def _hand_on(self, way: Way, scope: Scope, receive: Receive, send: Send) -> None:
        section = way.section
        counted = self.counts.of(section.party)
        fault = _closed_to(way, counted.running)
        if fault is not None:
            counted.turned_away += 1
            return await _tell(scope, send, fault)
        counted.running += 1
        started = time.monotonic()
        passage = Passage(send, way.prefix)
        try:
            await self._passed(passage, way, scope, receive)
        except (OSError, EOFError, TimeoutError, Broken, h11.ProtocolError):
            counted.broken += 1
            if not passage.begun:
                await _tell(scope, send, _down(way, DoorFault.SECTION_BROKE_OFF))
            # An answer that had begun is left unfinished and the connection closed, so that it cannot pass for whole.
        finally:
            counted.running -= 1
            counted.done(passage.status, time.monotonic() - started)

    async def _passed(self, passage: Passage, way: Way, scope: Scope, receive: Receive) -> None:
        head = head_of(scope, way, behind_proxy=self.standing.behind_proxy)
        with socket.socket(socket.AF_UNIX) as line:
            line.setblocking(False)  # noqa: FBT003  the socket's own signature
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(line, way.section.socket)
            await passage.through(head, receive, line)


_PROMETHEUS: Final = b"text/plain; version=0.0.4; charset=utf-8"
_FRESH: Final = ((b"cache-control", b"no-store"),)


def _closed_to(way: Way, running: int) -> Refusal | Outage | None:
    """Why a request is not handed on."""
    section = way.section
    if section.running is Running.CLOSED:
        return Refusal(DoorFault.SECTION_CLOSED, {"party": section.party, "address": section.address or "-"})
    if section.running is not Running.RUNNING:
        return _down(way, DoorFault.SECTION_DOWN)
    if running >= RUNNING_MAX:
        return Outage(DoorFault.SECTION_BUSY, {"party": section.party, "running_max": RUNNING_MAX}, retry=True)
    return None


def _down(way: Way, code: DoorFault) -> Outage:
    return Outage(code, {"party": way.section.party}, retry=True)


def _unknown(scope: Scope) -> Refusal:
    return Refusal(DoorFault.SECTION_UNKNOWN, {"path": scope["path"][:200]})


async def _tell(scope: Scope, send: Send, fault: Refusal | Outage) -> None:
    # Whatever was asked for, to the door it is a question about what is behind it: 404 where that is not there.
    language = language_of(scope["headers"])
    await answer_problem(send, problem(fault, instance=scope["path"], language=language, asked=True))
