"""Deputies: they act in a giver's place under their own name, never as a second pair of the giver's eyes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from counterfoil.adapters.office import file, migrations
from counterfoil.adapters.office.file import OfficeFile
from counterfoil.adapters.office.migrations.mandates import STEP
from counterfoil.adapters.office.proposals import SqliteProposals
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.office import people
from counterfoil.application.office.application import Application
from counterfoil.application.office.mandates import IN_FORCE_MAX, Wish, end, give
from counterfoil.application.office.ports import Office, PersonState
from counterfoil.application.office.proposal import Signature
from counterfoil.application.office.proposals import approve, propose
from counterfoil.application.office.sessions import act_for, bearer, capacity_of, standing_of
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.mandate import Mandate
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.cli.main import run
from tests.http.desk import founded
from tests.office.stage import DAY, PASSWORD, Stage, code_of, member, signed_in, staged
from tests.office.test_applications import sent, yes
from tests.office.test_http import OFFICE, browser, sign_in
from tests.office.test_proposals import ACCOUNT, ANNA, BELA, CARO, Scene

LAST = date(2026, 6, 30)
"""The stage's clock begins on 2026-06-01."""
OPERATOR = frozenset({"operator"})
BODY = "D1"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return founded(tmp_path / "registry", blocks=2)


@pytest.fixture
def scene(folder: Folder) -> Iterator[Scene]:
    stage = staged(folder.path)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        yield Scene(stage, writable)
    stage.at_hand.close()


@pytest.fixture
def desk(folder: Folder) -> Iterator[Stage]:
    made = staged(folder.path)
    yield made
    made.at_hand.close()


def deputise(office: Office, giver: str, person: str, roles: frozenset[str] = OPERATOR, **options: Any) -> Mandate:
    wish = Wish(person, roles, options.pop("until", LAST), options.pop("first", None))
    made = give_as(office, giver, options.pop("organisation", ""), wish)
    assert isinstance(made, Mandate), made
    return made


def give_as(office: Office, giver: str, organisation: str, wish: Wish) -> Mandate | Refusal:
    found = office.store.people.get(giver)
    assert found is not None
    return give(office, standing_of(office, found, organisation), wish, actor="test")


def standing(office: Office, person: str, giver: str, organisation: str = "") -> Standing | Refusal:
    found = office.store.people.get(person)
    assert found is not None
    return capacity_of(office, found, organisation, giver)


def test_a_deputy_has_the_roles_of_the_mandate_until_its_last_day_and_is_then_told_the_day(scene: Scene) -> None:
    office = scene.stage.office
    assert code_of(standing(office, CARO, ANNA)) == "deputy.no_mandate"
    deputise(office, ANNA, CARO)
    assert standing(office, CARO, ANNA) == Standing(CARO, "", "operator", OPERATOR, ANNA)
    scene.stage.later(29 * DAY)
    assert standing(office, CARO, ANNA) == Standing(CARO, "", "operator", OPERATOR, ANNA), "30 June is its last day"
    scene.stage.later(DAY)
    refusal = standing(office, CARO, ANNA)
    assert code_of(refusal) == "deputy.not_in_force"
    assert isinstance(refusal, Refusal) and refusal.facts["last_day"] == "2026-06-30"


def test_a_mandate_gives_nothing_that_its_giver_has_lost(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, ANNA, CARO)
    people.take_role(office, ANNA, role="operator", organisation="", actor="test")
    left = standing(office, CARO, ANNA)
    assert isinstance(left, Standing) and left.roles == frozenset()
    people.suspend(office, ANNA, actor="test")
    assert code_of(standing(office, CARO, ANNA)) == "deputy.giver_gone"


def test_a_mandate_for_a_suspended_body_gives_nothing(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, CARO, ANNA, frozenset({"holder"}), organisation="E-1")
    people.suspend_organisation(office, "E-1", suspended=True, actor="test")
    found = standing(office, ANNA, CARO, "E-1")
    assert isinstance(found, Standing) and found.roles == frozenset()


def test_either_of_the_two_ends_a_mandate_at_once_and_nobody_else(scene: Scene) -> None:
    office = scene.stage.office
    first = deputise(office, ANNA, CARO)
    assert code_of(end(office, first.number, actor="test", by=BELA)) == "deputy.unknown"
    assert code_of(end(office, 99, actor="test")) == "deputy.unknown"
    for by in (ANNA, CARO):
        made = deputise(office, ANNA, CARO)
        assert isinstance(end(office, first.number, actor="test", by=by), Mandate)
        assert isinstance(end(office, made.number, actor="test", by=by), Mandate)
        assert code_of(standing(office, CARO, ANNA)) == "deputy.not_in_force"
    rows = [row for row in office.store.trail.all() if row.act.startswith("mandate.")]
    assert [row.act for row in rows] == [
        "mandate.given",
        "mandate.given",
        *["mandate.ended"] * 2,
        *rows_of_the_second(),
    ]
    assert all(row.subject == CARO and ANNA in row.facts for row in rows)


def rows_of_the_second() -> list[str]:
    """The first mandate had ended by then: ending it again is no row."""
    return ["mandate.given", "mandate.ended"]


@pytest.mark.parametrize(
    ("case", "person", "state", "fault"),
    [
        ("nobody has this pseudonym", "P-ZZZZZZZZ", None, "person.unknown"),
        ("the person is suspended", CARO, PersonState.SUSPENDED, "person.state"),
        ("the person is erased", CARO, PersonState.ERASED, "person.state"),
    ],
)
def test_a_mandate_is_not_given_when(
    case: str, person: str, state: PersonState | None, fault: str, scene: Scene
) -> None:
    office = scene.stage.office
    if state is PersonState.SUSPENDED:
        people.suspend(office, person, actor="test")
    if state is PersonState.ERASED:
        people.erase(office, person, actor="test")
    assert code_of(give_as(office, ANNA, "", Wish(person, OPERATOR, LAST))) == fault


def test_a_mandate_that_has_ended_already_and_one_too_many_are_refused(scene: Scene) -> None:
    office = scene.stage.office
    past = Wish(CARO, OPERATOR, date(2026, 5, 31), date(2026, 5, 1))
    assert code_of(give_as(office, ANNA, "", past)) == "deputy.days_backwards"
    for _ in range(IN_FORCE_MAX):
        deputise(office, ANNA, CARO)
    wish = Wish(CARO, OPERATOR, LAST)
    assert code_of(give_as(office, ANNA, "", wish)) == "deputy.too_many"
    assert code_of(give_as(office, BELA, "", wish)) == "deputy.too_many", "the deputy has too many"


def test_a_deputy_hands_nothing_on(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, ANNA, CARO)
    acting = standing(office, CARO, ANNA)
    assert isinstance(acting, Standing)
    assert code_of(give(office, acting, Wish(BELA, OPERATOR, LAST), actor="test")) == "deputy.handed_on"


def test_a_deputy_is_no_second_person_beside_the_giver(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, ANNA, CARO)
    acting = standing(office, CARO, ANNA)
    assert isinstance(acting, Standing)
    name, seen = scene.proposed(ANNA)
    assert code_of(approve(scene.desk, acting, name, seen=seen)) == "approval.same_mandate"


def test_a_giver_is_no_second_person_beside_the_deputy(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, ANNA, CARO)
    name, seen = proposed_by(scene, standing(office, CARO, ANNA))
    assert code_of(scene.approve(ANNA, name, seen)) == "approval.same_person"


def test_two_deputies_of_one_giver_are_one_pair_of_eyes(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, ANNA, CARO)
    deputise(office, ANNA, BELA)
    name, seen = proposed_by(scene, standing(office, CARO, ANNA))
    second = standing(office, BELA, ANNA)
    assert isinstance(second, Standing)
    assert code_of(approve(scene.desk, second, name, seen=seen)) == "approval.same_mandate"
    assert isinstance(scene.approve(BELA, name, seen), Receipt), "in her own roles she is a second person"


def test_the_journal_and_the_trail_say_in_whose_place_a_deputy_acted(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, ANNA, CARO)
    name, seen = proposed_by(scene, standing(office, CARO, ANNA))
    receipt = scene.approve(BELA, name, seen)
    assert isinstance(receipt, Receipt)
    row = scene.writable.world.store.row(receipt.seq)
    assert row is not None
    assert scene.writable.world.codec.decode(row.leaf)["by"] == f"person:{CARO}@{ANNA}+person:{BELA}"
    made = next(row for row in office.store.trail.all() if row.act == "proposal.made")
    assert made.actor == f"person:{CARO}@{ANNA}"
    again = scene.desk.proposals.get(name)
    assert again is not None and again.initiator.giver == ANNA, "as it is kept"


def test_a_proposal_waits_in_vain_when_the_mandate_ends_meanwhile(scene: Scene) -> None:
    office = scene.stage.office
    made = deputise(office, ANNA, CARO)
    name, seen = proposed_by(scene, standing(office, CARO, ANNA))
    end(office, made.number, actor="test")
    assert code_of(scene.approve(BELA, name, seen)) == "deputy.not_in_force"


def proposed_by(scene: Scene, acting: Standing | Refusal) -> tuple[str, str]:
    assert isinstance(acting, Standing), acting
    scene.standing = lambda person: acting if person == CARO else Scene.standing(scene, person)  # type: ignore[method-assign]
    return scene.proposed(CARO, ACCOUNT)


def test_an_office_from_before_mandates_keeps_its_proposals_and_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrations.steps()
    with monkeypatch.context() as before:
        before.setattr(file, "steps", lambda: every[: every.index(STEP)])
        old = OfficeFile(tmp_path / "office.db")
        with old.change():
            old.run("INSERT INTO person VALUES (?, 'Anna', 'a@x.org', 'active', 1, 1)", (ANNA,))
            old.run("INSERT INTO session VALUES (?, 'h', ?, '', 'd', 'm', 1, 1, 2)", (bytes(32), ANNA))
            old.run(
                "INSERT INTO proposal VALUES (1, 'Q-1', 'Issue', '{}', ?, '', ?, 1, 9, 'open', 1, '', '', '', NULL)",
                (ANNA, f'[["{BELA}", ""]]'),
            )
        old.close()
    store = SqliteOffice(tmp_path / "office.db")
    session, proposal = store.sessions.get(bytes(32)), SqliteProposals(store.file).get("Q-1")
    assert session is not None and (session.person, session.giver) == (ANNA, "")
    assert proposal is not None and proposal.signatures == (Signature(ANNA, ""), Signature(BELA, ""))
    assert proposal.behind == {ANNA, BELA}
    store.close()


# Sessions, HTTP and the command line


def two_officers(stage: Stage) -> tuple[Any, Any]:
    return member(stage, "ada@example.org", "administrator"), member(stage, "bo@example.org", "operator")


def test_a_session_acts_in_the_givers_place_and_finds_its_way_back(desk: Stage) -> None:
    ada, bo = two_officers(desk)
    session = signed_in(desk, bo)
    assert code_of(act_for(desk.office, session.session, "", ada.person)) == "deputy.no_mandate"
    made = deputise(desk.office, ada.person, bo.person, frozenset({"administrator"}))
    found = act_for(desk.office, session.session, "", ada.person)
    assert isinstance(found, Standing) and found.roles == {"administrator"}
    end(desk.office, made.number, actor="test")
    held = bearer(desk.office, session.secret)
    assert held is not None and held.refused is not None and held.refused.code == "deputy.not_in_force"
    assert held.standing.roles == frozenset()
    back = act_for(desk.office, held.session, "")
    assert isinstance(back, Standing) and (back.roles, back.giver) == (frozenset({"operator"}), "")


@pytest.mark.anyio
async def test_a_mandate_is_given_used_and_ended_by_http(folder: Folder, desk: Stage) -> None:
    ada, bo = two_officers(desk)
    roles = {"person": bo.person, "roles": ["administrator"], "until": "2026-06-30"}
    async with browser(folder, desk) as client:
        headers = await sign_in(client, desk, ada)
        wide = await client.post(f"{OFFICE}/mandates", json={**roles, "roles": ["authority"]}, headers=headers)
        assert (wide.status_code, wide.json()["code"]) == (409, "deputy.wider_than_giver")
        given = await client.post(f"{OFFICE}/mandates", json=roles, headers=headers)
        assert (given.status_code, given.json()["until"]) == (201, "2026-06-30")
        assert (await client.get(f"{OFFICE}/mandates")).json()["given"] == [given.json()]
    async with browser(folder, desk) as client:
        headers = await sign_in(client, desk, bo)
        assert (await client.get(f"{OFFICE}/people")).status_code == 403
        place = {"organisation": "", "giver": ada.person}
        acting = await client.post(f"{OFFICE}/session/acts-for", json=place, headers=headers)
        assert (acting.status_code, acting.json()["giver"]) == (200, ada.person)
        assert (await client.get(f"{OFFICE}/people")).status_code == 200
        body = {"organisation": BODY, "kind": "developer", "name": "Solar"}
        assert (await client.post(f"{OFFICE}/organisations", json=body, headers=headers)).status_code == 201
        office = desk.at_hand.office()
        assert office is not None
        row = next(row for row in office.store.trail.all() if row.act == "organisation.added")
        assert row.actor == f"person:{bo.person}@{ada.person}"
        handed = await client.post(f"{OFFICE}/mandates", json={**roles, "person": ada.person}, headers=headers)
        assert handed.json()["code"] == "deputy.handed_on"
        ended = await client.post(f"{OFFICE}/mandates/{given.json()['number']}/end", json={}, headers=headers)
        assert ended.status_code == 200 and ended.json()["revoked"]
        over = await client.get(f"{OFFICE}/people")
        assert (over.status_code, over.json()["code"]) == (403, "deputy.not_in_force")
        back = await client.post(f"{OFFICE}/session/acts-for", json={"organisation": ""}, headers=headers)
        assert back.json()["roles"] == ["operator"]


@pytest.mark.anyio
async def test_giving_a_mandate_needs_a_sign_in_of_just_now(folder: Folder, desk: Stage) -> None:
    ada, bo = two_officers(desk)
    async with browser(folder, desk) as client:
        headers = await sign_in(client, desk, ada)
        desk.later(16 * 60_000)
        roles = {"person": bo.person, "roles": ["administrator"], "until": "2026-06-30"}
        answer = await client.post(f"{OFFICE}/mandates", json=roles, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "session.sign_in_again")


@pytest.mark.anyio
async def test_an_administrator_sees_and_ends_the_mandates_of_others_and_an_officer_does_not(
    folder: Folder, desk: Stage
) -> None:
    ada, bo = two_officers(desk)
    cy = member(desk, "cy@example.org", "operator")
    made = deputise(desk.office, bo.person, cy.person)
    theirs = f"{OFFICE}/people/{bo.person}/mandates"
    async with browser(folder, desk) as client:
        headers = await sign_in(client, desk, cy)
        assert (await client.get(theirs)).status_code == 403
        assert (await client.post(f"{theirs}/{made.number}/end", json={}, headers=headers)).status_code == 403
    async with browser(folder, desk) as client:
        headers = await sign_in(client, desk, ada)
        assert [each["number"] for each in (await client.get(theirs)).json()["given"]] == [made.number]
        wrong = await client.post(f"{OFFICE}/people/{ada.person}/mandates/{made.number}/end", json={}, headers=headers)
        assert (wrong.status_code, wrong.json()["code"]) == (404, "deputy.unknown")
        assert (await client.post(f"{theirs}/{made.number}/end", json={}, headers=headers)).status_code == 200


def test_the_folders_owner_lists_and_ends_mandates_but_gives_none(
    folder: Folder, desk: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, bo = two_officers(desk)
    deputise(desk.office, ada.person, bo.person, frozenset({"administrator"}), until=date(2027, 12, 31))
    place = ("--dir", str(folder.path))
    assert run(["mandate", "list", *place, "--lang", "zh-Hant"]) == 0
    assert "2027-12-31" in capsys.readouterr().out
    assert run(["mandate", "end", "1", *place]) == 0
    assert run(["mandate", "end", "2", *place]) == 1
    who = (bo.person, "--role", "administrator", "--until", "2027-12-31")
    assert run(["mandate", "give", *who, *place]) == 2, "whoever gives one signs in"


def test_who_gives_a_mandate_at_the_command_line_signs_in(
    folder: Folder, desk: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, bo = two_officers(desk)
    secrets = tmp_path / "secrets"
    # The command line works by the machine's clock, not by the stage's.
    secrets.write_text(f"{PASSWORD}\n{pyotp.TOTP(ada.totp).now()}\n", "utf-8")
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    wish = (bo.person, "--role", "administrator", "--until", until)
    assert run(["mandate", "give", *wish, "--as", ada.mail, "--secrets", str(secrets), "--dir", str(folder.path)]) == 0
    assert until in capsys.readouterr().out
    (made,) = desk.office.store.mandates.given_by(ada.person)
    assert (made.person, made.roles) == (bo.person, frozenset({"administrator"}))


def test_the_deputy_of_who_endorsed_an_application_is_not_the_second_officer(stage: Stage) -> None:
    member(stage)
    made = sent(stage)
    yes(stage, made.number, f"person:{ANNA}")
    assert code_of(yes(stage, made.number, f"person:{CARO}@{ANNA}")) == "approval.same_person"
    assert isinstance(yes(stage, made.number, f"person:{CARO}@{BELA}"), Application)


def test_a_consultant_acts_for_an_owner_over_the_owners_things_only(scene: Scene) -> None:
    office = scene.stage.office
    deputise(office, CARO, ANNA, frozenset({"holder"}), organisation="E-1")
    acting = standing(office, ANNA, CARO, "E-1")
    assert isinstance(acting, Standing) and acting.organisation == "E-1"
    foreign = propose(scene.desk, acting, OpenAccount(account="tha:new", holder="E-2"), "{}", why="")
    assert code_of(foreign) == "permission.not_own"
