"""What a network keeps in its folder: which registries it has, where each listens, and which processes are its own.

A process is the network's own while it holds the lock of a registry's folder under the same number and since the same
second as was written down: a number that the system gave to another process since then holds no such lock.
"""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.durable import replaced
from counterfoil.adapters.lock import Holder, RegistryLock
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.network.plan import NetworkFault

FILE: Final = "network.json"
VERSION: Final = 1
LOG: Final = "serve.log"


@dataclass(frozen=True, slots=True)
class Kept:
    """One registry of the network: its process, since when (UTC) that holds the folder, and its address over TCP."""

    party: str
    pid: int = 0
    since: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """A network's folder, with what is kept of its registries."""

    path: Path
    registries: tuple[Kept, ...]
    until: str = ""

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(each.party for each in self.registries)

    def folder(self, party: str) -> Folder:
        return Folder(self.path / party)

    def log(self, party: str) -> Path:
        """What the registry's process said."""
        return self.path / party / LOG

    def running(self, party: str) -> Holder | None:
        """The holder of the registry's folder, where that is the process which this network started."""
        kept = next((each for each in self.registries if each.party == party), None)
        holder = RegistryLock(self.path / party).holder()
        own = kept is not None and holder is not None and (holder.pid, holder.since) == (kept.pid, kept.since)
        return holder if own else None

    def write(self) -> None:
        """Keep it, whole or not at all."""
        told = {"version": VERSION, "until": self.until, "registries": [asdict(each) for each in self.registries]}
        with replaced(self.path / FILE) as draft:
            draft.write_text(f"{json.dumps(told, indent=2)}\n", "utf-8")


def read_network(path: Path) -> Network | Refusal:
    """The network of a folder, or the refusal `network.none_here`."""
    try:
        told: Mapping[str, Any] = json.loads((path / FILE).read_text("utf-8"))
        rows: Sequence[Mapping[str, Any]] = told["registries"]
        return Network(path, tuple(Kept(**row) for row in rows), str(told["until"]))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return Refusal(NetworkFault.NONE_HERE, {"folder": str(path)})


def tell(network: Network, party: str, number: signal.Signals) -> bool:
    """Send a signal to a registry's process, where that is this network's own; false where it is gone.

    Where the system can hold on to a process, it is looked at once more after that, so that no other is met.
    """
    holder = network.running(party)
    if holder is None:
        return False
    with suppress(ProcessLookupError):
        if not hasattr(os, "pidfd_open"):
            os.kill(holder.pid, number)
            return True
        handle = os.pidfd_open(holder.pid)
        try:
            if network.running(party) is None:
                return False
            signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)
        return True
    return False
