"""A visitor of the pages who keeps one connection: how long an answer takes, what it weighs, and where it leads."""

import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from counterfoil.entrypoints.bench.machine import quantile
from counterfoil.entrypoints.http.office.door import COOKIE

EMPTY: Final = "/a-page-that-is-not-there"
"""The frame with one sentence in it: what every other page is measured against."""
STEPS_MAX: Final = 4_000
ANSWER_SECONDS: Final = 600
"""The first answer of a page that folds the whole journal takes long; it is told, and kept by the server."""
_NEXT: Final = re.compile(r'rel="next" href="([^"]+)"')
_ASSET: Final = re.compile(r'(?:<script src|<link rel="stylesheet" href|<link rel="icon" [^>]*href|<img src)="([^"]+)"')
_WARM: Final = 3


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    seconds: float
    packed: bool


@dataclass(slots=True)
class Times:
    """What each repetition found, in milliseconds: of a page, and of the empty page asked between its requests."""

    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    empty_p50: list[float] = field(default_factory=list)
    empty_p95: list[float] = field(default_factory=list)


class Visitor:
    """Asks for pages one after the other, as one person or as nobody."""

    def __init__(self, port: int, secret: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self._headers = {"accept": "text/html", "accept-language": "en"}
        if secret:
            self._headers["cookie"] = f"{COOKIE}={secret}"

    def close(self) -> None:
        self._connection.close()

    def ask(self, path: str, *, packed: bool = False) -> Answer:
        """One answer, whole. Not compressed unless asked: a client on this machine gains nothing by it."""
        headers = {**self._headers, "accept-encoding": "gzip"} if packed else self._headers
        try:
            return self._asked(path, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server lets go of who was silent for a minute, as this visitor was while another one asked.
            self._connection.close()
            return self._asked(path, headers)

    def _asked(self, path: str, headers: Mapping[str, str]) -> Answer:
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=dict(headers))
        response = self._connection.getresponse()
        body = response.read()
        return Answer(
            response.status, body, time.perf_counter() - begun, response.headers.get("content-encoding") == "gzip"
        )

    def times(self, path: str, *, repetitions: int, requests: int) -> Times:
        """A page and the empty page in turns, so that a neighbour of the machine meets both."""
        for _ in range(_WARM):
            self.ask(path)
            self.ask(EMPTY)
        found = Times()
        for _ in range(repetitions):
            page: list[float] = []
            empty: list[float] = []
            for _ in range(requests):
                page.append(self.ask(path).seconds * 1_000)
                empty.append(self.ask(EMPTY).seconds * 1_000)
            found.p50.append(quantile(page, 0.5))
            found.p95.append(quantile(page, 0.95))
            found.empty_p50.append(quantile(empty, 0.5))
            found.empty_p95.append(quantile(empty, 0.95))
        return found

    def last_page(self, path: str) -> str:
        """The address of a list's last page, by its own links, in the largest pages that it gives."""
        here = last = path
        for _ in range(STEPS_MAX):
            separator = "&" if "?" in here else "?"
            found = _NEXT.search(self.ask(f"{here}{separator}rows=500").body.decode())
            if found is None:
                return last
            query = urlsplit(unescape(found.group(1))).query
            after = "&".join(part for part in query.split("&") if not part.startswith("rows="))
            last, here = here, f"{path}?{after}"
        return here

    def first_load(self, path: str) -> int:
        """Bytes that a browser loads with a page it never saw, compressed as the server sends them."""
        page = self.ask(path, packed=True)
        plain = self.ask(path).body.decode()
        total = len(page.body)
        for address in dict.fromkeys(_assets(plain)):
            total += len(self.ask(urljoin(path, address), packed=True).body)
        return total


def _assets(page: str) -> Sequence[str]:
    return [unescape(each) for each in _ASSET.findall(page)]
