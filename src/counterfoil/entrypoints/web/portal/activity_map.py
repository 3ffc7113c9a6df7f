"""Where the activities are: countries of the world by how many they host, or the checked boundaries inside one.

The server draws the map and the table; a script makes it one that can be moved, from the same shapes and numbers.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.activity_search import Asked
from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.boundary import BOUNDARY_CHECK
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.web.moment import AsOf, books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.portal.world import HEIGHT, WIDTH, country_paths
from counterfoil.entrypoints.web.standings_then import known_of
from counterfoil.entrypoints.web.visit import Visit

PLACES_MAX: Final = 2_000
"""Activities whose places one map shows."""
EARLIER_MAX: Final = 20_000
"""Activities that are gone through for an earlier moment."""
_UNIT: Final = 10_000_000
"""Boxes are in ten-millionths of a degree."""
_SHADES: Final = (1, 10, 100, 1_000)


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/activities/map", reading(_map)), PageRow("/activities/map.json", reading(_places)))


@dataclass(frozen=True, slots=True)
class _Moment:
    """The books that the map shows, and how many activities each host has in them."""

    as_of: AsOf
    books: Sight
    hosts: Mapping[str, int]


def _moment(sight: Sight, visit: Visit) -> _Moment | Refusal:
    """The present by its index; an earlier moment by its records, which are gone through once until the books change.

    Refused is `moment.now_only`, in a register with more activities than are gone through for a visitor.
    """
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    counted = visit.ground.finding.counted(sight)
    if not as_of.size:
        return _Moment(as_of, sight, counted.hosts)
    if counted.all > EARLIER_MAX:
        return Refusal(EarlierFault.NOW_ONLY, {"as_of": as_of.size})
    then = books_then(sight, visit, as_of)
    keys = _keys_then(sight, visit, then, as_of)
    return _Moment(as_of, then, {host: len(keys[host]) for host in sorted(keys)})


def _keys_then(sight: Sight, visit: Visit, then: Sight, as_of: AsOf) -> Mapping[str, list[str]]:
    """The activities of each host at an earlier moment."""

    def gone_through() -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, value in then.records(ACTIVITY):
            found.setdefault(value["host"], []).append(key)
        return found

    return visit.ground.folds.ask(sight, ("hosts", as_of.size), gone_through)


def _map(sight: Sight, visit: Visit) -> Reply | Refusal:
    moment = _moment(sight, visit)
    if isinstance(moment, Refusal):
        return moment
    names = {code: country_names().get(code, {}).get(visit.language, code) for code in moment.hosts}
    hosts = sorted(((code, names[code], count) for code, count in moment.hosts.items()), key=lambda each: -each[2])
    chosen = visit.query.get("host", "")
    facts = {
        "as_of": moment.as_of,
        "entries": known_of(moment.books),
        "hosts": hosts,
        "total": sum(moment.hosts.values()),
        "picture": world(visit, moment.hosts, names),
        "chosen": chosen if chosen in names else "",
        "places": list(islice(_located(sight, visit, moment, chosen), PLACES_MAX)) if chosen in names else [],
        "shades": _shades(),
    }
    return Shown("portal/activity_map.html", facts)


def world(visit: Visit, counts: Mapping[str, int], names: Mapping[str, str]) -> Drawing:
    """Every country, those with activities darker the more they have: five shades, each with its bounds below."""
    from markupsafe import Markup

    title = visit.texts("web.map.picture")
    shapes = [
        Markup('<path class="shade{}" d="{}"><title>{}</title></path>').format(
            shade(counts.get(code, 0)), path, f"{names.get(code, code)}: {counts.get(code, 0):,}"
        )
        if code in counts
        else Markup('<path class="shade0" d="{}"/>').format(path)
        for code, path in country_paths().items()
    ]
    svg = Markup('<svg class="world" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, title)
    heads = (visit.texts("field.host"), visit.texts("web.map.activities"))
    table = sorted(((names[code], count) for code, count in counts.items()), key=lambda each: -each[1])
    return Drawing(title, svg + Markup("").join(shapes) + Markup("</svg>"), heads, table)


def shade(count: int) -> int:
    """Which of the shades a number has; 0 for none.

    >>> [shade(count) for count in (0, 1, 9, 10, 5_000)]
    [0, 1, 1, 2, 4]
    """
    return sum(1 for bound in _SHADES if count >= bound)


def _shades() -> list[tuple[int, int, int | None]]:
    """Each shade with the numbers that it stands for, both included; the last has no upper one."""
    ends = [*(bound - 1 for bound in _SHADES[1:]), None]
    return [(number, low, high) for number, (low, high) in enumerate(zip(_SHADES, ends, strict=True), 1)]


def _located(sight: Sight, visit: Visit, moment: _Moment, host: str) -> Iterator[dict[str, Any]]:
    """The activities of a host that have a checked boundary, with its box in degrees."""
    for each in _of_host(sight, visit, moment, host):
        check = moment.books.record(BOUNDARY_CHECK, each["key"])
        if check is not None:
            yield {"key": each["key"], "title": each.get("title") or each["key"], "box": box_of(check)}


def _of_host(sight: Sight, visit: Visit, moment: _Moment, host: str) -> Iterator[Mapping[str, Any]]:
    if moment.as_of.size:
        for key in _keys_then(sight, visit, moment.books, moment.as_of).get(host, ()):
            yield {"key": key, **moment.books.record(ACTIVITY, key)}
        return
    after = ""
    while True:
        found = visit.ground.finding.found(sight, Asked(host=host, after=after, limit=500))
        yield from found["items"]
        if found["next"] is None:
            return
        after = found["next"]


def box_of(check: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east and north in degrees, of the first box."""
    box = check["extents"][0]
    return box["west"] / _UNIT, box["south"] / _UNIT, box["east"] / _UNIT, box["north"] / _UNIT


def _places(sight: Sight, visit: Visit) -> Reply | Refusal:
    """What the script of the map asks for: counts by country, and the boxes of one country's activities."""
    moment = _moment(sight, visit)
    if isinstance(moment, Refusal):
        return moment
    chosen, then = visit.query.get("host", ""), moment.as_of.size or ""
    features = [
        {
            "type": "Feature",
            "properties": {"title": each["title"], "place": visit.url("activities", each["key"], as_of=then)},
            "geometry": {"type": "Polygon", "coordinates": [_corners(each["box"])]},
        }
        for each in (islice(_located(sight, visit, moment, chosen), PLACES_MAX) if chosen in moment.hosts else ())
    ]
    names = {code: country_names().get(code, {}).get(visit.language, code) for code in moment.hosts}
    body = {
        "counts": dict(moment.hosts),
        "names": names,
        "activities": {"type": "FeatureCollection", "features": features},
    }
    return Sent(json.dumps(body, ensure_ascii=False).encode(), "application/json")


def _corners(box: tuple[float, float, float, float]) -> list[list[float]]:
    west, south, east, north = box
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]
