"""Serve one registry over HTTP until told to stop: the lock, the two sockets, the loop, and an orderly end."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

import uvloop

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.command import Command
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.courier_clerk import CourierClerk
from counterfoil.entrypoints.demo.neighbour import neighbour_of
from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.due_clerk import DueClerk
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.http.caller import LOCAL
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.listening import Tell, allow_files, dated, is_loopback, server_config, server_state
from counterfoil.entrypoints.http.protocol import BoundedProtocol, StrangersProtocol
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.http.sockets import BACKLOG, local_socket, tcp_socket
from counterfoil.entrypoints.http.tokens import TokenTable
from counterfoil.entrypoints.language import said
from counterfoil.entrypoints.postman import Postman
from counterfoil.entrypoints.reconciling_clerk import ReconcilingClerk
from counterfoil.entrypoints.site import Site

PORT: Final = 8642
PAGES_AFTER_SECONDS: Final = 3
"""When the pages are loaded, unless somebody asked for one before: whoever waits for the start waits for no page."""
GRACE_SECONDS: Final = 8
"""How long requests that run may take to end after a stop was asked for."""

_LISTENING: Final = {"en": "Listening on {address}", "zh-Hant": "服務位址：{address}"}
_BESIDE: Final = {
    "en": "The partner's registry ({party}) is served beside it: {address}",
    "zh-Hant": "夥伴方登錄系統（{party}）同時服務於：{address}",
}
_OPEN: Final = {
    "en": "This address is not loopback and speaks plain HTTP: put a proxy with TLS before it.",
    "zh-Hant": "此位址非本機迴路且使用未加密之 HTTP：請於前端設置具 TLS 之代理伺服器。",
}


def serve(
    folder: Folder,
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    for_seconds: int | None = None,
    language: str = "en",
    tell: Tell | None = None,
    door: socket.socket | None = None,
    demonstration: ServedDemo | None = None,
) -> int:
    """Serve until SIGTERM, SIGINT, or the end of `for_seconds`.

    Args:
        port: 0 takes a free port; the address is told.
        tell: Takes each line for the operator; left out, it goes to standard output.
        door: A listening UNIX socket to serve in the place of a port: that of an installation's front door.
        demonstration: What is told of a demonstration that is served, with the people whom one may enter as. Left out
            of account where the registry is none, or the address is not loopback.

    Returns:
        The exit status: 0 after an orderly end, 1 when the folder is in use elsewhere.

    Raises:
        Outage: there is no registry in the folder, it cannot be used, or the address is taken.
    """
    say = tell or _to_output
    opened = open_for_writing(folder, "serve")
    if isinstance(opened, Refusal):
        return _refused(opened, language, say)
    allow_files()
    with ExitStack() as stack:
        writable = stack.enter_context(opened)
        tcp = stack.enter_context(door or tcp_socket(host, port))
        told = open_to_people(demonstration, tcp, of_demonstration=writable.registry.demonstration)
        lines = [said(_LISTENING, language, "cli.serve.listening").format(address=_address(tcp))]
        if not is_loopback(tcp):
            lines.append(said(_OPEN, language, "cli.serve.open"))
        servers: list[_Server] = []
        if told is not None and told.neighbour is not None:
            beside = stack.enter_context(neighbour_of(told, writable, tcp))
            if isinstance(beside, Refusal):
                return _refused(beside, language, say)
            own = told.beside(_address(tcp))
            told = replace(told, neighbour=replace(told.neighbour, address=beside.page))
            servers.append(stack.enter_context(_server(beside.writable, beside.tcp, own)))
            known = said(_BESIDE, language, "cli.serve.beside")
            lines.append(known.format(party=own.party, address=beside.page))
        servers.insert(0, stack.enter_context(_server(writable, tcp, told)))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_together(servers, lambda: [say(line) for line in lines], for_seconds))
    return 0


def _refused(refusal: Refusal, language: str, say: Tell) -> int:
    for line in (catalogue().message(refusal, language), catalogue().fix(refusal, language)):
        say(line)
    return 1


@contextmanager
def _server(writable: Writable, tcp: socket.socket, demonstration: ServedDemo | None) -> "Iterator[_Server]":
    """The server of an open registry, with the socket in its folder."""
    with local_socket(writable.folder.path) as (local, path):
        writable.lock.announce(path)
        yield _Server(writable, (tcp, local), demonstration)


async def _together(servers: Sequence["_Server"], ready: Callable[[], object], for_seconds: int | None) -> None:
    """Serve registries on one event loop until told to stop; where one fails, all end."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if for_seconds is not None:
        loop.call_later(for_seconds, stop.set)
    waiting = set(servers)

    def listens(server: "_Server") -> None:
        waiting.discard(server)
        if not waiting:
            ready()

    if len(servers) == 1:
        return await servers[0].run(stop, listens)
    async with asyncio.TaskGroup() as group:
        for each in servers:
            group.create_task(each.run(stop, listens))


class _Server:
    """The listeners of one registry on one event loop."""

    def __init__(
        self, writable: Writable, sockets: tuple[socket.socket, socket.socket], demonstration: ServedDemo | None
    ) -> None:
        self._writable = writable
        self._demonstration = demonstration
        self._tcp, self._local = sockets
        self._state = server_state()
        self._room = ReadingRoom(writable.folder, lambda: writable.driver.writer.note)

    async def run(self, stop: asyncio.Event, listens: "Callable[[_Server], None]") -> None:
        loop = asyncio.get_running_loop()
        desk, tokens = Desk(self._writable.driver, loop), TokenTable(self._writable.folder.path)
        site = Site(desk, self._room, tokens, demonstration=self._demonstration)
        make = partial(BoundedProtocol, config=server_config(site), server_state=self._state, app_state={}, _loop=loop)
        self._tick()
        servers: list[Any] = [
            await self._public(make),
            await loop.create_unix_server(make, sock=self._local, backlog=BACKLOG),
        ]
        postman = Postman(self._writable.folder, self._anchor)
        postman.start()
        due = DueClerk(self._writable.folder, self._writable.driver, SystemClock(), by=LOCAL)
        due.start()
        couriers = CourierClerk(site.links)
        couriers.start()
        reconciling = ReconcilingClerk(self._writable.folder, self._writable.driver, site.reconciler, SystemClock())
        reconciling.start()
        try:
            listens(self)
            loop.call_later(PAGES_AFTER_SECONDS, lambda: loop.run_in_executor(None, site.pages.build))
            while not stop.is_set():
                await _either(stop, 1)
                self._tick()
        finally:
            for server in servers:
                server.close()
            await self._finish()
            await asyncio.to_thread(reconciling.close, seconds=GRACE_SECONDS)
            await asyncio.to_thread(couriers.close, seconds=GRACE_SECONDS)
            await asyncio.to_thread(due.close, seconds=GRACE_SECONDS)
            await asyncio.to_thread(postman.close, seconds=GRACE_SECONDS)
            site.close()

    async def _public(self, make: Any) -> asyncio.Server:
        """The listener for everybody. Over a UNIX socket, too, nobody is taken for the owner there."""
        loop = asyncio.get_running_loop()
        if self._tcp.family != socket.AF_UNIX:
            return await loop.create_server(make, sock=self._tcp, backlog=BACKLOG)
        strangers = partial(StrangersProtocol, **make.keywords)
        return await loop.create_unix_server(strangers, sock=self._tcp, backlog=BACKLOG)

    def _anchor(self, command: Command) -> None:
        """Submit the act that anchors the trail. One that came first is met by a refusal, and nothing is lost by it."""
        self._writable.driver.do([Submission(command, LOCAL)])

    def _tick(self) -> None:
        """Once a second: the date that answers carry, slow clients, and looks at the books that are out of date."""
        self._state.default_headers = [dated()]
        now = asyncio.get_running_loop().time()
        for connection in list(self._state.connections):
            if isinstance(connection, BoundedProtocol):
                connection.look_over(now)
        self._room.tidy()

    async def _finish(self) -> None:
        """Let running requests end, cut off what takes too long, and close the reading room."""
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(list(self._state.tasks), timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        for connection in list(self._state.connections):
            connection.transport.close()
        await asyncio.sleep(0)
        self._room.close()


async def _either(stop: asyncio.Event, seconds: int) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


def _address(tcp: socket.socket) -> str:
    name = tcp.getsockname()
    if tcp.family == socket.AF_UNIX:
        return str(name)
    host = f"[{name[0]}]" if tcp.family == socket.AF_INET6 else name[0]
    return f"http://{host}:{name[1]}"


def open_to_people(
    demonstration: ServedDemo | None, tcp: socket.socket, *, of_demonstration: bool
) -> ServedDemo | None:
    """The demonstration whose people one may enter as: never of a real registry, and only on a port of loopback.

    Behind a UNIX socket stands a front door, which may be open to everybody.
    """
    return demonstration if of_demonstration and tcp.family != socket.AF_UNIX and is_loopback(tcp) else None


def _to_output(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
