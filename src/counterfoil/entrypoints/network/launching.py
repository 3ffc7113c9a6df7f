"""Bring a network up: found what is missing, start a process for each registry, link them, and wait for their health.

What was founded before is taken up again as it stands, also after a crash of the machine: books, keys and links are in
the folders, and only the processes are new.
"""

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.durable import made_folder
from counterfoil.adapters.lock import Holder, RegistryLock
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.sockets import tcp_socket
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.network.console import healthy
from counterfoil.entrypoints.network.ending import ORDERLY_SECONDS
from counterfoil.entrypoints.network.founding import founded
from counterfoil.entrypoints.network.kept import Kept, Network, read_network
from counterfoil.entrypoints.network.linking import linked
from counterfoil.entrypoints.network.plan import NetworkFault, Planned, planned
from counterfoil.entrypoints.network.spawning import Spawned, Start, spawned

HEALTHY_SECONDS: Final = 60
"""How long a registry may take to listen and to answer; on a busy machine that is long."""
FOR_SECONDS: Final = 3_600
_HOST: Final = "127.0.0.1"
_PAUSE_S: Final = 0.02
_LISTENING: Final = re.compile(r"http://[0-9.]+:([0-9]{1,5})")
_LOG_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Up:
    """A network that runs, and how many of its processes were started for it just now."""

    network: Network
    started: int


def up(
    path: Path, parties: Sequence[str] = (), *, seconds: int = FOR_SECONDS, packs: Sequence[str] = ()
) -> Up | Refusal:
    """Found, start and link the registries of a network, and return when all are healthy.

    Args:
        path: An empty folder, one that does not exist yet, or a network's.
        parties: Whose registries; left out, those of the plan, or those that the network has already.
        seconds: After so many seconds every process ends by itself.
        packs: Folders with further packs.

    Returns:
        What runs now. Refused: files of others in the folder, other Parties than those of the network that is there,
        and another `up` in the same folder at the same time.

    Raises:
        Outage: `network.not_healthy` when a registry does not answer in time; what was started is ended then.
    """
    known = read_network(path)
    plan = planned(parties or (() if isinstance(known, Refusal) else known.parties))
    return plan if isinstance(plan, Refusal) else up_as_planned(path, plan, seconds=seconds, packs=packs)


def up_as_planned(path: Path, plan: Sequence[Planned], *, seconds: int, packs: Sequence[str]) -> Up | Refusal:
    """The same for registries that are described one by one."""
    known = read_network(path)
    if isinstance(known, Refusal) and path.exists() and any(path.iterdir()):
        return Refusal(NetworkFault.FOLDER_NOT_OURS, {"folder": str(path)})
    wanted = tuple(each.party for each in plan)
    if not isinstance(known, Refusal) and set(wanted) != set(known.parties):
        return Refusal(NetworkFault.PARTIES_DIFFER, {"folder": str(path), "parties": ", ".join(known.parties)})
    made_folder(path)
    lock = RegistryLock(path).acquire("network up")
    if isinstance(lock, Refusal):
        return lock
    with lock:
        network = known if isinstance(known, Network) else Network(path, tuple(Kept(party) for party in wanted))
        network.write()
        return _up(network, plan, seconds=seconds, packs=packs)


def _up(network: Network, plan: Sequence[Planned], *, seconds: int, packs: Sequence[str]) -> Up | Refusal:
    silent = [each for each in plan if network.running(each.party) is None]
    if not silent:
        return Up(network, 0)
    laws = LawsAtHand(packs)
    for each in silent:
        refusal = founded(network.path / each.party, each, laws)
        if refusal is not None:
            return refusal
    network = replace(network, until=_until(seconds))
    starts = [_start(network, each.party, seconds=seconds) for each in silent]
    processes = spawned(starts, environment={**os.environ, **_packs_named(packs)})
    started = dict(zip((each.party for each in silent), processes, strict=True))
    try:
        network = _listening(network, started)
        linked(network)
    except BaseException:
        for process in processes:
            process.stop(ORDERLY_SECONDS)
        raise
    finally:
        for process in processes:
            process.let_go()
    return Up(network, len(started))


def _until(seconds: int) -> str:
    return utc_text(SystemClock().now_ms() + seconds * 1_000)


def _start(network: Network, party: str, *, seconds: int) -> Start:
    known = next(each.address for each in network.registries if each.party == party)
    return Start(network.path / party, _port(known), seconds, network.log(party))


def _port(known: str) -> int:
    """The port of the address at which partners know the registry; a free one (0) where that is none, or taken."""
    number = int(known.rpartition(":")[2] or 0)
    try:
        tcp_socket(_HOST, number).close()
    except Outage:
        return 0
    return number


def _packs_named(packs: Sequence[str]) -> Mapping[str, str]:
    from counterfoil.entrypoints.pack_shelf import VARIABLE

    named = [*packs, *filter(None, [os.environ.get(VARIABLE, "")])]
    return {VARIABLE: os.pathsep.join(named)} if named else {}


def _listening(network: Network, started: Mapping[str, Spawned]) -> Network:
    """Wait until each listens and answers, and keep its process and address as soon as they are known."""
    end_at = time.monotonic() + HEALTHY_SECONDS
    rows = {each.party: each for each in network.registries}
    for party, process in _first_ready(network, started, end_at):
        holder = RegistryLock(network.path / party).holder()
        assert isinstance(holder, Holder)
        rows[party] = Kept(party, process.pid, holder.since, _address(network.log(party)) or "")
        network = replace(network, registries=tuple(rows.values()))
        network.write()
    return network


def _first_ready(network: Network, started: Mapping[str, Spawned], end_at: float) -> Iterator[tuple[str, Spawned]]:
    """The registries in the order in which they are ready.

    Raises:
        Outage: `network.not_healthy`.
    """
    waiting = dict(started)
    while waiting:
        for party, process in list(waiting.items()):
            address = _address(network.log(party))
            if address is not None and healthy(address):
                del waiting[party]
                yield party, process
            elif process.ended or time.monotonic() > end_at:
                said = _said(network.log(party)).strip()[-_LOG_SHOWN:]
                raise Outage(NetworkFault.NOT_HEALTHY, {"party": party, "said": said or "-"}, retry=True)
        time.sleep(_PAUSE_S)


def _address(log: Path) -> str | None:
    """Where the process said that it listens."""
    found = _LISTENING.search(_said(log))
    return None if found is None else found[0]


def _said(log: Path) -> str:
    return log.read_text("utf-8", "replace") if log.exists() else ""
