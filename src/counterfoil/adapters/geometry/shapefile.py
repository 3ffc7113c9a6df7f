"""A zipped Shapefile as GeoJSON: its polygons, as they stand, for the reader of GeoJSON to judge.

The archive is looked at before anything of it is unpacked, and only the two files that matter are read: `.shp` with the
shapes, `.prj` with their reference system. Attributes are never looked at.
Source: ESRI Shapefile Technical Description, July 1998; RFC 7946 section 4 (WGS 84 is the only reference system).
"""

import io
import json
import struct
import zipfile
import zlib
from typing import Any, Final

import shapefile

from counterfoil.adapters.geometry.fault import BoundaryFault
from counterfoil.adapters.geometry.geojson import BYTES_MAX, POINTS_MAX
from counterfoil.domain.kernel.refusal import Refusal

MEMBERS_MAX: Final = 40
PRJ_BYTES_MAX: Final = 16 * 1024
_POLYGONS: Final = frozenset({"Polygon", "MultiPolygon"})
_SHOWN: Final = 80
_NOT_READ: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    shapefile.ShapefileException,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    MemoryError,
)
"""What a damaged or hostile archive makes of the libraries that read it; anything else is a fault of this program."""


def geojson_of(data: bytes) -> bytes | Refusal:
    """The polygons of a zipped Shapefile as one MultiPolygon.

    Returns:
        GeoJSON, or the refusal `boundary.not_a_shapefile`, `.too_large`, `.other_crs`, `.too_many_points`,
        `.not_an_area` or `.empty`.
    """
    try:
        parts = _parts(data)
        return parts if isinstance(parts, Refusal) else _shapes(*parts)
    except _NOT_READ as error:
        return _unreadable(type(error).__name__)


def _parts(data: bytes) -> tuple[bytes, str] | Refusal:
    """The shapes, and the text of their reference system."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        shapes = [each for each in members if each.filename.lower().endswith(".shp")]
        if len(members) > MEMBERS_MAX or len(shapes) != 1:
            return _unreadable(f"{len(shapes)} .shp, {len(members)} files")
        shape = shapes[0]
        stem = shape.filename[:-4].lower()
        systems = [each for each in members if each.filename.lower() == f"{stem}.prj"]
        if shape.file_size > BYTES_MAX:
            return Refusal(BoundaryFault.TOO_LARGE, {"place": shape.filename[-_SHOWN:], "bytes_max": BYTES_MAX})
        if not systems or systems[0].file_size > PRJ_BYTES_MAX:
            return Refusal(BoundaryFault.OTHER_CRS, {"place": f"{stem[-_SHOWN:]}.prj", "found": "-"})
        # What the directory says of a size is held to: no more than that is ever unpacked.
        with archive.open(shape) as file, archive.open(systems[0]) as system:
            return file.read(BYTES_MAX + 1), system.read(PRJ_BYTES_MAX).decode("latin-1")


def _shapes(shp: bytes, system: str) -> bytes | Refusal:
    plain = "".join(system.upper().split())
    if not plain.startswith("GEOGCS[") or not ("WGS_1984" in plain or "WGS84" in plain):
        return Refusal(BoundaryFault.OTHER_CRS, {"place": ".prj", "found": system[:_SHOWN]})
    polygons: list[Any] = []
    points = 0
    with shapefile.Reader(shp=io.BytesIO(shp)) as reader:
        for number, shape in enumerate(reader.iterShapes()):
            said = shape.__geo_interface__
            points += len(getattr(shape, "points", ()))
            if points > POINTS_MAX:
                return Refusal(BoundaryFault.TOO_MANY_POINTS, {"place": str(number), "points_max": POINTS_MAX})
            if said["type"] not in _POLYGONS:
                return Refusal(BoundaryFault.NOT_AN_AREA, {"place": str(number), "found": str(said["type"])[:_SHOWN]})
            found: Any = said["coordinates"]
            polygons += [found] if said["type"] == "Polygon" else list(found)
    if not polygons:
        return Refusal(BoundaryFault.EMPTY, {"place": ".shp"})
    return json.dumps({"type": "MultiPolygon", "coordinates": polygons}, allow_nan=False).encode()


def _unreadable(detail: str) -> Refusal:
    return Refusal(BoundaryFault.NOT_A_SHAPEFILE, {"detail": detail[:_SHOWN]})
