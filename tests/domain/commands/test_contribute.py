"""Giving units to the Adaptation Fund: voluntary, a first transfer where there was none, and never towards an NDC."""

from typing import Any

import pytest

from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.contribute import ContributeFault, ContributeToAdaptationFund
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.domain.accounting.adjustment import awaiting_use_by_units
from counterfoil.domain.accounting.first_transfer import FirstTransferFault
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.purpose import FirstTransferDefinition
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    HOME,
    LOA,
    V2023,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    oimp_letter,
    proposal,
    sold,
)

FUND = "to:adaptation-fund"
PLAIN = issue(authorization=None, quantity=10)


def give(first: int = 1, last: int = 5, **changes: Any) -> ContributeToAdaptationFund:
    content: dict[str, Any] = {"units": units(V2023, first, last), "account": DEV, **changes}
    return ContributeToAdaptationFund(**content)


REFUSALS = (
    Case("the account is unknown", AccountFault.UNKNOWN, lambda _: give(account="tha:nobody")),
    Case("the units are on their way", UnitsFault.IN_FLIGHT, after(proposal(), then=give())),
    Case("they were given before", UnitsFault.LEFT, after(give(), then=give())),
    Case(
        "they are on hold",
        UnitsFault.ON_HOLD,
        after(PlaceHold(hold="H", units=units(V2023, 5, 5), authority="a", reason="r"), then=give()),
    ),
    Case(
        "they are domestic",
        ContributeFault.NOT_AN_ITMO,
        after(
            issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None), then=give(units=units(HOME, 1, 5))
        ),
    ),
    Case("no letter covers them", FirstTransferFault.NOT_AUTHORIZED, after(PLAIN, then=give(101, 105))),
    Case(
        "the letter was revoked",
        CoverageFault.REVOKED,
        after(RevokeAuthorization(authorization=LOA, statement="s", reason="r"), then=give()),
    ),
    Case("the letter has less left", CoverageFault.QUANTITY, lambda _: give(last=91)),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_contribution_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host(authorized_quantity=90))


HOST_MUST_RECORD = Case("the host must record it", ContributeFault.HOST_MUST_RECORD, lambda _: give(account=BUYER))
LETTER_LOST = Case("the record is lost", AuthorizationFault.UNKNOWN, lambda _: give())


def test_units_without_first_transfer_are_not_given_where_their_host_cannot_be_told() -> None:
    desk, other = host(), buyer()
    desk.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION))
    desk.do(issue())
    deliver(desk, other, proposal())
    other.books.records[("partner", "THA")] = None
    other.books.commit()
    check_refused(HOST_MUST_RECORD, other)


def test_units_whose_letter_is_not_known_here_are_not_given() -> None:
    desk = issuing_host()
    desk.books.records[("authorization", LOA)] = None
    desk.books.commit()
    check_refused(LETTER_LOST, desk)


def test_a_contribution_is_the_first_transfer_and_adds_to_the_year_of_the_vintage() -> None:
    desk = issuing_host(authorized_quantity=100)
    entry = desk.do(give())
    assert (entry.act, entry.because) == (Act.CONTRIBUTED_TO_ADAPTATION_FUND, "LOA-1 v1")
    assert desk.held(V2023) == [("1..5", FUND), ("6..100", DEV)]
    assert desk.facts(V2023, 1)["first_transfer_trigger"] == "adaptation_fund"
    assert desk.adjustments() == {"ndc:THA:2023:added": 5, "awaiting-use": -5}
    assert first_transferred_quantity(desk.books, LOA) == 5
    assert awaiting_use_by_units(desk.books.all_holdings(), party="THA")["tCO2e"] == 5


def test_units_first_transferred_before_are_given_without_a_second_addition() -> None:
    source, target = sold()
    target.do(give(account=BUYER))
    assert target.held(V2023)[0] == ("1..5", FUND)
    assert target.adjustments() == {}
    assert awaiting_use_by_units(target.books.all_holdings(), party="CHE").get("tCO2e", 0) == 0
    assert source.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}


def test_the_purposes_of_the_letter_do_not_bind_a_gift() -> None:
    desk = host()
    desk.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION))
    desk.do(issue())
    desk.do(give())
    assert desk.adjustments() == {"ndc:THA:2023:added": 5, "awaiting-use": -5}
