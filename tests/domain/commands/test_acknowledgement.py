"""Letters of acknowledgement: what they place outside the scope of authorization, for how long, and in whose words."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.acknowledge import RecordAcknowledgement, WithdrawAcknowledgement
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.authorizations.acknowledgement import (
    Acknowledgement,
    AcknowledgementFault,
    LaterAuthorization,
)
from counterfoil.domain.kernel.ids import ActivityId, NamingFault
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.serials import SerialsFault
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUSES,
    DEV,
    LOA,
    V2023,
    authorized_host,
    host,
    issue,
    issuing_host,
    letter,
    proposal,
    settle,
)

NEVER, AFTER, UNTIL = LaterAuthorization.NEVER, LaterAuthorization.AFTER, LaterAuthorization.UNTIL
NEXT_YEAR = date(2027, 3, 31)
PLAIN = issue(authorization=None)


def acknowledge(**changes: Any) -> RecordAcknowledgement:
    content: dict[str, Any] = {
        "acknowledgement": "LOACK-1",
        "activity": BUSES,
        "authority": "National authority",
        "statement": "Outside the scope of authorization; no corresponding adjustment is applied.",
        "later": NEVER,
    }
    return RecordAcknowledgement(**{**content, **changes})


def withdraw(name: str = "LOACK-1") -> WithdrawAcknowledgement:
    return WithdrawAcknowledgement(acknowledgement=name, reason="an authorization replaces it")


def placing(first: int = 1, last: int = 100) -> AuthorizeUnits:
    return AuthorizeUnits(units=units(V2023, first, last), account=DEV, authorization=LOA)


def naming(**changes: Any) -> Authorize:
    return letter(authorization="LOA-2", activities=(BUSES,), **changes)


REFUSALS = (
    Case("its activity is unknown", ActivityFault.UNKNOWN, lambda _: acknowledge(activity=ActivityId("NONE"))),
    Case("it has no name", NamingFault.KEY_UNFIT, lambda _: acknowledge(acknowledgement="")),
    Case("it was recorded before", AcknowledgementFault.ALREADY_GIVEN, after(acknowledge(), then=acknowledge())),
    Case("nobody gave it", AcknowledgementFault.STATEMENT_MISSING, lambda _: acknowledge(authority="")),
    Case("it says nothing", AcknowledgementFault.STATEMENT_MISSING, lambda _: acknowledge(statement="")),
    Case("its day is missing", AcknowledgementFault.DAY_MISSING, lambda _: acknowledge(later=AFTER)),
    Case("its units run backwards", SerialsFault.BACKWARDS, lambda _: acknowledge(units=units(V2023, 9, 1))),
    Case("its units have no class", IdentifierFault.UNREADABLE, lambda _: acknowledge(units=units("X", 1, 9))),
    Case(
        "its units are authorized",
        AcknowledgementFault.AUTHORIZED_ALREADY,
        after(issue(), then=acknowledge(units=units(V2023, 100, 200))),
    ),
    Case(
        "units of its activity are authorized",
        AcknowledgementFault.AUTHORIZED_ALREADY,
        after(issue(), then=acknowledge()),
    ),
    Case("an unknown one is taken back", AcknowledgementFault.UNKNOWN, lambda _: withdraw()),
    Case("one for ever is taken back", AcknowledgementFault.NOT_WITHDRAWABLE, after(acknowledge(), then=withdraw())),
    Case(
        "one is taken back before its day",
        AcknowledgementFault.NOT_WITHDRAWABLE,
        after(acknowledge(later=AFTER, day=TODAY), then=withdraw()),
    ),
    Case(
        "one is taken back twice",
        AcknowledgementFault.NOT_WITHDRAWABLE,
        after(acknowledge(later=UNTIL), withdraw(), then=withdraw()),
    ),
    Case(
        "units are issued under an authorization",
        AcknowledgementFault.OUTSIDE_SCOPE,
        after(acknowledge(), then=issue()),
    ),
    Case(
        "units are authorized afterwards",
        AcknowledgementFault.OUTSIDE_SCOPE,
        after(PLAIN, acknowledge(), then=placing()),
    ),
    Case(
        "one of the units is named by it",
        AcknowledgementFault.OUTSIDE_SCOPE,
        after(PLAIN, acknowledge(units=units(V2023, 100, 100)), then=placing()),
    ),
    Case(
        "an authorization names its activity", AcknowledgementFault.OUTSIDE_SCOPE, after(acknowledge(), then=naming())
    ),
    Case(
        "an authorization names its vintage beside another",
        AcknowledgementFault.OUTSIDE_SCOPE,
        after(acknowledge(vintages=(2024,)), then=naming()),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_of_a_letter_of_acknowledgement_it_is_refused_when(case: Case) -> None:
    check_refused(case, authorized_host())


def test_a_letter_that_says_never_blocks_for_ever_and_is_named_by_the_refusal() -> None:
    desk = authorized_host()
    desk.do(PLAIN)
    desk.do(acknowledge())
    refusal = check_refused(
        Case("the letter says never", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: placing(), on=date(2026, 4, 1)),
        desk,
    )
    assert refusal.facts["acknowledgement"] == "LOACK-1"
    desk.do(Retire(units=units(V2023, 1, 10), account=DEV))


def test_a_letter_with_a_day_blocks_through_that_day_and_opens_the_day_after() -> None:
    desk = authorized_host()
    desk.do(PLAIN)
    desk.do(acknowledge(later=AFTER, day=NEXT_YEAR))
    check_refused(Case("the last day", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: placing(), on=NEXT_YEAR), desk)
    desk.do(placing(), on=date(2027, 4, 1))
    desk.do(withdraw(), on=date(2027, 4, 1))


def test_a_letter_that_leaves_a_later_authorization_open_is_replaced_by_it_until_its_day() -> None:
    desk = authorized_host()
    desk.do(PLAIN)
    desk.do(acknowledge(later=UNTIL, day=NEXT_YEAR))
    late = Case("its day is over", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: placing(), on=date(2027, 4, 1))
    check_refused(late, desk)
    desk.do(placing(), on=NEXT_YEAR)
    desk.do(proposal(), on=NEXT_YEAR)


def test_a_letter_on_one_vintage_leaves_the_others_free() -> None:
    desk = authorized_host()
    desk.do(acknowledge(vintages=(2024,)))
    desk.do(issue())
    desk.do(letter(authorization="LOA-2", activities=(BUSES,), vintages=(2023,)))
    check_refused(Case("2024", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: issue(vintage=2024)), desk)


def blocked(desk: Desk) -> Desk:
    """A letter that came into the books after the units were authorized, as one received from elsewhere would."""
    value = {"id": "LOACK-1", "activity": BUSES, "given_on": "2026-01-01", "authority": "a", "statement": "s",
             "later": "never"}  # fmt: skip
    desk.books.records[("acknowledgement", "LOACK-1")] = value
    desk.books.records[("acknowledged", BUSES)] = ["LOACK-1"]
    desk.books.commit()
    return desk


@pytest.mark.parametrize(
    "act",
    [
        proposal(),
        Cancel(units=units(V2023, 1, 10), account=DEV, purpose=CancellationPurpose.OMGE),
        ContributeToAdaptationFund(units=units(V2023, 1, 10), account=DEV),
    ],
    ids=lambda act: type(act).__name__,
)
def test_no_act_makes_units_outside_the_scope_first_transferred(act: Any) -> None:
    desk = blocked(issuing_host())
    check_refused(Case("it is blocked", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: act), desk)


def test_a_letter_stops_units_on_their_way_and_leaves_first_transferred_ones_alone() -> None:
    desk = issuing_host()
    desk.do(proposal())
    blocked(desk)
    check_refused(Case("on its way", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: settle("T-1")), desk)
    oimp = host()
    oimp.do(letter(purposes=(Purpose.NDC, Purpose.OP), first_transfer_definition=FirstTransferDefinition.ISSUANCE,
                   oimp_detail="voluntary"))  # fmt: skip
    oimp.do(issue())
    blocked(oimp).do(proposal())


def test_a_letter_on_units_of_another_class_says_nothing_about_these() -> None:
    found = Acknowledgement("L", BUSES, TODAY, "a", "s", NEVER, vintages=(2024,))
    assert found.concerns(vintage=None)
    assert not found.concerns(vintage=2023)
