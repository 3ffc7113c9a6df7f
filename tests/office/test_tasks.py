"""One's tasks: what waits for this person in this capacity, gone as soon as it is done or cannot be done by them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from counterfoil.adapters.office.grievance_letters import SqliteGrievanceLetters
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.command import Units
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.office import applying, mandates, people
from counterfoil.application.office.grievance_letter import GrievanceLetter
from counterfoil.application.office.invitations import Guest
from counterfoil.application.office.mandates import Wish
from counterfoil.application.office.proposals import DAY_MS
from counterfoil.application.office.sessions import capacity_of
from counterfoil.application.office.tasks import RIGHTS, TaskKind, awaits
from counterfoil.application.office.two_administrators import confirm, invite, reject
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.personnel_at_hand import personnel_of
from counterfoil.entrypoints.tasks_at_hand import tasks_at_hand
from tests.http.desk import HELD, OTHER
from tests.office.stage import Stage, member
from tests.office.test_applications import sent, yes
from tests.office.test_proposals import ANNA, BELA, CARO, Scene, made_scene

UNTIL = date(2027, 12, 31)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from made_scene(tmp_path)


def waiting(scene: Scene, person: str) -> list[tuple[str, str]]:
    found = tasks_at_hand(scene.stage.office, scene.standing(person))
    return [(task.kind.value, task.subject) for task in found]


def of(stage: Stage, person: str, organisation: str = "", giver: str = "") -> Standing:
    known = stage.office.store.people.get(person)
    assert known is not None
    found = capacity_of(stage.office, known, organisation, giver)
    assert isinstance(found, Standing), found
    return found


def test_a_proposal_waits_for_everybody_who_could_approve_it_until_it_is_done(scene: Scene) -> None:
    name, seen = scene.proposed()
    assert waiting(scene, ANNA) == [], "nobody approves what they proposed"
    assert waiting(scene, BELA) == [("approve", name)]
    assert waiting(scene, CARO) == [], "a holder approves nothing for another body"
    assert isinstance(scene.approve(BELA, name, seen), Receipt)
    assert waiting(scene, BELA) == []


def test_what_ends_first_comes_first_and_what_has_ended_is_no_task(scene: Scene) -> None:
    move = Transfer(units=Units("BR-#", 1, 100), source=HELD, target=OTHER)
    slow, _ = scene.proposed(days=9)
    soon, _ = scene.proposed(command=move, days=2)
    assert waiting(scene, BELA) == [("approve", soon), ("approve", slow)]
    scene.stage.later(2 * DAY_MS)
    assert waiting(scene, BELA) == [("approve", slow)]


def test_a_holder_sees_the_proposals_of_the_own_body_only(scene: Scene) -> None:
    name, _ = scene.proposed()
    kept = scene.desk.proposals.get(name)
    assert kept is not None
    own = Standing("P-DDDDDDDD", "E-1", "company", frozenset({"holder"}))
    other = Standing("P-DDDDDDDD", "E-2", "company", frozenset({"holder"}))
    theirs = replace(kept, signatures=(replace(kept.initiator, person=CARO, organisation="E-1"),))
    permissions = permission_table().permissions
    assert [awaits(permissions, theirs, each) for each in (own, other, replace(own, person=CARO))] == [
        True,
        False,
        False,
    ]


def test_a_deputy_has_no_task_that_the_giver_made(stage: Stage) -> None:
    ada, bo = member(stage), member(stage, "bo@example.org", "operator")
    assert people.give_role(stage.office, bo.person, Guest("", "", "administrator"), actor="local") is None
    asked = invite(personnel_of(stage.office, of(stage, ada.person)), Guest("Cy", "cy@example.org", "operator"))
    (task,) = tasks_at_hand(stage.office, of(stage, bo.person))
    assert (task.kind, task.subject, task.what, task.by) == (
        TaskKind.CONFIRM,
        getattr(asked, "id", ""),
        "invite",
        ada.person,
    )
    wish = Wish(bo.person, frozenset({"administrator"}), UNTIL, None)
    assert not isinstance(mandates.give(stage.office, of(stage, ada.person), wish, actor="x"), Refusal)
    assert tasks_at_hand(stage.office, of(stage, bo.person, giver=ada.person)) == []
    assert tasks_at_hand(stage.office, of(stage, ada.person)) == []
    assert not isinstance(reject(personnel_of(stage.office, of(stage, ada.person)), task.subject), Refusal)
    assert tasks_at_hand(stage.office, of(stage, bo.person)) == []
    assert isinstance(confirm(personnel_of(stage.office, of(stage, bo.person)), task.subject), Refusal)


def test_an_application_waits_for_an_officer_and_then_for_another_one(stage: Stage) -> None:
    ada, bo = member(stage, "ada@example.org", "operator"), member(stage, "bo@example.org", "operator")
    administrator = member(stage, "di@example.org")
    number = sent(stage).number
    told = [
        [task.subject for task in tasks_at_hand(stage.office, of(stage, each.person))]
        for each in (ada, bo, administrator)
    ]
    assert told == [[number], [number], []]
    assert not isinstance(yes(stage, number, f"person:{ada.person}"), Refusal)
    told = [[task.subject for task in tasks_at_hand(stage.office, of(stage, each.person))] for each in (ada, bo)]
    assert told == [[], [number]]
    applying.reject(stage.office, application_book(stage.office), number, reason="no", actor=f"person:{bo.person}")
    assert tasks_at_hand(stage.office, of(stage, bo.person)) == []


def test_a_letter_of_grievance_waits_until_it_is_in_the_journal(stage: Stage) -> None:
    ada = member(stage, "ada@example.org", "operator")
    store = stage.office.store
    assert isinstance(store, SqliteOffice)
    letters = SqliteGrievanceLetters(store.file)
    with store.change():
        letters.add(GrievanceLetter("G-1", "A-1", "My well is dry", "N", "C", "s", b"x" * 32, 5, sha256="ab" * 32))
    (task,) = tasks_at_hand(stage.office, of(stage, ada.person))
    assert (task.kind, task.subject, task.what, task.ends_ms) == (TaskKind.GRIEVANCE, "G-1", "A-1", None)
    with store.change():
        letters.filed("G-1", 9)
    assert tasks_at_hand(stage.office, of(stage, ada.person)) == []


def test_every_right_that_a_task_asks_for_is_a_row_of_the_table() -> None:
    rows = permission_table().permissions.rows
    assert [right for right in RIGHTS.values() if not rows.get(right)] == []
