"""The operator's way to a registry of the network: its health over TCP, and acts over the socket in its folder."""

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.application.command import Command
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.local import send
from counterfoil.entrypoints.network.kept import Network
from counterfoil.entrypoints.network.plan import NetworkFault
from counterfoil.entrypoints.wire import command_json

HEALTH: Final = "/api/v1/health"
ANSWER_SECONDS: Final = 10
_BODY_MAX: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Console:
    """One registry that runs, and the path of the socket over which its operator acts."""

    party: str
    socket: str

    def do(self, commands: Sequence[Command]) -> list[dict[str, Any]]:
        """The answers to acts, in their order, as `wire.answer_json` writes them.

        Raises:
            Outage: `http.local_unreachable`.
        """
        return send(self.socket, [command_json(command) for command in commands])

    def send(self, commands: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The same for commands that are JSON already."""
        return send(self.socket, commands)


def console(network: Network, party: str) -> Console | Refusal:
    """The console of a registry; the refusal `network.not_running` where its process is gone."""
    holder = network.running(party)
    if holder is None or holder.address is None:
        return Refusal(NetworkFault.NOT_RUNNING, {"folder": str(network.path), "party": party})
    return Console(party, holder.address)


def healthy(address: str, *, seconds: float = ANSWER_SECONDS) -> bool:
    """Whether the registry at an address of this machine says that its writer answers and its books can be read."""
    try:
        return got(address, HEALTH, seconds=seconds)[0] == http.client.OK
    except Outage:
        return False


def got(address: str, path: str, *, seconds: float = ANSWER_SECONDS) -> tuple[int, Any]:
    """The status and the JSON answer to a question over TCP. No proxy is asked: the address is on this machine.

    Raises:
        Outage: `network.not_healthy` when nothing answers, or no JSON.
    """
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=seconds)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, json.loads(response.read(_BODY_MAX))
    except (OSError, http.client.HTTPException, ValueError) as error:
        facts = {"party": address, "said": str(error)[:200] or type(error).__name__}
        raise Outage(NetworkFault.NOT_HEALTHY, facts, retry=True) from error
    finally:
        connection.close()
