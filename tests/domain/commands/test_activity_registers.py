"""The registers beside an activity: bodies, methodologies, consultations, findings and grievances."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.file_grievance import ANSWER_WITHIN
from counterfoil.application.commands.living import life_of
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.activities.consultation import ConsentDecision, ConsultationFault, ConsultationKind
from counterfoil.domain.activities.finding import FINDING, Finding, FindingFault, FindingKind
from counterfoil.domain.activities.finding import OPEN_MAX as FINDINGS_MAX
from counterfoil.domain.activities.gates import GateFault
from counterfoil.domain.activities.grievance import GRIEVANCE, OPEN_GRIEVANCES, Grievance, GrievanceFault
from counterfoil.domain.activities.grievance import OPEN_MAX as GRIEVANCES_MAX
from counterfoil.domain.activities.methodology import METHODOLOGY, VERSIONS_MAX, Methodology, MethodologyFault
from counterfoil.domain.activities.verifier import VERIFIER, VerifierFault
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.policy.stages import Stage
from tests.domain.commands.desk import TODAY, Case, after, check_refused, titles
from tests.domain.commands.lives import (
    DAM,
    METHOD,
    REPORT,
    VALIDATOR,
    answer,
    at,
    body,
    checked,
    closing,
    consent,
    consultation,
    finding,
    grievance,
    issue,
    method,
    to,
)
from tests.domain.commands.scene import host, report, statement

NONE = ActivityId("NONE")
VERSIONS = [method(version=f"{number}.0") for number in range(20, 20 + VERSIONS_MAX - 1)]
FINDINGS = [finding(f"CAR-{number}") for number in range(FINDINGS_MAX)]
GRIEVANCES = [grievance(f"G-{number}") for number in range(GRIEVANCES_MAX)]
REFUSALS = (
    Case("a body has no name", VerifierFault.ID_UNREADABLE, lambda _: body("VVB 9")),
    Case("a body does nothing", VerifierFault.CONTENT_UNREADABLE, lambda _: body(tasks=())),
    Case("a body has no sector", VerifierFault.CONTENT_UNREADABLE, lambda _: body(sectors=(" ",))),
    Case("an accreditation has no digest", VerifierFault.CONTENT_UNREADABLE, lambda _: body(document="paper.pdf")),
    Case("an accreditation runs backwards", VerifierFault.DAYS_UNCLEAR, lambda _: body(valid_to=date(2024, 1, 1))),
    Case("a suspension has no beginning", VerifierFault.DAYS_UNCLEAR, lambda _: body(suspended_to=TODAY)),
    Case(
        "a suspension runs backwards",
        VerifierFault.DAYS_UNCLEAR,
        lambda _: body(suspended_from=TODAY, suspended_to=date(2026, 1, 1)),
    ),
    Case("a methodology has no title", MethodologyFault.CONTENT_UNREADABLE, lambda _: method(title=" ")),
    Case("a methodology has no version", MethodologyFault.CONTENT_UNREADABLE, lambda _: method(version="")),
    Case("a version ends first", MethodologyFault.DAYS_BACKWARDS, lambda _: method(valid_to=date(2024, 1, 1))),
    Case(
        "a methodology has too many versions",
        MethodologyFault.TOO_MANY,
        after(*VERSIONS, then=method(version="99.0")),
    ),
    Case("a consultation has no name", ConsultationFault.ID_UNREADABLE, lambda _: consultation(consultation="")),
    Case("a consultation is told twice", ConsultationFault.ALREADY_RECORDED, lambda _: consultation()),
    Case(
        "a consultation shows nothing",
        ConsultationFault.CONTENT_UNREADABLE,
        lambda _: consultation(consultation="C-2", documents=()),
    ),
    Case(
        "a consultation is not over",
        ConsultationFault.DAYS_UNCLEAR,
        lambda _: consultation(consultation="C-2", last_day=date(2026, 4, 1)),
    ),
    Case(
        "a consent decides nothing",
        ConsultationFault.DECISION_UNCLEAR,
        lambda _: consultation(consultation="C-2", kind=ConsultationKind.CONSENT),
    ),
    Case(
        "a consultation decides",
        ConsultationFault.DECISION_UNCLEAR,
        lambda _: consultation(consultation="C-2", decision=ConsentDecision.CONSENT),
    ),
    Case("nobody is asked about it", ActivityFault.UNKNOWN, lambda _: consultation(activity=NONE)),
    Case("a finding has no name", FindingFault.ID_UNREADABLE, lambda _: finding("CAR 1")),
    Case("a finding says nothing", FindingFault.TEXT_UNCLEAR, lambda _: finding(text=" ")),
    Case("a finding is due before", FindingFault.TEXT_UNCLEAR, lambda _: finding(answer_by=date(2026, 3, 30))),
    Case("a finding is told twice", FindingFault.ALREADY_RECORDED, after(finding(), then=finding())),
    Case("findings have no end", FindingFault.TOO_MANY, after(*FINDINGS, then=finding("CAR-99"))),
    Case("a finding is about nothing", ActivityFault.UNKNOWN, lambda _: finding(activity=NONE)),
    Case("no finding is closed", FindingFault.UNKNOWN, lambda _: closing()),
    Case("a finding is closed twice", FindingFault.CLOSED, after(finding(), closing(), then=closing())),
    Case("a finding is closed by silence", FindingFault.TEXT_UNCLEAR, after(finding(), then=closing(answer=""))),
    Case("nobody closes a finding", FindingFault.TEXT_UNCLEAR, after(finding(), then=closing(body=" "))),
    Case("a grievance has no number", GrievanceFault.ID_UNREADABLE, lambda _: grievance("G 1")),
    Case("a grievance stands in the clear", GrievanceFault.LETTER_UNREADABLE, lambda _: grievance(letter="My well")),
    Case("a grievance is filed twice", GrievanceFault.ALREADY_FILED, after(grievance(), then=grievance())),
    Case("grievances have no end", GrievanceFault.TOO_MANY, after(*GRIEVANCES, then=grievance("G-999"))),
    Case("a grievance is about nothing", ActivityFault.UNKNOWN, lambda _: grievance(activity=NONE)),
    Case("no grievance is answered", GrievanceFault.UNKNOWN, lambda _: answer()),
    Case("a grievance is answered twice", GrievanceFault.ANSWERED, after(grievance(), answer(), then=answer())),
    Case("an answer says nothing", GrievanceFault.ANSWER_UNCLEAR, after(grievance(), then=answer(answer=" "))),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_an_entry_of_a_register_is_refused_when(case: Case) -> None:
    check_refused(case, at(Stage.REGISTERED))


def test_a_later_act_about_a_body_takes_the_place_of_the_earlier_one() -> None:
    desk = at(Stage.IDEA)
    desk.do(body(suspended_from=date(2026, 2, 1), suspended_to=date(2026, 2, 10)))
    for command, on in ((to(Stage.CONSULTATION), date(2026, 1, 6)), (to(Stage.APPROVAL), date(2026, 2, 9))):
        desk.do(command, on=on)
    last = Case("the last day", VerifierFault.SUSPENDED, lambda _: to(Stage.VALIDATION), on=date(2026, 2, 10))
    check_refused(last, desk)
    desk.do(to(Stage.VALIDATION), on=date(2026, 2, 11))
    assert desk.books.record(VERIFIER, VALIDATOR)["suspended_to"] == "2026-02-10"


def test_a_body_for_every_sector_may_judge_any() -> None:
    desk = at(Stage.APPROVAL)
    desk.do(body(sectors=("*",)))
    desk.do(to(Stage.VALIDATION))


def test_versions_of_a_methodology_stand_in_the_order_of_their_days_and_the_latest_that_holds_counts() -> None:
    desk = host()
    for version, first, last in (("2", 2025, 2026), ("1", 2023, 2025), ("3", 2028, 2030)):
        desk.do(method(version=version, valid_from=date(first, 1, 1), valid_to=date(last, 12, 31)))
    known = stored(desk.books, METHODOLOGY, METHOD, Methodology)
    assert known is not None
    assert [each.version for each in known.versions] == ["1", "2", "3"]
    days = (date(2024, 6, 1), date(2025, 6, 1), date(2027, 1, 1), date(2028, 1, 1))
    found = [known.on(day) for day in days]
    assert [None if each is None else each.version for each in found] == ["1", "2", None, "3"]


def test_a_version_that_is_registered_again_has_new_days() -> None:
    desk = host()
    desk.do(method())
    desk.do(method(valid_to=date(2026, 6, 30)))
    known = stored(desk.books, METHODOLOGY, METHOD, Methodology)
    assert known is not None
    assert [each.valid_to for each in known.versions] == [date(2026, 6, 30)]


def test_a_forward_action_bars_no_registration_and_other_findings_bar_until_all_are_closed() -> None:
    desk = at(Stage.VALIDATION)
    desk.do(finding("FAR-1", kind=FindingKind.FORWARD_ACTION))
    assert life_of(desk.books, DAM).closing == ()
    desk.do(finding("CAR-1"))
    desk.do(finding("CL-1", kind=FindingKind.CLARIFICATION))
    desk.do(closing("CAR-1"))
    assert life_of(desk.books, DAM).closing == ("CL-1",)
    desk.do(closing("CL-1"))
    desk.do(to(Stage.REGISTERED))


def test_a_forward_action_bars_the_next_verification_but_not_that_of_its_own_report() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(REPORT)
    desk.do(finding("FAR-1", kind=FindingKind.FORWARD_ACTION, monitoring="M-1"))
    desk.do(checked())
    desk.do(issue())
    later = {"first_day": REPORT.last_day + timedelta(days=1), "last_day": REPORT.last_day + timedelta(days=90)}
    desk.do(report("M-2", DAM, (later["last_day"].year, 100), **later))
    again = replace(statement("V-2", "M-2", (later["last_day"].year, 90)), verifier=checked().verifier)
    refused = check_refused(Case("it is open", GateFault.FINDING_OPEN, lambda _: again), desk)
    assert (refused.facts["finding"], refused.facts["count"]) == ("FAR-1", 1)
    desk.do(closing("FAR-1"))
    assert life_of(desk.books, DAM).forward == ()


def test_a_forward_action_of_the_validation_is_closed_before_anything_is_verified() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(finding("FAR-1", kind=FindingKind.FORWARD_ACTION))
    desk.do(REPORT)
    check_refused(Case("it is open", GateFault.FINDING_OPEN, lambda _: checked()), desk)
    desk.do(closing("FAR-1"))
    desk.do(checked())


def test_a_finding_is_overdue_after_its_day() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(finding(answer_by=date(2026, 4, 30)))
    known = stored(desk.books, FINDING, "CAR-1", Finding)
    assert known is not None
    assert (known.overdue(date(2026, 4, 30)), known.overdue(date(2026, 5, 1))) == (False, True)


@pytest.mark.parametrize(("strict", "days"), [(True, 35), (False, ANSWER_WITHIN.amount)])
def test_a_grievance_is_answered_by_a_day_and_in_public(strict: bool, days: int) -> None:
    desk = at(Stage.REGISTERED) if strict else host()
    filed = grievance() if strict else grievance(activity=ActivityId("BUSES"))
    desk.do(filed)
    known = stored(desk.books, GRIEVANCE, "G-1", Grievance)
    assert known is not None
    assert known.answer_by == TODAY + timedelta(days=days)
    assert desk.books.record(OPEN_GRIEVANCES, filed.activity) == ["G-1"]
    desk.do(answer())
    done = stored(desk.books, GRIEVANCE, "G-1", Grievance)
    assert done is not None
    assert (done.answer, done.overdue(date(2030, 1, 1))) == ("The sirens work again", False)
    assert desk.books.record(OPEN_GRIEVANCES, filed.activity) == []


def test_the_journal_keeps_nothing_of_a_grievance_but_its_number_day_and_hash() -> None:
    desk = at(Stage.REGISTERED)
    entry = desk.do(grievance())
    told = next(each.value for each in entry.records if each.kind == GRIEVANCE)
    assert set(told) == {
        *("id", "activity", "letter", "filed_on", "answer_by", "answered_on", "outcome", "answer", "by", "provision")
    }


def test_the_last_decision_of_the_peoples_counts() -> None:
    desk = at(Stage.VALIDATION)
    for number, decision in enumerate(
        (ConsentDecision.CONSENT, ConsentDecision.WITHDRAWN, ConsentDecision.CONDITIONAL)
    ):
        desk.do(consent(decision, f"FPIC-{number}"))
    assert life_of(desk.books, DAM).consent == "conditional"
    desk.do(replace(to(Stage.REGISTERED), reason="With conditions"))
