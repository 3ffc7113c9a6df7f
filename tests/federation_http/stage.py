"""Two registries in folders of their own, the host with issued and authorized units, to be served and linked."""

import base64
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterfoil.application.command import Command, NdcPeriod, Units
from counterfoil.application.commands.abroad import TRANSFER, ProposeTransfer
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.draft import Outcome
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_reading, open_for_writing
from counterfoil.entrypoints.http.local import send
from counterfoil.entrypoints.wire import command_json
from tests.application.office import Office
from tests.http.desk import Served, served

CLASS = "CA9001-XAA01-XAA-#-2023"
WAIT_SECONDS = 30


class FolderOffice(Office):
    """An office whose registry lives in a folder, by the clock of the machine. Close it before it is served."""

    def __init__(self, path: Path, party: str) -> None:
        self.party = Party(party)
        self.folder = Folder(path)
        self.signer = create_key(self.folder, name=f"example/{party.lower()}")
        opened = open_for_writing(self.folder, "test", create=True)
        assert isinstance(opened, Writable)
        self.writable = opened
        self.world = opened.world
        self.do(
            Found(
                registry=f"{party}01",
                party=self.party,
                name=party,
                origin=self.signer.name,
                public_key=self.public_key,
                demonstration=True,
                ndc_periods=(NdcPeriod(2021, 2030, 2032),),
            )
        )

    def ask(self, *commands: Command) -> list[Outcome]:
        return self.writable.driver.do([Submission(command, "tester") for command in commands])

    def link(self, other: "FolderOffice", address: str = "", **changes: Any) -> LinkPartner:
        """The command that links another one."""
        content: dict[str, Any] = {
            "party": other.party,
            "registry": f"{other.party}01",
            "origin": other.signer.name,
            "public_key": base64.b64encode(other.signer.public_key).decode(),
            "address": address,
            **changes,
        }
        return LinkPartner(**content)

    def close(self) -> None:
        self.writable.close()


def pair(place: Path, *, units: int = 1_000) -> tuple[FolderOffice, FolderOffice]:
    """A host with so many units for the buyer's NDC, and the buyer; not linked, and closed."""
    host, buyer = FolderOffice(place / "host", "XAA"), FolderOffice(place / "buyer", "XBB")
    host.activity(quantity=units, authorized_quantity=units)
    host.issued(quantity=units)
    buyer.open_holder()
    buyer.do(buyer.agreement("XAA"))
    host.close()
    buyer.close()
    return host, buyer


def proposal(
    host: FolderOffice, buyer: FolderOffice, transfer: str, first: int, last: int, **changes: Any
) -> ProposeTransfer:
    content: dict[str, Any] = {
        "id": f"{transfer}:propose",
        "transfer": TransferId(transfer),
        "partner": buyer.party,
        "parts": (Units(CLASS, first, last),),
        "source": host.holder,
        "target": buyer.holder,
        **changes,
    }
    return ProposeTransfer(**content)


@dataclass
class Linked:
    """Two served registries that know each other's addresses."""

    host: FolderOffice
    buyer: FolderOffice
    at_host: Served
    at_buyer: Served


def sent(office: FolderOffice, *commands: Command) -> list[dict[str, Any]]:
    """Commands to a registry that is served, over the socket in its folder."""
    answers = send(str(office.folder.path / "socket"), [command_json(command) for command in commands])
    assert all(answer["status"] == "accepted" for answer in answers), answers
    return answers


@contextlib.contextmanager
def linked(place: Path, *, units: int = 1_000, **changes: Any) -> Iterator[Linked]:
    host, buyer = pair(place, units=units)
    with served(host.folder) as at_host, served(buyer.folder) as at_buyer:
        sent(host, host.link(buyer, at_buyer.address, **changes))
        sent(buyer, buyer.link(host, at_host.address))
        yield Linked(host, buyer, at_host, at_buyer)


def record(office: FolderOffice, key: str, kind: str = TRANSFER) -> Mapping[str, Any] | None:
    with open_for_reading(office.folder) as readable:
        row = readable.reading.record(kind, key)
        return None if row is None else readable.codec.decode(row.value)


def until(true: Callable[[], Any], *, seconds: float = WAIT_SECONDS) -> Any:
    """Wait until something holds, and give it."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("not in time")


def confirmed(office: FolderOffice, transfer: str) -> bool:
    found = record(office, transfer)
    return found is not None and found.get("confirmed_on") is not None
