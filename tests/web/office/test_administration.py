"""Administration by pages: people, roles, two administrators, organisations, the audit log, and who may not see it."""

import csv
import io
from pathlib import Path

import pytest

from counterfoil.adapters.signing.trusted_key import trusted_key
from counterfoil.application.office import enrolment
from counterfoil.application.office.enrolment import Enrolled, Opened
from counterfoil.application.office.invitations import Guest, Invited
from counterfoil.application.office.invitations import invite as invited_by
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.sessions import IDLE_MS
from counterfoil.application.office.sign_in import Device
from counterfoil.application.office.trail import broken_row
from counterfoil.domain.ledger.note import NoteKey
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.permission_table import permission_table
from tests.office.stage import MINUTE, PASSWORD, Member, Stage, member
from tests.web.office.window import OWN, Window, window

pytestmark = pytest.mark.anyio
PEOPLE = "/desk/admin/people"
GUEST = {"name": "Bo", "mail": "bo@example.org", "role": "operator", "organisation": "", "until": ""}
PAGES = [path.removeprefix("GET ") for path in permission_table().routes if path.startswith("GET /desk/admin")]


def enrolled(stage: Stage, invitation: object) -> Member:
    """Somebody who used an invitation."""
    assert isinstance(invitation, Invited)
    opened = enrolment.open_invitation(stage.office, invitation.secret)
    assert isinstance(opened, Opened)
    code = stage.code(opened.totp)
    done = enrolment.enrol(stage.office, invitation.secret, password=PASSWORD, code=code, device=Device())
    assert isinstance(done, Enrolled)
    stage.later(2 * MINUTE)
    return Member(invitation.person.person, invitation.person.mail or "", opened.totp, done)


async def invite(tab: Window, **changes: str) -> None:
    await tab.open(PEOPLE)
    await tab.send("invite-form", **{**GUEST, **changes})


async def test_an_administrator_invites_and_hands_over_a_link(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        await invite(tab)
        link = next(named["value"] for tag, named in tab.page.tags if tag == "input" and named.get("id") == "link")
        assert link is not None and link.startswith("https://registry.example/invitation#")
        await tab.open("/invitation")
        opened = await tab.send("invitation-form", invitation=link.partition("#")[2])
        assert opened.status_code == 200 and "Welcome, Bo." in tab.page.text
        await tab.open(PEOPLE)
        assert link.partition("#")[2] not in tab.answer.text, "the secret is shown once"
        assert "bo@example.org" in tab.page.text and "invited" in tab.page.text


async def test_what_is_refused_keeps_what_was_typed(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        await invite(tab, mail="no address", name="<b>Bo</b>")
        assert tab.answer.status_code == 422 and "person.mail_unreadable" in tab.answer.text
        assert tab.page.forms["invite-form"].values["name"] == "<b>Bo</b>"
        assert "<b>Bo</b>" not in tab.answer.text


async def test_of_two_administrators_one_asks_and_the_other_confirms(folder: Folder, stage: Stage) -> None:
    first = member(stage)
    second = enrolled(stage, invited_by(stage.office, Guest("Cy", "cy@example.org", "administrator"), actor="local"))
    async with window(folder, stage) as tab:
        await tab.sign_in(first)
        await invite(tab)
        assert "Another administrator has to confirm it." in tab.page.text
        own = next(form for form in tab.page.forms.values() if form.values.get("request"))
        assert own.values["do"] == "reject", "who asked cannot confirm"
        forced = {"csrf": own.values["csrf"], "request": own.values["request"], "do": "confirm"}
        answer = await tab.client.post("/desk/admin/requests", data=forced, headers=OWN)
        assert answer.status_code in (403, 409, 422) and "approval.same_person" in answer.text
        tab.client.cookies.clear()
        await tab.sign_in(second)
        await tab.open("/desk/admin/requests")
        name = next(key for key, form in tab.page.forms.items() if form.values.get("do") == "confirm")
        await tab.send(name)
        assert any(named.get("id") == "link" for _, named in tab.page.tags)
        assert stage.office.store.people.by_mail("bo@example.org") is not None


async def test_a_suspended_person_is_out_and_the_trail_says_who_did_it(folder: Folder, stage: Stage) -> None:
    ada = member(stage)
    bo = member(stage, "bo@example.org", "operator")
    async with window(folder, stage) as tab:
        await tab.sign_in(ada)
        await tab.open(f"{PEOPLE}/{bo.person}")
        name = next(key for key, form in tab.page.forms.items() if form.values.get("do") == "suspend")
        await tab.send(name)
        assert "The person is suspended." in tab.page.text
        await tab.open(f"/desk/admin/audit?person={ada.person}&act=person.suspended")
        assert bo.person in tab.page.text
        tab.client.cookies.clear()
        await tab.open("/sign-in")
        refused = await tab.send("sign-in", mail=bo.mail, password=PASSWORD)
        assert refused.status_code == 422
        assert broken_row(stage.office.store) is None


async def test_the_audit_log_as_a_file_holds_what_the_page_holds_and_runs_no_formula(
    folder: Folder, stage: Stage
) -> None:
    ada = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(ada)
        await tab.open("/desk/admin/organisations")
        await tab.send("add", organisation="12345678", kind="company", name="=cmd|' /C calc'!A0")
        file = await tab.open("/desk/admin/organisations.csv")
        found = list(csv.DictReader(io.StringIO(file.text)))
        assert [row["name"] for row in found] == ["'=cmd|' /C calc'!A0"]
        file = await tab.open(f"/desk/admin/audit.csv?person={ada.person}")
        rows = list(csv.DictReader(io.StringIO(file.text)))
        acts = [row["act"] for row in rows]
        assert "session.begun" in acts and "organisation.added" in acts
        assert all(ada.person in row["actors"] + row["subject"] for row in rows)
        wrong = await tab.open("/desk/admin/audit?since=yesterday")
        assert wrong.status_code == 400


async def test_an_activity_participant_sees_no_page_of_administrators(folder: Folder, stage: Stage) -> None:
    member(stage)
    add_organisation(stage.office, organisation="DEV", kind="developer", name="Developer", actor="local")
    dev = member(stage, "dev@example.org", "developer", "DEV")
    async with window(folder, stage) as tab:
        await tab.sign_in(dev)
        for path in PAGES:
            if "{" in path or "permissions" in path:
                continue
            answer = await tab.open(path)
            assert answer.status_code == 403 and "permission.role_missing" in answer.text, path
            led = [str(named.get("href")) for tag, named in tab.page.tags if tag == "a"]
            assert not any("desk/admin" in each for each in led), "the menu offers what may not be opened"


async def test_a_hostile_name_is_shown_and_does_nothing(folder: Folder, stage: Stage) -> None:
    ada = member(stage)
    name = "<script>alert(1)</script>&\u05d0"
    async with window(folder, stage) as tab:
        await tab.sign_in(ada)
        await tab.open("/desk/admin/organisations")
        await tab.send("add", organisation="X-1", kind="company", name=name)
        assert name in tab.page.text
        assert not any(tag == "script" and not named.get("src") for tag, named in tab.page.tags)


async def test_a_form_of_an_ended_session_comes_back_filled_in_and_is_not_sent(folder: Folder, stage: Stage) -> None:
    ada = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(ada)
        await tab.open(PEOPLE)
        stage.later(IDLE_MS + MINUTE)
        over = await tab.send("invite-form", **{**GUEST, "name": "Bo & Co"})
        assert over.status_code == 401
        await tab.send("session-over")
        await tab.send("sign-in", mail=ada.mail, password=PASSWORD)
        await tab.send("by-code", code=stage.code(ada.totp))
        await tab.send("kept")
        assert tab.page.forms["invite-form"].values["name"] == "Bo & Co"
        assert stage.office.store.people.by_mail("bo@example.org") is None, "nothing was done without a look"
        stage.later(MINUTE)
        await tab.send("invite-form")
        assert stage.office.store.people.by_mail("bo@example.org") is not None


async def test_health_tells_entries_and_settings_and_no_secret(folder: Folder, stage: Stage) -> None:
    ada = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(ada)
        for path in (
            "/desk/admin",
            "/desk/admin/health",
            "/desk/admin/keys",
            "/desk/admin/backups",
            "/desk/admin/packs",
        ):
            answer = await tab.open(path)
            assert answer.status_code == 200, answer.text
            assert _private(folder.path) not in answer.text
        await tab.open("/desk/admin/keys")
        assert str(NoteKey("tha/registry", trusted_key(folder.public_key))) in tab.page.text


@pytest.mark.parametrize(("harm", "code"), [("no public key", "keys.absent"), ("open to others", "keys.too_open")])
async def test_a_key_file_of_no_use_is_told_beside_what_the_journal_says(
    folder: Folder, stage: Stage, harm: str, code: str
) -> None:
    ada = member(stage)
    key = NoteKey("tha/registry", trusted_key(folder.public_key))
    async with window(folder, stage) as tab:
        await tab.sign_in(ada)
        if harm == "no public key":
            folder.public_key.unlink()
        else:
            folder.key.chmod(0o644)
        answer = await tab.open("/desk/admin/keys")
        assert answer.status_code == 200, answer.text
        assert str(key) in tab.page.text and code in tab.page.text


def _private(path: Path) -> str:
    return (path / "keys" / "registry.key").read_text("utf-8").strip().splitlines()[-1]
