"""An authorization in stages, in advance for an estimate, and smaller again for use at home."""

from datetime import date, timedelta
from typing import Any

import pytest

from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import CancelFault, Retire
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.complete_authorization import CompleteAuthorization, ConfirmQuantity
from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.application.commands.reduce_authorization import ReduceAuthorization
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.content import Component
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.purpose import Purpose
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUSES,
    BUYER,
    CA9001,
    CA9002,
    DEV,
    LOA,
    V2023,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    proposal,
    settle,
)

TOMORROW = TODAY + timedelta(days=1)


def first_stage(**changes: Any) -> Authorize:
    """The cooperative approach alone: its Parties, its rules, its tracking registry and the commitment."""
    content: dict[str, Any] = {
        "authorization": LOA,
        "components": (Component.APPROACH,),
        "cooperative_approach": CA9001,
        "underlying_references": ("Decree 1",),
        "authorized_parties": (Party("CHE"),),
        "adjustment_commitment": "Corresponding adjustments are applied.",
    }
    return Authorize(**{**content, **changes})


def outcomes(**changes: Any) -> CompleteAuthorization:
    """The stage of the mitigation outcomes."""
    content: dict[str, Any] = {
        "authorization": LOA,
        "components": (Component.OUTCOMES,),
        "purposes": (Purpose.NDC,),
        "vintages": (2023, 2024),
        "sectors": ("Transport",),
        "gases": ("CO2",),
        "last_use_on": date(2032, 12, 31),
        "change_circumstances": "by agreement",
        "change_process": "exchange of notes",
    }
    return CompleteAuthorization(**{**content, **changes})


def entities(**changes: Any) -> CompleteAuthorization:
    content: dict[str, Any] = {"components": (Component.ENTITIES,), "authorized_entities": ("KLIK",), **changes}
    return CompleteAuthorization(authorization=LOA, **content)


def confirm(quantity: int, **changes: Any) -> ConfirmQuantity:
    return ConfirmQuantity(**{"authorization": LOA, "quantity": quantity, "verification": "V-1", **changes})


def reduce(first: int = 1, last: int = 10, **changes: Any) -> ReduceAuthorization:
    content: dict[str, Any] = {
        "authorization": LOA,
        "units": units(V2023, first, last),
        "account": DEV,
        "statement": "the units are used at home only",
        "reason": "a domestic obligation",
    }
    return ReduceAuthorization(**{**content, **changes})


STAGES = (
    Case("a first stage gives nothing", AuthorizationFault.STAGE_EMPTY, lambda _: first_stage(components=())),
    Case("no first stage was given", AuthorizationFault.UNKNOWN, lambda _: outcomes()),
    Case(
        "the first stage makes no commitment to adjust",
        AuthorizationFault.CONTENT_MISSING,
        lambda _: first_stage(adjustment_commitment=""),
    ),
    Case(
        "a stage gives nothing new",
        AuthorizationFault.STAGE_EMPTY,
        after(first_stage(), then=CompleteAuthorization(authorization=LOA)),
    ),
    Case(
        "a stage gives again what was given",
        AuthorizationFault.STAGE_GIVEN,
        after(first_stage(), then=outcomes(components=(Component.OUTCOMES, Component.APPROACH))),
    ),
    Case(
        "a stage changes what another said",
        AuthorizationFault.STAGE_GIVEN,
        after(first_stage(), then=outcomes(authorized_parties=(Party("JPN"),))),
    ),
    Case(
        "the identifier of the approach would change",
        AuthorizationFault.STAGE_GIVEN,
        after(first_stage(), then=outcomes(cooperative_approach=CA9002)),
    ),
    Case(
        "the stage of entities names none",
        AuthorizationFault.CONTENT_MISSING,
        after(first_stage(), then=entities(authorized_entities=None)),
    ),
    Case(
        "the stage of outcomes lacks the gases",
        AuthorizationFault.CONTENT_MISSING,
        after(first_stage(), then=outcomes(gases=None)),
    ),
    Case(
        "the units are issued under one stage",
        CoverageFault.INCOMPLETE,
        after(first_stage(), then=issue()),
    ),
    Case(
        "the units are issued under two stages",
        CoverageFault.INCOMPLETE,
        after(first_stage(), outcomes(), then=issue()),
    ),
    Case(
        "the platform has given no identifier yet",
        CoverageFault.APPROACH_UNNAMED,
        after(letter(cooperative_approach=""), then=issue()),
    ),
    Case("a quantity is confirmed under no letter", AuthorizationFault.UNKNOWN, lambda _: confirm(1)),
    Case(
        "the quantity was never an estimate",
        AuthorizationFault.NOT_ESTIMATED,
        after(letter(authorized_quantity=100), then=confirm(10)),
    ),
    Case(
        "an estimate is not stated",
        AuthorizationFault.CONTENT_MISSING,
        lambda _: letter(estimated=True),
    ),
    *(
        Case(
            f"{quantity} is confirmed of 100",
            AuthorizationFault.CONFIRMED_OUTSIDE,
            after(letter(authorized_quantity=100, estimated=True), confirm(50), then=confirm(quantity)),
        )
        for quantity in (49, 0, 101)
    ),
    Case(
        "the letter was revoked before its confirmation",
        AuthorizationFault.REVOKED,
        after(
            letter(authorized_quantity=100, estimated=True),
            RevokeAuthorization(authorization=LOA, statement="s", reason="r"),
            then=confirm(10),
        ),
    ),
    Case(
        "the letter was revoked before its last stage",
        AuthorizationFault.REVOKED,
        after(
            first_stage(),
            outcomes(),
            RevokeAuthorization(authorization=LOA, statement="s", reason="r"),
            then=entities(),
        ),
    ),
    Case(
        "a version is still to come",
        AuthorizationFault.CHANGE_PENDING,
        after(
            letter(authorized_quantity=100, estimated=True),
            ChangeAuthorization(authorization=LOA, statement="s", reason="r", vintages=(2023,), effective_on=TOMORROW),
            then=confirm(10),
        ),
    ),
)


@pytest.mark.parametrize("case", STAGES, ids=titles)
def test_a_stage_is_refused_when(case: Case) -> None:
    check_refused(case, host())


ONE_STAGE = Case("a stage is missing", CoverageFault.INCOMPLETE, lambda _: issue())


def test_stages_together_cover_what_one_letter_covers_and_each_stays_as_a_version() -> None:
    desk = host()
    assert desk.do(first_stage()).because == "LOA-1 v1"
    refusal = check_refused(ONE_STAGE, desk)
    assert refusal.facts["components"] == "itmos, entities"
    assert desk.do(outcomes()).act is Act.AUTHORIZATION_COMPLETED
    refusal = check_refused(ONE_STAGE, desk)
    assert (refusal.facts["components"], refusal.facts["version"]) == ("entities", 2)
    desk.do(entities())
    desk.do(issue())
    desk.do(proposal(entity="KLIK"))
    desk.do(settle("T-1"))
    assert desk.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}
    versions = [desk.books.record("authorization_version", f"LOA-1@000{n}")["components"] for n in (1, 2, 3)]
    assert versions == [
        ["cooperative_approach"],
        ["cooperative_approach", "itmos"],
        ["cooperative_approach", "itmos", "entities"],
    ]


def test_the_identifier_of_the_approach_may_follow_the_letter() -> None:
    desk = host()
    desk.do(letter(cooperative_approach="", activities=(BUSES,)))
    desk.do(CompleteAuthorization(authorization=LOA, cooperative_approach=CA9001))
    desk.do(issue())
    check_refused(
        Case(
            "another identifier follows",
            AuthorizationFault.STAGE_EMPTY,
            lambda _: CompleteAuthorization(authorization=LOA, cooperative_approach=CA9002),
        ),
        desk,
    )


UNCONFIRMED = Case("nothing is confirmed", CoverageFault.UNCONFIRMED, lambda _: proposal())


def test_of_an_estimate_only_what_is_confirmed_is_first_transferred() -> None:
    desk = issuing_host(authorized_quantity=90, estimated=True)
    check_refused(UNCONFIRMED, desk)
    desk.do(confirm(50))
    desk.do(proposal(last=50))
    check_refused(
        Case("fifty are confirmed", CoverageFault.UNCONFIRMED, lambda _: proposal("T-2", first=51, last=51)), desk
    )
    check_refused(
        Case("fewer than first transferred", AuthorizationFault.CONFIRMED_OUTSIDE, lambda _: confirm(49)), desk
    )
    desk.do(confirm(90))
    desk.do(proposal("T-2", first=51, last=90))


def came_home(desk: Desk) -> ReduceAuthorization:
    other = buyer()
    deliver(desk, other, proposal(last=10))
    deliver(other, desk, proposal("T-2", "THA", last=10, source=BUYER, target=DEV))
    return reduce()


REDUCING = (
    Case("the letter is unknown", AuthorizationFault.UNKNOWN, lambda _: reduce(authorization="LOA-9")),
    Case("its units were first transferred and came home", AuthorizationFault.NOT_REDUCIBLE, came_home),
    Case(
        "its units stand under another letter",
        AuthorizationFault.NOT_REDUCIBLE,
        after(letter(authorization="LOA-2"), then=reduce(authorization="LOA-2")),
    ),
    Case("nothing is left of it", AuthorizationFault.REDUCTION_TAKES_ALL, lambda _: reduce(last=100)),
    Case("it says nothing on double counting", AuthorizationFault.STATEMENT_MISSING, lambda _: reduce(statement="")),
    Case(
        "less would be left than is on its way",
        AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED,
        after(proposal(last=60), issue(), then=reduce(61, 110)),
    ),
    Case(
        "the units are retired before",
        CancelFault.RETIREMENT_OF_AUTHORIZED,
        lambda _: Retire(units=units(V2023, 1, 10), account=DEV),
    ),
)


def test_units_for_use_at_home_leave_their_authorization_first() -> None:
    desk = issuing_host(authorized_quantity=100)
    entry = desk.do(reduce())
    assert entry.act is Act.AUTHORIZATION_REDUCED
    assert desk.books.record("authorization", LOA)["authorized_quantity"] == 90
    assert desk.books.record("authorization", LOA)["version"] == 2
    assert desk.facts(V2023, 1).get("authorization") is None
    desk.do(Retire(units=units(V2023, 1, 10), account=DEV))
    check_refused(
        Case("the rest is still promised", CancelFault.RETIREMENT_OF_AUTHORIZED,
             lambda _: Retire(units=units(V2023, 11, 20), account=DEV)),
        desk,
    )  # fmt: skip
    desk.do(proposal(first=11, last=100))
    assert desk.adjustments() == {}


def test_units_taken_out_may_be_authorized_again() -> None:
    desk = issuing_host(authorized_quantity=100)
    desk.do(reduce())
    desk.do(letter(authorization="LOA-2"))
    desk.do(AuthorizeUnits(units=units(V2023, 1, 10), account=DEV, authorization="LOA-2"))
    assert desk.facts(V2023, 1)["authorization"] == "LOA-2"


@pytest.mark.parametrize("case", REDUCING, ids=titles)
def test_a_reduction_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host(authorized_quantity=100))


def test_a_letter_that_provides_for_no_change_is_not_reduced() -> None:
    desk = issuing_host(authorized_quantity=100, change_process="")
    check_refused(Case("it has no process", AuthorizationFault.CHANGE_NOT_PROVIDED_FOR, lambda _: reduce()), desk)


def test_an_authorization_without_quantity_is_reduced_by_a_version_all_the_same() -> None:
    desk = issuing_host()
    desk.do(reduce(last=100))
    assert desk.books.record("authorization", LOA)["version"] == 2
    assert authorized_host().books.record("authorization", LOA)["version"] == 1
