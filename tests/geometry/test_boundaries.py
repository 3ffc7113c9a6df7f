"""Every wrong boundary is refused by name and place, or put right and said; nothing hostile takes long."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import binary, floats, integers, lists, recursive, sampled_from, text, tuples

from counterfoil.adapters.geometry.fault import BoundaryFault
from counterfoil.adapters.geometry.geojson import BYTES_MAX, POINTS_MAX
from counterfoil.adapters.geometry.shape import ShapelyShape, shape
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.faults import LANGUAGES, catalogue
from tests.domain.commands.desk import placeholders
from tests.geometry.files import SQUARE, comb, polygon, square

RING = "$.coordinates[0]"
HOLE = [[121.2, 24.2], [121.2, 24.8], [121.8, 24.8], [121.8, 24.2], [121.2, 24.2]]
DEEP = b'{"type":"GeometryCollection","geometries":[' * 50 + b"]}" * 50
POINT = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}}
FEATURE = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
SECOND_WRONG = json.dumps({"type": "FeatureCollection", "features": [FEATURE, POINT]}).encode()
LAMBERT = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
MANY_POINTS = [[x / 1_000, 0] for x in range(POINTS_MAX)]
MANY_PARTS = json.dumps({"type": "MultiPolygon", "coordinates": [[SQUARE]] * 5_001}).encode()

WRONG = [
    ("a file of 100 MB", b" " * (BYTES_MAX + 1), "too_large", "-"),
    ("no JSON", b"hello", "not_geojson", "$"),
    ("nothing", b"", "not_geojson", "$"),
    ("bytes that are no text", b"\xff\xfe{}", "not_geojson", "$"),
    ("a list", b"[]", "not_geojson", "$"),
    ("an unknown type", b'{"type":"Circle"}', "not_geojson", "$"),
    ("a type that is a list", b'{"type":["Polygon"]}', "not_geojson", "$"),
    ("no coordinates", b'{"type":"Polygon"}', "not_geojson", "$.coordinates"),
    ("brackets without end", b"[" * 200_000, "too_deep", "$"),
    ("collections within collections", DEEP, "too_deep", None),
    ("NaN", b'{"type":"Polygon","coordinates":[[[NaN,1]]]}', "not_a_number", "byte 35"),
    ("infinity", polygon([[1e400, 0]] * 4), "not_a_number", None),
    ("a number too large", b'{"type":"Polygon","coordinates":[[[1e999,1]]]}', "not_geojson", "$"),
    ("four hundred digits", polygon([[10**400, 0]] * 4), "not_a_number", f"{RING}[0]"),
    ("a height of four hundred digits", polygon([[1, 0, 10**400]] * 4), "not_a_number", f"{RING}[0]"),
    ("text for a number", polygon([["1", 2]] * 4), "not_a_number", f"{RING}[0]"),
    ("truth for a number", polygon([[True, 2]] * 4), "not_a_number", f"{RING}[0]"),
    ("one number", polygon([[1]] * 4), "not_a_number", f"{RING}[0]"),
    ("longitude 200", polygon([[0, 0], [200, 0], [1, 1], [0, 0]]), "out_of_range", f"{RING}[1]"),
    ("latitude and longitude exchanged", polygon([[24, 121], [25, 121], [25, 122]]), "out_of_range", f"{RING}[0]"),
    ("two positions", polygon([[0, 0], [1, 1], [0, 0]]), "ring_too_short", RING),
    ("one position four times", polygon([[0, 0]] * 4), "ring_too_short", RING),
    ("a bow tie", polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "self_crossing", RING),
    ("a bow tie with one large half", polygon([[0, 0], [4, 4], [4, 0], [0, 1], [0, 0]]), "self_crossing", RING),
    ("a line there and back", polygon([[0, 0], [1, 1], [2, 2], [1, 1], [0, 0]]), "self_crossing", RING),
    ("a ring that touches itself", polygon([[0, 0], [2, 0], [2, 2], [1, 0], [0, 2], [0, 0]]), "self_crossing", RING),
    ("a hole outside", polygon(SQUARE, [[10, 10], [10, 11], [11, 11], [10, 10]]), "ring_misplaced", RING),
    ("a hole across the edge", polygon(SQUARE, [[121.5, 24.5], [121.5, 26], [121.6, 24.5]]), "ring_misplaced", RING),
    ("a hole as large as its polygon", polygon(SQUARE, SQUARE[::-1]), "ring_misplaced", RING),
    ("a ring around the pole", polygon([[0, 80], [120, 80], [-120, 80], [0, 80]]), "around_pole", RING),
    ("nothing in a collection", b'{"type":"FeatureCollection","features":[]}', "empty", "$"),
    ("a feature without geometry", b'{"type":"Feature","geometry":null}', "empty", "$"),
    ("a polygon without rings", b'{"type":"MultiPolygon","coordinates":[[]]}', "empty", None),
    ("a point", b'{"type":"Point","coordinates":[0,0]}', "not_an_area", "$"),
    ("a point as second feature", SECOND_WRONG, "not_an_area", "$.features[1].geometry"),
    ("another reference system", polygon(SQUARE, crs=LAMBERT), "other_crs", "$.crs"),
    ("too many positions", polygon([*MANY_POINTS, [0, 1]]), "too_many_points", RING),
    ("too many polygons", MANY_PARTS, "too_many_parts", None),
]


@pytest.mark.parametrize(("case", "data", "code", "place"), WRONG, ids=[case[0] for case in WRONG])
def test_a_boundary_is_refused_by_its_place_when_it_is(case: str, data: bytes, code: str, place: str | None) -> None:
    begun = time.perf_counter()
    found = shape(data)
    assert isinstance(found, Refusal), case
    assert found.code == f"boundary.{code}", found
    assert place is None or found.facts["place"] == place
    assert time.perf_counter() - begun < 5
    for language in LANGUAGES:
        assert catalogue().message(found, language) and catalogue().fix(found, language)
    assert placeholders(found.code) <= set(found.facts), "a placeholder has no fact"


RIGHT = [
    ("a ring the wrong way round", polygon(SQUARE[::-1]), "ring_turned"),
    ("an open ring", polygon(SQUARE[:-1]), "ring_closed"),
    ("a position twice", polygon([SQUARE[0], *SQUARE]), "repeat_dropped"),
    ("heights", polygon([[*at, 812.5] for at in SQUARE]), "height_dropped"),
    ("nothing that is wrong", square(121, 24, 1), None),
]


@pytest.mark.parametrize(("case", "data", "repair"), RIGHT, ids=[case[0] for case in RIGHT])
def test_what_has_one_meaning_is_put_right_and_said(case: str, data: bytes, repair: str | None) -> None:
    found, plain = shape(data), shape(polygon(SQUARE))
    assert isinstance(found, ShapelyShape) and isinstance(plain, ShapelyShape), case
    assert set(found.repairs) == ({repair} if repair else set())
    assert found.canonical == plain.canonical


def test_polygons_over_each_other_count_once_and_that_is_said() -> None:
    moved = [[x + 0.5, y] for x, y in SQUARE]
    found = shape(json.dumps({"type": "MultiPolygon", "coordinates": [[SQUARE], [moved]]}).encode())
    whole = shape(polygon([[121, 24], [122.5, 24], [122.5, 25], [121, 25], [121, 24]]))
    assert isinstance(found, ShapelyShape) and isinstance(whole, ShapelyShape)
    assert found.repairs == {"parts_joined": 1}
    assert abs(found.area_m2 - whole.area_m2) <= 1


def test_a_polygon_across_the_180th_meridian_is_cut_there() -> None:
    fiji = shape(polygon([[179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17]]))
    west = shape(square(179, -17, 1))
    elsewhere = shape(square(0, -17, 1))
    assert isinstance(fiji, ShapelyShape) and isinstance(west, ShapelyShape) and isinstance(elsewhere, ShapelyShape)
    assert fiji.repairs == {"split_at_antimeridian": 1}
    assert len(fiji.boxes) == 2
    assert abs(fiji.area_m2 - 2 * west.area_m2) <= 1
    assert fiji.overlap_m2(west) == west.area_m2
    assert fiji.overlap_m2(elsewhere) == 0


def test_a_hole_across_the_180th_meridian_is_a_hole() -> None:
    outer = [[170, -20], [-170, -20], [-170, -10], [170, -10], [170, -20]]
    inner = [[-179, -17], [-179, -16], [179, -16], [179, -17], [-179, -17]]
    full, holed = shape(polygon(outer)), shape(polygon(outer, inner))
    hole = shape(polygon(inner[::-1]))
    assert isinstance(full, ShapelyShape) and isinstance(holed, ShapelyShape) and isinstance(hole, ShapelyShape)
    assert abs(full.area_m2 - holed.area_m2 - hole.area_m2) <= 2
    assert holed.overlap_m2(hole) == 0


def test_the_canonical_spelling_does_not_depend_on_where_a_ring_begins_and_reads_back_to_itself() -> None:
    one, other = shape(polygon(SQUARE, HOLE)), shape(polygon([*SQUARE[2:], *SQUARE[1:3]], HOLE))
    assert isinstance(one, ShapelyShape) and isinstance(other, ShapelyShape)
    assert one.canonical == other.canonical
    again = shape(one.canonical)
    assert isinstance(again, ShapelyShape)
    assert (again.canonical, again.repairs, again.area_m2) == (one.canonical, {}, one.area_m2)


def test_two_combs_across_each_other_are_refused_before_they_are_cut() -> None:
    lying, upright = shape(comb(6_000, upright=False)), shape(comb(6_000, upright=True))
    assert isinstance(lying, ShapelyShape) and isinstance(upright, ShapelyShape)
    begun = time.perf_counter()
    found = lying.overlap_m2(upright)
    assert isinstance(found, Refusal) and found.code == BoundaryFault.TOO_TANGLED
    assert time.perf_counter() - begun < 10


_NUMBERS = floats(-200, 200) | integers(-200, 200)
_POSITIONS = lists(tuples(_NUMBERS, _NUMBERS).map(list), max_size=8)
_JSON: Any = recursive(
    _NUMBERS | text(max_size=4) | _POSITIONS,
    lambda inner: (
        lists(inner, max_size=4)
        | tuples(
            sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection", "GeometryCollection"]), inner
        ).map(lambda pair: {"type": pair[0], "coordinates": pair[1], "geometry": pair[1], "features": [pair[1]]})
    ),
    max_leaves=12,
)


@given(data=binary(max_size=200))
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    assert isinstance(shape(data), ShapelyShape | Refusal)


@given(value=_JSON)
def test_no_json_brings_the_reader_down(value: Any) -> None:
    assert isinstance(shape(json.dumps(value).encode()), ShapelyShape | Refusal)


@given(ring=_POSITIONS)
def test_a_ring_of_any_positions_is_an_area_or_is_refused(ring: list[list[float]]) -> None:
    found = shape(polygon(ring))
    if isinstance(found, ShapelyShape):
        again = shape(found.canonical)
        assert isinstance(again, ShapelyShape)
        assert again.canonical == found.canonical
