"""Officers with a session of now, in a registry that a real server serves."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.sync_api import Page

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.office import enrolment, sessions
from counterfoil.application.office.invitations import Guest, Invited, invite
from counterfoil.application.office.ports import Office
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.office.door import COOKIE
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from tests.browser.serving import Server
from tests.http.desk import founded
from tests.office.stage import PASSWORD, Counted


@dataclass(frozen=True)
class Officer:
    """Somebody who is signed in; `secret` is the cookie of the session."""

    person: str
    secret: str
    mail: str = ""
    recovery: str = ""

    def enter(self, page: Page) -> None:
        """Give the browser their session, as signing in does."""
        page.context.add_cookies(
            [
                {
                    "name": COOKIE,
                    "value": self.secret,
                    "domain": "localhost",
                    "path": "/",
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )


@dataclass(frozen=True)
class Staffed:
    """A served registry with two officers."""

    server: Server
    folder: Folder
    anna: Officer
    bela: Officer

    def at(self, path: str) -> str:
        return f"{self.server.by_name}{path}"


def staffed(path: Path, server: Callable[..., Server]) -> Staffed:
    """Found it, enrol the two, and serve it."""
    folder = founded(path, blocks=3)
    at_hand = OfficeAtHand(folder.path, clock=SystemClock(), passwords=Counted())
    office = at_hand.office(create=True)
    assert office is not None
    anna, bela = (_officer(office, name) for name in ("Anna", "Bela"))
    at_hand.close()
    return Staffed(server(folder), folder, anna, bela)


def _officer(office: Office, name: str) -> Officer:
    invited = invite(office, Guest(name, f"{name.lower()}@example.org", "operator", ""), actor="local")
    assert isinstance(invited, Invited)
    opened = enrolment.open_invitation(office, invited.secret)
    assert not isinstance(opened, Refusal)
    code = pyotp.TOTP(opened.totp).at(office.clock.now_ms() // 1000)
    done = enrolment.enrol(office, invited.secret, password=PASSWORD, code=code, device=Device())
    assert not isinstance(done, Refusal), done
    with office.store.change():
        session = sessions.begin(office, invited.person.person, device="test", method="password")
    return Officer(invited.person.person, session.secret, f"{name.lower()}@example.org", done.recovery_codes[0])
