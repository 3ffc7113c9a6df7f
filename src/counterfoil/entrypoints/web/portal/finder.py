"""One box for everything: what was typed is a unit, an entry, an activity, an authorization, an account, a transfer.

A unit's identifier and an entry's number lead straight to their pages; everything else is looked up by its key, or by
words in the index of activities. Nothing is scanned.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from counterfoil.application.queries.activity_search import Asked
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import unit_identifier
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

HITS: Final = 20
_LIKE_A_UNIT: Final = re.compile(r"(CA\d{1,4}|[A-Z]{3}\d{2}|UN\d{2})-[A-Z0-9#,_-]+\Z", re.ASCII)
_ENTRY: Final = re.compile(r"#?(\d{1,18})\Z", re.ASCII)
_KINDS: Final = (
    ("authorization", "authorizations"),
    ("using_authorization", "authorizations"),
    ("transfer", "transfers"),
    ("account", "accounts"),
    ("partner", "partners"),
)
"""Records that a key can name, with the place of their pages."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/find", reading(_find)),)


def _find(sight: Sight, visit: Visit) -> Reply | Refusal:
    text = " ".join(visit.query.get("text", "").split())[:200]
    if not text:
        return Shown("portal/find.html", {"text": "", "groups": [], "more": False})
    typed = text.replace(" ", "").upper()
    if not isinstance(unit_identifier(typed), Refusal):
        return Gone(visit.url("units", typed))
    groups, more = list(_groups(sight, visit, text)), False
    if not groups and _LIKE_A_UNIT.match(typed):
        # Built like a unit's identifier and none: its page says what is wrong with it.
        return Gone(visit.url("units", typed))
    activities = visit.ground.finding.found(sight, Asked(text=text, limit=HITS))
    if activities["items"]:
        more = activities["found"] > HITS
        hits = [
            _hit(each.get("title") or each["key"], each["key"], ("activities", each["key"]))
            for each in activities["items"]
        ]
        groups.append({"kind": "activity", "hits": hits, "count": activities["found"]})
    facts = {"text": text, "groups": groups, "more": more}
    return Shown("portal/find.html", facts)


def _groups(sight: Sight, visit: Visit, text: str) -> Iterator[dict[str, Any]]:
    """What has exactly this name, in each spelling that people use."""
    number = _ENTRY.match(text)
    if number is not None and sight.reading.row(int(number[1])) is not None:
        seq = int(number[1])
        yield _group("entry", _hit(visit.texts("web.entry.number", entry=f"{seq:,}"), "", ("entries", seq)))
    for kind, place in _KINDS:
        found = next((name for name in _spellings(text) if sight.record(kind, name) is not None), None)
        if found is not None:
            yield _group(kind, _hit(found, "", (place, found)))
    entity = sight.record("entity", text)
    if entity is not None:
        yield _group("entity", _hit(str(entity.get("name") or text), text, None))


def _spellings(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, text.upper(), text.lower())))


def _group(kind: str, *hits: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "hits": list(hits), "count": len(hits)}


def _hit(title: str, text: str, place: tuple[object, ...] | None) -> dict[str, Any]:
    return {"title": title, "text": text, "place": place}
