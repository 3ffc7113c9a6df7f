"""What counts as proof that units have left a partner's book, and that answers do not hang on batches."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from counterfoil.adapters.peers.in_process import InProcessNetwork
from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.jws import key_id, signing_input
from counterfoil.domain.federation.message import Envelope, Message, MessageFault, MessageKind, read_message
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import Office

CLASS = "CA9001-XAA01-XAA-#-2023"
PROVENANCE = {"registry": "XAA01", "leaves": [], "records": [], "evidence": {}, "earlier": []}


class Sale:
    """A host that sells 400 units to a buyer, with the messages taken out by hand."""

    def __init__(self) -> None:
        self.network = InProcessNetwork()
        self.host, self.buyer = Office("XAA"), Office("XBB")
        self.links = {office.party: self._link(office) for office in (self.host, self.buyer)}
        for office, other in ((self.host, self.buyer), (self.buyer, self.host)):
            origin, key = other.signer.name, other.public_key
            office.do(LinkPartner(party=other.party, registry=f"{other.party}01", origin=origin, public_key=key))
        self.host.activity()
        self.host.issued()
        self.buyer.open_holder()
        self.buyer.do(self.buyer.agreement("XAA"))

    def _link(self, office: Office) -> Federation:
        def do(submissions: Any) -> list[Outcome]:
            return office.writer.step(submissions)

        link = Federation(office.world, office.writer, do, self.network)
        self.network.join(office.party, link.receive)
        return link

    def propose(self) -> Envelope:
        """The proposal's envelope, not yet delivered."""
        command = ProposeTransfer(
            transfer=TransferId("t-1"),
            partner=Party("XBB"),
            parts=(Units(CLASS, 1, 400),),
            source=self.host.holder,
            target=self.buyer.holder,
        )
        assert isinstance(self.links[Party("XAA")].propose(command, by="tester"), Receipt)
        return self.network.waiting[-1][1]

    def deliver(self) -> object:
        return self.network.step()

    def forged(self, proof: object) -> Outcome:
        """A receipt that the host signs, over a proof of its choice."""
        body: Any = {"effective_on": "2025-01-15", "proof": proof, "provenance": PROVENANCE}
        message = Message(MessageKind.RECEIPT, "t-1", "XAA", "XBB", "2025-01-15T09:00:00Z", body)
        content, key = message.content(), key_id(self.host.signer.public_key)
        signed = self.host.signer.sign(signing_input(content, key=key))
        return self.links[Party("XBB")].receive(Envelope(content, signed, key)).outcome


@pytest.fixture
def sale() -> Iterator[Sale]:
    yield Sale()


def body(sale: Sale, envelope: Envelope) -> Any:
    return read_message(sale.host.world.codec.decode(envelope.content)).body


def test_the_proof_of_a_proposal_is_no_proof_that_the_units_left(sale: Sale) -> None:
    proposal = sale.propose()
    sale.deliver()
    outcome = sale.forged(body(sale, proposal)["proof"])
    assert isinstance(outcome, Refusal)
    assert outcome.code == MessageFault.PROOF
    assert not list(sale.buyer.writer.books.all_holdings())


def test_the_proof_of_the_final_entry_is_taken(sale: Sale) -> None:
    sale.propose()
    sale.deliver()
    sale.deliver()
    receipt = sale.network.waiting[-1][1]
    assert isinstance(sale.forged(body(sale, receipt)["proof"]), Receipt)
    assert sum(held.serials.size for held in sale.buyer.writer.books.all_holdings()) == 400


@pytest.mark.parametrize("batched", [True, False])
def test_an_entry_and_its_correction_may_come_in_one_batch_or_in_two(batched: bool) -> None:
    office = Office(today=date(2025, 1, 15))
    office.activity()
    office.issued()
    office.do(OpenAccount(account="xaa:other", holder="other"))
    wrong = office.writer.size
    commands = (
        Transfer(units=Units(CLASS, 1, 10), source=office.holder, target="xaa:other"),
        Correct(entry=wrong, authority="DNA", reason="a typing error"),
    )
    if batched:
        office.do(*commands)
    else:
        for command in commands:
            office.do(command)
    assert {held.account for held in office.writer.books.all_holdings()} == {office.holder}
    assert office.audit().findings == ()


def test_a_correction_of_an_entry_that_failed_in_its_batch_finds_nothing() -> None:
    office = Office()
    office.activity()
    office.issued()
    nothing = office.writer.step(
        [
            Submission(Transfer(units=Units(CLASS, 1, 9), source=office.holder, target="xaa:nobody"), "tester"),
            Submission(Correct(entry=office.writer.size, authority="DNA", reason="r"), "tester"),
        ]
    )
    assert [str(outcome.code) for outcome in nothing if isinstance(outcome, Refusal)] == [
        "account.unknown",
        "correction.entry_unknown",
    ]
