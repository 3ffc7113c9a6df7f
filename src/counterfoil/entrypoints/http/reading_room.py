"""The reading room: looks at the books in a few threads, each on its own connection, shared while nothing changes.

What nobody waits for has a thread of its own, which gives way: before a question it waits, for a while, until no
visitor does, and it rests after each. One interpreter runs one thread at a time, so a journal that was read without
a pause made every page of the first minutes slow.

A look is one committed moment. It is kept for the next reader until the writer has committed more, and closed soon
after, because an open look keeps the log behind it from being reused.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from threading import Event, Lock
from typing import Final, TypeVar

from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, Readable, open_for_reading
from counterfoil.entrypoints.http.fault import HttpFault

READERS: Final = 3
WAITING_MAX: Final = 256
"""Questions that may wait for a reader; beyond them a caller is told to come back."""
WAITING_SECONDS: Final = 10
"""How long a question may wait; after that nobody is likely to listen, and those behind it would wait even longer."""

WAY_SECONDS: Final = 0.1
"""How long a question that nobody waits for lets visitors go first; then it takes its turn however many there are."""
TRIES_SECONDS: Final = 0.004
REST_SHARE: Final = 0.5
"""The rest after such a question, as a share of what it took."""
REST_SECONDS: Final = 0.25

T = TypeVar("T")


class _Look:
    """One open reading with its look, and the note under which it was opened."""

    __slots__ = ("note", "readable", "sight")

    def __init__(self, folder: Folder, note: str) -> None:
        self.note = note
        self.readable: Readable = open_for_reading(folder)
        self.sight = Sight(self.readable.reading, self.readable.codec, self.readable.evidence)


class ReadingRoom:
    """Answers questions about what is committed, away from the event loop."""

    def __init__(self, folder: Folder, note: Callable[[], str]) -> None:
        """`note` gives the writer's last checkpoint: while it stands, the books have not changed."""
        self.folder = folder.path
        self._folder = folder
        self._note = note
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="counterfoil-reader")
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="counterfoil-behind")
        self._closed = Event()
        self._idle: list[_Look] = []
        self._lock = Lock()
        self._waiting = 0
        self._told = ("", "")

    @property
    def moment(self) -> str:
        """A short mark of the last commit, for ETags. The same books have the same mark."""
        note = self._note()
        if self._told[0] != note:
            self._told = (note, blake2b(note.encode(), digest_size=9).hexdigest())
        return self._told[1]

    async def ask(self, question: Callable[[Sight], T]) -> T:
        """The answer to a question, from books that hold at least what was committed when it was asked.

        Raises:
            Outage: `http.busy`, or what the store says.
        """
        if self._waiting >= WAITING_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": self._waiting}, retry=True)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._in_turn, question, time.monotonic())
        finally:
            self._waiting -= 1

    def later(self, question: Callable[[Sight], object]) -> None:
        """A question that nobody waits for, behind those that somebody does. What goes wrong in it is left."""
        # After the end of the room nothing more is asked.
        with contextlib.suppress(RuntimeError):
            self._behind.submit(self._give_way, question)

    def tidy(self) -> None:
        """Close the looks that no longer show the last commit."""
        note = self._note()
        with self._lock:
            past = [look for look in self._idle if look.note != note]
            self._idle = [look for look in self._idle if look.note == note]
        for look in past:
            look.readable.reading.close()

    def close(self) -> None:
        """Wait for the readers, then close every look. What nobody waits for is left undone."""
        self._closed.set()
        self._behind.shutdown(cancel_futures=True)
        self._threads.shutdown()
        for look in self._idle:
            look.readable.reading.close()
        self._idle.clear()

    def _in_turn(self, question: Callable[[Sight], T], asked: float) -> T:
        if time.monotonic() - asked > WAITING_SECONDS:
            raise Outage(HttpFault.BUSY, {"waiting": self._waiting}, retry=True)
        return self._answer(question)

    def _give_way(self, question: Callable[[Sight], object]) -> None:
        end = time.monotonic() + WAY_SECONDS
        while self._waiting and time.monotonic() < end and not self._closed.wait(TRIES_SECONDS):
            pass
        if self._closed.is_set():
            return
        begun = time.monotonic()
        self._answer(question)
        self._closed.wait(min(REST_SECONDS, (time.monotonic() - begun) * REST_SHARE))

    def _answer(self, question: Callable[[Sight], T]) -> T:
        look = self._taken()
        try:
            found = question(look.sight)
        except BaseException:
            with contextlib.suppress(Outage):
                look.readable.reading.close()
            raise
        with self._lock:
            self._idle.append(look)
        return found

    def _taken(self) -> _Look:
        """A look at what was committed when this was called, or later."""
        note = self._note()
        self.tidy()
        with self._lock:
            # Another reader may have put back an older look since.
            for place, look in enumerate(self._idle):
                if look.note == note:
                    return self._idle.pop(place)
        return _Look(self._folder, note)
