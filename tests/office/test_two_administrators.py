"""Two administrators for giving power and for erasing, the folder's owner included; recovery stays, and is seen."""

from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from counterfoil.application.office import people, trail
from counterfoil.application.office.admin_request import AdminRequest
from counterfoil.application.office.invitations import Guest, Invited, invite_administrator
from counterfoil.application.office.ports import Person, PersonState
from counterfoil.application.office.sessions import standing_of
from counterfoil.application.office.two_administrators import (
    OPEN_MAX,
    VALID_MS,
    Personnel,
    confirm,
    erase,
    give_role,
    invite,
    reject,
    take_role,
)
from counterfoil.entrypoints.http.office.door import COOKIE
from counterfoil.entrypoints.personnel_at_hand import personnel_of
from tests.cli.conftest import Counterfoil, counterfoil  # noqa: F401  fixtures are found by their names here
from tests.http.desk import founded
from tests.office.stage import DAY, Member, Stage, code_of, member, signed_in, staged
from tests.office.test_http import OFFICE, browser

GUEST = Guest("Cy", "Cy@example.org", "operator")


@dataclass
class Two:
    stage: Stage
    ada: Member
    bo: Member

    def at(self, who: Member | None) -> Personnel:
        """The office for one of them; for the folder's owner without anybody."""
        if who is None:
            return personnel_of(self.stage.office)
        known = self.stage.office.store.people.get(who.person)
        assert known is not None
        return personnel_of(self.stage.office, standing_of(self.stage.office, known, ""))

    def acts(self) -> list[str]:
        return [row.act for row in self.stage.office.store.trail.all()]


@pytest.fixture
def two(stage: Stage) -> Two:
    ada, bo = member(stage), member(stage, "bo@example.org", "operator")
    assert people.give_role(stage.office, bo.person, Guest("", "", "administrator"), actor="local") is None
    return Two(stage, ada, bo)


def asked(found: object) -> str:
    assert isinstance(found, AdminRequest), found
    return found.id


def test_one_administrator_waits_for_nobody(stage: Stage) -> None:
    ada = member(stage)
    alone = Two(stage, ada, ada)
    assert isinstance(invite(alone.at(ada), GUEST), Invited)
    assert isinstance(invite(alone.at(None), Guest("Di", "di@example.org", "operator")), Invited)


@pytest.mark.parametrize("asker", ["ada", "local"])
def test_an_invitation_waits_for_another_administrator_who_gets_its_secret(two: Two, asker: str) -> None:
    name = asked(invite(two.at(two.ada if asker == "ada" else None), GUEST))
    assert two.stage.office.store.people.by_mail("cy@example.org") is None
    found = confirm(two.at(two.bo), name)
    assert isinstance(found, Invited)
    assert found.person.mail == "cy@example.org"
    rows = [row for row in two.stage.office.store.trail.all() if row.act == "person.invited"]
    first = f"person:{two.ada.person}" if asker == "ada" else "local"
    assert rows[-1].actor == f"{first}+person:{two.bo.person}"
    assert code_of(confirm(two.at(two.bo), name)) == "admin_request.not_open"


def test_nobody_confirms_the_own_request_and_the_folder_s_owner_confirms_none(two: Two) -> None:
    name = asked(invite(two.at(two.ada), GUEST))
    assert code_of(confirm(two.at(two.ada), name)) == "approval.same_person"
    assert code_of(confirm(two.at(None), name)) == "approval.person_needed"
    local = asked(erase(two.at(None), two.bo.person))
    assert code_of(confirm(two.at(None), local)) == "approval.person_needed"
    assert two.stage.office.store.people.by_mail("cy@example.org") is None


def test_roles_ends_of_administrators_and_erasure_wait_too(two: Two) -> None:
    store = two.stage.office.store
    operator = member(two.stage, "di@example.org", "operator")
    given = asked(give_role(two.at(two.ada), operator.person, Guest("", "", "administrator")))
    ended = asked(take_role(two.at(two.ada), two.bo.person, role="administrator", organisation=""))
    erased = asked(erase(two.at(two.ada), operator.person))
    assert [held.role for held in store.memberships.of(operator.person)] == ["operator"]
    assert confirm(two.at(two.bo), given) is None
    assert [held.role for held in store.memberships.of(operator.person)] == ["operator", "administrator"]
    gone = confirm(two.at(two.bo), erased)
    assert isinstance(gone, Person)
    assert (gone.state, gone.mail) == (PersonState.ERASED, None)
    assert confirm(two.at(two.bo), ended) is None
    today = trail.day_of(two.stage.clock.now_ms())
    assert store.memberships.holders("administrator", on=today) == [two.ada.person]


def test_another_role_is_ended_and_anybody_suspended_at_once(two: Two) -> None:
    assert take_role(two.at(two.ada), two.bo.person, role="operator", organisation="") is None
    assert isinstance(people.suspend(two.stage.office, two.bo.person, actor="x"), Person)


def test_nobody_becomes_the_only_administrator_by_suspending_the_other(two: Two) -> None:
    people.suspend(two.stage.office, two.bo.person, actor=f"person:{two.ada.person}")
    assert isinstance(invite(two.at(two.ada), GUEST), AdminRequest)
    assert isinstance(invite(two.at(None), GUEST), AdminRequest)


def test_a_request_of_who_was_suspended_meanwhile_is_not_confirmed(two: Two) -> None:
    name = asked(invite(two.at(two.ada), GUEST))
    people.suspend(two.stage.office, two.ada.person, actor="local")
    assert code_of(confirm(two.at(two.bo), name)) == "admin_request.asker_gone"


def test_what_is_refused_after_all_stays_open(two: Two) -> None:
    first, second = (asked(invite(two.at(two.ada), GUEST)) for _ in range(2))
    invited = confirm(two.at(two.bo), first)
    assert isinstance(invited, Invited)
    people.erase(two.stage.office, two.bo.person, actor="x")
    store = two.stage.office.store
    assert code_of(confirm(two.at(two.ada), second)) == "approval.same_person"
    assert [each.id for each in two.at(None).requests.listed(limit=9)] == [second]
    assert store.people.by_mail("cy@example.org") is not None


def test_a_refused_act_opens_its_request_again_with_whom_it_named(two: Two) -> None:
    name = asked(invite(two.at(two.ada), GUEST))
    member(two.stage, "cy@example.org", "operator")
    assert code_of(confirm(two.at(two.bo), name)) == "person.mail_taken"
    found = two.at(None).requests.get(name)
    assert found is not None
    assert (found.state, found.mail) == ("open", "cy@example.org")
    assert two.acts()[-1] == "admin_request.reopened"


@pytest.mark.parametrize("end", ["rejected", "done", "expired"])
def test_a_closed_request_forgets_whom_it_named(two: Two, end: str) -> None:
    name = asked(invite(two.at(two.ada), GUEST))
    if end == "rejected":
        assert isinstance(reject(two.at(two.ada), name), AdminRequest)
    elif end == "done":
        assert isinstance(confirm(two.at(two.bo), name), Invited)
    else:
        two.stage.later(VALID_MS)
        assert code_of(confirm(two.at(two.bo), name)) == "admin_request.not_open"
        asked(invite(two.at(two.bo), Guest("Di", "di@example.org", "operator")))
    found = two.at(None).requests.get(name)
    assert found is not None
    assert (found.state, found.name, found.mail) == (end, "", "")
    facts = "".join(row.facts for row in two.stage.office.store.trail.all())
    assert "cy@example.org" not in facts


def test_erasing_somebody_forgets_a_request_that_names_the_address(two: Two) -> None:
    first = asked(invite(two.at(two.ada), GUEST))
    invited = confirm(two.at(two.bo), first)
    assert isinstance(invited, Invited)
    again = asked(invite(two.at(two.ada), GUEST))
    assert isinstance(confirm(two.at(two.bo), asked(erase(two.at(two.ada), invited.person.person))), Person)
    found = two.at(None).requests.get(again)
    assert found is not None
    assert (found.state, found.mail) == ("rejected", "")
    file = two.stage.office.store.file.path  # type: ignore[attr-defined]
    kept = b"".join(path.read_bytes() for path in file.parent.glob("office.db*"))
    assert b"cy@example.org" not in kept


def test_the_last_moments_of_a_request_still_count(two: Two) -> None:
    name = asked(invite(two.at(two.ada), GUEST))
    two.stage.later(VALID_MS - 100)
    assert isinstance(confirm(two.at(two.bo), name), Invited)


def test_what_could_not_be_done_is_not_asked(two: Two) -> None:
    assert code_of(invite(two.at(two.ada), Guest("", "cy@example.org", "operator"))) == "person.name_unreadable"
    assert code_of(invite(two.at(two.ada), Guest("Bo", "bo@example.org", "operator"))) == "person.mail_taken"
    assert code_of(give_role(two.at(two.ada), "P-AAAAAAAA", Guest("", "", "operator"))) == "person.unknown"
    assert code_of(confirm(two.at(two.bo), "R-AAAAAAAA")) == "admin_request.unknown"


def test_requests_are_bounded(two: Two) -> None:
    for number in range(OPEN_MAX):
        asked(invite(two.at(two.ada), Guest("Cy", f"c{number}@example.org", "operator")))
    assert code_of(invite(two.at(two.ada), GUEST)) == "admin_request.too_many"


def test_recovery_stays_possible_and_is_the_first_row_of_its_trail(two: Two) -> None:
    before = len(two.acts())
    found = invite_administrator(two.stage.office, name="Eve", mail="eve@example.org", recovery=True)
    assert isinstance(found, Invited)
    assert two.acts()[before:] == ["administrator.recovery", "membership.given", "person.invited"]


def test_the_first_administrator_of_all_is_no_recovery(stage: Stage) -> None:
    assert isinstance(invite_administrator(stage.office, name="Ada", mail="ada@example.org"), Invited)
    assert "administrator.recovery" not in [row.act for row in stage.office.store.trail.all()]


@pytest.mark.anyio
async def test_two_administrators_over_http(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=1)
    stage = staged(folder.path)
    two = Two(stage, member(stage), member(stage, "bo@example.org", "operator"))
    assert people.give_role(stage.office, two.bo.person, Guest("", "", "administrator"), actor="local") is None
    stage.later(DAY)
    guest = {"name": "Cy", "mail": "cy@example.org", "role": "operator"}
    async with browser(folder, stage) as client:

        def headers(who: Member) -> dict[str, str]:
            found = signed_in(stage, who)
            return {"cookie": f"{COOKIE}={found.secret}", "x-csrf-token": found.csrf}

        async def post(path: str, who: dict[str, str], **body: str) -> httpx.Response:
            return await client.post(f"{OFFICE}{path}", json=body, headers=who)

        ada, bo = headers(two.ada), headers(two.bo)
        made = await post("/people", ada, **guest)
        assert made.status_code == 202, made.text
        name = made.json()["request"]
        own = await post(f"/requests/{name}/confirm", ada)
        assert (own.status_code, own.json()["code"]) == (403, "approval.same_person")
        listed = (await client.get(f"{OFFICE}/requests", headers=bo)).json()["items"]
        assert [(each["request"], each["act"], each["mail"]) for each in listed] == [(name, "invite", "cy@example.org")]
        done = await post(f"/requests/{name}/confirm", bo)
        assert done.status_code == 201
        assert len(done.json()["invitation"]) == 43
        waits = await post(f"/people/{done.json()['person']}/erase", ada)
        assert waits.status_code == 202
        refused = await post(f"/requests/{waits.json()['request']}/reject", bo)
        assert refused.json()["state"] == "rejected"
    stage.at_hand.close()


def test_the_folder_s_owner_is_told_that_it_waits(two: Two, tmp_path: Path, counterfoil: Counterfoil) -> None:  # noqa: F811
    folder = founded(tmp_path / "registry", blocks=1)
    stage = staged(folder.path)
    own = Two(stage, member(stage), member(stage, "bo@example.org", "operator"))
    assert people.give_role(stage.office, own.bo.person, Guest("", "", "administrator"), actor="local") is None
    stage.at_hand.close()
    where = ["--dir", str(folder.path), "--json"]
    made = counterfoil("people", "invite", "cy@example.org", "--name", "Cy", "--role", "operator", *where)
    assert (made.status, made.json["state"]) == (0, "open")
    erased = counterfoil("people", "erase", own.bo.person, *where)
    listed = counterfoil("people", "requests", *where)
    assert [each["request"] for each in listed.json] == [made.json["request"], erased.json["request"]]
    assert listed.json[0]["by"] == "local"
