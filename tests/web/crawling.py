"""Somebody who follows every link: from the first page, one page of each kind, in one language."""

import gzip
import http.client
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

PAGES_MAX: Final = 700
SECONDS_MAX: Final = 60
OF_PROGRAMS: Final = "/api/v1/"
ENTRANCE: Final = "/sign-in/demonstration"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `page` is empty where it is no HTML."""

    status: int
    page: str
    location: str
    cookie: str


class Links(HTMLParser):
    """Where a page leads: every `href` and `src`, as it is written."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


@dataclass
class Walk:
    """What was seen. `pages` are the paths of HTML pages in the order of the walk, `lost` what did not answer 200."""

    pages: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    """Each page by its path."""
    asked: int = 0


class Visitor:
    """Asks a server of this machine for pages in one language, and keeps no cookie but that of the entrance."""

    def __init__(self, address: str, language: str = "en", who: str = "") -> None:
        self.address, self.language = address, language
        self.cookie = ""
        if who:
            self.cookie = self._entered(who)

    def ask(self, path: str, body: str | None = None) -> Answer:
        parts = urlsplit(self.address)
        headers = {"accept": "text/html", "accept-language": self.language, "cookie": self.cookie}
        if body is not None:
            headers |= {"content-type": "application/x-www-form-urlencoded", "origin": self.address}
            headers |= {"sec-fetch-site": "same-origin"}
        line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=SECONDS_MAX)
        try:
            line.request("GET" if body is None else "POST", path, body, headers)
            answer = line.getresponse()
            content = answer.read()
        finally:
            line.close()
        if answer.getheader("content-encoding") == "gzip":
            content = gzip.decompress(content)
        html = "text/html" in answer.getheader("content-type", "")
        told = {name: answer.getheader(name, "") for name in ("location", "set-cookie")}
        return Answer(answer.status, content.decode() if html else "", told["location"], told["set-cookie"])

    def walk(self, *starts: str, wanted: Callable[[str], bool] = lambda path: True) -> Walk:
        """Follow every link that is wanted, one of each kind of address and parameters."""
        walk, kinds = Walk(), set[str]()
        waiting = deque((start, "the start") for start in starts)
        while waiting:
            path, came = waiting.popleft()
            if kind(path) in kinds or not wanted(path):
                continue
            kinds.add(kind(path))
            walk.asked += 1
            assert walk.asked <= PAGES_MAX, f"the pages have no end: {path}"
            answer = self.ask(path)
            if answer.status in (302, 303, 307):
                waiting.append((self._path(path, answer.location), path))
            elif answer.status != 200:
                walk.lost.append(f"{path} answers {answer.status}; linked from {came} in {self.language}")
            elif answer.page:
                walk.pages.append(path)
                walk.read[path] = answer.page
                links = (self._path(path, link) for link in Links(answer.page).found)
                waiting.extend((link, path) for link in links if link)
        return walk

    def _path(self, path: str, link: str) -> str:
        """The address on this server without its mark; empty where a link leads to another."""
        whole = urljoin(self.address + path, link).partition("#")[0]
        return whole.removeprefix(self.address) if whole.startswith(f"{self.address}/") else ""

    def _entered(self, who: str) -> str:
        return self.ask(ENTRANCE, urlencode({"who": who})).cookie.partition(";")[0]


def kind(path: str) -> str:
    """What a page is, whichever record it shows: keys become `#`, parameters are named only."""
    parts = urlsplit(path)
    place = re.sub(r"/[^/]*\d[^/]*", "/#", parts.path.removeprefix(OF_PROGRAMS))
    place = re.sub(r"(/(?:accounts|partners|packs|people)/)[^/]+", r"\1#", place)
    names = sorted(each.partition("=")[0] for each in parts.query.split("&") if each)
    of_programs = OF_PROGRAMS if parts.path.startswith(OF_PROGRAMS) else ""
    return f"{of_programs}{place}?{','.join(names)}"
