"""A connection to an address that was looked at: a name is resolved once, and nothing else is connected to.

Source: OWASP SSRF prevention (resolve, check, connect to what was checked).
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
from typing import Final


class Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked; the certificate is still asked for by the name."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None, *, seconds: int) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address = address
        self._tls = context
        self._seconds = seconds
        self._line: socket.socket | None = None
        self.late = False

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=self._seconds)
        try:
            # A small message must not wait for the answer to the one before.
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = plain if self._tls is None else self._tls.wrap_socket(plain, server_hostname=self.host)
            # An answer that ends with the connection takes the socket over, and can only be cut off by it.
            self._line = self.sock
        except BaseException:
            plain.close()
            raise

    def cut(self) -> None:
        """End the connection from another thread: whoever reads from it is told."""
        self.late = True
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses that a name has now.

    Raises:
        OSError: it has none.
    """
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an address is one of the public Internet; one that hides another is judged by the hidden one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if hidden is not None:
            return is_public(str(hidden))
        if found in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses behind a translator. Source: RFC 6052 section 2.1."""
