"""Single sign-on against a provider on loopback: only the invited, and nothing about the answer may be wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from counterfoil.application.office import people, single_sign_on
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device
from counterfoil.application.office.single_sign_on import Sent
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.office.door import COOKIE, ERRAND
from tests.http.desk import founded, open_site
from tests.office.provider import CLIENT, SECRET, Provider, serving
from tests.office.stage import HOUR, MAIL, Stage, code_of, invited, member, staged

SETTINGS = """
address = "https://registry.example"
[single_sign_on]
issuer = "{issuer}"
client = "{client}"
secret_file = "provider.secret"
"""


@dataclass
class Scene:
    stage: Stage
    provider: Provider

    def sent(self) -> Sent:
        self.provider.now = self.stage.clock.now_ms() // 1000
        found = single_sign_on.begin(self.stage.office, device=Device())
        assert isinstance(found, Sent), found
        return found

    def came_back(self, **changes: str) -> SignedIn | Refusal:
        sent = self.sent()
        brought = {**self.provider.agree(sent.address), "browser": sent.browser, **changes}
        return single_sign_on.finish_at(self.stage.office, **brought, device=Device())


def settled(folder: Path, provider: Provider, more: str = "") -> Stage:
    folder.mkdir(exist_ok=True)
    (folder / "provider.secret").write_text(SECRET)
    (folder / "provider.secret").chmod(0o600)
    (folder / "office.toml").write_text(SETTINGS.format(issuer=provider.issuer, client=CLIENT) + more)
    return staged(folder)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with serving() as provider:
        stage = settled(tmp_path, provider)
        yield Scene(stage, provider)
        stage.at_hand.close()


def test_the_invited_person_gets_in_and_is_known_from_then_on_by_the_providers_name(scene: Scene) -> None:
    person = invited(scene.stage).person.person
    first = scene.came_back()
    assert isinstance(first, SignedIn) and first.session.person == person
    scene.provider.lies = {"email": "new@example.org"}
    second = scene.came_back()
    assert isinstance(second, SignedIn) and second.session.person == person


def test_nobody_gets_in_who_was_not_invited(scene: Scene) -> None:
    assert code_of(scene.came_back()) == "single_sign_on.refused"
    assert scene.stage.office.store.people.count() == 0


def test_an_account_with_a_password_is_not_taken_over_by_its_mail_address(scene: Scene) -> None:
    member(scene.stage)
    assert code_of(scene.came_back()) == "single_sign_on.refused"


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "never"},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"sub": ""},
        {"sub": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "other@example.org"},
    ],
)
def test_an_id_token_is_refused_when(scene: Scene, lies: dict[str, Any]) -> None:
    invited(scene.stage)
    scene.provider.lies = lies
    assert code_of(scene.came_back()) == "single_sign_on.refused"
    assert scene.stage.office.store.people.staffed() is False
    scene.provider.lies = {}
    assert isinstance(scene.came_back(), SignedIn), "the same scene without the lie"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_is_signed_by_a_public_key_or_not_at_all(scene: Scene, algorithm: str) -> None:
    invited(scene.stage)
    scene.provider.algorithm = algorithm
    assert code_of(scene.came_back()) == "single_sign_on.refused"


def test_a_token_by_another_key_and_a_refused_code_are_refused(scene: Scene) -> None:
    invited(scene.stage)
    scene.provider.status = 400
    assert code_of(scene.came_back()) == "single_sign_on.refused"
    scene.provider.status = 200
    scene.provider.sign_with_another_key()
    assert code_of(scene.came_back()) == "single_sign_on.refused"


def test_the_state_works_once_in_the_browser_that_was_sent_and_for_minutes(scene: Scene) -> None:
    invited(scene.stage)
    for wrong in ({"state": "guess"}, {"browser": "another"}, {"browser": ""}, {"code": ""}):
        assert code_of(scene.came_back(**wrong)) == "single_sign_on.refused"
    sent = scene.sent()
    brought = {**scene.provider.agree(sent.address), "browser": sent.browser}
    scene.stage.later(HOUR)
    late = single_sign_on.finish_at(scene.stage.office, **brought, device=Device())
    assert code_of(late) == "single_sign_on.refused"
    sent = scene.sent()
    brought = {**scene.provider.agree(sent.address), "browser": sent.browser}
    assert isinstance(single_sign_on.finish_at(scene.stage.office, **brought, device=Device()), SignedIn)
    again = single_sign_on.finish_at(scene.stage.office, **brought, device=Device())
    assert code_of(again) == "single_sign_on.refused"


def test_who_is_suspended_stays_out(scene: Scene) -> None:
    member(scene.stage, "chief@example.org")
    person = invited(scene.stage).person.person
    assert isinstance(scene.came_back(), SignedIn)
    people.suspend(scene.stage.office, person, actor="local")
    assert code_of(scene.came_back()) == "single_sign_on.refused"


def test_a_second_factor_is_asked_of_the_provider_where_the_operator_says_so(tmp_path: Path) -> None:
    with serving() as provider:
        stage = settled(tmp_path, provider, 'method_required = "mfa"\n')
        scene = Scene(stage, provider)
        try:
            invited(stage)
            assert code_of(scene.came_back()) == "single_sign_on.refused"
            provider.lies = {"amr": ["pwd", "mfa"]}
            assert isinstance(scene.came_back(), SignedIn)
        finally:
            stage.at_hand.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": {"issuer": "https://evil.example"}},
        {"about": {"token_endpoint": "http://evil.example/token"}},
        {"about": {"token_endpoint": "file:///etc/passwd"}},
        {"huge": True},
        {"status": 500},
        {"status": 302},
    ],
)
def test_a_provider_that_is_not_as_it_should_be_is_an_outage(scene: Scene, wrong: dict[str, Any]) -> None:
    invited(scene.stage)
    for name, value in wrong.items():
        setattr(scene.provider, name, value)
    with pytest.raises(Outage) as outage:
        scene.came_back()
    assert outage.value.code == "single_sign_on.unreachable" and outage.value.retry


def test_without_settings_there_is_no_single_sign_on_and_nothing_is_asked(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    try:
        assert code_of(single_sign_on.begin(stage.office, device=Device())) == "single_sign_on.off"
    finally:
        stage.at_hand.close()


@pytest.mark.parametrize(
    "text",
    [
        "address = 'http://registry.example'",
        "address = 'https://registry.example/path'",
        "adress = 'https://registry.example'",
        "[single_sign_on]\nissuer = 'https://a.example'",
        "address = 'https://r.example'\n[single_sign_on]\nissuer='http://a.example'\nclient='c'\nsecret_file='s'",
        "address = 'https://r.example'\n[single_sign_on]\nissuer='https://a.example'\nclient='c'\nsecret_file='s'",
        "not toml",
    ],
)
def test_settings_that_cannot_be_used_stop_the_office_with_the_reason(tmp_path: Path, text: str) -> None:
    (tmp_path / "s").write_text("secret")
    (tmp_path / "s").chmod(0o644)
    (tmp_path / "office.toml").write_text(text)
    with pytest.raises(Outage) as outage:
        staged(tmp_path)
    assert outage.value.code == "office.settings_unreadable"


@pytest.mark.anyio
async def test_a_server_does_not_start_with_settings_that_cannot_be_used(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=1)
    (folder.path / "office.toml").write_text("address = 'ftp://registry.example'")
    with pytest.raises(Outage) as outage:
        async with open_site(folder):
            pass
    assert outage.value.code == "office.settings_unreadable"


@pytest.mark.anyio
async def test_the_way_through_the_provider_by_http(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=1)
    with serving() as provider:
        stage = settled(folder.path, provider)
        person = invited(stage, MAIL).person.person
        provider.now = stage.clock.now_ms() // 1000
        async with open_site(folder, stage.at_hand) as site:
            transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as client:
                sent = await client.post("/api/v1/office/sign-in/provider", json={})
                assert ERRAND in client.cookies
                brought = provider.agree(sent.json()["address"])
                back = await client.get("/api/v1/office/sign-in/provider/return", params=brought)
                assert back.status_code == 303 and back.headers["location"] == "/sign-in/back"
                assert COOKIE in client.cookies and ERRAND not in client.cookies
                assert (await client.get("/api/v1/office/session")).json()["person"] == person
        assert {urlsplit(path).path for path in provider.asked} == {
            "/.well-known/openid-configuration",
            "/token_endpoint",
            "/jwks_uri",
        }
