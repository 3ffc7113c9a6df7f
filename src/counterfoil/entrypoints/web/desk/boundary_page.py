"""Looking at a boundary before an activity names it: a file, a drawing or a list of corners, checked by the press,
then kept.

The check draws on every boundary that was checked before; nothing is kept until somebody says so. The list of corners
is the way for those who cannot, or would not, draw. Source: ADR-0029; 2/CMA.3 annex para. 22(b).
"""

import json
import tempfile
from functools import partial
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.country_check import CountryPractice, country_practice
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.overlaps import BYTES_MAX
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.web.allowance import Spent
from counterfoil.entrypoints.web.keeping_evidence import kept_evidence
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/activities/boundary"
FILE_BYTES_MAX: Final = BYTES_MAX
CORNERS_MAX: Final = 2_000
FOUND_BYTES_MAX: Final = 8 * 1024 * 1024
SHOWN: Final = 100
MICRO: Final = 1_000_000
ZIP: Final = b"PK\x03\x04"


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _shown, _look),)


async def _shown(visit: Visit) -> Reply | Refusal:
    return _page(visit)


def _page(visit: Visit, fault: Refusal | None = None, **found: Any) -> Reply:
    names = ("corners", "sector", "methodology", "activity")
    typed = {name: visit.form.get(name) or visit.query.get(name, "") for name in names}
    facts = {"fault": fault, "found": None, "digest": "", "lies": None, "barred": False, **typed, **found}
    return Shown("desk/activities/boundary.html", facts, status=200 if fault is None else 422, kept=False)


async def _look(visit: Visit) -> Reply | Refusal:
    """Check what was sent; with `do=keep`, put what was checked into the evidence and go on to the act."""
    assert visit.standing is not None, "the page is for persons"
    if visit.form.get("do") == "keep":
        return await _keep(visit, visit.standing.person)
    sent = await visit.form.file("file", bytes_max=FILE_BYTES_MAX)
    if isinstance(sent, Refusal):
        return _page(visit, sent)
    data = _drawn(visit.form.get("corners")) if sent is None else sent[1]
    if not isinstance(data, Refusal) and data.startswith(ZIP):
        data = await visit.aside(partial(_unpacked, data))
    if isinstance(data, Refusal):
        return _page(visit, data)
    spent = visit.ground.allowance.spend(visit.standing.person, Spent.CHECKS)
    if spent is not None:
        return _page(visit, spent)
    practice = country_practice()
    facts: dict[str, str | bool] = {name: visit.form.get(name)[:200] for name in ("sector", "methodology")}
    facts["country"] = practice is not CountryPractice.OFF
    with tempfile.TemporaryFile() as upload:
        # The press is another process: it reads the upload from a file that has no name.
        upload.write(data)
        upload.seek(0)
        made = await visit.ground.press.made(Order(Product.OVERLAPS, facts), upload)
    if isinstance(made, Refusal):
        return _page(visit, made)
    with made:
        made.seek(0)
        found = json.loads(made.read(FOUND_BYTES_MAX))
    country = found.get("country") or {}
    barred = practice is CountryPractice.REFUSE and country.get("within") is False
    # What may not be kept is not laid by: whoever knows its digest could keep it all the same.
    digest = "" if barred else visit.ground.uploads.keep(visit.standing.person, "boundary", data)
    met = sorted(found["overlaps"], key=lambda each: -each["overlap_m2"])
    told: dict[str, Any] = {"digest": digest, "lies": country, "barred": barred}
    return _page(visit, found=found, met=met[:SHOWN], met_count=len(met), **told)


async def _keep(visit: Visit, person: str) -> Reply | Refusal:
    digest, activity = visit.form.get("digest"), visit.form.get("activity")
    known = visit.ground.uploads.of(person, digest)
    if known is None:
        return _page(visit, gone=True)
    kept = await kept_evidence(visit, known[1])
    if isinstance(kept, Refusal):
        return _page(visit, kept)
    visit.ground.uploads.forget(person, digest)
    if activity:
        return Gone(visit.url("desk", "acts", "ChangeActivity", activity=activity, boundary=kept))
    act = "RegisterActivity" if visit.may("RegisterActivity") else "ProposeActivity"
    said = {name: visit.form.get(name) for name in ("sector", "methodology")}
    return Gone(visit.url("desk", "acts", act, boundary=kept, **said))


def _unpacked(data: bytes) -> bytes | Refusal:
    """A zipped Shapefile as GeoJSON. Its reader is loaded when somebody sends one."""
    from counterfoil.adapters.geometry.shapefile import geojson_of

    return geojson_of(data)


def _drawn(text: str) -> bytes | Refusal:
    """The polygon of a list of corners, `latitude, longitude` on each line, as GeoJSON; degrees, north and east plus.

    Whole millionths of a degree come out as they were typed, about a tenth of a metre apart.
    """
    lines = [line for line in text.replace(";", "\n").splitlines() if line.strip()]
    if not 3 <= len(lines) <= CORNERS_MAX:
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "corners", "value": str(len(lines))})
    ring = []
    for line in lines:
        parts = line.replace(",", " ").split()
        corner = [_degrees(each) for each in parts]
        if len(corner) != 2 or None in corner:
            return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "corners", "value": line[:60]})
        ring.append([corner[1], corner[0]])
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    return json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()


def _degrees(text: str) -> float | None:
    """Degrees as a coordinate of GeoJSON, which has no other numbers; None where it is none."""
    try:
        value = float(text) if len(text) <= 24 else None
    except ValueError:
        return None
    return None if value is None or not -180 <= value <= 180 else round(value * MICRO) / MICRO
