"""What somebody of one body sees and does of another's: nothing that the permission table does not give."""

import re

import pytest

from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterEntity
from counterfoil.application.office import people
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from tests.http.desk import HELD, OTHER, open_site
from tests.office.stage import Member, member
from tests.web.acts.stage import Browser, Desk

pytestmark = pytest.mark.anyio


def owner(desk: Desk, body: str, mail: str, role: str = "holder") -> Member:
    found = people.add_organisation(desk.stage.office, organisation=body, kind="company", name=body, actor="test")
    assert found is None or not hasattr(found, "code"), found
    return member(desk.stage, mail, role, body)


async def test_somebody_of_another_body_gets_none_of_what_is_not_theirs(desk: Desk) -> None:
    mallory = owner(desk, "E-MAL", "mallory@example.org")
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, other = desk.on(site, desk.anna), desk.on(site, mallory)
        done = await site.pages._ground.desk.act(
            Submission(RegisterEntity(entity="E-MAL", name="Mallory", country="THA"), "test")
        )
        assert isinstance(done, Receipt)
        own = OpenAccount(account="tha:mallory", holder="E-MAL")
        assert isinstance(await site.pages._ground.desk.act(Submission(own, "test")), Receipt)
        await _proposals(anna, other)
        await _units(other)
        await _administration(other)


async def _proposals(anna: Browser, other: Browser) -> None:
    fields = {
        "f.id": "web-secret-1",
        "f.account": "tha:new",
        "f.holder": "E-7",
        "step": "propose",
        "why": "the secret reason",
    }
    made = await anna.post("/desk/acts/OpenAccount", fields)
    assert made.status_code == 303, made.text[:2_000]
    number = re.search(r"proposals/([^?]+)", made.headers["location"])
    assert number is not None
    path = f"/desk/proposals/{number[1]}"
    assert (await anna.get(path)).status_code == 200
    for answer in (await other.get(path), await other.post(path, {"step": "withdraw", "reason": "no"})):
        assert answer.status_code in (403, 404)
        assert "secret reason" not in answer.text
    for step in ("approve", "reject", "withdraw"):
        assert (await other.post(path, {"step": step, "seen": "0" * 64})).status_code in (403, 404)
    for path_ in ("/desk/proposals", "/desk/proposals.csv", "/desk/tasks"):
        assert "secret reason" not in (await other.get(path_)).text


async def _units(other: Browser) -> None:
    for path in ("/desk/units", "/desk/units.csv"):
        for asked in ("", f"?account={HELD}", f"?account={OTHER}", "?account=", "?state=held", "?unit_class=BR-%23"):
            assert HELD not in (await other.get(path + asked)).text, path + asked
    assert (await other.get("/desk/units/BR-%23%201")).status_code == 404
    for path in ("/desk/accounts", "/desk/accounts.csv"):
        for asked in ("", "?holder=trader", "?holder=", "?after=a"):
            page = (await other.get(path + asked)).text
            assert HELD not in page and OTHER not in page, path + asked
    for path in (f"/desk/accounts/{OTHER}", f"/desk/accounts/{HELD}", f"/desk/accounts/statement.csv?account={OTHER}"):
        assert (await other.get(path)).status_code == 404, path
    assert (await other.get("/desk/accounts/tha:mallory")).status_code == 200
    moved = {"f.units.unit_class": "BR-#", "f.units.first": "1", "f.units.last": "9", "f.source": HELD}
    for path in ("/desk/acts/Transfer", "/desk/units/act/transfer"):
        for step in ("", "sign", "propose"):
            sent = {**moved, "f.target": "tha:mallory", "f.id": f"web-m-{step}", "step": step, "seen": "0" * 64}
            answer = await other.post(path, sent)
            assert answer.status_code in (403, 422), (path, step, answer.status_code)


async def _administration(other: Browser) -> None:
    for path in (
        "/desk/admin",
        "/desk/admin/people",
        "/desk/admin/people.csv",
        "/desk/admin/audit.csv",
        "/desk/admin/requests",
        "/desk/admin/tokens",
        "/desk/admin/deliveries",
        "/desk/admin/health",
        "/desk/admin/opening",
        "/desk/authorizations",
        "/desk/authorizations.csv",
        "/desk/first",
        "/desk/reports",
        "/desk/partners",
        "/desk/partners/BRA",
        "/desk/quotas",
        "/desk/activities",
        "/desk/activities/boundary",
        "/desk/activities/monitoring",
    ):
        assert (await other.get(path)).status_code == 403, path
    assert (await other.post("/desk/admin/people", {"name": "x", "mail": "x@example.org"})).status_code == 403
    assert (await other.post("/desk/admin/opening", {"do": "import", "digest": "0" * 64})).status_code == 403
    assert (await other.post("/desk/partners/BRA", {"do": "reconcile"})).status_code == 403
    assert (await other.post("/desk/activities/boundary", {"do": "keep", "digest": "0" * 64})).status_code == 403


async def test_nobody_reads_or_drops_the_drafts_views_and_sessions_of_another(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna, bela = desk.on(site, desk.anna), desk.on(site, desk.bela)
        fields = {"f.id": "web-draft-1", "f.holder": "My Draft Holder", "step": "draft"}
        assert (await anna.post("/desk/acts/OpenAccount", fields)).status_code == 303
        kept = {"path": "/units", "query": "state=held", "title": "My View"}
        assert (await anna.post("/desk/views", kept)).status_code == 303
        view = re.search(r'name="drop" value="([^"]+)"', (await anna.get("/desk/views")).text)
        assert view is not None
        assert "My Draft Holder" not in (await bela.get("/desk/acts/OpenAccount?draft=web-draft-1")).text
        await bela.post("/desk/drafts", {"drop": "web-draft-1"})
        await bela.post("/desk/views", {"drop": view[1]})
        assert "My View" not in (await bela.get("/desk/views")).text
        me = (await anna.get("/desk/me")).text
        handles = re.findall(r'name="handle" value="([^"]+)"', me)
        for handle in (*handles, "1", "0"):
            await bela.post("/desk/me", {"do": "end_session", "handle": handle})
        assert "My View" in (await anna.get("/desk/views")).text
        assert "My Draft Holder" in (await anna.get("/desk/acts/OpenAccount?draft=web-draft-1")).text


@pytest.mark.parametrize(
    "wanted",
    [
        "//elsewhere.example/x",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "/..//elsewhere.example",
        "///elsewhere.example",
    ],
)
async def test_no_address_that_is_wanted_next_leads_elsewhere(desk: Desk, wanted: str) -> None:
    from urllib.parse import urljoin, urlsplit

    async with open_site(desk.folder, desk.stage.at_hand) as site:
        anna = desk.on(site, desk.anna)
        answers = [
            await anna.client.post("/sign-in/on", data={"next": wanted, "csrf": anna.csrf}),
            await anna.client.post("/desk/views", data={"path": wanted, "query": "a", "title": "t", "csrf": anna.csrf}),
        ]
        for answer in answers:
            assert answer.status_code == 303
            found = urlsplit(urljoin(str(answer.request.url), answer.headers["location"]))
            assert (found.scheme, found.netloc) == ("http", "registry"), answer.headers["location"]
        page = (await anna.get("/desk/views")).text
        for href in re.findall(r'href="([^"]+)"', page):
            assert urlsplit(urljoin("http://registry/desk/views", href)).netloc == "registry", href
