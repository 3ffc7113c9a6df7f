"""Placing units that were issued before under a letter."""

from collections.abc import Callable
from typing import Any

import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.issue import AuthorizeUnits, UnitsAuthorizedFault
from counterfoil.application.commands.suspend_activity import SuspendActivity
from counterfoil.domain.activities.life import LifeFault
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUSES,
    CA9002,
    DEV,
    HOME,
    LOA,
    V2023,
    authorized_host,
    issue,
    letter,
    oimp_letter,
)

ALL = units(V2023, 1, 100)


def placing(of: Units = ALL, *, authorization: str = LOA, account: str = DEV) -> AuthorizeUnits:
    return AuthorizeUnits(units=of, account=account, authorization=authorization)


def unauthorized() -> Desk:
    desk = authorized_host()
    desk.do(issue(authorization=None))
    return desk


DOMESTIC = issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None, quantity=10)
CANCELLATION = Cancel(units=ALL, account=DEV, purpose=CancellationPurpose.VOLUNTARY)


def with_letter(second: Authorize) -> Callable[[Desk], Command]:
    return after(second, then=placing(authorization=second.authorization))


def second_letter(**changes: Any) -> Authorize:
    return letter(authorization="LOA-2", **changes)


REFUSALS = (
    Case("the letter is unknown", AuthorizationFault.UNKNOWN, lambda _: placing(authorization="LOA-9")),
    Case("they are another's", UnitsFault.NOT_HELD, lambda _: placing(account="tha:shop")),
    Case(
        "they are cancelled, and their account is named",
        UnitsFault.SPENT,
        after(CANCELLATION, then=placing(account="cancelled:voluntary")),
    ),
    Case("they are domestic", UnitsAuthorizedFault.NOT_AUTHORIZABLE, after(DOMESTIC, then=placing(units(HOME, 1, 10)))),
    Case("they have a letter", UnitsAuthorizedFault.ALREADY_AUTHORIZED, after(placing(), then=placing())),
    Case(
        "one of them has a letter",
        UnitsAuthorizedFault.ALREADY_AUTHORIZED,
        after(placing(units(V2023, 50, 50)), then=placing()),
    ),
    Case(
        "the letter is another approach's",
        CoverageFault.APPROACH,
        with_letter(second_letter(cooperative_approach=CA9002)),
    ),
    Case("the vintage is not in the letter", CoverageFault.VINTAGE, with_letter(second_letter(vintages=(2024,)))),
    Case(
        "authorization is the first transfer and exceeds the letter",
        CoverageFault.QUANTITY,
        with_letter(oimp_letter(FirstTransferDefinition.AUTHORIZATION, authorization="LOA-2", authorized_quantity=99)),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_units_are_not_placed_under_a_letter_when(case: Case) -> None:
    check_refused(case, unauthorized())


def test_authorization_may_follow_issuance_for_a_part_of_the_units() -> None:
    desk = unauthorized()
    desk.do(placing(units(V2023, 11, 20)))
    assert desk.facts(V2023, 11)["authorization"] == LOA
    assert "authorization" not in desk.facts(V2023, 10)
    assert desk.adjustments() == {}


@pytest.mark.parametrize(
    ("definition", "trigger"),
    [(FirstTransferDefinition.AUTHORIZATION, "authorization"), (FirstTransferDefinition.ISSUANCE, "issuance")],
)
def test_late_authorization_for_other_purposes_is_the_first_transfer(
    definition: FirstTransferDefinition, trigger: str
) -> None:
    desk = unauthorized()
    desk.do(oimp_letter(definition, Purpose.NDC, Purpose.OP, authorization="LOA-2"))
    desk.do(placing(authorization="LOA-2"))
    assert desk.facts(V2023, 1)["first_transfer_trigger"] == trigger
    assert desk.adjustments() == {"ndc:THA:2023:added": 100, "awaiting-use": -100}


def test_units_of_a_suspended_activity_are_not_placed_under_a_letter() -> None:
    desk = unauthorized()
    desk.do(SuspendActivity(activity=BUSES, authority="DNA", reason="A reversal"))
    check_refused(Case("it is suspended", LifeFault.SUSPENDED, lambda _: placing()), desk)
