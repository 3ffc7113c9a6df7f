"""The partner's registry, served beside a demonstration: opened with it, and each told where the other listens.

Both are in one process and speak to each other over loopback alone, with the messages and checks of any two registries.
The neighbour goes by the name `localhost`, so that a browser keeps its sessions apart from those of the number.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket
from typing import Final

from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.ports import Outage
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.http.sockets import tcp_socket

HOST: Final = "127.0.0.1"
NAME: Final = "localhost"
REASON: Final = "Demonstration: served beside · 示範：同機服務"
BY: Final = "demonstration"


@dataclass(frozen=True, slots=True)
class Beside:
    """The neighbour's registry, open for writing, with its port. `page` is where people find it."""

    writable: Writable
    tcp: socket
    page: str


@contextmanager
def neighbour_of(demonstration: ServedDemo, main: Writable, tcp: socket) -> Iterator[Beside | Refusal]:
    """Open the neighbour of a demonstration that will listen on a port of loopback, and join the two.

    It takes the next port, or any free one.

    Yields:
        The neighbour, or the refusal `registry.locked` where another process has it.
    """
    assert demonstration.neighbour is not None
    opened = open_for_writing(Folder(main.folder.path.parent / demonstration.neighbour.party), "serve --demo")
    if isinstance(opened, Refusal):
        yield opened
        return
    with opened as writable, _port_after(tcp) as own:
        port = int(own.getsockname()[1])
        _joined(main, demonstration.neighbour.party, f"http://{HOST}:{port}")
        _joined(writable, demonstration.party, f"http://{HOST}:{tcp.getsockname()[1]}")
        yield Beside(writable, own, f"http://{NAME}:{port}")


def _port_after(tcp: socket) -> socket:
    port = int(tcp.getsockname()[1])
    try:
        return tcp_socket(HOST, port + 1 if port < 65_535 else 0)
    except Outage:
        return tcp_socket(HOST, 0)


def _joined(writable: Writable, party: str, address: str) -> None:
    """Write down where a partner listens now, unless it is known."""
    known = writable.driver.writer.books.record(PARTNER, party)
    if known is not None and known["address"] != address:
        change = ChangeLink(party=Party(party), reason=REASON, address=address, assumed=(f"address = {address}",))
        writable.driver.do([Submission(change, BY)])
