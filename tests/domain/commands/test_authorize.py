"""Giving, changing and revoking an authorization."""

from datetime import date, timedelta
from typing import Any

import pytest

from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import TODAY, Case, after, check_refused, titles
from tests.domain.commands.scene import (
    BUSES,
    CA9002,
    LOA,
    STOVES,
    V2023,
    authorized_host,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    proposal,
    settle,
)

ISSUANCE = FirstTransferDefinition.ISSUANCE
TOMORROW = TODAY + timedelta(days=1)


def change(**changes: Any) -> ChangeAuthorization:
    content: dict[str, Any] = {"authorization": LOA, "statement": "units are split", "reason": "agreed", **changes}
    return ChangeAuthorization(**content)


def revocation(**changes: Any) -> RevokeAuthorization:
    content: dict[str, Any] = {"authorization": LOA, "statement": "none is used", "reason": "agreed", **changes}
    return RevokeAuthorization(**content)


def lacking(**changes: Any) -> Case:
    (name,) = changes
    return Case(f"{name} is missing", AuthorizationFault.CONTENT_MISSING, lambda _: letter(**changes))


GIVING = (
    Case("it was given before", AuthorizationFault.ALREADY_GIVEN, after(letter(), then=letter())),
    Case(
        "the approach is unknown",
        AuthorizationFault.HOST_NOT_PARTICIPATING,
        lambda _: letter(cooperative_approach="CA9009"),
    ),
    Case("its identifier is empty", AuthorizationFault.ID_UNREADABLE, lambda _: letter(authorization="")),
    Case("its identifier has a slash", AuthorizationFault.ID_UNREADABLE, lambda _: letter(authorization="A/1")),
    Case(
        "a Party has two letters",
        AuthorizationFault.PARTY_UNREADABLE,
        lambda _: letter(authorized_parties=(Party("CHE"), Party("JP"))),
    ),
    lacking(purposes=()),
    lacking(vintages=()),
    lacking(underlying_references=()),
    lacking(sectors=()),
    lacking(gases=()),
    lacking(adjustment_commitment=""),
    lacking(last_use_on=None),
    lacking(authorized_parties=()),
    Case(
        "other purposes lack a definition",
        AuthorizationFault.DEFINITION_MISSING,
        lambda _: letter(purposes=(Purpose.NDC, Purpose.OP), oimp_detail="voluntary"),
    ),
    Case(
        "NDC use alone has a definition",
        AuthorizationFault.DEFINITION_NOT_APPLICABLE,
        lambda _: letter(first_transfer_definition=ISSUANCE),
    ),
    Case(
        "other purposes are not described",
        AuthorizationFault.OIMP_DETAIL_MISSING,
        lambda _: letter(purposes=(Purpose.IMP,), first_transfer_definition=ISSUANCE),
    ),
    Case("a vintage is 2020", AuthorizationFault.VINTAGE_TOO_EARLY, lambda _: letter(vintages=(2020, 2021))),
    Case("the quantity is zero", AuthorizationFault.QUANTITY_NOT_POSITIVE, lambda _: letter(authorized_quantity=0)),
    *(
        Case(f"{end} is yesterday", AuthorizationFault.PERIOD_BACKWARDS, after(then=letter(**{end: date(2026, 3, 30)})))
        for end in ("valid_to", "last_issuance_on", "last_use_on")
    ),
    Case(
        "the approach has another definition",
        AuthorizationFault.DEFINITION_DIFFERS,
        after(
            oimp_letter(ISSUANCE),
            then=oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION, authorization="LOA-2"),
        ),
    ),
    Case("an entity is unknown", AuthorizationFault.ENTITY_UNKNOWN, lambda _: letter(authorized_entities=("ACME",))),
    Case("an activity is unknown", AuthorizationFault.ACTIVITY_DIFFERS, lambda _: letter(activities=("NONE",))),
    Case("an activity is elsewhere", AuthorizationFault.ACTIVITY_DIFFERS, lambda _: letter(activities=(STOVES,))),
    Case(
        "content and entity are wrong, and the content comes first",
        AuthorizationFault.CONTENT_MISSING,
        lambda _: letter(vintages=(), authorized_entities=("ACME",)),
    ),
)


@pytest.mark.parametrize("case", GIVING, ids=titles)
def test_an_authorization_is_refused_when(case: Case) -> None:
    check_refused(case, host())


NOT_A_PARTY = Case("it comes from a territory", AuthorizationFault.JURISDICTION_IS_NOT_A_PARTY, lambda _: letter())


def test_an_authorization_is_refused_from_a_jurisdiction_that_is_not_a_party() -> None:
    check_refused(NOT_A_PARTY, host(is_party=False))


CHANGING = (
    Case(
        "a metric has no name",
        AuthorizationFault.CONTENT_MISSING,
        lambda _: letter(authorization="LOA-3", metric=Metric(MetricKind.NON_GHG, conversion="0.45")),
    ),
    *(
        Case(
            f"a metric is converted by {conversion!r}",
            AuthorizationFault.CONTENT_MISSING,
            lambda _, conversion=conversion: letter(
                authorization="LOA-3", metric=Metric(MetricKind.NON_GHG, "MWh", conversion=conversion)
            ),
        )
        for conversion in ("", "0", "0.0", "-1", "1/3", "1e3", "٣")
    ),
    Case("a change names no letter", AuthorizationFault.UNKNOWN, lambda _: change(authorization="LOA-9")),
    Case("a revocation names no letter", AuthorizationFault.UNKNOWN, lambda _: revocation(authorization="LOA-9")),
    Case(
        "the letter provides for no change",
        AuthorizationFault.CHANGE_NOT_PROVIDED_FOR,
        after(letter(authorization="LOA-2", change_process=""), then=change(authorization="LOA-2")),
    ),
    Case("a change is silent on double counting", AuthorizationFault.STATEMENT_MISSING, lambda _: change(statement="")),
    Case("a revocation is silent on it", AuthorizationFault.STATEMENT_MISSING, lambda _: revocation(statement="")),
    Case(
        "it would take effect yesterday",
        AuthorizationFault.CHANGE_BACKDATED,
        lambda _: change(effective_on=date(2026, 3, 30)),
    ),
    Case("the letter is revoked", AuthorizationFault.REVOKED, after(revocation(), then=change())),
    Case("the letter is revoked twice", AuthorizationFault.REVOKED, after(revocation(), then=revocation())),
    Case("its new content lacks a vintage", AuthorizationFault.CONTENT_MISSING, lambda _: change(vintages=())),
    Case("its new entity is unknown", AuthorizationFault.ENTITY_UNKNOWN, lambda _: change(authorized_entities=("X",))),
)


@pytest.mark.parametrize("case", CHANGING, ids=titles)
def test_a_change_is_refused_when(case: Case) -> None:
    check_refused(case, authorized_host())


REACHING_BACK = (
    Case(
        "its quantity falls below what was first transferred",
        AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED,
        lambda _: change(authorized_quantity=39),
    ),
    Case(
        "it would take effect on the day of a first transfer",
        AuthorizationFault.CHANGE_NOT_LATER,
        lambda _: change(vintages=(2024,), effective_on=TODAY),
    ),
)


@pytest.mark.parametrize("case", REACHING_BACK, ids=titles)
def test_after_a_first_transfer_a_change_is_refused_when(case: Case) -> None:
    issuing_host().do(case.act(issuing_host()))  # before any first transfer, the same change is allowed
    desk = issuing_host()
    desk.do(proposal())
    desk.do(settle("T-1"))
    check_refused(case, desk)


def test_a_change_reaches_back_where_the_terms_already_said_so() -> None:
    desk = issuing_host(terms_allow_change_after_first_transfer=True)
    desk.do(proposal())
    desk.do(settle("T-1"))
    desk.do(change(vintages=(2024,)))
    assert desk.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}


def test_an_authorization_says_what_the_command_said_and_who_gave_it() -> None:
    desk = host()
    entry = desk.do(letter(activities=(BUSES,), authorized_entities=("KLIK",)))
    assert entry.because == "LOA-1 v1"
    given = desk.books.record("authorization", LOA)
    assert (given["host"], given["authorized_on"], given["tracking_registry"]) == ("THA", "2026-03-31", "THA01")
    assert given["purposes"] == ["NDC"]


def test_the_first_definition_of_an_approach_holds_for_all_its_authorizations() -> None:
    desk = host()
    desk.do(oimp_letter(ISSUANCE))
    assert desk.books.record("approach", "CA9001")["first_transfer_definition"] == "ISSUANCE"
    desk.do(oimp_letter(ISSUANCE, authorization="LOA-2"))
    desk.do(
        oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION, authorization="LOA-3", cooperative_approach=CA9002)
    )


def test_every_version_of_an_authorization_stays() -> None:
    desk = authorized_host()
    entry = desk.do(change(authorized_quantity=500))
    assert entry.because == "LOA-1 v1"
    assert desk.books.record("authorization_version", "LOA-1@0001")["authorized_quantity"] is None
    assert desk.books.record("authorization_version", "LOA-1@0002")["authorized_quantity"] == 500
    assert desk.books.record("authorization", LOA)["version"] == 2


@pytest.mark.parametrize(
    ("coming", "fault"),
    [(change(vintages=(2024,), effective_on=TOMORROW), CoverageFault.VINTAGE),
     (revocation(effective_on=TOMORROW), CoverageFault.REVOKED)],
)  # fmt: skip
def test_a_change_governs_from_its_day_of_effect(
    coming: ChangeAuthorization | RevokeAuthorization, fault: CoverageFault
) -> None:
    desk = authorized_host()
    desk.do(coming)
    desk.do(issue(), on=TODAY)
    check_refused(Case("the day has come", fault, lambda _: issue(), on=TOMORROW), desk)


def test_a_version_before_the_one_coming_still_governs_when_several_are_coming() -> None:
    desk = authorized_host()
    desk.do(change(authorized_quantity=50, effective_on=TOMORROW))
    desk.do(change(authorized_quantity=10, effective_on=TOMORROW + timedelta(days=1)))
    desk.do(issue())
    check_refused(Case("fifty is the limit", CoverageFault.QUANTITY, lambda _: proposal(last=51), on=TOMORROW), desk)
    desk.do(proposal(last=50), on=TOMORROW)


def test_a_revocation_leaves_first_transferred_units_their_adjustment() -> None:
    desk = issuing_host()
    desk.do(proposal())
    desk.do(settle("T-1"))
    before = desk.adjustments()
    desk.do(revocation())
    assert desk.adjustments() == before == {"ndc:THA:2023:added": 40, "awaiting-use": -40}
    assert desk.facts(V2023, 1)["first_transferred_on"] == TODAY.isoformat()
    check_refused(Case("nothing follows", CoverageFault.REVOKED, lambda _: proposal("T-2", first=41, last=50)), desk)


REFUSALS = (*GIVING, NOT_A_PARTY, *CHANGING, *REACHING_BACK)
