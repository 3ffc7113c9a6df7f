"""Cancellation for every purpose, and retirement at home."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.cancel import Cancel, CancelFault, CancellationPurpose, Retire
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.application.commands.reduce_authorization import ReduceAuthorization
from counterfoil.domain.accounting.first_transfer import FirstTransferFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    LOA,
    V2023,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    proposal,
    sold,
)

IMP, OP, OMGE = CancellationPurpose.IMP, CancellationPurpose.OP, CancellationPurpose.OMGE
VOLUNTARY, ADMINISTRATIVE = CancellationPurpose.VOLUNTARY, CancellationPurpose.ADMINISTRATIVE
BY_USE = FirstTransferDefinition.USE_OR_CANCELLATION
PLAIN = issue(authorization=None, quantity=10)
HOLD = PlaceHold(hold="H", units=units(V2023, 10, 10), authority="a", reason="r")


def cancel(purpose: CancellationPurpose, first: int = 1, last: int = 10, **changes: Any) -> Cancel:
    content: dict[str, Any] = {"units": units(V2023, first, last), "account": DEV, "purpose": purpose, **changes}
    return Cancel(**content)


def administrative(**changes: Any) -> Cancel:
    return cancel(ADMINISTRATIVE, **{"authority": "DNA", "reason": "court order", **changes})


def retire(first: int, last: int) -> Retire:
    return Retire(units=units(V2023, first, last), account=DEV)


def oimp_host(definition: FirstTransferDefinition = BY_USE, *purposes: Purpose, **changes: Any) -> Desk:
    """THA with one hundred units authorized for other purposes."""
    desk = host()
    desk.do(oimp_letter(definition, *purposes, **changes))
    desk.do(issue())
    return desk


REFUSALS = (
    Case("the units are another's", UnitsFault.NOT_HELD, lambda _: cancel(OMGE, account="tha:shop")),
    Case("a unit is on hold", UnitsFault.ON_HOLD, after(HOLD, then=cancel(OMGE))),
    Case("a unit was cancelled", CancelFault.ALREADY_CANCELLED, after(cancel(OMGE, 5, 5), then=cancel(OMGE))),
    Case(
        "a unit was cancelled for something else",
        CancelFault.ALREADY_CANCELLED,
        after(PLAIN, administrative(first=101, last=110), then=cancel(OMGE, 101, 110)),
    ),
    Case(
        "the units are cancelled, and their account is named",
        CancelFault.ALREADY_CANCELLED,
        after(cancel(OMGE), then=cancel(OMGE, account="cancelled:omge")),
    ),
    Case("a unit was retired", UnitsFault.SPENT, after(PLAIN, retire(101, 101), then=cancel(VOLUNTARY, 101, 110))),
    Case(
        "the units are on their way", UnitsFault.IN_FLIGHT, after(proposal(), then=cancel(OMGE, account="pending:CHE"))
    ),
    Case("no authority is named", CancelFault.AUTHORITY_MISSING, lambda _: administrative(authority="")),
    Case("no reason is named", CancelFault.AUTHORITY_MISSING, lambda _: administrative(reason="")),
    Case("OMGE is asked for unauthorized units", CancelFault.NOT_AUTHORIZED, after(PLAIN, then=cancel(OMGE, 101, 110))),
    Case(
        "unauthorized units are asked for a scheme",
        CancelFault.NOT_AUTHORIZED,
        after(PLAIN, then=cancel(IMP, 101, 110)),
    ),
    Case("one unit is unauthorized", CancelFault.NOT_AUTHORIZED, after(PLAIN, then=cancel(OMGE, 1, 101))),
    Case("authorized units are cancelled without a purpose", CancelFault.AUTHORIZED_UNITS, lambda _: cancel(VOLUNTARY)),
    Case("an authority cancels authorized units", CancelFault.AUTHORIZED_UNITS, lambda _: administrative()),
    Case("the letter is for NDC use", CoverageFault.PURPOSE, lambda _: cancel(OP)),
    Case(
        "the letter is revoked",
        CoverageFault.REVOKED,
        after(RevokeAuthorization(authorization=LOA, statement="s", reason="r"), then=cancel(OMGE)),
    ),
    Case("the letter leaves no room", CoverageFault.QUANTITY, lambda _: cancel(OMGE, 1, 91)),
    Case("authorized units are retired", CancelFault.RETIREMENT_OF_AUTHORIZED, lambda _: retire(1, 1)),
    Case("one of them is authorized", CancelFault.RETIREMENT_OF_AUTHORIZED, after(PLAIN, then=retire(100, 110))),
    Case("retired units are another's", UnitsFault.UNKNOWN, lambda _: retire(100, 101)),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_cancellation_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host(authorized_quantity=90))


LATE = Case(
    "other purposes come after the deadline",
    FirstTransferFault.AFTER_DEADLINE,
    after(then=cancel(IMP)),
    on=date(2032, 1, 1),
)
HOST_MUST_RECORD = Case(
    "it would be the first transfer, in another book",
    CancelFault.HOST_MUST_RECORD,
    after(then=cancel(IMP, account=BUYER)),
)
TOO_LATE = Case("the last day was yesterday", CoverageFault.USE_TOO_LATE, after(then=cancel(IMP)), on=date(2026, 4, 1))


def test_a_cancellation_for_other_purposes_is_refused_after_the_deadline_and_not_on_it() -> None:
    check_refused(LATE, oimp_host())
    oimp_host().do(cancel(IMP), on=date(2031, 12, 31))


def test_a_cancellation_for_omge_has_no_deadline() -> None:
    oimp_host().do(cancel(OMGE), on=date(2032, 1, 1))


def test_a_cancellation_is_refused_after_the_last_day_of_use() -> None:
    check_refused(TOO_LATE, oimp_host(last_use_on=date(2026, 3, 31)))


def test_a_foreign_holder_whose_host_cannot_be_told_leaves_the_first_transfer_to_it() -> None:
    desk = buyer()
    deliver(oimp_host(), desk, proposal())
    desk.books.records[("partner", "THA")] = None
    desk.books.commit()
    check_refused(HOST_MUST_RECORD, desk)


@pytest.mark.parametrize(
    ("purpose", "account", "closed"),
    [
        (IMP, "cancelled:oimp:imp", "closed:oimp"),
        (OP, "cancelled:oimp:op", "closed:oimp"),
        (OMGE, "cancelled:omge", "closed:omge"),
    ],
)
def test_a_cancellation_can_be_the_first_transfer_and_close_it_at_once(
    purpose: CancellationPurpose, account: str, closed: str
) -> None:
    desk = oimp_host(BY_USE, Purpose.IMP, Purpose.OP)
    desk.do(cancel(purpose))
    assert desk.held(V2023)[0] == ("1..10", account)
    assert desk.adjustments() == {"ndc:THA:2023:added": 10, closed: -10}
    assert desk.facts(V2023, 1)["first_transfer_trigger"] == ("omge" if purpose is OMGE else "use_or_cancellation")
    assert first_transferred_quantity(desk.books, LOA) == 10


@pytest.mark.parametrize(("purpose", "closed"), [(IMP, "closed:oimp"), (OMGE, "closed:omge")])
def test_after_the_first_transfer_a_cancellation_only_closes_what_waited(
    purpose: CancellationPurpose, closed: str
) -> None:
    desk = oimp_host(FirstTransferDefinition.ISSUANCE)
    desk.do(cancel(purpose))
    assert desk.adjustments() == {"ndc:THA:2023:added": 100, "awaiting-use": -90, closed: -10}
    assert first_transferred_quantity(desk.books, LOA) == 100


def test_an_acquirer_closes_in_its_own_book_and_touches_no_balance() -> None:
    source, desk = sold()
    desk.do(cancel(OMGE, account=BUYER))
    assert desk.adjustments() == {"awaiting-use": 10, "closed:omge": -10}
    assert source.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}


@pytest.mark.parametrize("purpose", [VOLUNTARY, ADMINISTRATIVE])
def test_a_first_transferred_unit_cancelled_without_a_purpose_stays_unused_for_ever(
    purpose: CancellationPurpose,
) -> None:
    _, desk = sold()
    desk.do(cancel(purpose, account=BUYER, authority="a", reason="r"))
    assert desk.adjustments() == {"awaiting-use": 10, "closed:unused": -10}


@pytest.mark.parametrize("purpose", [VOLUNTARY, ADMINISTRATIVE])
def test_unauthorized_units_are_cancelled_without_any_adjustment(purpose: CancellationPurpose) -> None:
    desk = issuing_host()
    desk.do(PLAIN)
    desk.do(cancel(purpose, 101, 110, authority="a", reason="r"))
    assert desk.adjustments() == {}
    assert desk.held(V2023)[-1] == ("101..110", f"cancelled:{purpose.value}")


def test_an_authorized_unit_is_cancelled_by_administrative_act_once_its_letter_is_reduced() -> None:
    desk = issuing_host(authorized_quantity=100)
    out = units(V2023, 1, 10)
    desk.do(ReduceAuthorization(authorization=LOA, units=out, account=DEV, statement="s", reason="r"))
    entry = desk.do(administrative())
    assert entry.details["authority"] == "DNA"
    assert desk.adjustments() == {}
    assert desk.books.record("authorization", LOA)["authorized_quantity"] == 90


def test_an_acquirer_does_not_cancel_by_administrative_act_what_the_host_has_not_first_transferred() -> None:
    desk = buyer()
    deliver(oimp_host(), desk, proposal())
    case = Case("it is promised", CancelFault.AUTHORIZED_UNITS, lambda _: administrative(account=BUYER))
    check_refused(case, desk)


def test_a_cancellation_of_units_before_and_after_first_transfer_treats_each_as_it_is() -> None:
    source, other = issuing_host(), buyer()
    deliver(source, other, proposal(last=10))
    deliver(other, source, proposal("T-2", "THA", last=10, source=BUYER, target=DEV))
    source.do(cancel(OMGE, 1, 30))
    assert source.adjustments() == {"ndc:THA:2023:added": 30, "closed:omge": -30}


def test_units_that_lost_their_authorization_are_free_at_home_and_first_transferred_ones_are_not() -> None:
    desk = issuing_host()
    deliver(desk, buyer(), proposal(last=40))
    desk.do(letter(authorization="LOA-2"))
    desk.do(RevokeAuthorization(authorization=LOA, statement="s", reason="r"))
    desk.do(retire(41, 50))
    desk.do(cancel(VOLUNTARY, 51, 60))
    desk.do(AuthorizeUnits(units=units(V2023, 61, 70), account=DEV, authorization="LOA-2"))
    assert desk.facts(V2023, 61)["authorization"] == "LOA-2"
    assert desk.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}


def test_unauthorized_units_are_retired_at_home() -> None:
    desk = issuing_host()
    desk.do(PLAIN)
    desk.do(retire(101, 110))
    assert desk.held(V2023)[-1] == ("101..110", "retired:domestic")
    assert desk.adjustments() == {}
