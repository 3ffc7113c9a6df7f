"""Withdrawal, changes, programmes, first transfers, and activities of journals from before lives were kept."""

from dataclasses import replace
from datetime import date, timedelta

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.change_activity import Agreement
from counterfoil.application.commands.crediting import not_suspended
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.living import life_of
from counterfoil.application.commands.propose_activity import AdvanceActivity
from counterfoil.application.commands.renew_activity import RenewActivity
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityKind
from counterfoil.domain.activities.activity import ExpectedYear as Expected
from counterfoil.domain.activities.change import PARTICIPANTS_MAX, ChangeFault
from counterfoil.domain.activities.description import DescriptionFault
from counterfoil.domain.activities.life import EVENT, LIFE, LifeEvent, LifeFault, event_key
from counterfoil.domain.activities.verifier import VerifierFault
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import TODAY, Case, Desk, check_refused, units
from tests.domain.commands.lives import (
    DAM,
    LONG,
    METHOD,
    OTHER,
    PAPER,
    REPORT,
    at,
    body,
    change,
    checked,
    issue,
    method,
    registration,
    resumption,
    strict_desk,
    suspension,
    swap,
    withdrawal,
)
from tests.domain.commands.scene import DEV, LOA, V2023, host, letter, proposal, report, statement

# Withdrawal


def test_after_a_withdrawal_what_came_before_it_is_still_issued_and_nothing_else() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(withdrawal(effective_on=date(2026, 5, 31)))
    desk.do(REPORT)
    desk.do(checked())
    desk.do(issue())
    held = desk.books.holdings("CA9001-THA01-THA-#-2024", 1, 90)
    assert [(piece.account, piece.last) for piece in held] == [(DEV, 90)]
    check_refused(TOO_LATE, desk)


TOO_LATE = Case(
    "the period ends after the withdrawal",
    LifeFault.AFTER_WITHDRAWAL,
    lambda _: report("M-2", DAM, (2026, 1), first_day=date(2026, 1, 1), last_day=date(2026, 6, 1)),
    on=date(2026, 7, 1),
)


def test_a_notice_may_be_shorter_where_the_reason_is_said() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(withdrawal(justification="The dam broke"))
    assert life_of(desk.books, DAM).withdrawn_on == TODAY
    check_refused(Case("again", LifeFault.OVER, lambda _: withdrawal(justification="x")), desk)


def test_an_idea_may_be_withdrawn_and_nothing_is_ever_monitored_of_it() -> None:
    desk = at(Stage.IDEA)
    desk.do(withdrawal(justification="No funds"))
    check_refused(NEVER, desk)


NEVER = Case("it was never registered", LifeFault.NOT_REGISTERED, lambda _: REPORT)


def test_a_withdrawal_does_not_lift_a_suspension() -> None:
    desk = at(Stage.REGISTERED)
    for command in (REPORT, checked(), suspension(), withdrawal(justification="x")):
        desk.do(command)
    check_refused(Case("still", LifeFault.SUSPENDED, lambda _: issue()), desk)
    desk.do(resumption())
    desk.do(issue())


# Changes


def test_a_change_keeps_both_values_of_each_field_that_changes() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(change(title="A larger dam", expected=(Expected(2024, 700),)))
    number = life_of(desk.books, DAM).events
    event = stored(desk.books, EVENT, event_key(DAM, number), LifeEvent)
    assert event is not None
    assert [(each.field, each.before, each.after) for each in event.differences] == [
        ("title", "A small dam", "A larger dam"),
        ("expected", [{"year": 2024, "quantity": 500}], [{"year": 2024, "quantity": 700}]),
    ]


def test_participants_change_by_agreement_of_all_who_join_or_leave() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(swap())
    known = stored(desk.books, ACTIVITY, DAM, Activity)
    assert known is not None
    assert known.participants == ("NEWCO",)
    many = tuple(f"P{number}" for number in range(PARTICIPANTS_MAX))
    agreed = tuple(Agreement(name, PAPER) for name in many)
    crowd = swap(joining=many, leaving=(), agreements=agreed)
    check_refused(Case("too many", ChangeFault.NONE_REMAINS, lambda _: crowd), desk)


def test_before_registration_everything_of_the_list_may_change_without_a_body() -> None:
    desk = at(Stage.IDEA)
    desk.do(change(crediting_periods=(LONG,), methodology="", body="", documents=()))


# Programmes


def programme(desk: Desk) -> Desk:
    desk.do(registration(activity=ActivityId("POA"), kind=ActivityKind.PROGRAMME, methodology=""))
    return desk


CP = ActivityId("CP-1")
COMPONENT = registration(activity=CP, kind=ActivityKind.COMPONENT, parent=ActivityId("POA"), methodology="")


def test_a_component_stands_with_its_programme() -> None:
    desk = programme(host())
    desk.do(COMPONENT)
    desk.do(replace(REPORT, activity=CP, monitoring="M-9"))
    desk.do(replace(checked(), monitoring="M-9", verification="V-9"))
    desk.do(suspension(activity=ActivityId("POA")))
    check_refused(STANDS, desk)
    desk.do(resumption(activity=ActivityId("POA")))
    desk.do(issue(activity=CP, verification="V-9"))


STANDS = Case(
    "its programme is suspended",
    LifeFault.PARENT_STANDS,
    lambda _: issue(activity=CP, verification="V-9"),
)


def test_no_component_is_registered_under_a_suspended_programme_or_under_a_project() -> None:
    desk = programme(host())
    desk.do(suspension(activity=ActivityId("POA")))
    check_refused(Case("suspended", LifeFault.PARENT_STANDS, lambda _: COMPONENT), desk)
    under = replace(COMPONENT, parent=ActivityId("BUSES"))
    check_refused(Case("a project", DescriptionFault.PARENT_UNCLEAR, lambda _: under), desk)


def test_after_its_programme_was_withdrawn_a_component_has_only_what_came_before() -> None:
    desk = programme(host())
    desk.do(COMPONENT)
    desk.do(replace(REPORT, activity=CP, monitoring="M-9"))
    desk.do(withdrawal(activity=ActivityId("POA"), effective_on=REPORT.last_day, justification="x"), on=REPORT.last_day)
    desk.do(replace(checked(), monitoring="M-9", verification="V-9"))
    desk.do(issue(activity=CP, verification="V-9"))
    check_refused(AFTER, desk)
    check_refused(NOT_RENEWED, desk)


AFTER = Case(
    "the programme was withdrawn before the period ended",
    LifeFault.AFTER_WITHDRAWAL,
    lambda _: report("M-10", CP, (2026, 1), first_day=date(2026, 1, 1), last_day=date(2026, 6, 1)),
    on=date(2026, 7, 1),
)
NOT_RENEWED = Case(
    "the programme was withdrawn",
    LifeFault.PARENT_STANDS,
    lambda _: RenewActivity(activity=CP, first_day=date(2031, 1, 1), last_day=date(2035, 12, 31)),
)


def test_what_was_verified_of_after_the_withdrawal_of_a_programme_is_not_issued() -> None:
    desk = programme(host())
    desk.do(COMPONENT)
    desk.do(replace(REPORT, activity=CP, monitoring="M-9"))
    desk.do(replace(checked(), monitoring="M-9", verification="V-9"))
    early = REPORT.last_day - timedelta(days=1)
    desk.do(withdrawal(activity=ActivityId("POA"), effective_on=early, justification="x"), on=early)
    check_refused(Case("after it", LifeFault.AFTER_WITHDRAWAL, lambda _: issue(activity=CP, verification="V-9")), desk)


# First transfer


def stopping(desk: Desk) -> Desk:
    """The desk under a law whose suspensions stop first transfers."""
    law = strict_desk().law
    assert law is not None
    rule = law.rules["life"]
    (clause,) = rule.versions
    versions = (replace(clause, content=replace(clause.content, stops=("first_transfer",))),)
    return replace(desk, law=replace(law, rules={**law.rules, "life": replace(rule, versions=versions)}))


def test_a_suspension_stops_first_transfers_only_where_the_law_says_so() -> None:
    desk = host()
    desk.do(letter())
    desk.do(Issue(activity="BUSES", verification="V-1", vintage=2023, quantity=100, account=DEV, authorization=LOA))
    desk.do(suspension(activity=ActivityId("BUSES")))
    strict = stopping(desk)
    check_refused(HALTED, strict)
    desk.do(proposal())


def test_a_suspended_programme_stops_first_transfers_of_its_components_too() -> None:
    desk = programme(host())
    desk.do(letter())
    desk.do(Issue(activity="BUSES", verification="V-1", vintage=2023, quantity=100, account=DEV, authorization=LOA))
    own = desk.books.record(ACTIVITY, "BUSES")
    desk.books.records[ACTIVITY, "BUSES"] = {**own, "parent": "POA"}
    desk.books.commit()
    desk.do(suspension(activity=ActivityId("POA")))
    check_refused(HALTED, stopping(desk))
    assert (
        not_suspended(
            desk.books, Context(desk.registry, TODAY, TODAY, lambda _: None), units(V2023, 1, 9), act="convert"
        )
        is not None
    )
    desk.do(resumption(activity=ActivityId("POA")))
    stopping(desk).do(proposal())


HALTED = Case("its activity is suspended", LifeFault.SUSPENDED, lambda _: proposal())


# Old journals


def test_an_activity_of_an_old_journal_has_no_record_of_its_life_and_goes_on() -> None:
    desk = host()
    known = stored(desk.books, ACTIVITY, "BUSES", Activity)
    assert known is not None
    old = {
        name: value
        for name, value in desk.books.record(ACTIVITY, "BUSES").items()
        if name not in ("kind", "parent", "crediting_periods", "boundary", "expected")
    }
    fresh = Desk(desk.registry)
    for key, value in desk.books.records.items():
        if key[0] not in (LIFE, EVENT):
            fresh.books.records[key] = old if key == (ACTIVITY, "BUSES") else value
    fresh.books.commit()
    life = life_of(fresh.books, "BUSES")
    assert (life.stage, life.since, life.events) == (Stage.REGISTERED, None, 0)
    fresh.do(Issue(activity="BUSES", verification="V-1", vintage=2023, quantity=1, account=DEV, scheme="TVER",
                   unit_type=UnitType.DOMESTIC))  # fmt: skip
    fresh.do(suspension(activity=ActivityId("BUSES")))
    assert life_of(fresh.books, "BUSES").events == 1


def test_registration_in_one_step_stays_possible_without_a_pack() -> None:
    desk = host()
    entry = desk.do(registration(methodology=""))
    assert entry.act is Act.ACTIVITY_REGISTERED
    life = life_of(desk.books, DAM)
    assert (life.stage, life.passed, life.events) == (Stage.REGISTERED, (Stage.REGISTERED,), 1)


def test_without_a_pack_a_body_of_the_register_must_still_be_accredited() -> None:
    desk = host()
    desk.do(registration(methodology=""))
    desk.do(replace(REPORT, monitoring="M-9"))
    desk.do(body(OTHER, valid_to=date(2026, 1, 1)))
    said = replace(statement("V-9", "M-9", (2024, 90)), verifier=OTHER)
    check_refused(Case("lost", VerifierFault.NOT_ACCREDITED, lambda _: said), desk)
    desk.do(replace(said, verifier="A body that no register knows"))


def test_a_version_of_the_methodology_is_kept_from_registration_on() -> None:
    desk = at(Stage.REGISTERED)
    desk.do(method(version="19.0", valid_from=date(2026, 3, 2)))
    assert life_of(desk.books, DAM).methodology_version == "18.0"
    desk.do(AdvanceActivity(activity=DAM, stage=Stage.CLOSED))
    assert (life_of(desk.books, DAM).methodology_version, METHOD) == ("18.0", "AMS-I.D")
