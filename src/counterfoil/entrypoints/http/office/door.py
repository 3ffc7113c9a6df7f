"""Who comes with a session cookie, and whether the request was made by a page of ours.

A change by cookie needs three things that a foreign page cannot make a browser send: an origin of ours, what the
browser says of the request's site, and the token that was given to the page that signed in.
Source: RFC 6265bis section 4.1.3 (cookie prefixes); OWASP ASVS 5.0 section 3.5.
"""

import hmac
import ipaddress
from http.cookies import CookieError, SimpleCookie
from typing import Final

from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.secret import csrf_token
from counterfoil.application.office.sessions import LIFE_MS, OPERATOR, Bearer, bearer
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.http.exchange import Header, Scope, header
from counterfoil.entrypoints.office_at_hand import OfficeAtHand

COOKIE: Final = "__Host-counterfoil"
ERRAND: Final = "__Host-counterfoil-errand"
"""Kept for the minutes that somebody is at an identity provider."""
TOKEN: Final = b"x-csrf-token"
_SAFE: Final = frozenset({"GET", "HEAD"})
_OWN_SITE: Final = frozenset({b"same-origin", b"none"})
_FORGED: Final = Refusal(OfficeFault.REQUEST_FORGED)
_NETWORK_BITS: Final = 64
"""What one subscriber of IPv6 has at least. Source: RFC 6177 section 2."""


class Door:
    """Tells people by their cookie."""

    def __init__(self, at_hand: OfficeAtHand) -> None:
        self.at_hand = at_hand

    def bearer(self, scope: Scope) -> Bearer | Refusal | None:
        """Who sends a request; None without a cookie. A change that no page of ours made is refused.

        Returns:
            The bearer, `session.needed` when the session is over, or `session.request_forged`.
        """
        secret = cookie(scope, COOKIE)
        if not secret:
            return None
        if scope.get("page_form"):
            # A form carries its token in its body, which the page reads and checks before it does anything.
            if not self.own_page(scope):
                return _FORGED
        elif scope["method"] not in _SAFE:
            sent = header(scope, TOKEN) or b""
            if not self.own_page(scope) or not hmac.compare_digest(sent, csrf_token(secret).encode()):
                return _FORGED
        office = self.at_hand.office()
        found = None if office is None else bearer(office, secret)
        return Refusal(OfficeFault.SESSION_NEEDED) if found is None else found

    def standing(self, scope: Scope) -> Standing | Refusal | None:
        """In what capacity somebody sends a request; None without a cookie, refused where a mandate has ended."""
        found = self.bearer(scope)
        return found.refused or found.standing if isinstance(found, Bearer) else found

    def machine(self, organisation: str, roles: tuple[str, ...]) -> Standing:
        """The standing of a token of a body: without a person, and without roles while the body is suspended."""
        if organisation == "":
            return Standing("", "", OPERATOR, frozenset(roles))
        office = self.at_hand.office()
        body = None if office is None else office.store.organisations.get(organisation)
        if body is None or body.suspended:
            return Standing("", organisation, "", frozenset())
        return Standing("", organisation, body.kind, frozenset(roles))

    def own_page(self, scope: Scope) -> bool:
        """Whether the browser says that a page of ours made the request. A program that is no browser says nothing."""
        site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
        if site is not None and site not in _OWN_SITE:
            return False
        if origin is None:
            return True
        address = self.at_hand.settings.address
        if address:
            return origin == address.encode()
        # No address is set: then the origin must be where the browser itself believes to be.
        return origin.partition(b"://")[2] == (header(scope, b"host") or b"-")

    def device(self, scope: Scope) -> Device:
        """From where a request comes. A proxy on this machine that was not named hides it: then it is not counted."""
        agent = (header(scope, b"user-agent") or b"").decode("latin-1")
        return Device(self._address(scope), agent, cookie(scope, COOKIE))

    def _address(self, scope: Scope) -> str:
        peer = str((scope.get("client") or ("",))[0])
        if self.at_hand.settings.behind_proxy:
            # The last one was added by the proxy itself, also as a line of its own; those before it are whatever the
            # client wrote.
            lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
            said = b",".join(lines).decode("latin-1").rpartition(",")[2].strip()
            return _line(said[:60] or peer)
        return "" if peer in ("127.0.0.1", "::1") else _line(peer[:60])


def _line(address: str) -> str:
    """Under what an address is counted: whoever has one address of IPv6 has all of its network's 2**64."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, _NETWORK_BITS), strict=False))


def cookie(scope: Scope, name: str) -> str:
    """The value of a cookie, or nothing."""
    for own, value in scope["headers"]:
        if own == b"cookie" and name.encode() in value:
            try:
                found = SimpleCookie(value.decode("latin-1")).get(name)
            except CookieError:
                continue
            if found is not None:
                return found.value[:200]
    return ""


def set_cookie(name: str, value: str, *, seconds: int = LIFE_MS // 1000) -> Header:
    """A cookie that only this host gets, over TLS (or from this machine), and that no script can read."""
    flags = "Path=/; Secure; HttpOnly; SameSite=Lax"
    return b"set-cookie", f"{name}={value}; Max-Age={seconds}; {flags}".encode()


def drop_cookie(name: str) -> Header:
    return set_cookie(name, "", seconds=0)
