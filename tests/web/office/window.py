"""A visitor's browser without a screen: it sends what browsers send, keeps cookies, and fills in forms."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from counterfoil.entrypoints.bootstrap import Folder
from tests.http.desk import open_site
from tests.office.stage import MINUTE, PASSWORD, Member, Stage

ADDRESS = "https://registry.example"
OWN = {"accept": "text/html", "origin": ADDRESS, "sec-fetch-site": "same-origin"}


@dataclass
class SeenForm:
    """A form of a page: where it goes, and its fields as they stand."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def values(self) -> dict[str, str]:
        return dict(self.fields)


class Seen(HTMLParser):
    """The forms of a page by their ids, and what is written on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, SeenForm] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._form: SeenForm | None = None
        self._select = ""
        self.feed(page)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        if tag == "form":
            self._form = SeenForm(named.get("action") or "")
            self.forms[named.get("id") or f"form-{len(self.forms)}"] = self._form
        elif self._form is not None and tag == "input" and named.get("name"):
            if named.get("type") not in ("checkbox", "radio", "file") or "checked" in named:
                self._form.fields.append((str(named["name"]), named.get("value") or ""))

        elif self._form is not None and tag == "select":
            self._select = named.get("name") or ""
        elif self._form is not None and tag == "option" and self._select:
            chosen = (self._select, named.get("value") or "")
            if "selected" in named and self._select in self._form.values:
                self._form.fields = [pair for pair in self._form.fields if pair[0] != self._select]
            if self._select not in self._form.values:
                self._form.fields.append(chosen)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class Window:
    """One browser. `at` is the address of the page that it shows."""

    def __init__(self, client: httpx.AsyncClient, stage: Stage) -> None:
        self.client = client
        self.stage = stage
        self.at = ADDRESS + "/"
        self.answer = httpx.Response(200)

    @property
    def page(self) -> Seen:
        return Seen(self.answer.text)

    async def open(self, path: str) -> httpx.Response:
        self.at = urljoin(self.at, path)
        return await self._followed(await self.client.get(self.at, headers={"accept": "text/html"}))

    async def send(self, form: str, *, stays: bool = False, **typed: str) -> httpx.Response:
        """Fill in a form of the page and send it."""
        seen = self.page.forms[form]
        sent: dict[str, list[str]] = {}
        for name, value in seen.fields:
            sent.setdefault(name, []).append(value)
        sent.update({name: [value] for name, value in typed.items()})
        self.at = urljoin(self.at, seen.action)
        answer = await self.client.post(self.at, data=sent, headers=OWN)
        self.answer = answer
        return answer if stays else await self._followed(answer)

    async def _followed(self, answer: httpx.Response) -> httpx.Response:
        for _ in range(5):
            if answer.status_code != 303:
                break
            self.at = urljoin(self.at, answer.headers["location"])
            answer = await self.client.get(self.at, headers={"accept": "text/html"})
        self.answer = answer
        return answer

    async def sign_in(self, who: Member, path: str = "/sign-in") -> httpx.Response:
        """By password and phone."""
        await self.open(path)
        await self.send("sign-in", mail=who.mail, password=PASSWORD)
        answer = await self.send("by-code", code=self.stage.code(who.totp))
        self.stage.later(MINUTE)
        return answer


@contextlib.asynccontextmanager
async def window(folder: Folder, stage: Stage) -> AsyncIterator[Window]:
    async with open_site(folder, stage.at_hand) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            yield Window(client, stage)
