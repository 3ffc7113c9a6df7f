"""The desk of quotas of export: what each grants, what went below it, what letters drew, and what is left.

Source: requirement R-IDN-16.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.quota import QUOTA
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.visit import Visit


def rows() -> tuple[PageRow, ...]:
    return LISTING.rows()


def _left(_sight: Sight, row: Mapping[str, Any]) -> Mapping[str, Any]:
    used = row.get("allocated_t", 0) + row.get("drawn_t", 0)
    return {**row, "left_t": row["quantity_t"] - used}


def _facts(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    return {"may_set": visit.may("SetQuota")}


LISTING: Final = Listing(
    "/desk/quotas",
    "web.desk_quotas",
    (
        Column("quota", lambda row: row["key"], Kind.CODE),
        Column("level", lambda row: row["level"]),
        Column("holder", lambda row: row.get("holder", "")),
        Column("year", lambda row: str(row["year"])),
        Column("quantity_t", lambda row: row["quantity_t"], Kind.NUMBER),
        Column("allocated_t", lambda row: row.get("allocated_t", 0), Kind.NUMBER),
        Column("drawn_t", lambda row: row.get("drawn_t", 0), Kind.NUMBER),
        Column("left_t", lambda row: row["left_t"], Kind.NUMBER),
        Column("last_day", lambda row: row["last_day"], Kind.DAY),
    ),
    sifted(QUOTA, more=_left),
    (Filter("year"), Filter("level"), Filter("holder")),
    template="desk/accounts/quotas.html",
    facts=_facts,
)
