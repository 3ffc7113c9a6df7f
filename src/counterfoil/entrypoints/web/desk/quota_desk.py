"""The desk of quotas of export: what each grants, what went below it, what letters drew, and what is left.

Source: requirement R-IDN-16.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.quota import QUOTA
from counterfoil.entrypoints.web.drawing.years import Series, Words, bars
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.visit import Visit

LOOKED_MAX: Final = 2_000
"""Quotas that are drawn; a registry has some for each year, sector and enterprise."""
LEVELS_MAX: Final = 6
YEARS_MAX: Final = 12
"""Of a level, the newest ones."""


def rows() -> tuple[PageRow, ...]:
    return LISTING.rows()


def _left(_sight: Sight, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "left_t": row["quantity_t"] - _used_t(row)}


def _used_t(row: Mapping[str, Any]) -> int:
    used: int = row.get("allocated_t", 0) + row.get("drawn_t", 0)
    return used


def _facts(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The drawing stands on the first page of the whole list, and of one that is sifted by year or level."""
    facts: dict[str, Any] = {"may_set": visit.may("SetQuota"), "drawings": []}
    if visit.query.get("after"):
        return facts
    rows = [value for _, value in islice(sight.records(QUOTA, limit=LOOKED_MAX + 1), LOOKED_MAX + 1)]
    asked = {name: visit.query[name] for name in ("year", "level", "holder") if visit.query.get(name)}
    fitting = [
        each for each in rows[:LOOKED_MAX] if all(str(each.get(name, "")) == said for name, said in asked.items())
    ]
    return {**facts, "drawings": drawings(visit, fitting), "drawn": len(fitting), "beyond": len(rows) > LOOKED_MAX}


def drawings(visit: Visit, quotas: list[Mapping[str, Any]]) -> list[Drawing]:
    """One for each level: used and left of its years, one upon the other.

    Levels are never added: what a nation gives to its sectors is used there, and granted again below.
    """
    granted: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    used: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each in quotas:
        granted[each["level"]][each["year"]] += each["quantity_t"]
        used[each["level"]][each["year"]] += _used_t(each)
    return [_drawing(visit, level, granted[level], used[level]) for level in sorted(granted)[:LEVELS_MAX]]


def _drawing(visit: Visit, level: str, granted: Mapping[int, int], used: Mapping[int, int]) -> Drawing:
    t, years = visit.texts, sorted(granted)[-YEARS_MAX:]
    series = [
        Series(t("web.desk_quotas.used"), [used[year] for year in years]),
        Series(t("web.desk_quotas.left"), [granted[year] - used[year] for year in years]),
    ]
    words = Words(t("field.year"), t("web.undetermined"), visit.wording.number)
    title = t("web.desk_quotas.drawing", level=level)
    return bars(title, [str(year) for year in years], series, words, stacked=True)


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
