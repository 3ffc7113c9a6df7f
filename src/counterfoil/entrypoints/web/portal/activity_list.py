"""The activities of the register: found by words, sector, host and stage, from an index that the server holds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.application.queries.activity_search import SEARCHED, WORDS_MAX, Asked
from counterfoil.application.queries.earlier import EarlierReading
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.policy.stages import Stage
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal.sifting import Row, same, sifted
from counterfoil.entrypoints.web.standings_then import sums
from counterfoil.entrypoints.web.visit import Visit

CHOICES_MAX: Final = 300


def rows() -> tuple[PageRow, ...]:
    return _LIST.rows()


def _found(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
    if isinstance(sight.reading, EarlierReading):
        return _then(sight, visit, values, after, limit)
    asked = Asked(**values, after=after, limit=limit)
    found = visit.ground.finding.found(sight, asked)
    return Rows(_with_issued(sight, visit, found["items"]), found["next"])


def _with_issued(sight: Sight, visit: Visit, items: Sequence[Row]) -> list[Row]:
    issued = sums(sight, visit, lambda all_: [-sum(all_.of(f"issued:{each['key']}").values()) for each in items])
    return [{**each, "issued": quantity} for each, quantity in zip(items, issued, strict=True)]


def _fits(row: Row, values: Mapping[str, str]) -> bool:
    """As the index finds: every word somewhere in the texts, the rest exactly."""
    if not values:
        return True
    said = "\n".join(str(row.get(name) or "") for name in SEARCHED).casefold()
    words = values.get("text", "").casefold().split()[:WORDS_MAX]
    exact = {name: value for name, value in values.items() if name in ("sector", "host")}
    return all(word in said for word in words) and same(row, exact)


def _then(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
    """What the records said at an earlier moment, looked through a bounded number at a time."""

    def stage(books: Sight, row: Row) -> Row:
        life = books.record(LIFE, row["key"])
        return {**row, "stage": Stage.REGISTERED.value if life is None else life["stage"]}

    found = sifted(ACTIVITY, fits=_fits, more=stage)(sight, visit, values, after, limit)
    assert isinstance(found, Rows)
    wanted = values.get("stage", "")
    fitting = [row for row in found.items if wanted in ("", row["stage"])]
    return Rows(_with_issued(sight, visit, fitting), found.following)


def _hosts(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    from counterfoil.entrypoints.country_codes import country_names

    codes = visit.ground.finding.counted(sight).hosts
    named = [(code, country_names().get(code, {}).get(visit.language, code)) for code in codes]
    return sorted(named, key=lambda pair: pair[1])[:CHOICES_MAX]


def _sectors(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    sectors = [each for each in visit.ground.finding.counted(sight).sectors if each][:CHOICES_MAX]
    return [(each, visit.texts.known(f"word.sector.{each}") or each) for each in sectors]


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
        Column("sector", lambda row: row["sector"], words="word.sector"),
        Column("host", lambda row: row["host"], Kind.COUNTRY),
        Column("stage", lambda row: row["stage"], Kind.TAG, words="web.stage"),
        Column("issued", lambda row: row["issued"], Kind.NUMBER),
    ),
    source=_found,
    filters=(Filter("text"), Filter("sector", _sectors), Filter("host", _hosts), Filter("stage", _stages)),
    template="portal/activities.html",
    as_of=True,
)
