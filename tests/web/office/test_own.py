"""One's own page: capacities, sessions, factors, notices, mandates, and that each thing is one's own."""

import pytest

from counterfoil.application.notices.notice_desk import wish_of
from counterfoil.application.notices.ports import MailWish, Ways
from counterfoil.application.office import mandates
from counterfoil.application.office.invitations import Guest
from counterfoil.application.office.mandates import Wish
from counterfoil.application.office.people import add_organisation, give_role
from counterfoil.application.office.ports import Factor
from counterfoil.application.office.sessions import FRESH_MS, standing_of
from counterfoil.application.office.trail import date_of
from counterfoil.domain.people.mandate import Mandate
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.postman import notice_desk
from tests.office.stage import MINUTE, PASSWORD, Stage, member, signed_in
from tests.web.office.window import OWN, Window, window

pytestmark = pytest.mark.anyio


def form_of(tab: Window, do: str, **values: str) -> str:
    """The name of the form of one change."""
    wanted = {"do": do, **values}
    return next(name for name, form in tab.page.forms.items() if wanted.items() <= form.values.items())


async def test_another_device_is_ended_and_this_one_goes_on(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    other = signed_in(stage, who)
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        await tab.send(form_of(tab, "end_session", handle=other.session.handle))
        assert "The session was ended." in tab.page.text
        left = [each.handle for each in stage.office.store.sessions.of(who.person)]
        assert other.session.handle not in left and left


async def test_nobody_ends_the_session_of_somebody_else(folder: Folder, stage: Stage) -> None:
    ada, bo = member(stage), member(stage, "bo@example.org", "operator")
    theirs = signed_in(stage, bo)
    async with window(folder, stage) as tab:
        await tab.sign_in(ada, "/sign-in?next=/desk/me")
        token = tab.page.forms["wishes"].values["csrf"]
        sent = {"do": "end_session", "handle": theirs.session.handle, "csrf": token}
        answer = await tab.client.post("/desk/me", data=sent, headers=OWN)
        assert answer.status_code == 422 and "session.unknown" in answer.text
        assert stage.office.store.sessions.of(bo.person)


async def test_a_phone_is_added_by_its_digits_and_codes_are_made_anew(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        await tab.send(form_of(tab, "phone"))
        totp = next(word for word in tab.page.words if len(word) == 32)
        await tab.send("phone", code=stage.code(totp), label="<i>spare</i>")
        assert "<i>spare</i>" in tab.page.text
        assert len(stage.office.store.credentials.of(who.person, Factor.TOTP)) == 2
        await tab.send(form_of(tab, "codes"))
        assert who.enrolled.recovery_codes[0] not in tab.page.text and "They are shown only now" in tab.page.text


async def test_factors_want_a_sign_in_of_just_now(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        stage.later(FRESH_MS + MINUTE)
        await tab.open("/desk/me")
        refused = await tab.send(form_of(tab, "codes"))
        assert refused.status_code == 422 and "session.sign_in_again" in refused.text
        led = [named.get("href") for tag, named in tab.page.tags if tag == "a"]
        assert any("sign-in?next=" in str(each) for each in led)


async def test_a_new_password_needs_the_former_one(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    new = "eleven quiet otters swim"
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        wrong = await tab.send("password-form", former="not it at all, no", password=new, repeated=new)
        assert wrong.status_code == 422 and "sign_in.refused" in wrong.text
        stage.later(5 * MINUTE)
        await tab.send("password-form", former=PASSWORD, password=new, repeated=new)
        assert "The password was changed" in tab.page.text
        tab.client.cookies.clear()
        await tab.open("/sign-in")
        assert (await tab.send("sign-in", mail=who.mail, password=new)).status_code == 200


async def test_somebody_of_two_bodies_acts_for_one_and_can_change(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    office = stage.office
    add_organisation(office, organisation="DEV", kind="developer", name="Developer", actor="local")
    assert give_role(office, who.person, Guest("", "", "developer", "DEV"), actor="local") is None
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        await tab.send("capacity", capacity="DEV|")
        assert "Activity participant" in tab.page.text and "You now act for another one." in tab.page.text
        assert (await tab.open("/desk/admin/people")).status_code == 403
        await tab.open("/desk/me")
        await tab.send("capacity", capacity="|")
        assert (await tab.open("/desk/admin/people")).status_code == 200


async def test_who_acts_under_a_mandate_that_ended_can_go_back_to_their_own(folder: Folder, stage: Stage) -> None:
    ada, bo = member(stage), member(stage, "bo@example.org", "operator")
    office = stage.office
    person = office.store.people.get(ada.person)
    assert person is not None
    wish = Wish(bo.person, frozenset({"administrator"}), date_of("2026-07-01"))
    given = mandates.give(office, standing_of(office, person, ""), wish, actor="local")
    assert isinstance(given, Mandate)
    async with window(folder, stage) as tab:
        await tab.sign_in(bo, "/sign-in?next=/desk/me")
        await tab.send("capacity", capacity=f"|{ada.person}")
        assert (await tab.open("/desk/admin/people")).status_code == 200
        assert isinstance(mandates.end(office, given.number, actor="local"), Mandate)
        await tab.open("/desk/me")
        assert "deputy." in tab.answer.text
        token = tab.page.forms["wishes"].values["csrf"]
        sent = {"do": "capacity", "capacity": "|", "csrf": token}
        back = await tab.client.post("/desk/me", data=sent, headers=OWN)
        assert back.status_code == 303
        await tab.open("/desk/me")
        assert "Registry officer" in tab.page.text


async def test_mail_wishes_are_kept(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        await tab.send("wishes", mail="none", language="zh-Hant")
        assert "Saved." in tab.page.text
        wish = wish_of(notice_desk(folder.path, stage.office, Ways()), who.person)
        assert (wish.mail, wish.language) == (MailWish.NONE, "zh-Hant")


async def test_the_own_trail_is_one_s_own(folder: Folder, stage: Stage) -> None:
    ada, bo = member(stage), member(stage, "bo@example.org", "operator")
    async with window(folder, stage) as tab:
        await tab.sign_in(bo)
        answer = await tab.open("/desk/me/trail?rows=3")
        assert "person invited" in answer.text and ada.person not in answer.text
        following = next(named["href"] for tag, named in tab.page.tags if named.get("rel") == "next")
        await tab.open(str(following))
        assert "signed in" in tab.answer.text and "person invited" not in tab.page.text
