"""Who may set up a registry: whoever reads the terminal of the server that was started in its folder.

The link in the terminal has a secret. It is taken once, by one browser, soon; from then on its cookie counts.
Source: ADR-0041.
"""

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from starlette.requests import Request

from counterfoil.adapters.office.dice import SystemDice
from counterfoil.application.office.ports import Dice
from counterfoil.application.office.secret import csrf_token, digest
from counterfoil.application.ports import Clock
from counterfoil.entrypoints.http.exchange import Header, header
from counterfoil.entrypoints.http.office.door import cookie, set_cookie

COOKIE: Final = "__Host-counterfoil-set-up"
LINK_MS: Final = 30 * 60 * 1000
"""How long the link may be taken."""
STAY_MS: Final = 2 * 60 * 60 * 1000
"""How long the browser that took it may go on."""


class SetUpFault(StrEnum):
    LOOPBACK_ONLY = "set_up.loopback_only"
    STAFFED = "set_up.staffed"


@dataclass(slots=True)
class Doorkeeper:
    """One set-up: its link, and the browser that took it."""

    clock: Clock
    dice: Dice = field(default_factory=SystemDice)
    secret: str = ""
    _begun_ms: int = 0
    _browser: bytes = b""

    def __post_init__(self) -> None:
        self.secret = self.dice.secret()
        self._begun_ms = self.clock.now_ms()

    def taken(self, sent: str) -> Header | None:
        """Take the link: the cookie for the browser, or None where it was taken, is another one, or is too old."""
        good = hmac.compare_digest(digest(sent), digest(self.secret))
        if not good or self._browser or self.clock.now_ms() - self._begun_ms > LINK_MS:
            return None
        own = self.dice.secret()
        self._browser = digest(own)
        return set_cookie(COOKIE, own, seconds=STAY_MS // 1000)

    def knows(self, request: Request) -> bool:
        """Whether a request comes from the browser that took the link, in time."""
        sent = cookie(request.scope, COOKIE)
        late = self.clock.now_ms() - self._begun_ms > STAY_MS
        return bool(self._browser) and not late and hmac.compare_digest(digest(sent), self._browser)

    def token(self, request: Request) -> str:
        """What each form of the set-up carries."""
        return csrf_token(cookie(request.scope, COOKIE))

    def own_page(self, request: Request) -> bool:
        """Whether the browser says that a page of this server sent the form."""
        site, origin = header(request.scope, b"sec-fetch-site"), header(request.scope, b"origin")
        if site not in (None, b"same-origin") or (site is None and origin is None):
            return False
        return origin is None or origin.partition(b"://")[2] == (header(request.scope, b"host") or b"-")


def is_here(request: Request) -> bool:
    """Whether a request names this machine itself: a foreign name that leads here (DNS rebinding) is turned away."""
    host = (request.url.hostname or "").lower()
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())
