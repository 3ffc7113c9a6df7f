"""The emissions balance against the NDC: adjustments by year from the book, and with inventory and method what follows.

Where a figure cannot be had the page says so and names what is missing; what is missing is never shown as zero.
Source: 2/CMA.3 annex paras. 7-17, 23; ADR-0019.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.application.queries.emissions_balance import party_balance
from counterfoil.application.queries.show import listing
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import AWAITING_USE, Closing, YearAdjustments, by_year
from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD
from counterfoil.domain.accounting.ndc import NDC_RECORD
from counterfoil.domain.accounting.period_account import PERIOD_ACCOUNT
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.accounting import read_day
from counterfoil.entrypoints.web.drawing.years import Series, Words, bars, lines
from counterfoil.entrypoints.web.moment import books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.portal.balance_entries import LISTING
from counterfoil.entrypoints.web.standings_then import adjustment_book
from counterfoil.entrypoints.web.visit import Visit

QUOTAS_MAX: Final = 50
SOURCES_MAX: Final = 20
COLUMNS: Final = ("emissions", "first_transferred", "oimp", "used", "net", "adjustment", "balance")
OF_PATHS: Final = ("path", "to_path")


def rows() -> tuple[PageRow, ...]:
    return (*LISTING.rows(), PageRow("/balance", reading(_balance)))


def _balance(sight: Sight, visit: Visit) -> Reply | Refusal:
    """`on` is a day or a year; `method` looks ahead where none is locked; `as_of` asks what was known at a moment."""
    if sight.record("registry", "self") is None:
        return Shown("portal/balance.html", {"founded": False})
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    of_moment = date.fromisoformat(as_of.on[:10]) if as_of.size else visit.today
    day = read_day("on", visit.query["on"]) if visit.query.get("on") else of_moment
    if isinstance(day, Refusal):
        return day
    wanted = visit.query.get("method", "")
    method = Method(wanted) if wanted in [each.value for each in Method] else None
    books, reach = books_then(sight, visit, as_of), visit.ground.accounts.reach(sight)
    party, size = sight.registry.party, as_of.size or min(reach.known, reach.entries)
    gather = visit.ground.accounts.gather(sight, size=as_of.size, then=books)
    found = visit.ground.folds.ask(
        sight,
        ("balance", day, method, size, reach.ready),
        lambda: party_balance(sight, party=party, as_of=day, method=method, gather=gather),
    )
    view = None if isinstance(found, Refusal) else found
    being_read = isinstance(found, Refusal) and found.code == EarlierFault.BEING_READ
    facts = {
        "founded": True,
        "as_of": as_of,
        "asked_on": day,
        # A link to this moment names the day too: figures of today are not those of the day of the last entry.
        "cited_with": {"on": day.isoformat()},
        "wanted": wanted,
        "methods": [each.value for each in Method],
        "known": reach.known if being_read else size,
        "entries": as_of.size or reach.entries,
        "being_read": being_read,
        "refused": found if view is None and not being_read else None,
        "view": view,
        "columns": _columns(view),
        "decimal": lambda text: visit.wording.number(Decimal(text)),
        "reasons": sorted(_reasons(view)) if view is not None else [],
        "balance_drawing": None if view is None else _balance_drawing(visit, view),
        **_book(sight, visit, books),
    }
    return Shown("portal/balance.html", facts)


def _book(sight: Sight, visit: Visit, then: Sight) -> dict[str, Any]:
    """The adjustment book as it stands or stood, its sources, and the quotas."""
    party = Party(sight.registry.party)
    books = adjustment_book(then, visit)
    tonnes = books.pop(TONNES, {})
    years = by_year(party, tonnes.items())
    quotas = listing(then, "quota", limit=QUOTAS_MAX)
    assert not isinstance(quotas, Refusal)
    return {
        "party": str(party),
        "years": years,
        "net": sum(entry.net for entry in years.values()),
        "added": sum(entry.added for entry in years.values()),
        "subtracted": sum(entry.subtracted for entry in years.values()),
        "awaiting": -tonnes.get(AWAITING_USE, 0),
        "closed": {closing.name.lower(): -tonnes.get(closing.value, 0) for closing in Closing},
        "others": {commodity: by_year(party, found.items()) for commodity, found in sorted(books.items())},
        "book_drawing": _book_drawing(visit, years) if years else None,
        "quotas": [_quota(item) for item in quotas["items"]],
        "quotas_more": quotas["next"] is not None,
        "sources": list(_sources(then)),
    }


def _quota(item: Mapping[str, Any]) -> dict[str, Any]:
    used = item["allocated_t"] + item["drawn_t"]
    return {**item, "used_t": used, "left_t": item["quantity_t"] - used}


def _sources(sight: Sight) -> Iterator[dict[str, Any]]:
    """The NDC, the method and the inventories with the entries that recorded them."""
    for kind in (NDC_RECORD, PERIOD_ACCOUNT, INVENTORY_RECORD):
        for row in islice(sight.reading.records(kind), SOURCES_MAX):
            yield {"kind": kind, "key": row.key, "entry": row.seq, "value": sight.codec.decode(row.value)}


def _book_drawing(visit: Visit, years: Mapping[int, YearAdjustments]) -> Drawing:
    t = visit.texts
    shown = range(min(years), max(years) + 1)
    known = [years.get(year, YearAdjustments()) for year in shown]
    series = (
        Series(t("web.balance.added"), [each.added for each in known]),
        Series(t("web.balance.subtracted"), [-each.subtracted for each in known]),
    )
    return bars(t("web.balance.book_chart"), [str(year) for year in shown], series, _words(visit), stacked=True)


def _balance_drawing(visit: Visit, view: Mapping[str, Any]) -> Drawing | None:
    """Emissions and balance by year, as far as they are known; None where no year is."""
    t = visit.texts
    names = ("emissions", "balance", "path")
    labels = list(view["years"])
    series = [
        Series(t(f"cli.party_balance.{name}"), [whole(told.get(name)) for told in view["years"].values()])
        for name in names
    ]
    known = [each for each in series if any(value is not None for value in each.values)]
    if not known or not labels:
        return None
    return lines(t("web.balance.chart"), labels, known, _words(visit))


def _words(visit: Visit) -> Words:
    return Words(visit.texts("cli.party_balance.year"), visit.texts("web.undetermined"), visit.wording.number)


def whole(figure: Any) -> int | None:
    """A figure as a whole number for a picture, rounded towards zero; None where there is none.

    >>> whole(4), whole({"exact": "-11/3", "rounded": "-3.67"}), whole({"not_available": "inventory_missing"})
    (4, -3, None)
    """
    if isinstance(figure, int):
        return figure
    rounded = figure.get("rounded") if isinstance(figure, Mapping) else None
    return int(rounded.partition(".")[0]) if rounded is not None else None


def _columns(view: Mapping[str, Any] | None) -> tuple[str, ...]:
    pathed = view is not None and any("path" in told for told in view["years"].values())
    return (*COLUMNS, *OF_PATHS) if pathed else COLUMNS


def _reasons(view: Mapping[str, Any]) -> set[str]:
    """Why figures are missing, each reason once."""
    figures = [figure for told in view["years"].values() for figure in told.values()]
    figures += [each[name] for each in view["targets"].values() for name in ("target", "reached", "margin")]
    return {figure["not_available"] for figure in figures if isinstance(figure, Mapping) and "not_available" in figure}
