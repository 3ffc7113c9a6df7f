"""Credits of programmes outside any State's ledger, as they were recorded: each stands at compliance value 0.

They are in no account and no NDC, so no page of units has them. Source: `domain/compliance/voluntary.py`; requirement
R-INT-06.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.compliance.voluntary import VOLUNTARY, Standing
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.visit import Visit


def rows() -> tuple[PageRow, ...]:
    return LISTING.rows()


def _entry(sight: Sight, row: Mapping[str, Any]) -> Mapping[str, Any]:
    record = sight.reading.record(VOLUNTARY, row["key"])
    return {**row, "entry": None if record is None else record.seq}


def _standings(_: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(each.value, visit.texts(f"value.{each}")) for each in Standing]


def _first(row: Mapping[str, Any]) -> int:
    return int(row["serials"]["first"])


def _last(row: Mapping[str, Any]) -> int:
    return int(row["serials"]["last"])


LISTING: Final = Listing(
    "/claims/voluntary",
    "web.voluntary",
    (
        Column("voluntary", lambda row: row["key"], Kind.CODE),
        Column("programme", lambda row: row["programme"]),
        Column("block", lambda row: row["block"], Kind.CODE),
        Column("first", _first, Kind.NUMBER),
        Column("last", _last, Kind.NUMBER),
        Column("quantity", lambda row: _last(row) - _first(row) + 1, Kind.NUMBER),
        Column("compliance_value", lambda row: row["compliance_value"], Kind.NUMBER),
        Column("holder", lambda row: row["holder"]),
        Column("claim", lambda row: row["claim"], words="value"),
        Column("standing", lambda row: row["standing"], Kind.TAG, words="value"),
        Column("recorded_on", lambda row: row["recorded_on"], Kind.DAY),
        Column("source", lambda row: row["source"]),
        Column("entry", lambda row: row["entry"], Kind.CODE, link=lambda row: ("entries", row["entry"])),
    ),
    sifted(VOLUNTARY, more=_entry),
    (Filter("programme"), Filter("holder"), Filter("standing", _standings)),
    as_of=True,
)
