"""What a change of an authorization may do: join purposes, pull first transfers, spare what went before."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.issue import UnderlyingStart
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    LOA,
    V2023,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    proposal,
    settle,
)
from tests.domain.commands.test_authorize import ISSUANCE, TOMORROW, change, revocation


def joining(definition: FirstTransferDefinition, **changes: Any) -> ChangeAuthorization:
    """Other purposes join NDC use."""
    content = {"purposes": (Purpose.NDC, Purpose.IMP), "oimp_detail": "aviation", **changes}
    return change(first_transfer_definition=definition, **content)


OPENED = (
    Case(
        "other purposes join while units are on their way",
        AuthorizationFault.CHANGE_FIRST_TRANSFERS,
        after(proposal(), then=joining(ISSUANCE)),
    ),
    Case(
        "other purposes join tomorrow, after units were issued",
        AuthorizationFault.CHANGE_NOT_SAME_DAY,
        lambda _: joining(ISSUANCE, effective_on=TOMORROW),
    ),
    Case(
        "it would overtake a version that is still to come",
        AuthorizationFault.CHANGE_PENDING,
        after(change(authorized_quantity=50, effective_on=TOMORROW), then=change(authorized_quantity=60)),
    ),
    Case(
        "it gives NDC use alone a definition",
        AuthorizationFault.DEFINITION_NOT_APPLICABLE,
        lambda _: change(first_transfer_definition=ISSUANCE),
    ),
    Case(
        "other purposes join without a definition",
        AuthorizationFault.DEFINITION_MISSING,
        lambda _: change(purposes=(Purpose.NDC, Purpose.IMP), oimp_detail="aviation"),
    ),
)


@pytest.mark.parametrize("case", OPENED, ids=titles)
def test_after_issuance_a_change_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_a_letter_for_ndc_use_gets_other_purposes_and_their_definition() -> None:
    desk = authorized_host()
    desk.do(joining(FirstTransferDefinition.USE_OR_CANCELLATION))
    changed = desk.books.record("authorization", LOA)
    assert (changed["purposes"], changed["first_transfer_definition"]) == (["NDC", "IMP"], "USE_OR_CANCELLATION")
    assert desk.books.record("approach", "CA9001")["first_transfer_definition"] == "USE_OR_CANCELLATION"
    desk.do(issue())
    assert desk.adjustments() == {}


def test_units_issued_before_are_first_transferred_when_other_purposes_join() -> None:
    desk = issuing_host(authorized_quantity=100)
    desk.do(proposal())
    desk.do(settle("T-1"))
    entry = desk.do(joining(ISSUANCE), on=TOMORROW)
    assert desk.adjustments() == {"ndc:THA:2023:added": 100, "awaiting-use": -100}
    assert [(change.first, change.last) for change in entry.facts] == [(41, 100)]
    assert desk.facts(V2023, 41)["first_transfer_trigger"] == "issuance"
    desk.do(proposal("T-2", first=41, last=100))
    assert desk.do(settle("T-2")).act is Act.TRANSFERRED_ABROAD
    assert desk.adjustments() == {"ndc:THA:2023:added": 100, "awaiting-use": -100}


def test_other_purposes_that_are_taken_away_take_their_definition_with_them() -> None:
    desk = host()
    desk.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION, Purpose.NDC, Purpose.IMP))
    desk.do(change(purposes=(Purpose.NDC,)))
    changed = desk.books.record("authorization", LOA)
    assert (changed["first_transfer_definition"], changed["oimp_detail"]) == (None, "")


def test_a_change_for_untransferred_units_leaves_the_others_their_version() -> None:
    source, target = issuing_host(), buyer()
    deliver(source, target, proposal())
    source.do(change(only_untransferred=True, purposes=(Purpose.NDC,), authorized_parties=(Party("JPN"),)))
    no_longer = Case("not to CHE", CoverageFault.PARTY, lambda _: proposal("T-2", first=41, last=50), on=TOMORROW)
    check_refused(no_longer, source)
    deliver(source, buyer("JPN"), proposal("T-3", "JPN", 41, 50), on=TOMORROW)
    target.do(UseTowardsNdc(units=units(V2023, 1, 10), account=BUYER, year=2025), on=TOMORROW)


def test_the_buyer_keeps_the_version_of_what_it_bought_when_a_later_one_arrives() -> None:
    source, target = issuing_host(), buyer()
    deliver(source, target, proposal())
    source.do(change(only_untransferred=True, last_use_on=date(2026, 6, 30)))
    deliver(source, target, proposal("T-2", first=41, last=50), on=TOMORROW)
    use = UseTowardsNdc(units=units(V2023, 1, 10), account=BUYER, year=2025)
    target.do(use, on=date(2026, 12, 1))
    later = UseTowardsNdc(units=units(V2023, 41, 50), account=BUYER, year=2025)
    check_refused(Case("bought later", CoverageFault.USE_TOO_LATE, lambda _: later, on=date(2026, 12, 1)), target)


REACHING_REVOCATION = (
    Case(
        "some are still on their way",
        AuthorizationFault.BOTH_SIDES_NEEDED,
        after(proposal("T-2", first=41, last=50), then=revocation(reach_first_transferred=True)),
    ),
    Case(
        "their holder cannot be told",
        AuthorizationFault.BOTH_SIDES_NEEDED,
        lambda desk: unlinked(desk, revocation(reach_first_transferred=True)),
    ),
)


def unlinked(desk: Desk, then: RevokeAuthorization) -> RevokeAuthorization:
    desk.books.records[("partner", "CHE")] = None
    desk.books.commit()
    return then


WITHOUT_TERMS = Case(
    "the terms do not allow it",
    AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED,
    lambda _: revocation(reach_first_transferred=True),
)


def test_a_revocation_of_first_transferred_units_needs_both_sides_and_terms_that_allow_it() -> None:
    for case in REACHING_REVOCATION:
        allowed = issuing_host(terms_allow_change_after_first_transfer=True)
        allowed.do(proposal())
        allowed.do(settle("T-1"))
        check_refused(case, allowed)
    plain = issuing_host()
    plain.do(proposal())
    plain.do(settle("T-1"))
    check_refused(WITHOUT_TERMS, plain)
    issuing_host().do(revocation(reach_first_transferred=True))  # nothing to reach: an ordinary revocation


def old_shape(desk: Desk) -> Desk:
    """The letter as it was recorded before gases, commitment, stages and estimates were asked."""
    later = {"gases", "adjustment_commitment", "components", "estimated", "confirmed_quantity", "only_untransferred"}
    for kind, key in (("authorization", LOA), ("authorization_version", "LOA-1@0001")):
        value = desk.books.record(kind, key)
        desk.books.records[(kind, key)] = {name: item for name, item in value.items() if name not in later}
    desk.books.commit()
    return desk


def test_a_letter_recorded_before_more_was_asked_governs_as_it_did() -> None:
    desk = old_shape(authorized_host())
    desk.do(issue())
    desk.do(proposal())
    desk.do(settle("T-1"))
    desk.do(change(authorized_quantity=500))
    assert desk.books.record("authorization", LOA)["gases"] == []
    desk.do(change(gases=("CO2",), adjustment_commitment="adjustments are applied"))
    assert desk.books.record("authorization", LOA)["gases"] == ["CO2"]
    check_refused(Case("gases are taken away", AuthorizationFault.CONTENT_MISSING, lambda _: change(gases=())), desk)
    desk.do(revocation())


@pytest.mark.parametrize(
    ("letters", "asked", "fault"),
    [({"sectors": ("Energy",)}, {}, CoverageFault.SECTOR),
     ({"activity_types": ("Cooking",)}, {}, CoverageFault.ACTIVITY_TYPE),
     ({"underlying_registries": ("VCS",)}, {"underlying": UnderlyingStart("GS", "GS-", 1)},
      CoverageFault.UNDERLYING_REGISTRY),
     ({"metric": Metric(gwp="AR6")}, {}, CoverageFault.METRIC)],
)  # fmt: skip
def test_what_the_letter_says_of_the_mitigation_governs_issuance(
    letters: dict[str, Any], asked: dict[str, Any], fault: CoverageFault
) -> None:
    desk = authorized_host(**letters)
    refusal = check_refused(Case("it differs", fault, lambda _: issue(**asked)), desk)
    assert refusal.facts["version"] == 1 and str(refusal.facts["clause"]).startswith("5(")


MITIGATION = tuple(
    Case("the letter says otherwise", fault, after(letter(authorization="L", **content), then=issue(authorization="L")))
    for content, fault in (
        ({"sectors": ("Energy",)}, CoverageFault.SECTOR),
        ({"activity_types": ("Cooking",)}, CoverageFault.ACTIVITY_TYPE),
    )
)
REGISTRY = Case(
    "the letter names another underlying registry",
    CoverageFault.UNDERLYING_REGISTRY,
    after(
        letter(authorization="L", underlying_registries=("VCS",)),
        then=issue(authorization="L", underlying=UnderlyingStart("GS", "GS-", 1)),
    ),
)


@pytest.mark.parametrize("case", (*MITIGATION, REGISTRY), ids=titles)
def test_units_of_other_mitigation_are_refused_when(case: Case) -> None:
    check_refused(case, host())
