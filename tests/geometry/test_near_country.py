"""Whether an area lies in a country, by shapes that may be a few kilometres off."""

import json

import pytest

from counterfoil.adapters.geometry.countries import CountryFault
from counterfoil.adapters.geometry.near_country import NEAR_M, beside_country
from counterfoil.adapters.geometry.shape import ShapelyShape, shape
from counterfoil.domain.kernel.refusal import Refusal
from tests.geometry.files import square

ISLANDS = [[[[10, 60], [11, 60], [11, 61], [10, 61], [10, 60]]], [[[20, 0], [21, 0], [21, 1], [20, 1], [20, 0]]]]


def shapes(code: str = "XAA") -> bytes:
    geometry = {"type": "MultiPolygon", "coordinates": ISLANDS}
    return json.dumps({"features": [{"properties": {"iso3": code}, "geometry": geometry}]}).encode()


def found(west: float, south: float, side: float) -> dict[str, int]:
    area = shape(square(west, south, side))
    assert isinstance(area, ShapelyShape)
    told = beside_country(area, shapes(), "XAA")
    assert isinstance(told, dict), told
    return told


@pytest.mark.parametrize("west, south", [(10.4, 60.4), (20.4, 0.4)])
def test_an_area_on_any_island_of_a_country_lies_in_it(west: float, south: float) -> None:
    assert found(west, south, 0.1) | {"party": ""} == {
        "party": "",
        "outside_ppm": 0,
        "beyond_ppm": 0,
        "near_m": NEAR_M,
        "tolerance_ppm": 50_000,
        "within": True,
    }


@pytest.mark.parametrize(
    "west, south, within",
    [
        # At the equator 0.05 degrees are 5.6 km; at 60.5 degrees north they are half of that from east to west.
        (21.03, 0.5, True),
        (21.12, 0.5, False),
        (11.12, 60.5, True),
        (11.22, 60.5, False),
        (10.5, 61.12, False),
    ],
)
def test_close_to_a_coast_counts_as_in_the_country_in_kilometres_and_not_in_degrees(
    west: float, south: float, within: bool
) -> None:
    told = found(west, south, 0.02)
    assert told["outside_ppm"] == 1_000_000
    assert told["within"] is within


def test_an_area_that_reaches_far_out_is_outside_by_its_share() -> None:
    told = found(20.0, 0.0, 2.0)
    assert 740_000 < told["outside_ppm"] < 760_000
    assert 550_000 < told["beyond_ppm"] < told["outside_ppm"]
    assert not told["within"]


def test_a_country_without_a_shape_is_said_to_have_none() -> None:
    area = shape(square(0, 0, 1))
    assert isinstance(area, ShapelyShape)
    for party in ("XBB", ""):
        told = beside_country(area, shapes(""), party)
        assert isinstance(told, Refusal) and told.code == CountryFault.UNKNOWN


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"features": [4]}', b'{"features": [{"properties": {"iso3": "XAA"}}]}']
)
def test_shapes_that_are_none_are_told(data: bytes) -> None:
    area = shape(square(0, 0, 1))
    assert isinstance(area, ShapelyShape)
    told = beside_country(area, data, "XAA")
    assert isinstance(told, Refusal) and told.code == CountryFault.UNREADABLE
