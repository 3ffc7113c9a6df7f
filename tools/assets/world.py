"""The shapes of countries as GeoJSON, made from the TopoJSON of the package world-atlas.

A border that two countries share is one arc in the source, and is simplified once: neighbours never part or overlap.
Countries carry ISO 3166-1 alpha-3 codes and no names: what a place is called, the catalogue says in each language.

Source: TopoJSON format specification 2.1 (quantized arcs); RFC 7946 section 3.1.6 (which way rings run).
"""

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Final, TypeAlias

from shapely import LineString

from tools.assets.antimeridian import Point, Rings, cut, laid_out, moved
from tools.assets.npm import ROOT

CODES: Final = ROOT / "src" / "counterfoil" / "catalogue" / "country_codes.toml"
Arcs: TypeAlias = Sequence[list[Point]]


@dataclass(slots=True)
class World:
    """Polygons by the numeric code of their country, and those of shapes without a code."""

    coded: dict[int, list[Rings]] = field(default_factory=dict)
    uncoded: list[Rings] = field(default_factory=list)


def countries(topology: bytes, *, within: float, decimals: int, gaps_from: bytes | None = None) -> bytes:
    """A FeatureCollection with `iso3` for each country; lines are moved by at most `within` degrees.

    A shape without a code (a territory that is disputed) has an empty `iso3`: it is land, and is drawn as land.
    An island smaller than `within` is left out, unless its country has nothing else. `gaps_from` is a finer topology:
    a country that the first one does not draw at all comes from there.
    """
    world = _world(topology, within, decimals)
    if gaps_from is not None:
        world.coded = _world(gaps_from, within, decimals).coded | world.coded
    codes = _alpha_3()
    features = [_feature(codes.get(number, ""), number, world.coded[number]) for number in sorted(world.coded)]
    features.extend(_feature("", None, [polygon]) for polygon in world.uncoded)
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    return text.encode() + b"\n"


def _world(topology: bytes, within: float, decimals: int) -> World:
    source = json.loads(topology)
    arcs = [_unpacked(arc, source["transform"]) for arc in source["arcs"]]
    thin = [_thinned(arc, within) for arc in arcs] if within else arcs
    world = World()
    for each in source["objects"]["countries"]["geometries"]:
        polygons = _polygons(each, thin, decimals) or _polygons(each, arcs, decimals)
        target = world.coded.setdefault(int(each["id"]), []) if "id" in each else world.uncoded
        target.extend(polygons)
    return world


def _alpha_3() -> dict[int, str]:
    named = tomllib.loads(CODES.read_text("utf-8"))
    return {int(codes[1]): name for name, codes in named.items() if len(name) == 3 and isinstance(codes, list)}


def _unpacked(arc: Iterable[Sequence[int]], transform: dict[str, Sequence[float]]) -> list[Point]:
    """Each point of an arc is written as the step from the one before."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    steps = accumulate(((step[0], step[1]) for step in arc), lambda at, step: (at[0] + step[0], at[1] + step[1]))
    return laid_out([(x * wide + west, y * high + south) for x, y in steps])


def _thinned(arc: list[Point], within: float) -> list[Point]:
    return [(x, y) for x, y in LineString(arc).simplify(within, preserve_topology=False).coords]


def _polygons(shape: dict[str, Any], arcs: Arcs, decimals: int) -> list[Rings]:
    """The polygons of a shape that still have an outline, each with the holes that still are some."""
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    found = []
    for numbers in parts:
        for rings in cut([_ring(each, arcs) for each in numbers]):
            outline, *holes = (_short(ring, decimals) for ring in rings)
            if len(outline) >= 4:
                kept = [_turned(hole, left=False) for hole in holes if len(hole) >= 4]
                found.append([_turned(outline, left=True), *kept])
    return found


def _ring(numbers: Iterable[int], arcs: Arcs) -> list[Point]:
    """Arcs one after another; a negative number means that arc backwards. The point where two meet is one."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(moved(arc, arc[0][0] - points[-1][0])[1:] if points else arc)
    return points


def _short(ring: Iterable[Point], decimals: int) -> list[Point]:
    """The ring with fewer decimals; points that fall together are one."""
    points: list[Point] = []
    for x, y in ring:
        point = (_shorter(x, decimals), _shorter(y, decimals))
        if not points or points[-1] != point:
            points.append(point)
    return points


def _shorter(value: float, decimals: int) -> float:
    rounded = round(value, decimals)
    return int(rounded) if rounded == int(rounded) else rounded


def _turned(ring: list[Point], *, left: bool) -> list[Point]:
    """Outlines run to the left (counter-clockwise), holes to the right."""
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if (doubled >= 0) == left else ring[::-1]


def _feature(code: str, number: int | None, polygons: list[Rings]) -> dict[str, Any]:
    one = len(polygons) == 1
    geometry = {"type": "Polygon" if one else "MultiPolygon", "coordinates": polygons[0] if one else polygons}
    named = {} if number is None else {"id": number}
    return {"type": "Feature", **named, "properties": {"iso3": code}, "geometry": geometry}
