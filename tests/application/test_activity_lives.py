"""What the register tells of an activity's life: where it stands, what is due, how long it stood where, and by whom."""

from dataclasses import replace
from datetime import date
from typing import Any

from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.propose_activity import AdvanceActivity
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.queries.activity_life import activities
from counterfoil.application.queries.calendar import calendar
from counterfoil.application.queries.delays import delays
from counterfoil.application.queries.show import show
from counterfoil.application.steps_done import steps_done
from counterfoil.domain.activities.activity import ActivityKind
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.laws import LawTable
from counterfoil.domain.policy.stages import Stage
from tests.application.office import APPROACH, Office
from tests.domain.commands.lives import (
    DAM,
    LIFE,
    STAGES,
    VALIDATOR,
    answer,
    body,
    closing,
    finding,
    grievance,
    idea,
    mechanism,
    method,
    suspension,
)


def strict() -> Office:
    """An office that obeys the mechanism, with the registers that its table asks for."""
    law = mechanism()
    office = Office(today=date(2026, 1, 5), laws=LawTable({law.pack: law}))
    office.do(RegisterCooperativeApproach(approach=APPROACH, title="Water", participants=(Party("XAA"), Party("XBB"))))
    for command in (body(), body("VVB-2"), method(), AdoptPack(pack=law.pack, version=law.version)):
        office.do(command)
    return office


def walked(until: Stage) -> Office:
    office = strict()
    for command, on in LIFE[: STAGES[until]]:
        office.day(on)
        registering = isinstance(command, AdvanceActivity) and command.stage is Stage.REGISTERED
        # The mechanism charges a fee for registration, so its law asks by what.
        office.do(replace(command, answers={"fee_waived": True, "size_class": "small"}) if registering else command)
    return office


def shown(office: Office, name: str = DAM) -> dict[str, Any]:
    found = show(office.sight(), "activity", name)
    assert not isinstance(found, Refusal)
    return dict(found)


def test_the_view_tells_every_event_with_its_entry_day_and_provision() -> None:
    office = walked(Stage.VALIDATION)
    view = shown(office)
    assert (view["life"]["state"], view["life"]["validator"]) == ("validation", VALIDATOR)
    told = [(each["event"], each["stage"], each["on"]) for each in view["timeline"]]
    assert told[0] == ("proposed", "idea", "2026-01-05")
    assert told[-1] == ("advanced", "validation", "2026-02-10")
    for each in view["timeline"]:
        entry = office.sight().entry(each["entry"])
        assert entry is not None
        assert (entry.by, entry.recorded_at) == (each["by"], each["recorded_at"])
        if each["event"] != "consulted":
            assert each["provision"].startswith("a64 1.1.0, life")
    assert [each["id"] for each in view["consultations"]] == ["C-1"]


def test_two_activities_whose_names_begin_alike_have_their_own_timelines() -> None:
    office = Office()
    for name in ("A", "A@B"):
        office.do(RegisterActivity(**{**_plain(), "activity": ActivityId(name)}))
    assert [len(shown(office, name)["timeline"]) for name in ("A", "A@B")] == [1, 1]


def _plain() -> dict[str, Any]:
    said = idea(cooperative_approach=None, methodology="")
    return {name: getattr(said, name) for name in RegisterActivity.__dataclass_fields__}


def test_the_list_is_narrowed_by_state_sector_host_and_kind() -> None:
    office = walked(Stage.VALIDATION)
    office.do(replace(idea(activity=ActivityId("WIND"), sector="Wind", kind=ActivityKind.SECTORAL)))
    for filters, found in (
        ({}, ["DAM", "WIND"]),
        ({"state": "idea"}, ["WIND"]),
        ({"state": "validation", "sector": "Energy"}, ["DAM"]),
        ({"kind": "sectoral"}, ["WIND"]),
        ({"host": "XBB"}, []),
    ):
        listed = activities(office.sight(), filters=filters)
        assert [each["key"] for each in listed["items"]] == found, filters
    office.do(suspension())
    assert [each["key"] for each in activities(office.sight(), filters={"state": "suspended"})["items"]] == ["DAM"]
    assert [each["key"] for each in activities(office.sight(), filters={"state": "validation"})["items"]] == ["DAM"]
    page = activities(office.sight(), filters={}, limit=1)
    assert (page["next"], len(page["items"])) == ("DAM", 1)
    assert activities(office.sight(), filters={}, after="DAM")["items"][0]["key"] == "WIND"


def test_an_overdue_stage_is_listed_after_its_day() -> None:
    office = walked(Stage.IDEA)
    for day, found in ((date(2027, 1, 5), []), (date(2027, 1, 6), ["DAM"])):
        assert [each["key"] for each in activities(office.sight(), filters={}, on=day)["items"]] == found


def dues(office: Office, on: date) -> list[tuple[str, str, Any, str]]:
    view = calendar(office.sight(), party="XAA", on=on, years=1)
    assert not isinstance(view, Refusal)
    kinds = {"activity_stage", "finding", "grievance", "crediting_end"}
    return [(due["on"], due["duty"], due["about"], due["state"]) for due in view["due"] if due["duty"] in kinds]


def test_the_calendar_counts_stages_findings_grievances_and_the_end_of_crediting() -> None:
    office = walked(Stage.APPROVAL)
    on = date(2026, 3, 1)
    assert dues(office, date(2027, 1, 1)) == [("2027-02-09", "activity_stage", "DAM", "due")]
    office.day(on)
    office.do(finding(answer_by=date(2026, 3, 20)))
    office.do(grievance())
    expected = [("2026-03-20", "finding", "CAR-1"), ("2026-04-05", "grievance", "G-1")]
    assert dues(office, on) == [(*each, "due") for each in expected]
    assert [each[3] for each in dues(office, date(2026, 5, 1))] == ["overdue", "overdue"]
    office.do(closing())
    office.do(answer())
    assert [each[3] for each in dues(office, date(2026, 5, 1))] == ["done", "done"]


def test_the_end_of_crediting_passes_and_is_never_overdue() -> None:
    office = walked(Stage.REGISTERED)
    assert dues(office, date(2028, 1, 1)) == [("2028-12-31", "crediting_end", "DAM", "due")]


def test_delays_tell_how_long_activities_stood_at_each_stage() -> None:
    office = walked(Stage.REGISTERED)
    office.do(idea(activity=ActivityId("WIND")))
    rows = {row["gate"]: row for row in delays(office.sight(), on=date(2026, 3, 11))}
    days = {gate: (rows[gate]["passed"], rows[gate]["median_days"], rows[gate]["waiting"]) for gate in rows}
    assert days["at_idea"] == (1, 7, 1)
    assert days["at_consultation"] == (1, 28, 0)
    assert days["at_approval"] == (1, 1, 0)
    assert days["at_validation"] == (1, 19, 0)
    assert rows["at_idea"]["waiting_longest_days"] == 10
    assert rows["registration_to_authorization"]["waiting_longest_days"] == 10


def test_steps_that_an_activity_has_behind_it_are_told_to_the_law() -> None:
    law, on = mechanism(), date(2026, 3, 1)
    for stage, done in (
        (Stage.IDEA, set()),
        (Stage.CONSULTATION, {"prior_consideration"}),
        (Stage.APPROVAL, {"prior_consideration", "consultation", "host_approval"}),
        (Stage.VALIDATION, {"prior_consideration", "consultation", "host_approval"}),
        (Stage.REGISTERED, {"prior_consideration", "consultation", "host_approval", "validation", "registration"}),
    ):
        office = walked(stage)
        assert steps_done(office.writer.books, DAM, law, on) == done, stage
    assert steps_done(office.writer.books, "NONE", law, on) == frozenset()


def test_a_journal_of_a_life_audits_and_starts_again_where_it_stood() -> None:
    office = walked(Stage.REGISTERED)
    office.do(suspension())
    assert office.audit().findings == ()
    again = office.sight().record("activity_life", DAM)
    assert (again["stage"], again["suspended_on"]) == ("registered", "2026-03-01")


def test_an_activity_that_was_registered_by_the_old_way_shows_as_registered() -> None:
    office = Office()
    office.activity()
    view = shown(office, "XA-BUSES")
    assert (view["life"]["state"], [each["event"] for each in view["timeline"]]) == ("registered", ["registered"])
    refused = office.ask(AdvanceActivity(activity=ActivityId("XA-BUSES"), stage=Stage.IDEA))[0]
    assert isinstance(refused, Refusal)
    assert refused.code == "activity.stage_not_next"
