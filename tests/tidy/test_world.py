"""The shapes of countries that maps draw: every code once, nothing across the page, small states not lost."""

import json
import tomllib
from itertools import pairwise
from typing import Any

import pytest

from tools.assets.kept import WEB
from tools.assets.world import CODES, countries


def shapes(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((WEB.place / name).read_bytes())["features"]
    return found


def outlines(feature: dict[str, Any]) -> list[list[list[float]]]:
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [polygon[0] for polygon in polygons]


@pytest.mark.parametrize(("name", "bytes_max"), [("countries-110m.json", 250_000), ("countries-50m.json", 1_000_000)])
def test_every_code_is_one_of_the_registry_and_stands_once(name: str, bytes_max: int) -> None:
    assert (WEB.place / name).stat().st_size <= bytes_max
    codes = [each["properties"]["iso3"] for each in shapes(name) if "id" in each]
    assert len(codes) == len(set(codes)) and set(codes) - {""} <= tomllib.loads(CODES.read_text("utf-8")).keys()
    assert {"CHE", "GHA", "PER", "TWN", "THA", "VUT", "ATA"} <= set(codes)


def test_the_fine_map_has_the_small_island_states() -> None:
    codes = {each["properties"]["iso3"] for each in shapes("countries-50m.json")}
    assert {"TUV", "NRU", "KIR", "MHL", "MDV", "COK", "NIU", "TON", "ATG", "KNA", "STP", "SGP", "LIE"} <= codes


@pytest.mark.parametrize("name", ["countries-110m.json", "countries-50m.json"])
def test_no_outline_runs_across_the_page(name: str) -> None:
    for feature in shapes(name):
        for ring in outlines(feature):
            assert ring[0] == ring[-1] and len(ring) >= 4
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
            for a, b in pairwise(ring):
                # Only the edge of the map itself is that long: below Antarctica.
                assert abs(a[0] - b[0]) < 90 or (a[1] < -89.9 and b[1] < -89.9), feature["properties"]


@pytest.mark.parametrize(
    ("code", "box"), [("CHE", (5, 11, 45, 48)), ("TWN", (118, 123, 21, 27)), ("GHA", (-4, 2, 4, 12))]
)
def test_a_country_lies_where_it_lies(code: str, box: tuple[int, int, int, int]) -> None:
    for name in ("countries-110m.json", "countries-50m.json"):
        feature = next(each for each in shapes(name) if each["properties"]["iso3"] == code)
        for x, y in (point for ring in outlines(feature) for point in ring):
            assert box[0] < x < box[1] and box[2] < y < box[3]


def test_neighbours_share_their_border_a_tiny_island_stays_and_the_dateline_cuts() -> None:
    # In steps of a hundredth of a degree: two squares with one border, an islet, a land across the antimeridian.
    topology = {
        "transform": {"scale": [0.01, 0.01], "translate": [0, 0]},
        "arcs": [
            [[100, 0], [0, 50], [0, 50]],
            [[100, 100], [-100, 0], [0, -100], [100, 0]],
            [[100, 100], [100, 0], [0, -100], [-100, 0]],
            [[500, 500], [1, 0], [0, 1], [-1, -1]],
            [[17900, 0], [-35800, 0], [0, 100], [35800, 0], [0, -100]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": "756", "arcs": [[0, 1]]},
                    {"type": "Polygon", "id": "040", "arcs": [[2, 0]]},
                    {"type": "MultiPolygon", "id": "798", "arcs": [[[3]]]},
                    {"type": "Polygon", "id": "242", "arcs": [[4]]},
                ]
            }
        },
    }
    found = json.loads(countries(json.dumps(topology).encode(), within=0.05, decimals=2))["features"]
    by_code = {each["properties"]["iso3"]: each for each in found}
    (austria,), (swiss,), (islet,) = (outlines(by_code[code]) for code in ("AUT", "CHE", "TUV"))
    assert [1, 0] in austria and [1, 0] in swiss and [1, 1] in austria and [1, 1] in swiss
    assert [1, 0.5] not in austria and [1, 0.5] not in swiss, "a straight border needs no point between"
    assert len(islet) == 4
    east, west = sorted(outlines(by_code["FJI"]), key=lambda ring: -ring[0][0])
    assert {x for x, _ in east} == {179, 180} and {x for x, _ in west} == {-180, -179}
