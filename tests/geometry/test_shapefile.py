"""A zipped Shapefile comes in as its polygons, or is refused by a code; nothing of a foreign archive stops anything."""

import io
import json
import zipfile

import pytest
import shapefile
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.adapters.geometry.fault import BoundaryFault
from counterfoil.adapters.geometry.shapefile import geojson_of
from counterfoil.domain.kernel.refusal import Refusal

WGS84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],UNIT["Degree",0.017]]'
UTM = 'PROJCS["WGS_1984_UTM_Zone_47N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]]'
SQUARE = [[100.0, 13.0], [100.0, 13.1], [100.1, 13.1], [100.1, 13.0], [100.0, 13.0]]
HOLE = [[100.02, 13.02], [100.04, 13.02], [100.04, 13.04], [100.02, 13.04], [100.02, 13.02]]


def layer(*, polygons: list[list[list[list[float]]]], system: str | None = WGS84, points: int = 0) -> bytes:
    """A layer as a desktop program would zip it."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf) as writer:
        writer.field("NAME", "C")
        for each in polygons:
            writer.poly(each)
            writer.record("area")
        for number in range(points):
            writer.point(100 + number / 100, 13)
            writer.record("point")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, content in (("shp", shp.getvalue()), ("shx", shx.getvalue()), ("dbf", dbf.getvalue())):
            archive.writestr(f"area/Layer.{ending}", content)
        if system is not None:
            archive.writestr("area/Layer.prj", system)
    return packed.getvalue()


def coordinates(data: bytes) -> list[list[list[list[float]]]]:
    found = geojson_of(data)
    assert isinstance(found, bytes), found
    said = json.loads(found)
    assert said["type"] == "MultiPolygon"
    polygons: list[list[list[list[float]]]] = said["coordinates"]
    return polygons


def test_every_polygon_comes_in_with_its_holes() -> None:
    other = [[[corner[0] + 1, corner[1]] for corner in SQUARE]]
    data = layer(polygons=[[SQUARE, HOLE], other])
    first, second = coordinates(data)
    assert [sorted(ring) for ring in first] == [sorted(SQUARE), sorted(HOLE)]
    assert sorted(second[0]) == sorted(other[0])


@pytest.mark.parametrize(
    "data, code",
    [
        (b"PK\x03\x04 no archive", BoundaryFault.NOT_A_SHAPEFILE),
        (layer(polygons=[[SQUARE]])[:-60], BoundaryFault.NOT_A_SHAPEFILE),
        (layer(polygons=[[SQUARE]], system=None), BoundaryFault.OTHER_CRS),
        (layer(polygons=[[SQUARE]], system=UTM), BoundaryFault.OTHER_CRS),
        (layer(polygons=[], points=2), BoundaryFault.NOT_AN_AREA),
        (layer(polygons=[]), BoundaryFault.EMPTY),
    ],
)
def test_what_is_no_boundary_is_refused_with_its_reason(data: bytes, code: BoundaryFault) -> None:
    found = geojson_of(data)
    assert isinstance(found, Refusal) and found.code == code


def test_an_archive_that_would_grow_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * (9 * 1024 * 1024))
        archive.writestr("a.prj", WGS84)
    found = geojson_of(packed.getvalue())
    assert isinstance(found, Refusal) and found.code == BoundaryFault.TOO_LARGE


def test_an_archive_of_two_layers_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.shp", b"")
        archive.writestr("b.shp", b"")
    found = geojson_of(packed.getvalue())
    assert isinstance(found, Refusal) and found.code == BoundaryFault.NOT_A_SHAPEFILE


SOUND = layer(polygons=[[SQUARE, HOLE]])
CHANGES = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=12)


def packed(shp: bytes, system: str = WGS84) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.shp", shp)
        archive.writestr("a.prj", system)
    return made.getvalue()


@settings(max_examples=300, deadline=None)
@given(changes=CHANGES, cut=st.integers(0, len(SOUND)))
def test_no_byte_of_a_damaged_archive_stops_the_reader(changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(SOUND)
    for place, value in changes:
        damaged[place] = value
    for data in (bytes(damaged), bytes(damaged[:cut])):
        assert isinstance(geojson_of(data), bytes | Refusal)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_byte_of_damaged_shapes_stops_the_reader(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        shp = bytearray(archive.read("area/Layer.shp"))
    # In the archive the checksum would find the damage first.
    for _ in range(data.draw(st.integers(1, 8))):
        shp[data.draw(st.integers(0, len(shp) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(geojson_of(packed(bytes(shp))), bytes | Refusal)
