"""Square metres agree with what is known without our code, and shared areas with plain sums."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from counterfoil.adapters.geometry.box_index import ShapelyBoxes
from counterfoil.adapters.geometry.countries import Countries, CountryFault, read_countries
from counterfoil.adapters.geometry.measure import square_metres
from counterfoil.adapters.geometry.shape import ShapelyShape, shape
from counterfoil.domain.activities.boundary import Box
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.country_codes import alpha2_codes, numeric_codes
from tests.geometry.files import polygon, square


def area(data: bytes) -> ShapelyShape:
    found = shape(data)
    assert isinstance(found, ShapelyShape), found
    return found


def test_a_quarter_of_the_globe_has_a_quarter_of_its_surface() -> None:
    quarter = polygon([[0, -90], [90, -90], [90, 90], [0, 90], [0, -90]])
    # The surface of the WGS 84 ellipsoid is 510 065 621.724 km2.
    assert abs(area(quarter).area_m2 * 4 - 510_065_621_724_000) < 10_000_000


def test_a_degree_at_the_equator_is_as_large_as_the_tables_say() -> None:
    # 111.3195 km of longitude by 110.5744 km of latitude at the equator, less the narrowing up to one degree.
    assert abs(area(square(0, 0, 1)).area_m2 / 1e6 - 12_308.8) < 0.5


@given(west=integers(-1_700, 1_690), south=integers(-800, 790), step=integers(1, 9))
def test_two_halves_share_what_the_whole_has_less_what_only_one_covers(west: int, south: int, step: int) -> None:
    left = area(square(west / 10, south / 10, 1))
    right = area(square((west + step) / 10, south / 10, 1))
    shared = left.overlap_m2(right)
    assert isinstance(shared, int)
    assert abs(shared - left.area_m2 * (10 - step) / 10) <= left.area_m2 * 1e-6 + 2
    assert abs(shared - int(str(right.overlap_m2(left)))) <= 1


@given(
    west=integers(-50, 50),
    south=integers(-50, 50),
    side=integers(1, 20),
)
def test_the_index_finds_every_box_that_touches_and_no_other(west: int, south: int, side: int) -> None:
    index = ShapelyBoxes()
    grid = {f"{x},{y}": Box(x, y, x + 4, y + 4) for x in range(-50, 51, 10) for y in range(-50, 51, 10)}
    index.put((name, (box,)) for name, box in grid.items())
    asked = Box(west, south, west + side, south + side)
    expected = sorted(
        name
        for name, box in grid.items()
        if box.west <= asked.east and asked.west <= box.east and box.south <= asked.north and asked.south <= box.north
    )
    assert index.touching((asked,)) == expected
    index.put([("late", (asked,)), ("0,0", (Box(900, 900, 901, 901),))])
    assert index.touching((asked,)) == sorted({*expected, "late"} - {"0,0"})


def test_every_country_has_its_size_and_none_lies_on_another(data_folder: Path) -> None:
    found = read_countries((data_folder / "geo" / "countries-50m.json").read_bytes(), numeric_codes())
    assert isinstance(found, Countries)
    known = {"FJI": 18_300, "RUS": 17_098_000, "TWN": 36_000, "BRA": 8_515_000, "THA": 513_000}
    for code, km2 in known.items():
        assert abs(square_metres(found.shapes[code]) / 1e6 - km2) < km2 * 0.02, code
    suva = found.outside(area(square(178.0, -18.0, 0.3)), "FJI")
    assert isinstance(suva, dict) and suva["within"]
    abroad = found.outside(area(square(178.0, -18.0, 0.3)), "RUS")
    assert isinstance(abroad, dict) and (abroad["outside_ppm"], abroad["within"]) == (1_000_000, False)
    assert found.outside(area(square(0, 0, 1)), "XAA") == Refusal(CountryFault.UNKNOWN, {"party": "XAA"})


def test_the_centres_of_the_forest_projects_lie_in_their_country(data_folder: Path) -> None:
    import csv

    found = read_countries((data_folder / "geo" / "countries-50m.json").read_bytes(), numeric_codes())
    assert isinstance(found, Countries)
    with (data_folder / "geo" / "us_forest_offset_centroids.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    columns = {name.lower(): name for name in rows[0]}
    longitude, latitude = (next(columns[n] for n in columns if n.startswith(p)) for p in ("lon", "lat"))
    places = [area(square(float(row[longitude]), float(row[latitude]), 0.01)) for row in rows]
    told = [found.outside(place, "USA") for place in places]
    assert len(told) == 74
    assert all(isinstance(each, dict) and each["within"] for each in told)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"objects": {"countries": {"geometries": [{"id": "004"}]}}}'])
def test_a_file_of_countries_that_is_none_is_refused(data: bytes) -> None:
    found = read_countries(data, numeric_codes())
    assert isinstance(found, Refusal) and found.code == CountryFault.UNREADABLE


def test_every_country_has_three_codes() -> None:
    assert len(numeric_codes()) == len(alpha2_codes()) == len(set(numeric_codes().values())) == 249
    assert (alpha2_codes()["VN"], numeric_codes()["158"], numeric_codes()["231"]) == ("VNM", "TWN", "ETH")
