"""How a network stands: the health of each registry, the transfers between them, and what is inconsistent."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER, TransferRecord
from counterfoil.application.reconciling.case_book import open_cases
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Readable, open_for_reading
from counterfoil.entrypoints.network.console import healthy
from counterfoil.entrypoints.network.kept import Network, read_network
from counterfoil.entrypoints.network.transfers import Book, Counted, counted

_LOOKS: Final = 5
"""Two books are read one after the other: only what they still disagree on after so many looks is inconsistent."""
_PAUSE_S: Final = 0.2


class Health(StrEnum):
    """Whether a registry answers, runs without answering, or does not run."""

    HEALTHY = "healthy"
    SILENT = "silent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Standing:
    """One registry: its health, and its journal's length and newest checkpoint."""

    party: str
    registry: str
    name: str
    health: Health
    address: str
    entries: int
    checkpoint: int

    def json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Status:
    """A network at one moment. `cases` are those of reconciliation that are not closed, each with its registry."""

    standings: tuple[Standing, ...]
    transfers: Counted
    until: str
    cases: tuple[str, ...] = ()

    @property
    def healthy(self) -> int:
        return sum(each.health is Health.HEALTHY for each in self.standings)

    @property
    def inconsistencies(self) -> int:
        return len(self.transfers.disagreed) + len(self.cases)

    def json(self) -> dict[str, Any]:
        """The figures first, then each registry. What was withdrawn stands beside the other transfers."""
        states = dict(self.transfers.states)
        withdrawn = states.pop("withdrawn")
        return {
            "registries": self.healthy,
            "transfers": states,
            "inconsistencies": self.inconsistencies,
            "withdrawn": withdrawn,
            "in_flight": self.transfers.in_flight,
            "disagreed": self.transfers.disagreed,
            "cases": list(self.cases),
            "until": self.until,
            "each": [standing.json() for standing in self.standings],
        }


def status(path: Path) -> Status | Refusal:
    """How the network in a folder stands, running or not. Refused: `network.none_here`."""
    network = read_network(path)
    return network if isinstance(network, Refusal) else status_of(network)


def status_of(network: Network) -> Status:
    standings: list[Standing] = []
    cases: list[str] = []
    for kept in network.registries:
        if not network.folder(kept.party).founded:
            standings.append(Standing(kept.party, "", "", Health.STOPPED, "", 0, 0))
            continue
        health = _health(network, kept.party, kept.address)
        with open_for_reading(network.folder(kept.party)) as readable:
            standings.append(_standing(readable, kept.party, kept.address, health))
            cases += [f"{kept.party} {case.id}" for case in open_cases(readable.reading, readable.codec)]
    return Status(tuple(standings), transfers_of(network), network.until, tuple(cases))


def _health(network: Network, party: str, address: str) -> Health:
    if network.running(party) is None:
        return Health.STOPPED
    return Health.HEALTHY if healthy(address) else Health.SILENT


def _standing(readable: Readable, party: str, address: str, health: Health) -> Standing:
    head = readable.reading.last_checkpoint()
    own = readable.registry
    entries, number = (0, 0) if head is None else (head.size, head.number)
    return Standing(party, own.registry, own.name, health, address, entries, number)


def transfers_of(network: Network) -> Counted:
    """The transfers of the network, looked at again while two books seem to disagree."""
    found = counted(_books(network))
    for _ in range(_LOOKS - 1):
        if not found.disagreed:
            break
        time.sleep(_PAUSE_S)
        found = counted(_books(network))
    return found


def _books(network: Network) -> Mapping[str, Book]:
    return {party: _book(network, party) for party in network.parties if network.folder(party).founded}


def _book(network: Network, party: str) -> Book:
    with open_for_reading(network.folder(party)) as readable:
        rows = readable.reading.records(TRANSFER)
        return {row.key: from_json(TransferRecord, readable.codec.decode(row.value)) for row in rows}
