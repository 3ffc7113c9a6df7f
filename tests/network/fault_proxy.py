"""A wire between two registries that breaks where a test wants it: it cuts, delays, truncates, or calls somebody.

It listens on loopback, passes bytes both ways, and knows where a request for `/federation/v1/messages` or the answer to
one begins. Read before: `test_killed_between_stages.py`.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_POST: Final = b"POST /federation/v1/messages"
_ANSWER: Final = b"HTTP/1.1 "
_PIECE: Final = 65_536
DELAY_SECONDS: Final = 1.0


class Moment(StrEnum):
    """What is passing. A transfer is two posts: proposal and acceptance, receipt and acknowledgement."""

    PROPOSAL = "proposal"
    ACCEPTANCE = "acceptance"
    RECEIPT = "receipt"
    ACKNOWLEDGEMENT = "acknowledgement"


class Fault(StrEnum):
    """What befalls it. After a call the wire goes on, if there is still somebody on both ends."""

    CUT = "the wire breaks before it has passed"
    CUT_AFTER = "the wire breaks as soon as it has passed"
    TRUNCATE = "half of it passes, then the wire breaks"
    DELAY = "it waits a while"
    CALL = "somebody is called before it passes"
    CALL_AFTER = "somebody is called as soon as it has passed"


@dataclass
class Armed:
    """A fault that will strike once."""

    moment: Moment
    fault: Fault
    call: Callable[[], None] = lambda: None


_POSTS: Final = (Moment.PROPOSAL, Moment.RECEIPT)
_ANSWERS: Final = (Moment.ACCEPTANCE, Moment.ACKNOWLEDGEMENT)


class FaultProxy:
    """Between everybody and one registry, which may come back at another port."""

    def __init__(self, port: int) -> None:
        self.aim = port
        self.armed: Armed | None = None
        self.struck = threading.Event()
        self._posts = 0
        self._answered = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                there, back = await asyncio.open_connection("127.0.0.1", self.aim)
                try:
                    await self._both(reader, writer, there, back)
                finally:
                    back.close()
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _both(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> None:
        """Pass bytes both ways until one of the two ends, then end both."""
        ways = [
            asyncio.create_task(self._pass_on(reader, back, asking=True)),
            asyncio.create_task(self._pass_on(there, writer, asking=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, asking: bool) -> None:
        while data := await reader.read(_PIECE):
            fault = self._fault(data, asking=asking)
            if fault is not None and await self._struck(fault, data, writer):
                return
            writer.write(data)
            await writer.drain()
            if fault is not None and fault.fault is Fault.CUT_AFTER:
                return
            if fault is not None and fault.fault is Fault.CALL_AFTER:
                await asyncio.to_thread(fault.call)
                self.struck.set()

    async def _struck(self, armed: Armed, data: bytes, writer: asyncio.StreamWriter) -> bool:
        """Do what befalls these bytes before they pass; whether the wire is broken by it."""
        match armed.fault:
            case Fault.CUT:
                self.struck.set()
                return True
            case Fault.TRUNCATE:
                writer.write(data[: len(data) // 2])
                await writer.drain()
                self.struck.set()
                return True
            case Fault.DELAY:
                await asyncio.sleep(DELAY_SECONDS)
                self.struck.set()
            case Fault.CALL:
                await asyncio.to_thread(armed.call)
                self.struck.set()
            case Fault.CUT_AFTER:
                self.struck.set()
            case Fault.CALL_AFTER:
                pass
        return False

    def _fault(self, data: bytes, *, asking: bool) -> Armed | None:
        """The armed fault, when its moment begins with these bytes; it is armed no more."""
        moment = self._moment(data, asking=asking)
        armed = self.armed
        if moment is None or armed is None or armed.moment is not moment:
            return None
        self.armed = None
        return armed

    def _moment(self, data: bytes, *, asking: bool) -> Moment | None:
        if asking and data.startswith(_POST):
            self._posts += 1
            return _POSTS[min(self._posts, len(_POSTS)) - 1]
        if not asking and data.startswith(_ANSWER) and self._answered < self._posts:
            self._answered = self._posts
            return _ANSWERS[min(self._posts, len(_ANSWERS)) - 1]
        return None


@contextlib.contextmanager
def fault_proxy(port: int) -> Iterator[FaultProxy]:
    proxy = FaultProxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
