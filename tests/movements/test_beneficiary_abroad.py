"""Units ended here for somebody abroad: nothing moves between the books, and the other one knows of it."""

import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.movements.books import CLASS, Books

UNITS = Units(CLASS, 1, 50)
VOLUNTARY = CancellationPurpose.VOLUNTARY


def unauthorized() -> Books:
    """The host's units as they were issued without a letter."""
    books = Books()
    books.host.verified(quantity=100, vintage=2024, key="M2")
    books.host.issued(quantity=100, vintage=2024, letter=None, key="M2")
    return books


PLAIN = Units("CA9001-XAA01-XAA-#-2024", 1, 50)


@pytest.mark.parametrize(
    "command",
    [
        Cancel(
            units=PLAIN, account="xaa:holder", purpose=VOLUNTARY, beneficiary="A shop", beneficiary_party=Party("XBB")
        ),
        Retire(units=PLAIN, account="xaa:holder", beneficiary="A shop", beneficiary_party=Party("XBB")),
    ],
    ids=["cancelled", "retired"],
)
def test_the_beneficiary_s_registry_is_told_and_no_unit_moves(command: Command) -> None:
    books = unauthorized()
    books.host.do(command)
    assert [type(outcome) for outcome in books.tell("XAA")] == [Receipt, Receipt]
    assert books.notices("XAA", NoticeState.TAKEN) == ["N:XAA01:XBB:1"]
    taken = books.buyer.writer.books.record("taken_notice", "N:XAA01:XBB:1")
    assert taken["content"]["beneficiary"] == "A shop" and taken["content"]["units"] == [[PLAIN.unit_class, 1, 50]]
    assert list(books.buyer.writer.books.all_holdings()) == []
    assert (books.net("XAA"), books.net("XBB")) == ({}, {})
    books.sound()


def test_a_party_that_is_not_linked_cannot_be_told() -> None:
    books = unauthorized()
    refused = books.host.ask(Retire(units=PLAIN, account="xaa:holder", beneficiary_party=Party("XCC")))[0]
    assert isinstance(refused, Refusal) and refused.code == "link.unknown"


def test_a_beneficiary_at_home_is_told_by_nobody() -> None:
    books = unauthorized()
    books.host.do(Retire(units=PLAIN, account="xaa:holder", beneficiary_party=Party("XAA")))
    assert books.notices("XAA", NoticeState.OWED) == []


def test_a_host_that_is_told_of_its_units_is_not_told_twice() -> None:
    books = Books(
        purposes=(Purpose.OP,),
        first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION,
        oimp_detail="voluntary market",
    )
    books.send()
    books.buyer.do(
        Cancel(units=UNITS, account="xbb:holder", purpose=CancellationPurpose.OP, beneficiary_party=Party("XAA"))
    )
    assert books.notices("XBB", NoticeState.OWED) == ["N:XBB01:XAA:1"]
    books.tell("XBB")
    assert books.net("XAA") == {"2023": 50}
    books.sound()
