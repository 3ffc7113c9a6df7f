"""Movements between two served registries: the courier carries notices as it carries transfers, by itself."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterfoil.adapters.evidence.memory import MemoryEvidence
from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.recognize import RecordRecognition
from counterfoil.application.commands.retire_there import RetireThere
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.entrypoints.bootstrap import open_for_reading
from tests.federation_http.stage import CLASS, FolderOffice, Linked, confirmed, linked, proposal, record, sent, until
from tests.http.desk import served
from tests.movements.test_joint_issuance import agreed_activity, issue, word


def holdings(office: FolderOffice) -> dict[str, int]:
    """Units by account, as the committed book has them."""
    with open_for_reading(office.folder) as readable:
        found: dict[str, int] = {}
        for each in Sight(readable.reading, readable.codec, MemoryEvidence()).all_holdings():
            found[each.account] = found.get(each.account, 0) + each.serials.size
    return found


@contextlib.contextmanager
def for_other_purposes(place: Path) -> Iterator[Linked]:
    """A host whose letter is for other purposes, by use or cancellation, and a buyer, served and linked."""
    host, buyer = FolderOffice(place / "host", "XAA"), FolderOffice(place / "buyer", "XBB")
    host.activity(
        purposes=(Purpose.OP,),
        first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION,
        oimp_detail="voluntary market",
    )
    host.issued()
    buyer.open_holder()
    for office in (host, buyer):
        office.close()
    with served(host.folder) as at_host, served(buyer.folder) as at_buyer:
        sent(host, host.link(buyer, at_buyer.address))
        sent(buyer, buyer.link(host, at_host.address))
        yield Linked(host, buyer, at_host, at_buyer)


def told(office: FolderOffice, name: str) -> str:
    found = record(office, name, "notice")
    return "" if found is None else str(found["state"])


def test_a_unit_is_used_as_it_arrives_over_http(tmp_path: Path) -> None:
    with linked(tmp_path) as both:
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 400, retire=RetireThere(2025)))
        until(lambda: confirmed(both.host, "t-1"))
    assert holdings(both.buyer) == {"used:XBB:ndc:2025": 400}


def test_the_source_learns_of_the_recognition_by_itself(tmp_path: Path) -> None:
    with linked(tmp_path) as both:
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 400))
        until(lambda: confirmed(both.host, "t-1"))
        sent(both.buyer, RecordRecognition(transfer=TransferId("t-1"), reference="Statement 1"))
        until(lambda: told(both.buyer, "N:XBB01:XAA:1") == "taken")
        known = record(both.host, "t-1", "recognition")
        assert known is not None and known["state"] == "recognized"


def test_the_host_learns_of_a_cancellation_abroad_by_itself(tmp_path: Path) -> None:
    with for_other_purposes(tmp_path) as both:
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 400))
        until(lambda: confirmed(both.host, "t-1"))
        units = Units(CLASS, 1, 100)
        sent(both.buyer, Cancel(units=units, account=both.buyer.holder, purpose=CancellationPurpose.OP))
        until(lambda: told(both.buyer, "N:XBB01:XAA:1") == "taken")
        counted: Any = record(both.host, "XA-LOA-1", "first_transferred_quantity")
        assert counted == 100


def test_one_joint_decision_is_issued_in_both_books_by_itself(tmp_path: Path) -> None:
    host, buyer = FolderOffice(tmp_path / "host", "XAA"), FolderOffice(tmp_path / "buyer", "XBB")
    for office in (host, buyer):
        office.open_holder()
        agreed_activity(office)
        office.close()
    with served(host.folder) as at_host, served(buyer.folder) as at_buyer:
        sent(host, host.link(buyer, at_buyer.address))
        sent(buyer, buyer.link(host, at_host.address))
        sent(host, word("XAA", "XBB"))
        sent(buyer, word("XBB", "XAA"))
        until(lambda: {told(host, "N:XAA01:XBB:1"), told(buyer, "N:XBB01:XAA:1")} == {"taken"})
        sent(buyer, issue("XBB"))
        until(lambda: told(buyer, "N:XBB01:XAA:2") == "taken")
        until(lambda: record(host, "JC-1", "joint_issuance") is not None)
    assert (holdings(host), holdings(buyer)) == ({"xaa:holder": 400}, {"xbb:holder": 600})
