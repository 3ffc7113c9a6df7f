"""Transfers between this registry and others: the flows by Party, the list, and one with its stages in both books.

Source: 2/CMA.3 annex paras. 2(a), 20(a); ADR-0032.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.commands.waiting import ARRIVING
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.application.thread import Span, thread
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import came_from, pending, went_to
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.web.drawing.flows import Flow, sankey
from counterfoil.entrypoints.web.drawing.years import Words
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.standings_then import Sums, known_of, sums
from counterfoil.entrypoints.web.visit import Visit

AGREED: Final = "agreed_transfer"
RECONCILIATION: Final = "reconciliation"
PARTNERS_MAX: Final = 300
AGREED_SHOWN: Final = 50
LINK_STATES: Final = ("proposed", "testing", "live", "suspended")
STEPS_MAX: Final = 2_000
"""Entries that are gone through for the stages of one transfer."""
PARTS_SHOWN: Final = 100
STAGES: Final = ("propose", "offer", "accept", "settle", "void", "acquire", "confirm", "decline")
"""What the link does about a transfer is done under its name and one of these."""
RECEIPTS: Final = ("proposal", "acceptance", "receipt", "provenance", "acknowledgement", "departure", "note")


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        *PARTNERS.rows(),
        PageRow("/partners/{key}", reading(_partner)),
        PageRow("/transfers/{key:path}", reading(_page)),
    )


def country(code: str, language: str) -> str:
    """A Party by its name; one without a name here by its code."""
    return country_names().get(code, {}).get(language, code)


def flows(sight: Sight, visit: Visit) -> list[tuple[str, int, int, int]]:
    """By partner: its code, units that went there, that came from there, and that are in flight to it."""

    def of(standings: Sums) -> list[tuple[str, int, int, int]]:
        found = []
        for code, _ in islice(sight.records(PARTNER), PARTNERS_MAX):
            party = Party(code)
            out, back = sum(standings.of(went_to(party)).values()), -sum(standings.of(came_from(party)).values())
            found.append((code, out, back, sum(standings.of(pending(party)).values())))
        return found

    return sums(sight, visit, of)


def drawing(sight: Sight, visit: Visit) -> Drawing | None:
    """The flows of final transfers as a picture; None where nothing has crossed the border yet."""
    own, t = country(sight.registry.party, visit.language), visit.texts
    known: list[Flow] = []
    for code, out, back, _ in flows(sight, visit):
        name = country(code, visit.language)
        known += [Flow(own, name, out), Flow(name, own, back)]
    if not any(flow.quantity for flow in known):
        return None
    words = Words(t("web.transfers.from"), "", visit.wording.number)
    heads = (t("web.transfers.from"), t("web.transfers.to"), t("web.transfers.units"))
    return sankey(t("web.transfers.chart"), known, words, heads=heads)


def _above(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """What stands above the list; nothing of it on later pages."""
    if visit.query.get("after"):
        return {"drawing": None, "totals": None, "agreed": ()}
    agreed = [{"key": key, **value} for key, value in sight.records(AGREED, limit=AGREED_SHOWN)]
    found = flows(sight, visit)
    totals = {
        "out": sum(out for _, out, _, _ in found),
        "in": sum(back for _, _, back, _ in found),
        "in_flight": sum(flying for _, _, _, flying in found),
        "partners": len(found),
        "entries": known_of(sight),
    }
    return {"drawing": drawing(sight, visit), "totals": totals, "agreed": agreed}


def quantity(row: Mapping[str, Any]) -> int:
    return sum(part["last"] - part["first"] + 1 for part in row["parts"])


def _choices(*names: str) -> Any:
    return lambda _sight, visit: [(name, visit.texts(f"value.{name}")) for name in names]


def _partners(sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(code, country(code, visit.language)) for code, _ in islice(sight.records(PARTNER), PARTNERS_MAX)]


LISTING: Final = Listing(
    "/transfers",
    "web.transfers",
    (
        Column("transfer", lambda row: row["key"], Kind.CODE, lambda row: ("transfers", row["key"])),
        Column("direction", lambda row: row["direction"], Kind.TAG, words="value"),
        Column("partner", lambda row: row["partner"], Kind.COUNTRY),
        Column("quantity", quantity, Kind.NUMBER),
        Column("proposed_on", lambda row: row["proposed_on"], Kind.DAY),
        Column("final_on", lambda row: row["final_on"], Kind.DAY),
        Column("trigger", lambda row: row["trigger"], Kind.TAG, words="web.trigger"),
        Column("state", lambda row: row["state"], Kind.TAG, words="value"),
    ),
    sifted(TRANSFER),
    (
        Filter("direction", _choices("out", "in")),
        Filter("partner", _partners),
        Filter("state", _choices(*(state.value for state in TransferState))),
    ),
    template="portal/transfers.html",
    facts=_above,
    as_of=True,
)


def _partner_rows(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows:
    crossed = _crossed(sight, visit)
    found = sifted(PARTNER)(sight, visit, values, after, limit)
    assert isinstance(found, Rows)
    items = []
    for row in found.items:
        out, back, _ = crossed.get(row["key"], (0, 0, 0))
        compared = sight.record(RECONCILIATION, row["key"]) or {}
        items.append({**row, "units_out": out, "units_in": back, "compared": compared})
    return Rows(items, found.following)


def _crossed(sight: Sight, visit: Visit) -> dict[str, list[int]]:
    """Units by partner: gone there, come from there, in flight."""
    return {code: numbers for code, *numbers in flows(sight, visit)}


PARTNERS: Final = Listing(
    "/partners",
    "web.partners",
    (
        Column("party", lambda row: row["party"], Kind.COUNTRY, lambda row: ("partners", row["key"])),
        Column("registry", lambda row: row["registry"], Kind.CODE),
        Column("origin", lambda row: row["origin"], Kind.CODE),
        Column("state", lambda row: row.get("state", "live"), Kind.TAG, words="web.link"),
        Column("units_out", lambda row: row["units_out"], Kind.NUMBER),
        Column("units_in", lambda row: row["units_in"], Kind.NUMBER),
        Column("reconciled_on", lambda row: row["compared"].get("on"), Kind.DAY),
        Column("differing", lambda row: row["compared"].get("differing"), Kind.NUMBER),
        Column("public_key", lambda row: row["public_key"], Kind.CODE),
    ),
    _partner_rows,
    (Filter("state", lambda _sight, visit: [(each, visit.texts(f"web.link.{each}")) for each in LINK_STATES]),),
    as_of=True,
)


def _partner(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One other registry: how far the two trust each other, what crossed, and how the books compared."""
    key = visit.path["key"]
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    row = then.reading.record(PARTNER, key)
    if row is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": PARTNER, "key": key[:120]})
    out, back, flying = _crossed(then, visit).get(key, (0, 0, 0))
    facts = {
        "as_of": as_of,
        "partner": {"key": key, "state": "live", **sight.codec.decode(row.value)},
        "entry": row.seq,
        "out": out,
        "back": back,
        "in_flight": flying,
        "entries": known_of(then),
        "compared": then.record(RECONCILIATION, key),
    }
    return Shown("portal/partner.html", facts)


def _page(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    row = then.reading.record(TRANSFER, key)
    if row is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": TRANSFER, "key": key[:120]})
    value = sight.codec.decode(row.value)
    found = (leaf for leaf in _steps(sight, key, value, row.seq) if as_of.before(leaf["seq"]))
    steps = sorted(found, key=lambda leaf: leaf["seq"])
    compared = then.record(RECONCILIATION, value["partner"])
    facts = {
        "as_of": as_of,
        "transfer": {"key": key, **value},
        "quantity": quantity(value),
        "parts": [_part(part) for part in value["parts"][:PARTS_SHOWN]],
        "parts_more": max(0, len(value["parts"]) - PARTS_SHOWN),
        "steps": [_step(leaf) for leaf in steps],
        "compared": compared,
        "own": sight.registry.party,
        "because": next((leaf["because"] for leaf in steps if leaf.get("because")), ""),
        "adjusted": [post for leaf in steps for post in leaf.get("posts", ()) if ":added" in post[2]],
    }
    return Shown("portal/transfer.html", facts)


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "first_id": identifier(part["unit_class"], part["first"]),
        "last_id": identifier(part["unit_class"], part["last"]),
        "quantity": part["last"] - part["first"] + 1,
    }


def _steps(sight: Sight, key: str, value: Mapping[str, Any], last: int) -> Iterator[dict[str, Any]]:
    """The entries that speak of the transfer: those that set its records, and those in its units' own history."""
    named = sight.reading.commands([f"{key}:{stage}" for stage in STAGES]).values()
    decided = sight.reading.record(ARRIVING, key)
    seen = {last, *named, *(() if decided is None else (decided.seq,))}
    for seq in seen:
        row = sight.reading.row(seq)
        if row is not None:
            yield sight.codec.decode(row.leaf)
    for part in value["parts"][:PARTS_SHOWN]:
        span = Span(part["unit_class"], part["first"], part["first"])
        for holding in sight.holdings_between(span.unit_class, span.first, span.last):
            for leaf in islice(thread(sight.reading, sight.codec, holding.seq, [span]), STEPS_MAX):
                if leaf.get("details", {}).get("transfer") == key and leaf["seq"] not in seen:
                    seen.add(leaf["seq"])
                    yield leaf


def _step(leaf: Mapping[str, Any]) -> dict[str, Any]:
    details = leaf.get("details", {})
    return {
        "act": leaf["act"],
        "on": leaf["on"],
        "at": leaf["at"],
        "entry": leaf["seq"],
        "partner_entry": details.get("entry"),
        "receipts": {name: str(details[name]) for name in RECEIPTS if name in details},
    }
