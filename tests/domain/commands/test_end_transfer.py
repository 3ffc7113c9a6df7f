"""The ends of a transfer at its source: withdrawn, expired, refused, confirmed."""

from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.abroad import TRANSFER, AbroadFault, TransferRecord, TransferState
from counterfoil.application.commands.end_transfer import ConfirmTransfer, Ending, VoidTransfer
from counterfoil.domain.kernel.ids import TransferId
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import DEV, issuing_host, proposal, settle


def void(ending: Ending = Ending.WITHDRAWN, answer: str = "") -> VoidTransfer:
    return VoidTransfer(transfer=TransferId("T-1"), reason="a reason", ending=ending, answer=answer)


def confirm() -> ConfirmTransfer:
    return ConfirmTransfer(transfer=TransferId("T-1"), acknowledgement="45" * 32, entry=7)


def in_flight(**changes: Any) -> Desk:
    desk = issuing_host()
    desk.do(proposal(**changes))
    return desk


def final() -> Desk:
    desk = in_flight()
    desk.do(settle("T-1"))
    return desk


REFUSALS = (
    Case("a transfer that has no end expires", AbroadFault.NOT_EXPIRED, lambda _: void(Ending.EXPIRED)),
    Case("a refusal is claimed and not shown", AbroadFault.NO_ANSWER, lambda _: void(Ending.REFUSED)),
    Case("a refusal's digest is none", AbroadFault.NO_ANSWER, lambda _: void(Ending.REFUSED, "no")),
    Case("it is final", AbroadFault.NOT_OPEN, after(settle("T-1"), then=void())),
    Case("it is not final", AbroadFault.NOT_OPEN, lambda _: confirm()),
    Case("it is confirmed", AbroadFault.CONFIRMED, after(settle("T-1"), confirm(), then=confirm())),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_transfer_does_not_end_so_when(case: Case) -> None:
    check_refused(case, in_flight())


def test_an_offer_does_not_expire_before_its_moment() -> None:
    desk = in_flight(expires_at="1970-01-01T00:00:01Z")
    refusal = desk.ask(void(Ending.EXPIRED))
    assert getattr(refusal, "code", None) == AbroadFault.NOT_EXPIRED


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (void(), TransferState.WITHDRAWN),
        (void(Ending.REFUSED, "ab" * 32), TransferState.REFUSED),
    ],
)
def test_each_end_is_kept_by_its_name_and_gives_the_units_back(command: VoidTransfer, state: TransferState) -> None:
    desk = in_flight()
    desk.do(command)
    transfer = stored(desk.books, TRANSFER, "T-1", TransferRecord)
    assert transfer is not None and transfer.state is state
    assert {account for _, account in desk.held("CA9001-THA01-THA-#-2023")} == {DEV}


def test_a_confirmation_moves_nothing_and_stays_with_the_transfer() -> None:
    desk = final()
    entry = desk.do(confirm())
    assert (entry.moves, entry.postings) == ((), ())
    transfer = stored(desk.books, TRANSFER, "T-1", TransferRecord)
    assert transfer is not None
    assert (transfer.state, transfer.confirmed_on) == (TransferState.FINAL, TODAY)
