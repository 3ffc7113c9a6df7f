"""A registered activity: what it refuses, how it is renewed, and how consent binds it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from counterfoil.application.command import Command, record, stored
from counterfoil.application.commands.living import life_of
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault, ActivityKind, CreditingPeriod
from counterfoil.domain.activities.activity import ExpectedYear as Expected
from counterfoil.domain.activities.change import ChangeFault
from counterfoil.domain.activities.consultation import ConsentDecision
from counterfoil.domain.activities.crediting import PERIODS_MAX, CreditingFault
from counterfoil.domain.activities.description import DescriptionFault
from counterfoil.domain.activities.gates import GateFault
from counterfoil.domain.activities.life import EVENTS_MAX, LIFE, LifeFault
from counterfoil.domain.activities.verifier import VerifierFault
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import Stage
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles
from tests.domain.commands.lives import (
    DAM,
    LONG,
    OTHER,
    PERIOD,
    REGISTERED,
    REPORT,
    VALIDATOR,
    at,
    bare,
    body,
    change,
    checked,
    consent,
    finding,
    idea,
    issue,
    method,
    registration,
    renewal,
    resumption,
    strict_desk,
    suspension,
    swap,
    to,
    with_gate,
    withdrawal,
)
from tests.domain.commands.scene import LOA, host, letter, report, statement


def full(desk: Desk) -> Command:
    life = replace(life_of(desk.books, DAM), events=EVENTS_MAX)
    desk.record(Entry(Act.ACTIVITY_CHANGED, TODAY, records=(record(LIFE, DAM, life),)))
    return suspension()


LATER = date(2028, 6, 1)
BEFORE_END = renewal(first_day=date(2027, 1, 1), last_day=date(2031, 12, 31))
REFUSALS = (
    Case("it is registered in one step", LifeFault.NOT_IN_ONE_STEP, lambda _: registration(activity=ActivityId("X"))),
    Case("it is unknown", ActivityFault.UNKNOWN, lambda _: replace(REGISTERED, activity=ActivityId("X"))),
    Case("its reason is a book", LifeFault.TEXT_UNCLEAR, lambda _: to(Stage.CLOSED, reason="x" * 501)),
    Case("a document has no digest", LifeFault.DOCUMENT_UNREADABLE, lambda _: to(Stage.CLOSED, documents=("a.pdf",))),
    Case("it is suspended, and advances", LifeFault.SUSPENDED, after(suspension(), then=to(Stage.CLOSED))),
    Case("it is suspended twice", LifeFault.SUSPENDED, after(suspension(), then=suspension())),
    Case("it is suspended, and changes", LifeFault.SUSPENDED, after(suspension(), then=change(title="X"))),
    Case("it is suspended, and is sold", LifeFault.SUSPENDED, after(suspension(), then=swap())),
    Case("it resumes though it goes on", LifeFault.NOT_SUSPENDED, lambda _: resumption()),
    Case("nobody suspends it", LifeFault.TEXT_UNCLEAR, lambda _: suspension(authority=" ")),
    Case("its events are full", LifeFault.EVENTS_FULL, full),
    Case("its withdrawal has no notice", LifeFault.NOTICE_TOO_SHORT, lambda _: withdrawal()),
    Case("nothing changes", ChangeFault.NOTHING_CHANGES, lambda _: change(title="A small dam")),
    Case("a change has no document", GateFault.DOCUMENT_MISSING, lambda _: change(title="X", documents=())),
    Case("its boundary has no digest", DescriptionFault.BOUNDARY_UNREADABLE, lambda _: change(boundary="map")),
    Case("its years repeat", DescriptionFault.EXPECTED_UNCLEAR, lambda _: change(expected=(Expected(2024, 1),) * 2)),
    Case("its period grows", ChangeFault.PERIODS_ONLY_SHORTER, lambda _: change(crediting_periods=(LONG,))),
    Case(
        "its period runs backwards",
        CreditingFault.PERIOD_BACKWARDS,
        lambda _: change(crediting_periods=(CreditingPeriod(PERIOD.first_day, date(2023, 1, 1)),)),
    ),
    Case(
        "its periods share a day",
        CreditingFault.PERIODS_DISORDERED,
        lambda _: change(crediting_periods=(PERIOD, PERIOD)),
    ),
    Case(
        "its periods are many",
        CreditingFault.TOO_MANY,
        lambda _: change(crediting_periods=(PERIOD,) * (PERIODS_MAX + 1)),
    ),
    Case("somebody joins who is there", ChangeFault.PARTICIPANTS_UNCLEAR, lambda _: swap(joining=("DAMCO",))),
    Case("nobody joins or leaves", ChangeFault.PARTICIPANTS_UNCLEAR, lambda _: swap(joining=(), leaving=())),
    Case("a newcomer has not agreed", ChangeFault.CONSENT_MISSING, lambda _: swap(agreements=())),
    Case("nobody remains", ChangeFault.NONE_REMAINS, lambda _: swap(joining=())),
    Case("it is renewed too early", CreditingFault.OUTSIDE_WINDOW, lambda _: renewal()),
    Case(
        "its renewal leaves a gap",
        CreditingFault.NOT_ADJACENT,
        lambda _: renewal(first_day=date(2029, 1, 2)),
    ),
    Case("its renewal begins before the end", CreditingFault.NOT_ADJACENT, lambda _: BEFORE_END),
    Case(
        "a report lies outside its periods",
        CreditingFault.OUTSIDE_PERIODS,
        lambda _: report("M-1", DAM, (2023, 1), first_day=date(2023, 12, 31), last_day=date(2024, 12, 31)),
    ),
    Case("its validator verifies", VerifierFault.VALIDATED_IT, after(REPORT, then=checked(VALIDATOR))),
    Case("a stranger verifies", VerifierFault.NOT_REGISTERED, after(REPORT, then=checked("TUV"))),
    Case("a finding is open, and it verifies", GateFault.FINDING_OPEN, after(REPORT, finding(), then=checked())),
    Case("a finding is open, and it issues", GateFault.FINDING_OPEN, after(REPORT, checked(), finding(), then=issue())),
    Case("it is suspended, and issues", LifeFault.SUSPENDED, after(REPORT, checked(), suspension(), then=issue())),
    Case(
        "consent is withdrawn, and it issues",
        GateFault.CONSENT_REFUSED,
        after(REPORT, checked(), consent(ConsentDecision.WITHDRAWN), then=issue()),
    ),
    Case(
        "it issues years after its crediting",
        CreditingFault.ISSUANCE_TOO_LATE,
        after(REPORT, checked(), then=issue()),
        on=date(2031, 1, 1),
    ),
    Case(
        "a component has no programme",
        DescriptionFault.PARENT_UNCLEAR,
        lambda _: idea(activity=ActivityId("CP-1"), kind=ActivityKind.COMPONENT),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_registered_activity_refuses_when(case: Case) -> None:
    check_refused(case, at(Stage.REGISTERED))


CONSENT = Case("consent is asked for", GateFault.CONSENT_MISSING, lambda _: REGISTERED)
BOUNDARY = Case("a boundary is asked for", GateFault.BOUNDARY_MISSING, lambda _: REGISTERED)


UNLETTERED = Case("a letter is asked for", GateFault.LETTER_MISSING, lambda _: REGISTERED)
UNNAMED = Case("its letter names others", GateFault.LETTER_NOT_COVERING, lambda _: replace(REGISTERED, letter=LOA))
LETTERED = replace(REGISTERED, letter=LOA)
ASKED = {
    GateFault.CONSENT_MISSING: "consent",
    GateFault.BOUNDARY_MISSING: "boundary",
    GateFault.LETTER_MISSING: "authorized",
    GateFault.LETTER_NOT_COVERING: "authorized",
}


@pytest.mark.parametrize("case", [CONSENT, BOUNDARY, UNLETTERED, UNNAMED], ids=titles)
def test_a_stricter_table_asks_for_more_when(case: Case) -> None:
    desk = at(Stage.VALIDATION, strict_desk(with_gate(ASKED[GateFault(case.fault)])))
    desk.do(letter())
    check_refused(case, desk)


def test_a_letter_that_names_the_activity_opens_its_gate_until_it_is_revoked() -> None:
    desk = at(Stage.VALIDATION, strict_desk(with_gate("authorized")))
    desk.do(letter(activities=(DAM,), sectors=("Energy",), valid_to=date(2026, 12, 31)))
    check_refused(Case("no longer valid", GateFault.LETTER_NOT_COVERING, lambda _: LETTERED, on=date(2027, 1, 1)), desk)
    desk.do(LETTERED)
    assert life_of(desk.books, DAM).letter == LOA


@pytest.mark.parametrize(
    "decision", [ConsentDecision.CONSENT, ConsentDecision.CONDITIONAL, ConsentDecision.NONE_CONCERNED]
)
def test_consent_that_is_given_opens_its_gate_and_lapses_at_renewal(decision: ConsentDecision) -> None:
    desk = at(Stage.VALIDATION, strict_desk(with_gate("consent")))
    desk.do(consent(decision))
    desk.do(REGISTERED)
    desk.do(body(valid_to=date(2030, 1, 1)))
    desk.do(renewal(), on=LATER)
    assert life_of(desk.books, DAM).consent == ""


def test_a_refusal_of_consent_outlasts_a_renewal_and_nobody_but_the_peoples_lifts_it() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(body(valid_to=date(2030, 1, 1)))
    desk.do(consent(ConsentDecision.REFUSED))
    check_refused(Case("refused", GateFault.CONSENT_REFUSED, lambda _: renewal(), on=LATER), desk)
    desk.do(consent(ConsentDecision.CONSENT, "FPIC-2"))
    desk.do(renewal(), on=LATER)


def test_a_renewal_begins_a_new_period_under_the_latest_methodology_and_needs_another_verifier_again() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(REPORT)
    desk.do(checked())
    assert life_of(desk.books, DAM).verified
    desk.do(method(version="19.0", valid_from=date(2028, 1, 1)))
    for name in (VALIDATOR, OTHER):
        desk.do(body(name, valid_to=date(2035, 1, 1)))
    desk.do(renewal(), on=LATER)
    life, known = life_of(desk.books, DAM), stored(desk.books, ACTIVITY, DAM, Activity)
    assert known is not None
    assert known.crediting_periods == (PERIOD, CreditingPeriod(date(2029, 1, 1), date(2033, 12, 31)))
    assert (life.methodology_version, life.renewals, life.verified) == ("19.0", 1, False)


def test_after_the_first_verification_the_validator_may_verify() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(REPORT)
    desk.do(checked())
    desk.do(report("M-2", DAM, (2025, 100), first_day=date(2025, 1, 1), last_day=date(2025, 12, 31)))
    desk.do(replace(statement("V-2", "M-2", (2025, 90)), verifier=VALIDATOR))


RENEWABLE = ((2029, 2033), (2034, 2038))


def test_a_reduction_is_renewed_twice_and_no_third_time() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(body(valid_to=date(2050, 1, 1)))
    for first, last in RENEWABLE:
        desk.do(renewal(first_day=date(first, 1, 1), last_day=date(last, 12, 31)), on=date(first - 1, 6, 1))
    check_refused(SPENT, desk)


SPENT = Case(
    "its renewals are spent",
    CreditingFault.RENEWALS_SPENT,
    lambda _: renewal(first_day=date(2039, 1, 1), last_day=date(2043, 12, 31)),
    on=date(2038, 6, 1),
)


def test_a_period_longer_than_a_renewable_one_is_fixed_and_never_renewed() -> None:
    desk = bare(crediting_periods=(LONG,))
    desk.do(REGISTERED)
    desk.do(body(valid_to=date(2050, 1, 1)))
    fixed = renewal(first_day=date(2034, 1, 1), last_day=date(2035, 1, 1))
    check_refused(Case("fixed", CreditingFault.RENEWALS_SPENT, lambda _: fixed, on=date(2033, 6, 1)), desk)


def test_the_renewal_window_has_both_its_ends() -> None:
    opens = PERIOD.last_day - timedelta(days=270)
    for day, accepted in (
        (opens - timedelta(days=1), False),
        (opens, True),
        (date(2029, 12, 31), True),
        (date(2030, 1, 1), False),
    ):
        desk = at(Stage.REGISTERED)
        desk.do(body(valid_to=date(2031, 1, 1)))
        if accepted:
            desk.do(renewal(), on=day)
        else:
            check_refused(Case("outside", CreditingFault.OUTSIDE_WINDOW, lambda _: renewal(), on=day), desk)


NO_PERIOD = Case("it has no period to renew", CreditingFault.NONE_TO_RENEW, lambda _: renewal(body="", documents=()))


def test_an_activity_without_a_crediting_period_has_none_to_renew() -> None:
    desk = host()
    desk.do(registration(crediting_periods=(), methodology=""))
    check_refused(NO_PERIOD, desk)
