"""Officers who have enrolled in a registry, and a browser of theirs that speaks to its site without a socket."""

import contextlib
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.office.door import COOKIE
from tests.http.desk import founded, open_site
from tests.office.stage import Member, Stage, member, signed_in, staged

ORIGIN = "http://registry"


@dataclass
class Desk:
    """A registry with officers. `blocks` of a thousand units stand in `cdm:BR-1`."""

    folder: Folder
    stage: Stage
    anna: Member
    bela: Member
    dora: Member

    @classmethod
    def laid_out(cls, path: Path) -> "Desk":
        folder = founded(path / "registry", blocks=2)
        stage = staged(folder.path)
        anna, bela = (member(stage, f"{name}@example.org", "operator") for name in ("anna", "bela"))
        return cls(folder, stage, anna, bela, member(stage, "dora@example.org", "administrator"))

    @contextlib.asynccontextmanager
    async def browser(self, who: Member | None, language: str = "en") -> AsyncIterator["Browser"]:
        async with open_site(self.folder, self.stage.at_hand) as site:
            yield self.on(site, who, language)

    def on(self, site: Any, who: Member | None, language: str = "en") -> "Browser":
        """A browser of somebody on a site that is open already."""
        headers = {"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        found = None if who is None else signed_in(self.stage, who)
        if found is not None:
            headers["cookie"] = f"{COOKIE}={found.secret}; counterfoil-language={language}"
        transport = httpx.ASGITransport(app=site)
        return Browser(
            httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers), found.csrf if found else ""
        )


@dataclass
class Browser:
    """Asks for pages and sends forms, with the token that the pages carry."""

    client: httpx.AsyncClient
    csrf: str

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def post(self, path: str, fields: dict[str, Any]) -> httpx.Response:
        return await self.client.post(path, data={"csrf": self.csrf, **fields})


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms, by name."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def seq_of(response: httpx.Response) -> int:
    """The entry to which an answer leads."""
    found = re.search(r"/receipts/(\d+)", response.headers.get("location", ""))
    assert found is not None, (response.status_code, response.headers, response.text[:2000])
    return int(found[1])
