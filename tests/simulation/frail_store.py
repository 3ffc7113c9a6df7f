"""A store in memory whose process may die at a commit, or whose disk may fail; and a backup is a copy of it."""

from collections.abc import Callable
from enum import StrEnum

from counterfoil.adapters.storage.memory.state import State
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Batch, Outage


class Crash(BaseException):
    """The process is gone. No code of the registry sees this, as none sees a kill."""


class Mishap(StrEnum):
    """What befalls a commit."""

    DIES_BEFORE = "dies before the commit"
    DIES_AFTER = "dies after the commit, before anybody hears of it"
    DISK_FAILS = "the disk fails, nothing is written"


class FrailStore(MemoryStore):
    """`mishap` is asked at each commit."""

    __slots__ = ("_mishap",)

    def __init__(self, state: State, mishap: Callable[[], Mishap | None]) -> None:
        super().__init__()
        self._state, self._shared = state, True
        self._mishap = mishap

    @classmethod
    def copied(cls, store: MemoryStore, mishap: Callable[[], Mishap | None]) -> "FrailStore":
        """A store that begins where another stands; each goes on by itself."""
        store._shared = True
        return cls(store._state, mishap)

    @property
    def size(self) -> int:
        """How many entries are committed."""
        return len(self._state.journal)

    def backup(self) -> State:
        """All that is committed. It is never changed again: the next commit works on a copy."""
        self._shared = True
        return self._state

    def restore(self, state: State) -> None:
        self._state, self._shared = state, True

    def commit(self, batch: Batch) -> None:
        mishap = self._mishap()
        if mishap is Mishap.DIES_BEFORE:
            raise Crash
        if mishap is Mishap.DISK_FAILS:
            raise Outage(StorageFault.IO_ERROR, {"path": "memory", "detail": "a fault of the simulation"}, retry=True)
        super().commit(batch)
        if mishap is Mishap.DIES_AFTER:
            raise Crash
