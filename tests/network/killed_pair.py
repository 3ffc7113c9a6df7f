"""Two registries as processes that can be killed at any stage of a transfer, joined by wires that break."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from counterfoil.entrypoints.bootstrap import open_for_reading, verify_folder
from tests.crash.nursery import Child, Nursery
from tests.federation_http.stage import FolderOffice, confirmed, pair, proposal, record, sent, until
from tests.network.fault_proxy import Armed, FaultProxy, fault_proxy

UNITS = 1_000
SOLD = 400
TRANSFER = "t-1"
STEPS = ("TransferProposed", "TransferAccepted", "FirstTransferred", "Acquired", "TransferConfirmed")


@dataclass
class Side:
    """One registry, its process, and the wire that leads to it."""

    office: FolderOffice
    nursery: Nursery
    child: Child
    wire: FaultProxy
    killed: list[Child] = field(default_factory=list)

    def kill(self) -> None:
        self.child.kill()
        self.killed.append(self.child)

    def serve_again(self) -> None:
        """Start what was killed, at a port of its own."""
        for child in self.killed:
            self.nursery.reap(child)
        if self.killed:
            self.killed.clear()
            self.child = self.nursery.serve(self.office.folder.path)
            self.wire.aim = self.child.port

    def end(self) -> None:
        if not self.killed:
            self.kill()
        for child in self.killed:
            self.nursery.reap(child)


@dataclass
class Both:
    source: Side
    target: Side

    def propose(self) -> None:
        sent(self.source.office, proposal(self.source.office, self.target.office, TRANSFER, 1, SOLD))

    def arm(self, armed: Armed) -> None:
        """The source drives: all four messages of an undisturbed transfer pass on the wire to the target."""
        self.target.wire.armed = armed

    def wait(self, *, seconds: float = 60) -> None:
        """Until both know that it is over."""
        until(lambda: confirmed(self.source.office, TRANSFER), seconds=seconds)

    def require_once(self) -> None:
        """Each step was booked once, the units stand in one book, and both logs verify."""
        for side, held in ((self.source, UNITS - SOLD), (self.target, SOLD)):
            assert not verify_folder(side.office.folder).findings
            assert _held(side.office) == held
            booked = _booked(side.office)
            assert len(booked) == len(set(booked)), booked
        assert sorted(_booked(self.source.office) + _booked(self.target.office)) == sorted(STEPS)
        for side in (self.source, self.target):
            found = record(side.office, TRANSFER)
            assert found is not None and found["state"] == "final"


@contextlib.contextmanager
def both(place: Path, nursery: Nursery) -> Iterator[Both]:
    """Two served registries, linked through wires, with units to sell."""
    host, buyer = pair(place, units=UNITS)
    sides: list[Side] = []
    with contextlib.ExitStack() as stack:
        for office in (host, buyer):
            child = nursery.serve(office.folder.path)
            side = Side(office, nursery, child, stack.enter_context(fault_proxy(child.port)))
            stack.callback(side.end)
            sides.append(side)
        source, target = sides
        sent(host, host.link(buyer, target.wire.address))
        sent(buyer, buyer.link(host, source.wire.address))
        yield Both(source, target)


def _held(office: FolderOffice) -> int:
    """Units in the holder's account, read from the folder as anybody may."""
    with open_for_reading(office.folder) as readable:
        accounts = {row.number: row.text for row in readable.reading.terms() if row.kind == "account"}
        blocks = readable.reading.blocks()
        return sum(row.last - row.first + 1 for row in blocks if accounts[row.account] == office.holder)


def _booked(office: FolderOffice) -> list[str]:
    """The acts of the journal that are about the transfer."""
    with open_for_reading(office.folder) as readable:
        leaves = [readable.codec.decode(row.leaf) for row in readable.reading.journal()]
    return [leaf["act"] for leaf in leaves if leaf.get("details", {}).get("transfer") == TRANSFER]
