"""Signing in by pages: both steps, where one goes afterwards, what a stranger is told, and what is kept of a form."""

from urllib.parse import urlsplit

import pytest

from counterfoil.application.office.sessions import IDLE_MS
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.office.door import COOKIE
from tests.office.stage import MINUTE, PASSWORD, Stage, invited, member
from tests.web.office.window import ADDRESS, OWN, Window, window

pytestmark = pytest.mark.anyio


async def test_an_invitation_becomes_an_account_by_pages_alone(folder: Folder, stage: Stage) -> None:
    secret = invited(stage, role="administrator").secret
    async with window(folder, stage) as tab:
        await tab.open("/invitation")
        await tab.send("invitation-form", invitation=secret)
        totp = next(word for word in tab.page.words if len(word.replace(" ", "")) == 32).replace(" ", "")
        assert any(tag == "svg" for tag, _ in tab.page.tags)
        chosen = {"password": PASSWORD, "repeated": PASSWORD}
        wrong = await tab.send("enrolling", **chosen, code="000000")
        assert wrong.status_code == 422 and COOKIE not in tab.client.cookies
        done = await tab.send("enrolling", **chosen, code=stage.code(totp))
        assert done.status_code == 200 and sum(tag == "li" for tag, _ in tab.page.tags) >= 10
        assert "no-store" in done.headers["cache-control"]
        me = await tab.open("/desk/me")
        assert me.status_code == 200 and "ada@example.org" in tab.page.text
        await tab.open("/invitation")
        assert (await tab.send("invitation-form", invitation=secret)).status_code == 422


async def test_two_passwords_that_differ_are_told_beside_the_field(folder: Folder, stage: Stage) -> None:
    secret = invited(stage, role="administrator").secret
    async with window(folder, stage) as tab:
        await tab.open("/invitation")
        await tab.send("invitation-form", invitation=secret)
        answer = await tab.send("enrolling", password=PASSWORD, repeated="another long password", code="123456")
        assert answer.status_code == 422 and "The two passwords are not the same." in tab.page.text
        field = next(named for tag, named in tab.page.tags if tag == "input" and named.get("id") == "password")
        assert field["aria-invalid"] == "true" and not field.get("value")


async def test_somebody_goes_where_they_wanted_to_go_after_both_steps(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        asked = await tab.open("/desk/admin/people")
        assert asked.status_code == 200 and urlsplit(tab.at).path == "/sign-in"
        await tab.send("sign-in", mail=who.mail, password=PASSWORD)
        assert COOKIE not in tab.client.cookies, "a password alone is no session"
        done = await tab.send("by-code", code=stage.code(who.totp))
        assert done.status_code == 200 and urlsplit(tab.at).path == "/desk/admin/people"
        assert who.person in tab.page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/x",
        "/\\elsewhere.example",
        "/%2f%2felsewhere.example",
        "\t//elsewhere.example",
        "javascript:alert(1)",
        "/../../..//elsewhere.example",
        "/https://elsewhere.example",
    ],
)
async def test_signing_in_leads_nowhere_else(folder: Folder, stage: Stage, wanted: str) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.open("/sign-in")
        await tab.send("sign-in", mail=who.mail, password=PASSWORD, next=wanted)
        answer = await tab.send("by-code", stays=True, code=stage.code(who.totp))
        assert answer.status_code == 303
        await tab._followed(answer)
        assert tab.at.startswith(f"{ADDRESS}/"), tab.at


async def test_a_wrong_password_keeps_the_address_and_never_writes_the_password_out(
    folder: Folder, stage: Stage
) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.open("/sign-in?next=/desk/me")
        wrong = await tab.send("sign-in", mail=who.mail, password="not the right one at all")
        nobody = wrong.text.replace(who.mail, "-")
        assert wrong.status_code == 422 and "not the right one" not in wrong.text
        assert tab.page.forms["sign-in"].values["mail"] == who.mail
        assert tab.page.forms["sign-in"].values["next"] == "/desk/me"
        await tab.open("/sign-in?next=/desk/me")
        unknown = await tab.send("sign-in", mail="nobody@example.org", password="not the right one at all")
        assert unknown.text.replace("nobody@example.org", "-") == nobody, "the answer tells who has an account"


async def test_a_recovery_code_signs_in_once(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    code = who.enrolled.recovery_codes[0]
    async with window(folder, stage) as tab:
        for expected in ("/desk/", "/sign-in/second"):
            tab.client.cookies.clear()
            await tab.open("/sign-in")
            await tab.send("sign-in", mail=who.mail, password=PASSWORD)
            await tab.send("by-recovery", code=code)
            assert urlsplit(tab.at).path.startswith(expected), tab.at


async def test_a_form_of_another_site_is_refused(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    sent = {"mail": who.mail, "password": PASSWORD}
    async with window(folder, stage) as tab:
        for foreign in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}, {"origin": "null"}):
            headers = {**OWN, **foreign}
            answer = await tab.client.post("/sign-in", data=sent, headers=headers)
            assert answer.status_code == 403, foreign
        silent = await tab.client.post("/sign-in", data=sent, headers={"accept": "text/html"})
        assert silent.status_code == 403, "no browser sends nothing of where a form stood"
        await tab.sign_in(who)
        form = {"do": "end_all", "csrf": "x" * 43}
        forged = await tab.client.post("/desk/me", data=form, headers=OWN)
        bare = await tab.client.post("/desk/me", data={"do": "end_all"}, headers=OWN)
        assert (forged.status_code, bare.status_code) == (403, 403)
        assert (await tab.open("/desk/me")).status_code == 200, "the session goes on"


async def test_a_form_that_waited_comes_back_with_all_its_fields(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    hostile = '"><script>alert(1)</script>'
    kept = {
        "kept-path": "/desk/acts/OpenAccount?x=1",
        "kept:holder": hostile,
        "kept:on": "2026-01-05",
        "kept:csrf": "old",
    }
    async with window(folder, stage) as tab:
        first = await tab.client.post("/sign-in", data=kept, headers=OWN)
        tab.answer, tab.at = first, f"{ADDRESS}/sign-in"
        assert first.status_code == 200 and "Your session had ended" in tab.page.text
        await tab.send("sign-in", mail=who.mail, password="not the right one at all")
        await tab.send("sign-in", mail=who.mail, password=PASSWORD)
        await tab.send("by-code", code="000000")
        done = await tab.send("by-code", code=stage.code(who.totp))
        form = tab.page.forms["kept"]
        assert done.status_code == 200 and COOKIE in tab.client.cookies
        assert form.action == "../desk/acts/OpenAccount?x=1"
        assert form.values["holder"] == hostile and form.values["on"] == "2026-01-05" and form.values["resume"] == "yes"
        assert form.values["csrf"] != "old" and not any(
            tag == "script" and not named.get("src") for tag, named in tab.page.tags
        )
        assert form.values["csrf"] == (await _token(tab)), "the token is that of the new session"


async def _token(tab: Window) -> str:
    await tab.open("/desk/me")
    return tab.page.forms["wishes"].values["csrf"]


async def test_signing_out_ends_the_session_and_not_only_the_cookie(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who, "/sign-in?next=/desk/me")
        secret = tab.client.cookies[COOKIE]
        out = next(name for name, form in tab.page.forms.items() if form.action.endswith("sign-out"))
        await tab.send(out)
        assert COOKIE not in tab.client.cookies
        tab.client.cookies.set(COOKIE, secret)
        await tab.open("/desk/me")
        assert urlsplit(tab.at).path == "/sign-in"


async def test_reading_pages_keeps_a_session_alive(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        for _ in range(4):
            stage.later(IDLE_MS - 2 * MINUTE)
            assert (await tab.open("/desk/me")).status_code == 200
        stage.later(IDLE_MS + MINUTE)
        await tab.open("/desk/me")
        assert urlsplit(tab.at).path == "/sign-in"


async def test_a_second_tab_that_signed_in_meanwhile_does_not_break_the_first(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.open("/sign-in?next=/desk/me")
        stale, place = tab.answer, tab.at
        await tab.sign_in(who)
        tab.answer, tab.at = stale, place
        await tab.send("sign-in", mail=who.mail, password=PASSWORD)
        done = await tab.send("by-code", code=stage.code(who.totp))
        assert done.status_code == 200 and urlsplit(tab.at).path == "/desk/me"


async def test_a_registry_without_people_says_how_the_first_one_comes(folder: Folder) -> None:
    from tests.http.desk import asking

    async with asking(folder) as client:
        answer = await client.get("/sign-in", headers={"accept": "text/html"})
    assert "counterfoil admin invite" in answer.text and 'name="password"' not in answer.text
