"""A partner over HTTP: bundles of signed messages to the one address that the operator linked, over a kept connection.

The name is resolved once for each connection and every address it has is looked at. A redirect is a failure. Plain
HTTP goes to this machine only, or where the operator allows the partner's private address. Who the partner is, its
messages say: TLS only hides them on the way, and with a client's certificate tells the partner's proxy who calls.
Source: ADR-0035; RFC 9110; OWASP SSRF prevention.
"""

import http.client
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from counterfoil.adapters.pinned_connection import Pinned, addresses_of, is_public
from counterfoil.application.federation.discovery import DISCOVERY, MESSAGES, RECONCILIATION
from counterfoil.application.federation.exchange import LineAnswer
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.jws import COMPACT_BYTES_MAX

CONNECT_SECONDS: Final = 10
SECONDS_MAX: Final = 60
"""For a whole exchange, name, connection and answer included."""
ANSWER_BYTES_MAX: Final = 24 * 1024 * 1024
DISCOVERY_BYTES_MAX: Final = 256 * 1024


MEDIA_TYPE: Final = "application/jose"
"""One message, or several, each on a line of its own."""
ANSWERS_MAX: Final = 4
"""Messages in return for one message."""
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_STATUSES_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class PeersFault(StrEnum):
    UNREACHABLE = "peers.unreachable"
    ANSWER_UNREADABLE = "peers.answer_unreadable"
    ADDRESS = "peers.address"
    BUSY = "peers.busy"


@dataclass(frozen=True, slots=True)
class Way:
    """How partners are reached. `private` allows addresses inside the operator's network, and plain HTTP there."""

    private: bool = False
    context: ssl.SSLContext | None = None


class _Line(msgspec.Struct):
    outcome: str
    code: str = ""
    answers: list[str] = []


_LINE: Final = msgspec.json.Decoder(_Line)


class HttpPeer:
    """One partner's address. One thread at a time uses it; `cut` may come from another."""

    def __init__(self, address: str, way: Way) -> None:
        self._address = address.rstrip("/")
        self._way = way
        self._connection: Pinned | None = None

    def post(self, bundle: Sequence[bytes]) -> Sequence[LineAnswer]:
        """Hand over signed messages and take the answer to each, in their order.

        Raises:
            Outage: `peers.unreachable`, `peers.busy`, `peers.answer_unreadable` or `peers.address`; how much of the
                bundle was taken is not known, and it may be sent again.
        """
        headers = {"Content-Type": MEDIA_TYPE, "Accept": "application/x-ndjson", "User-Agent": "counterfoil"}
        body = self._asked("POST", MESSAGES, b"\n".join(bundle), headers, bytes_max=ANSWER_BYTES_MAX)
        return _answers(body, count=len(bundle))

    def ask(self, question: bytes) -> bytes:
        """Take a signed question about the books to the partner, and bring its signed answer, unchecked.

        Raises:
            Outage: as `post`.
        """
        headers = {"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE, "User-Agent": "counterfoil"}
        return self._asked("POST", RECONCILIATION, question, headers, bytes_max=COMPACT_BYTES_MAX)

    def discovery(self) -> Mapping[str, Any]:
        """What the partner's registry says of itself, unchecked.

        Raises:
            Outage: as `post`.
        """
        body = self._asked("GET", DISCOVERY, None, {"User-Agent": "counterfoil"}, bytes_max=DISCOVERY_BYTES_MAX)
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _unreadable(str(error)) from error
        if not isinstance(found, dict):
            raise _unreadable("no object")
        return found

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def cut(self) -> None:
        """End what runs, from another thread."""
        connection = self._connection
        if connection is not None:
            connection.cut()

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, bytes_max: int
    ) -> bytes:
        kept = self._connection is not None
        try:
            try:
                return self._exchanged(method, path, body, headers, bytes_max=bytes_max)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # A kept connection may have been closed meanwhile; messages may be sent twice, so they are.
                if not kept:
                    raise
                self.close()
                return self._exchanged(method, path, body, headers, bytes_max=bytes_max)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _unreachable(f"{type(error).__name__}: {error}") from error
        except Outage:
            self.close()
            raise

    def _exchanged(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, bytes_max: int
    ) -> bytes:
        connection, prefix = self._connected()
        # A timeout of a socket is for each read; a partner that drips is cut off as a whole.
        watch = threading.Timer(SECONDS_MAX, connection.cut)
        watch.daemon = True
        watch.start()
        try:
            connection.request(method, f"{prefix}{path}", body=body, headers=dict(headers))
            response = connection.getresponse()
            with response:
                data = response.read(bytes_max + 1)
            if connection.late:
                raise TimeoutError("no whole answer in time")
        finally:
            watch.cancel()
        if response.will_close or len(data) > bytes_max:
            self.close()
        if len(data) > bytes_max:
            raise _unreadable(f"more than {bytes_max} bytes")
        if response.status != 200:
            raise _of_status(response.status, response.getheader("Retry-After") or "")
        return data

    def _connected(self) -> tuple[Pinned, str]:
        parts = urlsplit(self._address)
        host, secure = parts.hostname or "", parts.scheme == "https"
        if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.query or parts.fragment:
            raise _address("no http or https address")
        if self._connection is None:
            port = parts.port or (443 if secure else 80)
            address = self._checked(host, port, secure=secure)
            context = (self._way.context or ssl.create_default_context()) if secure else None
            self._connection = Pinned(host, port, address, context, seconds=CONNECT_SECONDS)
            self._connection.connect()
            if self._connection.sock is not None:
                self._connection.sock.settimeout(SECONDS_MAX)
        return self._connection, parts.path.rstrip("/")

    def _checked(self, host: str, port: int, *, secure: bool) -> str:
        """The address to connect to, when all that the name has are allowed."""
        if host in _HERE:
            return addresses_of(host, port)[0]
        if not self._way.private:
            if not secure:
                raise _address("plain HTTP goes to this machine only")
            found = addresses_of(host, port)
            inside = [each for each in found if not is_public(each)]
            if inside:
                raise _address(f"{host} is at {inside[0]}, which is not public")
            return found[0]
        return addresses_of(host, port)[0]


def client_context(*, authorities: str, certificate: str = "", key: str = "") -> ssl.SSLContext:
    """The TLS of this side where it trusts authorities of its own, and with a certificate shows who it is.

    Args:
        authorities: A file of certificates (PEM); empty: those of the system.

    Raises:
        OSError: a file cannot be read, or is none of its kind.
    """
    context = ssl.create_default_context(cafile=authorities or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate:
        context.load_cert_chain(certificate, key or None)
    return context


def _answers(body: bytes, *, count: int) -> Sequence[LineAnswer]:
    lines = [line for line in body.split(b"\n") if line]
    if len(lines) != count:
        raise _unreadable(f"{len(lines)} answers to {count} messages")
    try:
        read = [_LINE.decode(line) for line in lines]
        if any(len(one.answers) > ANSWERS_MAX for one in read):
            raise _unreadable(f"more than {ANSWERS_MAX} messages in return for one")
        return [
            LineAnswer(one.outcome[:20], one.code[:80], tuple(text.encode("ascii") for text in one.answers))
            for one in read
        ]
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _unreadable(str(error)) from error


def _of_status(status: int, after: str) -> Outage:
    if status in _STATUSES_LATER:
        seconds = int(after) if after.isascii() and after.isdecimal() and len(after) < 6 else 0
        return Outage(PeersFault.BUSY, {"status": status, "seconds": seconds}, retry=True)
    return Outage(PeersFault.UNREACHABLE, {"detail": f"HTTP status {status}"}, retry=True)


def _unreachable(detail: str) -> Outage:
    return Outage(PeersFault.UNREACHABLE, {"detail": detail[:200]}, retry=True)


def _unreadable(detail: str) -> Outage:
    return Outage(PeersFault.ANSWER_UNREADABLE, {"detail": detail[:200]}, retry=True)


def _address(detail: str) -> Outage:
    return Outage(PeersFault.ADDRESS, {"detail": detail[:200]}, retry=True)
