"""A page as a reader has it: its text, its links, the cells of its tables."""

import re
from html.parser import HTMLParser

import httpx

_VOID = {"meta", "br", "hr", "img", "input", "link", "line", "circle", "path", "rect"}


class Seen(HTMLParser):
    """Reads a page strictly: every element is closed, nothing stands in line, all that a browser loads is listed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        named = dict(attrs)
        self.inline += [f"{tag} {name}" for name in named if name == "style" or name.startswith("on")]
        if tag in ("script", "img", "link", "iframe"):
            self.loaded.append(named.get("src") or named.get("href") or "in line")
        if tag == "a":
            self.links.append(named.get("href") or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return  # a shape that holds its title
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words.append(data)


async def seen(client: httpx.AsyncClient, path: str, status: int = 200, **headers: str) -> Seen:
    """A page that was answered, whole and with nothing in line."""
    answer = await client.get(path, headers={"accept": "text/html", **headers})
    assert answer.status_code == status, (path, answer.status_code, answer.text[:800])
    page = Seen(answer.text)
    assert not page.open and not page.inline, (page.open, page.inline)
    assert page.headings[:1] == ["h1"] and page.headings.count("h1") == 1
    return page
