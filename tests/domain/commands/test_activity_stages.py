"""From idea to registration: what follows what, and what each stage waits for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from counterfoil.application.command import record, stored
from counterfoil.application.commands.living import life_of
from counterfoil.domain.activities.activity import CreditingPeriod
from counterfoil.domain.activities.consultation import ConsentDecision
from counterfoil.domain.activities.crediting import CreditingFault
from counterfoil.domain.activities.gates import GateFault
from counterfoil.domain.activities.life import EVENT, LIFE, Event, LifeEvent, LifeFault, event_key
from counterfoil.domain.activities.methodology import MethodologyFault
from counterfoil.domain.activities.verifier import Task, VerifierFault
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import Stage
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles
from tests.domain.commands.lives import (
    APPROVED_ON,
    COMMENT_ON,
    DAM,
    IDEA_ON,
    REGISTERED,
    REPORT,
    VALIDATOR,
    at,
    bare,
    body,
    change,
    checked,
    consent,
    consultation,
    finding,
    idea,
    issue,
    method,
    ready,
    renewal,
    stage_of,
    strict_desk,
    suspension,
    swap,
    to,
    withdrawal,
)
from tests.domain.commands.scene import host

# The strict table


def test_a_whole_life_runs_through_its_stages_in_their_order() -> None:
    desk = at(Stage.REGISTERED)
    life = life_of(desk.books, DAM)
    assert life.passed == (Stage.IDEA, Stage.CONSULTATION, Stage.APPROVAL, Stage.VALIDATION, Stage.REGISTERED)
    assert (life.validator, life.methodology_version, life.since) == (VALIDATOR, "18.0", date(2026, 3, 1))
    desk.do(REPORT)
    desk.do(checked())
    assert desk.do(issue()).act is Act.ISSUED
    numbers = [stored(desk.books, EVENT, event_key(DAM, number), LifeEvent) for number in range(1, life.events + 1)]
    told = [(each.event, each.stage, each.on) for each in numbers if each is not None]
    assert told == [
        (Event.PROPOSED, Stage.IDEA, IDEA_ON),
        (Event.ADVANCED, Stage.CONSULTATION, COMMENT_ON),
        (Event.CONSULTED, Stage.CONSULTATION, date(2026, 1, 22)),
        (Event.ADVANCED, Stage.APPROVAL, APPROVED_ON),
        (Event.ADVANCED, Stage.VALIDATION, date(2026, 2, 10)),
        (Event.REGISTERED, Stage.REGISTERED, date(2026, 3, 1)),
    ]


FOLLOWING = {
    Stage.IDEA: {Stage.CONSULTATION},
    Stage.CONSULTATION: {Stage.APPROVAL, Stage.IDEA},
    Stage.APPROVAL: {Stage.VALIDATION, Stage.IDEA, Stage.CONSULTATION},
    Stage.VALIDATION: {Stage.REGISTERED, Stage.IDEA, Stage.CONSULTATION, Stage.APPROVAL},
    Stage.REGISTERED: {Stage.CLOSED},
}


@pytest.mark.parametrize("target", Stage)
@pytest.mark.parametrize("stage", FOLLOWING)
def test_every_stage_is_followed_by_those_of_the_table_and_by_no_other(stage: Stage, target: Stage) -> None:
    desk = at(stage)
    if target in FOLLOWING[stage]:
        desk.do(to(target))
        assert stage_of(desk) is target
        return
    case = Case("out of order", LifeFault.STAGE_NOT_NEXT, lambda _: to(target))
    facts = check_refused(case, desk).facts
    assert (facts["stage"], facts["act"]) == (stage, target)
    assert "a64 1.1.0, life" in str(facts["provision"])


LOOSE = (Stage.IDEA, Stage.CONSULTATION, Stage.VALIDATION, Stage.APPROVAL)


@pytest.mark.parametrize("target", Stage)
@pytest.mark.parametrize("stage", LOOSE)
def test_without_a_pack_any_early_stage_follows_any_other(stage: Stage, target: Stage) -> None:
    desk = host()
    desk.do(idea(stage=stage))
    if (target in LOOSE and target is not stage) or target is Stage.REGISTERED:
        desk.do(to(target, documents=(), body=""))
        assert stage_of(desk) is target
    else:
        check_refused(Case("no stage of it", LifeFault.STAGE_NOT_NEXT, lambda _: to(target)), desk)


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.CLOSED, Stage.WITHDRAWN])
def test_nothing_is_proposed_at_a_stage_that_only_a_decision_leads_to(stage: Stage) -> None:
    for desk in (host(), strict_desk()):
        check_refused(Case("too late", LifeFault.STAGE_NOT_NEXT, lambda _: idea(stage=stage)), desk)


def closed() -> Desk:
    desk = at(Stage.REGISTERED)
    desk.do(to(Stage.CLOSED))
    return desk


ENDED = (
    Case("it is suspended", LifeFault.OVER, lambda _: suspension()),
    Case("it is withdrawn", LifeFault.OVER, lambda _: withdrawal()),
    Case("it is changed", LifeFault.OVER, lambda _: change(title="Another")),
    Case("its participants change", LifeFault.OVER, lambda _: swap()),
    Case("it is renewed", LifeFault.NOT_REGISTERED, lambda _: renewal()),
    Case("it comes back", LifeFault.STAGE_NOT_NEXT, lambda _: to(Stage.REGISTERED)),
)


@pytest.mark.parametrize("case", ENDED, ids=titles)
def test_what_is_closed_stays_closed_when(case: Case) -> None:
    check_refused(case, closed())


def test_going_back_to_the_consultation_opens_the_public_comment_anew() -> None:
    desk = at(Stage.APPROVAL)
    desk.do(to(Stage.CONSULTATION), on=date(2026, 3, 10))
    case = Case("28 days again", GateFault.COMMENT_OPEN, lambda _: to(Stage.APPROVAL), on=date(2026, 4, 6))
    assert check_refused(case, desk).facts["until"] == "2026-04-07"
    desk.do(to(Stage.APPROVAL), on=date(2026, 4, 7))
    assert life_of(desk.books, DAM).passed == (Stage.IDEA, Stage.CONSULTATION, Stage.APPROVAL)


GATES: tuple[tuple[Case, Callable[[], Desk]], ...] = (
    (Case("no document", GateFault.DOCUMENT_MISSING, lambda _: to(Stage.REGISTERED, documents=())), ready),
    (Case("nobody was consulted", GateFault.CONSULTATION_MISSING, lambda _: REGISTERED), lambda: ready(consultation())),
    (
        Case("no period is named", GateFault.CREDITING_PERIOD_MISSING, lambda _: REGISTERED),
        lambda: bare(crediting_periods=()),
    ),
    (Case("nothing is expected", GateFault.EXPECTED_MISSING, lambda _: REGISTERED), lambda: bare(expected=())),
    (
        Case("its methodology is unknown", MethodologyFault.NOT_REGISTERED, lambda _: REGISTERED),
        lambda: bare(methodology="X"),
    ),
    (
        Case(
            "its methodology has ended",
            MethodologyFault.NOT_VALID,
            after(method(valid_to=date(2026, 3, 30)), then=REGISTERED),
        ),
        ready,
    ),
    (Case("a finding is open", GateFault.FINDING_OPEN, after(finding(), then=REGISTERED)), ready),
    (
        Case("consent is refused", GateFault.CONSENT_REFUSED, after(consent(ConsentDecision.REFUSED), then=REGISTERED)),
        ready,
    ),
    (
        Case(
            "its validator has lost its accreditation",
            VerifierFault.NOT_ACCREDITED,
            after(body(valid_to=date(2026, 3, 30)), then=REGISTERED),
        ),
        ready,
    ),
    (
        Case("its period is too long", CreditingFault.PERIOD_TOO_LONG, lambda _: REGISTERED),
        lambda: bare(crediting_periods=(CreditingPeriod(date(2024, 1, 1), date(2034, 1, 1)),)),
    ),
    (
        Case("nobody validates", VerifierFault.MISSING, lambda _: to(Stage.VALIDATION, body="")),
        lambda: at(Stage.APPROVAL),
    ),
    (
        Case("a stranger validates", VerifierFault.NOT_REGISTERED, lambda _: to(Stage.VALIDATION, body="TUV")),
        lambda: at(Stage.APPROVAL),
    ),
    (
        Case(
            "the body only verifies",
            VerifierFault.TASK_NOT_IN_SCOPE,
            after(body(tasks=(Task.VERIFICATION,)), then=to(Stage.VALIDATION)),
        ),
        lambda: at(Stage.APPROVAL),
    ),
    (
        Case(
            "the sector is another one",
            VerifierFault.SECTOR_NOT_IN_SCOPE,
            after(body(sectors=("Waste",)), then=to(Stage.VALIDATION)),
        ),
        lambda: at(Stage.APPROVAL),
    ),
    (
        Case(
            "the body is suspended",
            VerifierFault.SUSPENDED,
            after(body(suspended_from=date(2026, 3, 1)), then=to(Stage.VALIDATION)),
        ),
        lambda: at(Stage.APPROVAL),
    ),
    (
        Case(
            "the body takes part",
            VerifierFault.TAKES_PART,
            after(body(entity="DAMCO"), then=to(Stage.VALIDATION)),
        ),
        lambda: at(Stage.APPROVAL),
    ),
    (
        Case("the comment is open", GateFault.COMMENT_OPEN, lambda _: to(Stage.APPROVAL), on=date(2026, 2, 8)),
        lambda: at(Stage.CONSULTATION),
    ),
)


@pytest.mark.parametrize(("case", "desk"), GATES, ids=[case.why for case, _ in GATES])
def test_a_stage_waits_when(case: Case, desk: Callable[[], Desk]) -> None:
    of = desk()
    before = stage_of(of)
    facts = check_refused(case, of).facts
    assert facts["activity"] == DAM
    if case.fault is not CreditingFault.PERIOD_TOO_LONG:
        assert facts["stage"] == before
        assert facts["gate"]
    assert "a64 1.1.0, life" in str(facts["provision"])


def test_the_comment_gate_is_refused_where_no_comment_was_ever_opened() -> None:
    desk = at(Stage.CONSULTATION)
    life = replace(life_of(desk.books, DAM), commented_from=None)
    desk.record(Entry(Act.ACTIVITY_ADVANCED, TODAY, records=(record(LIFE, DAM, life),)))
    check_refused(NOT_OPENED, desk)


NOT_OPENED = Case("no comment was opened", GateFault.COMMENT_NOT_OPENED, lambda _: to(Stage.APPROVAL))
