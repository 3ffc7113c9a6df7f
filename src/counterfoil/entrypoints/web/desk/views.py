"""Saved views: a list as somebody likes to see it, by a name of theirs, found again on the list and under /desk/views.

Source: row I of the matrix of peers (saved views).
"""

import hashlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from counterfoil.application.office.ports import Office
from counterfoil.application.office.shelf import LAID_MAX, TITLE_MAX, Kept, Laid
from counterfoil.application.office.shelving import lay, take_away
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

QUERY_MAX: Final = 1_200
_NOT_OF_A_VIEW: Final = frozenset({"after", "lang", "as_of"})


@dataclass(frozen=True, slots=True)
class View:
    """A saved view with its address, seen from the page that shows it."""

    name: str
    title: str
    href: str
    here: bool = False


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/views", _views, _change, resumes=True),)


def saved_views(visit: Visit) -> tuple[View, ...]:
    """Who asks has saved these views of the list that is shown."""
    standing = visit.standing
    office = None if standing is None else visit.ground.door.at_hand.office()
    if standing is None or office is None:
        return ()
    path, query = visit.request.url.path, query_of(visit)
    kept = office.store.shelf.of(standing.person, Laid.VIEW, limit=LAID_MAX)
    return tuple(_view(visit, each, query) for each in kept if each.place == path)


def query_of(visit: Visit) -> str:
    """The filter of the list that is shown, as it would be kept."""
    return _plain(urlencode(dict(visit.query)))


def _view(visit: Visit, kept: Kept, query: str = "-") -> View:
    asked = f"?{kept.content}" if kept.content else ""
    return View(kept.name, kept.title, f"{visit.root}{kept.place.lstrip('/')}{asked}", kept.content == query)


def _plain(query: str) -> str:
    said = [(name, value) for name, value in parse_qsl(query[:QUERY_MAX]) if name not in _NOT_OF_A_VIEW and value]
    return urlencode(sorted(said))


async def _views(visit: Visit) -> Reply | Refusal:
    return await _page(visit)


async def _page(visit: Visit, fault: Refusal | None = None) -> Reply:
    standing = visit.standing
    assert standing is not None, "the page is for persons"
    kept = await visit.in_office(lambda office: office.store.shelf.of(standing.person, Laid.VIEW, limit=LAID_MAX))
    facts = {"views": [_view(visit, each) for each in kept or ()], "fault": fault}
    return Shown("desk/views.html", facts, status=200 if fault is None else 422, kept=False)


async def _change(visit: Visit) -> Reply | Refusal:
    """Keep a view and show it, or take one away."""
    standing, form = visit.standing, visit.form
    assert standing is not None, "the page is for persons"
    if "resume" in form:
        return await _page(visit)
    if "drop" in form:
        await visit.in_office(lambda office: take_away(office, standing.person, Laid.VIEW, form.get("drop")))
        return Gone(visit.url("desk", "views"))
    kept = _kept(visit, standing.person)

    def work(office: Office) -> tuple[Refusal | None]:
        return (lay(office, kept),)

    done = await visit.in_office(work)
    if done is not None and done[0] is not None:
        return await _page(visit, done[0])
    return Gone(_view(visit, kept).href)


def _kept(visit: Visit, person: str) -> Kept:
    path, query = visit.form.get("path"), _plain(visit.form.get("query"))
    # Always a page below our own: whatever was sent is read as a path and nothing else.
    plain = "/" + "".join(char for char in path if char.isprintable() and char not in "\\?#").strip("/")[:300]
    name = hashlib.sha256(f"{plain}?{query}".encode()).hexdigest()[:20]
    return Kept(person, Laid.VIEW, name, visit.form.get("title")[:TITLE_MAX], plain, query, visit.now_ms)
