"""The entries that made the sums of the adjustment book: what a figure of the balance is made of, one posting a row.

Their numbers are remembered (`mentioned.py`), so that a page costs the same however long the journal is.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import year_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import ADJUSTMENTS
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import moment_asked
from counterfoil.entrypoints.web.visit import Visit

YEARS_MAX: Final = 60


def _source(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    for name, value in (("after", after), ("year", values.get("year", ""))):
        if value and not (value.isascii() and value.isdecimal() and len(value) < 19):
            return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": name, "value": value[:60]})
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    party, year = sight.registry.party, values.get("year", "")
    if year and year not in _booked(sight, visit):
        # Nothing is searched for a year that the book does not have: a search reads the whole journal.
        return Rows(())
    # The book's accounts stand in leaves as JSON strings, so the text is looked for from its quotation mark on.
    looked = f'"ndc:{party}:{year}:' if year else f'"ndc:{party}:'
    items: list[dict[str, Any]] = []
    found = visit.ground.mentioned.page(
        sight, looked, after=int(after) if after else -1, limit=limit, room=visit.ground.room
    )
    known = [row for row in found.rows if as_of.before(row.seq)]
    for row in known:
        leaf = sight.codec.decode_unchecked(row.leaf)
        items += [_row(leaf, post) for post in leaf.get("posts", ()) if _wanted(post, party, year)]
    goes_on = found.following is not None and as_of.before(found.following)
    return Rows(items, str(found.following) if goes_on else None)


def _wanted(post: Any, party: str, year: str) -> bool:
    of = year_of(post[2], party)
    return post[0] == ADJUSTMENTS and of is not None and year in ("", str(of))


def _row(leaf: Mapping[str, Any], post: Any) -> dict[str, Any]:
    _, commodity, account, amount = post
    return {
        "entry": leaf["seq"],
        "act": leaf["act"],
        "on": leaf["on"],
        "year": account.split(":")[2],
        "account": account,
        "commodity": commodity,
        "amount": amount,
        "because": leaf.get("because", ""),
        "law": leaf.get("details", {}).get("law", {}).get("version", ""),
    }


def _years(sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    """The years of the book, as choices."""
    return [(year, year) for year in _booked(sight, visit)][-YEARS_MAX:]


def _booked(sight: Sight, visit: Visit) -> list[str]:
    """The years in which the book has anything."""
    books = visit.ground.standings.ask(
        sight, lambda standings: [account for found in standings.adjustments().values() for account in found]
    )
    years = {year_of(account, sight.registry.party) for account in books}
    return [str(year) for year in sorted(year for year in years if year is not None)]


LISTING: Final = Listing(
    "/balance/entries",
    "web.balance_entries",
    (
        Column("entry", lambda row: row["entry"], Kind.CODE, lambda row: ("entries", row["entry"])),
        Column("act", lambda row: row["act"], Kind.TAG, words="act"),
        Column("on", lambda row: row["on"], Kind.DAY),
        Column("year", lambda row: row["year"]),
        Column("amount", lambda row: row["amount"], Kind.NUMBER),
        Column("commodity", lambda row: row["commodity"]),
        Column("account", lambda row: row["account"], Kind.ACCOUNT),
        Column("because", lambda row: row["because"]),
        Column("law_version", lambda row: row["law"]),
    ),
    _source,
    (Filter("year", _years),),
    as_of=True,
    own_moment=True,
)
