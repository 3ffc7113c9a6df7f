"""Single sign-on through the pages: where somebody wanted to go, and a form that waited, come back with them."""

from collections.abc import Iterator

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.office.door import COOKIE
from counterfoil.entrypoints.web import carried
from counterfoil.entrypoints.web.carried import Carried, Luggage
from tests.office.provider import Provider, serving
from tests.office.stage import MAIL, Stage, invited
from tests.office.test_single_sign_on import settled
from tests.web.office.window import ADDRESS, OWN, Window, window

pytestmark = pytest.mark.anyio
RETURN = "/api/v1/office/sign-in/provider/return"
TYPED = {"kept-path": "/desk/acts/OpenAccount?x=1", "kept:holder": '"><b>MILL', "kept:csrf": "old", "next": ""}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving() as made:
        yield made


@pytest.fixture
def stage(folder: Folder, provider: Provider) -> Iterator[Stage]:
    made = settled(folder.path, provider)
    provider.now = made.clock.now_ms() // 1000
    invited(made, MAIL, "administrator")
    yield made
    made.at_hand.close()


async def through(tab: Window, provider: Provider, path: str) -> None:
    """To the provider by a link of our page, and back."""
    away = await tab.client.get(path, headers=OWN)
    assert away.status_code == 303 and away.headers["location"].startswith(provider.issuer), away.text
    back = await tab.client.get(RETURN, params=provider.agree(away.headers["location"]))
    assert back.status_code == 303, back.text
    await tab.open(back.headers["location"])


async def test_somebody_comes_back_to_where_they_wanted_to_go(folder: Folder, stage: Stage, provider: Provider) -> None:
    async with window(folder, stage) as tab:
        await tab.open("/desk/admin/people")
        link = next(
            named["href"] for tag, named in tab.page.tags if tag == "a" and "provider" in str(named.get("href"))
        )
        assert str(link).endswith("sign-in/provider?next=%2Fdesk%2Fadmin%2Fpeople")
        await through(tab, provider, "/sign-in/provider?next=/desk/admin/people")
        assert tab.at == f"{ADDRESS}/desk/admin/people" and tab.answer.status_code == 200
        assert COOKIE in tab.client.cookies and carried.COOKIE not in tab.client.cookies


async def test_a_form_that_waited_comes_back_once_and_is_not_sent(
    folder: Folder, stage: Stage, provider: Provider
) -> None:
    async with window(folder, stage) as tab:
        tab.answer, tab.at = await tab.client.post("/sign-in", data=TYPED, headers=OWN), f"{ADDRESS}/sign-in"
        await tab.send("provider")
        assert tab.answer.status_code == 200 and "Your form waits here" in tab.page.text
        await through(tab, provider, "/sign-in/provider/go")
        form = tab.page.forms["kept"]
        assert form.action.endswith("desk/acts/OpenAccount?x=1")
        assert (form.values["holder"], form.values["resume"]) == ('"><b>MILL', "yes")
        assert form.values["csrf"] not in ("", "old"), "the token is that of the new session"
        await tab.open("/sign-in/back")
        assert "kept" not in tab.page.forms, "it is handed out once"


async def test_a_foreign_page_sends_nobody_to_the_provider_and_leaves_nothing_here(
    folder: Folder, stage: Stage
) -> None:
    foreign = {**OWN, "origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    async with window(folder, stage) as tab:
        for path in ("/sign-in/provider?next=/desk/me", "/sign-in/provider/go"):
            assert (await tab.client.get(path, headers=foreign)).status_code == 403
        assert (await tab.client.post("/sign-in/provider", data=TYPED, headers=foreign)).status_code == 403
        assert carried.COOKIE not in tab.client.cookies
        await tab.open("/sign-in/back")
        assert tab.at.endswith("/sign-in"), "who is not signed in begins at the first step"


def test_one_address_fills_no_place_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Carried()
    first = kept.keep(Luggage("/mine"), address="192.0.2.1")
    flood = [kept.keep(Luggage(f"/{n}"), address="192.0.2.9") for n in range(3 * carried.ITEMS_OF_ONE_MAX)]
    assert kept.take(first).wanted == "/mine"
    left = [secret for secret in flood if kept.take(secret).wanted]
    assert left == flood[-carried.ITEMS_OF_ONE_MAX :]
    monkeypatch.setattr(carried, "CHARACTERS_MAX", 100)
    large = kept.keep(Luggage("x" * 101), address="a")
    assert kept.take(large) == Luggage(), "of what is too large altogether nothing is kept"
    monkeypatch.setattr(carried, "SECONDS", -1)
    assert kept.take(kept.keep(Luggage("/late"), address="a")) == Luggage()
