"""The unit book as a list of blocks: a range of serials that stand in one account with the same facts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import moment_asked
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal.blocks import blocks_page, wanted_of
from counterfoil.entrypoints.web.portal.blocks_then import blocks_page_then
from counterfoil.entrypoints.web.visit import Visit

STATES: Final = ("held", "in_flight", "abroad", "used", "cancelled", "retired")
CLASSES_MAX: Final = 500
"""Classes that the filter offers; with more of them the filter asks for a vintage or an activity."""


def rows() -> tuple[PageRow, ...]:
    return _LIST.rows()


def _blocks(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    if as_of.size:
        then = blocks_page_then(sight, visit, wanted_of(values), after, limit=limit, size=as_of.size)
        return Rows(then.items, then.following)
    page = blocks_page(sight, visit, wanted_of(values), after, limit=limit)
    return Rows(page.items, page.following)


def _classes(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    found = visit.ground.standings.ask(sight, lambda all_: all_.classes())
    return [(key, key) for key in list(found)[:CLASSES_MAX]]


def _vintages(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    read = [unit_class(key) for key in visit.ground.standings.ask(sight, lambda all_: all_.classes())]
    years = sorted({each.vintage for each in read if isinstance(each, UnitClass) and each.vintage}, reverse=True)
    return [(str(year), visit.wording.year(year)) for year in years]


def _states(_: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    return [(each, visit.texts(f"value.{each}")) for each in STATES]


def _unit(name: str) -> Any:
    return lambda row: ("units", row[name])


def _account(row: Mapping[str, Any]) -> Sequence[object] | None:
    return ("accounts", row["account"]) if row["opened"] else None


_LIST: Final = Listing(
    path="/units",
    key="web.units",
    columns=(
        Column("first_id", lambda row: row["first_id"], Kind.CODE, link=_unit("first_id")),
        Column("last_id", lambda row: row["last_id"], Kind.CODE, link=_unit("last_id")),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column(
            "activity",
            lambda row: row["activity"],
            link=lambda row: ("activities", row["activity"]) if row["activity"] else None,
        ),
        Column("account", lambda row: row["account"], Kind.ACCOUNT, link=_account),
        Column("state", lambda row: row["state"], Kind.TAG, words="value"),
        Column("status", lambda row: row["status"], Kind.TAG, words="value"),
        Column("entry", lambda row: row["entry"], Kind.CODE, link=lambda row: ("entries", row["entry"])),
    ),
    source=_blocks,
    filters=(
        Filter("unit_class", _classes),
        Filter("vintage", _vintages),
        Filter("state", _states),
        Filter("activity"),
        Filter("account"),
    ),
    template="portal/units.html",
    as_of=True,
    own_moment=True,
)
