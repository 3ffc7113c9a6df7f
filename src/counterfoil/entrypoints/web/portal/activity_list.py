"""The activities of the register: found by words, sector, host and stage, from an index that the server holds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.application.queries.activity_search import Asked
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.visit import Visit

CHOICES_MAX: Final = 300


def rows() -> tuple[PageRow, ...]:
    return _LIST.rows()


def _found(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
    asked = Asked(**values, after=after, limit=limit)
    found = visit.ground.finding.found(sight, asked)
    issued = visit.ground.standings.ask(
        sight, lambda all_: {each["key"]: -sum(all_.of(f"issued:{each['key']}").values()) for each in found["items"]}
    )
    return Rows([{**each, "issued": issued[each["key"]]} for each in found["items"]], found["next"])


def _hosts(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    from counterfoil.entrypoints.country_codes import country_names

    codes = visit.ground.finding.counted(sight).hosts
    named = [(code, country_names().get(code, {}).get(visit.language, code)) for code in codes]
    return sorted(named, key=lambda pair: pair[1])[:CHOICES_MAX]


def _sectors(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    return [(each, each) for each in visit.ground.finding.counted(sight).sectors if each][:CHOICES_MAX]


def _stages(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    return [(each, visit.texts(f"web.stage.{each}")) for each in visit.ground.finding.counted(sight).stages]


def _activity(row: Mapping[str, Any]) -> Sequence[object]:
    return ("activities", row["key"])


_LIST: Final = Listing(
    path="/activities",
    key="web.activities",
    columns=(
        Column("title", lambda row: row.get("title") or row["key"], link=_activity),
        Column("id", lambda row: row["key"], Kind.CODE),
        Column("sector", lambda row: row["sector"]),
        Column("host", lambda row: row["host"], Kind.COUNTRY),
        Column("stage", lambda row: row["stage"], Kind.TAG, words="web.stage"),
        Column("issued", lambda row: row["issued"], Kind.NUMBER),
    ),
    source=_found,
    filters=(Filter("text"), Filter("sector", _sectors), Filter("host", _hosts), Filter("stage", _stages)),
    template="portal/activities.html",
)
