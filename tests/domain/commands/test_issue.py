"""Issuing units, with and without a letter."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.issue import Issue, IssueFault, UnderlyingStart, UnitsAuthorizedFault
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.domain.accounting.first_transfer import FirstTransferFault
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.entry import Act, Record
from counterfoil.domain.mrv.verification import VerificationFault
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import FirstTransferDefinition
from counterfoil.domain.units.serials import SERIAL_MAX
from counterfoil.domain.units.unit_type import PermittedUse, UnitType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUSES,
    CA9002,
    DEV,
    HOME,
    LOA,
    PARK,
    STOVES,
    V2023,
    activity,
    authorized_host,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    report,
    statement,
)

FROM_1000 = UnderlyingStart("VCS", "VCU-", 1000)
REVOCATION = RevokeAuthorization(authorization=LOA, statement="none is used", reason="error")
IN_2020 = {"first_day": date(2020, 1, 1), "last_day": date(2020, 12, 31)}


def verified(of: ActivityId) -> tuple[Command, ...]:
    """A report on another activity, and its verification V-2."""
    return report("M-2", of, (2023, 10)), statement("V-2", "M-2", (2023, 10))


def from_v2(of: ActivityId, **changes: Any) -> Issue:
    return issue(activity=of, verification="V-2", quantity=1, **changes)


def numbers_used_up(desk: Desk) -> Issue:
    entry = desk.do(issue(quantity=1))
    desk.record(type(entry)(Act.ISSUED, entry.effective_on, records=(Record("next_serial", V2023, SERIAL_MAX),)))
    return issue(quantity=2)


def under(second: Authorize) -> Callable[[Desk], Command]:
    return after(second, then=issue(authorization=second.authorization))


def second_letter(**changes: Any) -> Authorize:
    return letter(authorization="LOA-2", **changes)


def by_issuance(**changes: Any) -> Authorize:
    return oimp_letter(FirstTransferDefinition.ISSUANCE, authorization="LOA-2", **changes)


REFUSALS = (
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: issue(activity="NONE")),
    Case("the verification is unknown", VerificationFault.UNKNOWN, lambda _: issue(verification="V-9")),
    Case(
        "the verification is another activity's", VerificationFault.ACTIVITY_DIFFERS, lambda _: issue(activity=STOVES)
    ),
    Case("nothing is to be issued", IssueFault.QUANTITY_NOT_POSITIVE, lambda _: issue(quantity=0)),
    Case("the year has not come", IssueFault.VINTAGE_IN_FUTURE, lambda _: issue(vintage=2027)),
    Case(
        "the underlying units begin below zero",
        IssueFault.UNDERLYING_UNREADABLE,
        lambda _: issue(underlying=UnderlyingStart("VCS", "VCU-", -1)),
    ),
    Case(
        "the underlying units were issued for before",
        IssueFault.UNDERLYING_ISSUED,
        after(issue(quantity=50, underlying=FROM_1000), then=issue(quantity=50, underlying=FROM_1000)),
    ),
    Case(
        "one underlying unit was issued for before",
        IssueFault.UNDERLYING_ISSUED,
        after(
            issue(quantity=50, underlying=FROM_1000),
            then=issue(quantity=50, underlying=UnderlyingStart("VCS", "VCU-", 951)),
        ),
    ),
    Case("the vintage was not verified", VerificationFault.VINTAGE_NOT_VERIFIED, lambda _: issue(vintage=2022)),
    Case("one unit more than verified", VerificationFault.QUANTITY_EXCEEDED, lambda _: issue(quantity=601)),
    Case(
        "one unit more than is left",
        VerificationFault.QUANTITY_EXCEEDED,
        after(issue(quantity=500), then=issue(quantity=101)),
    ),
    Case("the account is not open", AccountFault.UNKNOWN, lambda _: issue(account="tha:nobody")),
    Case(
        "the account is another Party's",
        AccountFault.OTHER_PARTY,
        after(OpenAccount(account="che:klik", holder="KLIK", party=Party("CHE")), then=issue(account="che:klik")),
    ),
    Case("the account is no holding", AccountFault.NOT_A_HOLDING, lambda _: issue(account="cancelled:omge")),
    Case(
        "an ITMO has no approach",
        IssueFault.APPROACH_MISSING,
        after(activity(PARK, cooperative_approach=None), *verified(PARK), then=from_v2(PARK, authorization=None)),
    ),
    Case("the type is Kyoto's", IssueFault.TYPE_NOT_ISSUED_HERE, lambda _: issue(unit_type=UnitType.CER)),
    Case(
        "a domestic scheme has no name",
        IdentifierFault.UNREADABLE,
        lambda _: issue(unit_type=UnitType.DOMESTIC, scheme="", authorization=None),
    ),
    Case(
        "the vintage is before 2021",
        IdentifierFault.VINTAGE_TOO_EARLY,
        after(
            report("M-2", BUSES, (2020, 10), **IN_2020),
            statement("V-2", "M-2", (2020, 10)),
            then=from_v2(BUSES, vintage=2020, authorization=None),
        ),
    ),
    Case(
        "domestic units are given a letter",
        UnitsAuthorizedFault.NOT_AUTHORIZABLE,
        lambda _: issue(unit_type=UnitType.DOMESTIC, scheme="TVER"),
    ),
    Case(
        "units for domestic use are given a letter",
        UnitsAuthorizedFault.DOMESTIC_USE_ONLY,
        lambda _: issue(permitted_use=PermittedUse.DOMESTIC),
    ),
    Case("the letter is unknown", AuthorizationFault.UNKNOWN, lambda _: issue(authorization="LOA-9")),
    Case("the letter is revoked", CoverageFault.REVOKED, after(REVOCATION, then=issue())),
    Case(
        "the letter is not yet valid",
        CoverageFault.NOT_YET_VALID,
        under(second_letter(valid_from=date(2026, 4, 1))),
    ),
    Case(
        "the letter has expired",
        CoverageFault.EXPIRED,
        under(second_letter(valid_from=date(2025, 1, 1), valid_to=date(2026, 3, 30))),
    ),
    Case(
        "the last day of issuance was yesterday",
        CoverageFault.ISSUANCE_TOO_LATE,
        under(second_letter(valid_from=date(2025, 1, 1), last_issuance_on=date(2026, 3, 30))),
    ),
    Case("the letter is another approach's", CoverageFault.APPROACH, after(*verified(STOVES), then=from_v2(STOVES))),
    Case("the vintage is not in the letter", CoverageFault.VINTAGE, under(second_letter(vintages=(2024,)))),
    Case(
        "the activity is not in the letter",
        CoverageFault.ACTIVITY,
        after(
            activity(PARK, cooperative_approach=CA9002),
            *verified(PARK),
            second_letter(cooperative_approach=CA9002, activities=(STOVES,)),
            then=from_v2(PARK, authorization="LOA-2"),
        ),
    ),
    Case(
        "the letter counts tonnes and the units MWh",
        CoverageFault.METRIC,
        after(activity(PARK, metric=Metric(MetricKind.NON_GHG, "MWh")), *verified(PARK), then=from_v2(PARK)),
    ),
    Case("no serials are left", IssueFault.SERIALS_EXHAUSTED, numbers_used_up),
    Case(
        "issuance is the first transfer and exceeds the letter",
        CoverageFault.QUANTITY,
        under(by_issuance(authorized_quantity=99)),
    ),
    Case(
        "issuance is the first transfer and comes after the deadline",
        FirstTransferFault.AFTER_DEADLINE,
        under(by_issuance()),
        on=date(2032, 1, 1),
    ),
    Case(
        "both quantity and account are wrong, and the quantity comes first",
        VerificationFault.QUANTITY_EXCEEDED,
        lambda _: issue(quantity=601, account="tha:nobody"),
    ),
    Case(
        "both account and letter are wrong, and the account comes first",
        AccountFault.UNKNOWN,
        lambda _: issue(account="tha:nobody", authorization="LOA-9"),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_an_issuance_is_refused_when(case: Case) -> None:
    check_refused(case, authorized_host())


def test_units_of_a_class_are_numbered_from_one_without_a_gap() -> None:
    desk = authorized_host()
    desk.do(issue(quantity=60))
    desk.do(issue(quantity=40))
    assert desk.held(V2023) == [("1..60", DEV), ("61..100", DEV)]


def test_everything_that_was_verified_may_be_issued_and_not_one_unit_more() -> None:
    desk = authorized_host()
    desk.do(issue(quantity=600))
    assert desk.books.record("verification", "V-1")["issued"] == [{"vintage": 2023, "quantity": 600}]
    check_refused(Case("all is issued", VerificationFault.QUANTITY_EXCEEDED, lambda _: issue(quantity=1)), desk)
    desk.do(issue(vintage=2024, quantity=400))


def test_a_unit_is_born_with_the_facts_that_travel_with_it() -> None:
    desk = authorized_host()
    desk.do(issue(underlying=UnderlyingStart("VCS", "VCU-", 5_000, "-X")))
    assert desk.facts(V2023, 100) == {
        "type": "ITMO",
        "activity": "BUSES",
        "mitigation": "reduction",
        "metric": "GHG",
        "gwp": "AR5",
        "reversibility": "not_applicable",
        "permitted_use": "international",
        "sector": "Transport",
        "activity_type": "Electric vehicles",
        "authorization": "LOA-1",
        "underlying": ["VCS", "VCU-", "-X", 4_999],
    }


def test_issuance_needs_no_letter_and_moves_no_balance() -> None:
    desk = host()
    desk.do(issue(authorization=None))
    assert "authorization" not in desk.facts(V2023, 1)
    assert desk.adjustments() == {}


def test_domestic_units_have_an_identifier_of_their_scheme() -> None:
    desk = host()
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    assert desk.held(HOME) == [("1..100", DEV)]


@pytest.mark.parametrize(
    ("definition", "trigger"),
    [(FirstTransferDefinition.ISSUANCE, "issuance"), (FirstTransferDefinition.AUTHORIZATION, "authorization")],
)
def test_issuance_is_the_first_transfer_where_the_host_said_so(
    definition: FirstTransferDefinition, trigger: str
) -> None:
    desk = host()
    desk.do(oimp_letter(definition))
    desk.do(issue())
    facts = desk.facts(V2023, 1)
    assert (facts["first_transferred_on"], facts["first_transfer_trigger"]) == ("2026-03-31", trigger)
    assert desk.adjustments() == {"ndc:THA:2023:added": 100, "awaiting-use": -100}


def test_issuance_is_no_first_transfer_where_use_or_cancellation_will_be() -> None:
    desk = host()
    desk.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION))
    desk.do(issue())
    assert "first_transferred_on" not in desk.facts(V2023, 1)
    assert desk.adjustments() == {}


def test_numbers_of_a_corrected_issuance_are_not_given_again() -> None:
    desk = issuing_host()
    desk.do(Correct(entry=desk.last, authority="DNA", reason="wrong vintage"))
    desk.do(issue(quantity=10))
    assert desk.held(V2023) == [("101..110", DEV)]


def test_the_refusal_of_a_second_issuance_names_the_underlying_units() -> None:
    desk = authorized_host()
    desk.do(issue(quantity=50, underlying=FROM_1000))
    again = issue(quantity=50, underlying=UnderlyingStart("VCS", "VCU-", 1040))
    refusal = check_refused(Case("ten of them", IssueFault.UNDERLYING_ISSUED, lambda _: again), desk)
    assert dict(refusal.facts) == {"registry": "VCS", "first": "VCU-1040", "last": "VCU-1049"}


def test_neighbours_and_the_same_numbers_of_another_series_are_issued_for() -> None:
    desk = authorized_host()
    desk.do(issue(quantity=50, underlying=FROM_1000))
    for other in (("VCS", "VCU-", 950), ("VCS", "VCU-", 1050), ("VCS", "VCX-", 1000), ("GS", "VCU-", 1000)):
        desk.do(issue(quantity=50, underlying=UnderlyingStart(*other)))


def test_what_stood_behind_a_corrected_issuance_may_be_issued_for_again() -> None:
    desk = authorized_host()
    desk.do(issue(quantity=50, underlying=FROM_1000))
    desk.do(Correct(entry=desk.last, authority="DNA", reason="wrong account"))
    desk.do(issue(quantity=50, underlying=FROM_1000))


def test_cancelled_units_keep_what_stands_behind_them() -> None:
    desk = authorized_host()
    desk.do(issue(quantity=50, underlying=FROM_1000))
    desk.do(Cancel(units=units(V2023, 1, 50), account=DEV, purpose=CancellationPurpose.OMGE))
    again = issue(quantity=1, underlying=FROM_1000)
    check_refused(Case("they are cancelled", IssueFault.UNDERLYING_ISSUED, lambda _: again), desk)
