"""Signed webhooks: one POST to an address that the operator configured, and nowhere else.

The name is resolved once, every address it has is looked at, and the connection goes to the one that was looked at. A
redirect is a failure. The signature covers the moment and the body: HMAC-SHA256 of `<seconds>.<body>`.
Source: RFC 2104; OWASP SSRF prevention (resolve, check, connect to what was checked).
"""

import hashlib
import hmac
import http.client
import ssl
import threading
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from counterfoil.adapters.pinned_connection import Pinned, addresses_of, is_public
from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.ports import Outage

SECONDS_MAX: Final = 15
"""For a whole delivery, name and answer included."""
WINDOW_SECONDS: Final = 300
"""How old a signature may be when a receiver checks it. A delivery that is sent again is signed again."""
SIGNATURE: Final = "Counterfoil-Signature"
DELIVERY: Final = "Counterfoil-Delivery"


@dataclass(frozen=True, slots=True)
class Hook:
    """`private` allows an address inside the operator's own network, and plain HTTP there."""

    name: str
    address: str
    secret: bytes = field(repr=False)
    sorts: tuple[str, ...]
    private: bool = False


class SignedWebhook:
    """One configured address."""

    __slots__ = ("_context", "_hook")

    def __init__(self, hook: Hook, context: ssl.SSLContext | None = None) -> None:
        self._hook = hook
        self._context = context

    @property
    def name(self) -> str:
        return self._hook.name

    def wants(self, sort: str) -> bool:
        """By its name, or by a beginning that ends in a star: `journal.*`."""
        return any(sort == each or (each.endswith("*") and sort.startswith(each[:-1])) for each in self._hook.sorts)

    def send(self, body: bytes, *, number: int, at_ms: int) -> None:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "counterfoil",
            DELIVERY: str(number),
            SIGNATURE: signature(self._hook.secret, body, seconds=at_ms // 1000),
        }
        try:
            status = self._posted(body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failed(f"{type(error).__name__}: {error}") from error
        if not 200 <= status <= 299:
            raise _failed(f"HTTP status {status}")

    def _posted(self, body: bytes, headers: dict[str, str]) -> int:
        parts = urlsplit(self._hook.address)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        connection = Pinned(host, port, self._checked(host, port), self._tls() if secure else None, seconds=SECONDS_MAX)
        # A timeout of a socket is for each read; a server that drips is cut off as a whole.
        watch = threading.Timer(SECONDS_MAX, connection.cut)
        watch.daemon = True
        watch.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body=body, headers=headers)
            # The status is all that counts: no word of the answer is read or kept.
            status = connection.getresponse().status
            # A connection that was cut looks like an answer that ended.
            if connection.late:
                raise TimeoutError("no whole answer in time")
            return status
        finally:
            watch.cancel()
            connection.close()

    def _checked(self, host: str, port: int) -> str:
        """The address to connect to, when all that the name has are allowed."""
        found = addresses_of(host, port)
        if not self._hook.private:
            inside = [each for each in found if not is_public(each)]
            if inside:
                raise _failed(f"{host} is at {inside[0]}, which is not public")
        return found[0]

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def signature(secret: bytes, body: bytes, *, seconds: int) -> str:
    """The header's value: the moment, and the code over moment and body.

    >>> signature(b"key", b"{}", seconds=1)[:14]
    't=1,v1=1ba6b81'
    """
    code = hmac.new(secret, b"%d.%b" % (seconds, body), hashlib.sha256).hexdigest()
    return f"t={seconds},v1={code}"


def is_signed(secret: bytes, body: bytes, header: str, *, now_seconds: int) -> bool:
    """What a receiver checks: the code, and that the signature is not older, or newer, than the window."""
    parts = dict(each.partition("=")[::2] for each in header.split(","))
    sent = parts.get("t", "")
    if not sent.isascii() or not sent.isdecimal() or len(sent) > 12:
        return False
    if abs(now_seconds - int(sent)) > WINDOW_SECONDS:
        return False
    return hmac.compare_digest(signature(secret, body, seconds=int(sent)), header)


def _failed(detail: str) -> Outage:
    return Outage(NoticeFault.NOT_DELIVERED, {"detail": detail[:200]}, retry=True)
