"""Every part of which pages are made, on one page: for whoever builds a page, and for whoever checks how one looks.

All that it shows is invented, and says so by its names; nothing of it is read from the books.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from counterfoil.application.queries.unit_life import Passed, Station, Stop
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.drawing.samples import samples
from counterfoil.entrypoints.web.forms.ndc_balance import Balance, Room
from counterfoil.entrypoints.web.forms.ndc_effect import NdcEffect
from counterfoil.entrypoints.web.forms.outlook import Change, Outlook
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import AsOf
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.parts import Drawing, Happening
from counterfoil.entrypoints.web.portal.activity_map import world
from counterfoil.entrypoints.web.portal.unit_picture import life_picture
from counterfoil.entrypoints.web.visit import Visit
from counterfoil.entrypoints.web.wording import Wording

UNIT: Final = "CA0001-XAA01-XAA-71-2025"
_ROWS: Final = (
    {"key": "EBUS-1", "host": "THA", "quantity": 1_234_567, "on": "2026-01-05", "state": "issued"},
    {"key": "EBUS-2", "host": "CHE", "quantity": 12, "on": "2026-06-30", "state": "revoked"},
    {"key": "EBUS-3", "host": "", "quantity": None, "on": None, "state": "proposed"},
)
LISTING: Final = Listing(
    "/design",
    "web.design",
    (
        Column("id", lambda row: row["key"], Kind.CODE, lambda _row: ("design",)),
        Column("host", lambda row: row["host"], Kind.COUNTRY),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column("on", lambda row: row["on"], Kind.DAY),
        Column("state", lambda row: row["state"], Kind.TAG, words="value"),
    ),
    lambda _sight, _visit, _values, _after, _limit: Rows(_ROWS),
    (Filter("state", lambda _sight, visit: _choices(visit)), Filter("id")),
)


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/design", _design),)


async def _design(visit: Visit) -> Reply:
    happenings = (
        Happening("2026-01-05", "EBUS-1", visit.texts("web.design.note_text")),
        Happening("2026-06-30", "LoA 2026-1", tone="warn", source=visit.texts("web.design.source")),
        Happening("2031-12-31", visit.texts("web.design.step"), tone="future"),
    )
    drawn = _drawn(visit.language)
    facts = {
        "happenings": happenings,
        "drawings": drawn.several,
        "life": drawn.life,
        "listing": LISTING,
        "rows": _ROWS,
        "values": {},
        "choices": {"state": _choices(visit)},
        "moment_shown": AsOf(12, "2026-01-05T09:00:00.000Z"),
        "effect": _effect(visit),
    }
    return Shown("portal/design.html", facts)


@dataclass(frozen=True, slots=True)
class _Reader:
    """As much of a visit as drawings ask for: they say the same to everybody who reads a language."""

    language: str
    texts: Texts
    wording: Wording


class _Drawn(NamedTuple):
    life: Drawing
    several: tuple[Drawing, ...]


@lru_cache(maxsize=8)
def _drawn(language: str) -> _Drawn:
    """The drawings in one language, made once: they take longer than the rest of the page."""
    reader = cast("Visit", _Reader(language, Texts(language), Wording(language)))
    return _Drawn(life_picture(reader, _stops(), unit=UNIT), (*samples(reader), _map(reader)))


def _choices(visit: Visit) -> list[tuple[str, str]]:
    return [(each, visit.texts(f"value.{each}")) for each in ("issued", "revoked")]


def _map(visit: Visit) -> Drawing:
    counts = {"THA": 3, "CHE": 40, "GHA": 200, "SGP": 1_500}
    return world(visit, counts, {code: country_names().get(code, {}).get(visit.language, code) for code in counts})


def _stops() -> list[Stop]:
    """One station in each way of being passed."""
    return [
        Stop(Station.SENSOR, Passed.DONE, "2025-01-01/2025-06-30", "EBUS-1-M1", 4, "XAA01"),
        Stop(Station.VERIFICATION, Passed.DONE, "2025-08-01", "EBUS-1-V1", 6, "XAA01"),
        Stop(Station.ISSUANCE, Passed.DONE, "2025-09-01", "EBUS-1", 9, "XAA01"),
        Stop(Station.AUTHORIZATION, Passed.NOT),
        Stop(Station.HOLDING, Passed.HERE, "2025-09-01", "xaa:developer", 9, "XAA01"),
        Stop(Station.TRANSFER, Passed.ELSEWHERE, what="XBB01"),
        Stop(Station.END, Passed.NOT),
    ]


def _effect(visit: Visit) -> Outlook:
    """What an act would change, as forms show it before anybody signs."""
    units: dict[str, Any] = {"unit_class": "CA0001-XAA01-XAA-#-2025", "first": 71, "last": 1_000, "quantity": 930}
    balance = {"account": "xaa:developer", "named": visit.texts("web.design.field"), "commodity": "t CO₂e"}
    return Outlook(
        act=visit.texts("act.FirstTransferred"),
        on="2026-01-05",
        units=({**units, "source": "xaa:developer", "target": "to:CHE"},),
        balances=({**balance, "before": 1_000, "after": 70, "change": -930},),
        ndc=(NdcEffect("THA", 2025, "t CO₂e", (1_000, 1_930), (0, 0)),),
        emissions=(Balance(2025, 340_000, 340_930), Balance(2026, reason="inventory_missing")),
        rooms=(Room("quota", "2025", 1_000, 1_930, 5_000),),
        records=(
            Change(visit.texts("field.transfer"), "EBUS-T1", new=False, rows=((visit.texts("field.state"), "1", "2"),)),
        ),
        facts=(),
    )
