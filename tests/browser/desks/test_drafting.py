"""An authorizing officer sees the letter grow beside the form, and keeps it in sight while scrolling."""

from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.office import enrolment, sessions
from counterfoil.application.office.invitations import Guest, Invited, invite
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from tests.browser.acts.officers import Officer, Staffed
from tests.browser.serving import Server
from tests.browser.window import Windows
from tests.http.desk import founded
from tests.office.stage import PASSWORD, Counted


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, server: Callable[..., Server]) -> Staffed:
    folder = founded(tmp_path_factory.mktemp("letters") / "registry", blocks=1)
    at_hand = OfficeAtHand(folder.path, clock=SystemClock(), passwords=Counted())
    office = at_hand.office(create=True)
    assert office is not None
    add_organisation(office, organisation="DNA", kind="authority", name="Authority", actor="local")
    invited = invite(office, Guest("Cara", "cara@example.org", "authority", "DNA"), actor="local")
    assert isinstance(invited, Invited)
    opened = enrolment.open_invitation(office, invited.secret)
    assert not isinstance(opened, Refusal)
    code = pyotp.TOTP(opened.totp).at(office.clock.now_ms() // 1000)
    done = enrolment.enrol(office, invited.secret, password=PASSWORD, code=code, device=Device())
    assert not isinstance(done, Refusal), done
    with office.store.change():
        session = sessions.begin(office, invited.person.person, device="test", method="password")
    at_hand.close()
    cara = Officer(invited.person.person, session.secret)
    return Staffed(server(folder), folder, cara, cara)


@pytest.mark.parametrize("look", ["en desktop", "zh-Hant phone"])
def test_the_letter_grows_beside_the_form(
    desk: Staffed, page_for: Windows, shot: Callable[[Page, str], Path], axe: Callable[[Page], list[str]], look: str
) -> None:
    language, size = look.split()
    page = page_for(language, size)
    desk.anna.enter(page)
    page.goto(desk.at(f"/desk/authorizations/new?template=ndc&lang={language}"))
    assert not axe(page)
    page.fill('[name="f.authorization"]', "LoA 7")
    page.locator('[name="f.authorized_quantity"]').press_sequentially("77123")
    expect(page.locator("#preview")).to_contain_text("77,123")
    expect(page.locator("#preview")).to_contain_text("authorization.content_missing")
    assert page.input_value('[name="f.authorized_quantity"]') == "77123", "only the letter is exchanged, not the form"
    assert not axe(page)
    if size == "desktop":
        page.evaluate("window.scrollTo(0, 1500)")
        expect(page.locator("#preview-title")).to_be_in_viewport()
    shot(page, "letter-draft")
