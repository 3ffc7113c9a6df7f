"""Take a network down: orderly first, then by force, and only processes that are its own."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterfoil.adapters.lock import RegistryLock
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.network.kept import Network, read_network, tell

ORDERLY_SECONDS: Final = 12
"""How long a registry may take to answer what waits and to close its books; a server gives requests eight seconds."""
FORCED_SECONDS: Final = 5
_PAUSE_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Ended:
    """How many registries ended in order, and how many by force."""

    orderly: int
    forced: int


def down(path: Path) -> Ended | Refusal:
    """End every process of a network; its folders stay. Refused: `network.none_here`, and another `up` at work."""
    network = read_network(path)
    if isinstance(network, Refusal):
        return network
    lock = RegistryLock(path).acquire("network down")
    if isinstance(lock, Refusal):
        return lock
    with lock:
        return end(network, network.parties)


def end(network: Network, parties: tuple[str, ...]) -> Ended:
    """End the processes of some registries, all at once."""
    running = [party for party in parties if tell(network, party, signal.SIGTERM)]
    # One that was stopped in its tracks takes the signal only once it goes on.
    for party in running:
        tell(network, party, signal.SIGCONT)
    late = _waited(network, running, ORDERLY_SECONDS)
    for party in late:
        tell(network, party, signal.SIGKILL)
    _waited(network, late, FORCED_SECONDS)
    return Ended(len(running) - len(late), len(late))


def _waited(network: Network, parties: list[str], seconds: float) -> list[str]:
    """Those that still run after so long."""
    end_at = time.monotonic() + seconds
    late = list(parties)
    while True:
        late = [party for party in late if network.running(party) is not None]
        if not late or time.monotonic() > end_at:
            return late
        time.sleep(_PAUSE_S)
