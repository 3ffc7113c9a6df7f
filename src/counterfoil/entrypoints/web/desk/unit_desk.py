"""The desk of units: the blocks somebody may act on, what each may be used for, and the way to every such act.

Read next: `unit_purposes.py`, `fee_desk.py`, `certificates.py`. Source: 2/CMA.3 annex paras. 1-2, 20-21.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.web.desk import certificates, fee_desk, unit_purposes
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.desk.unit_purposes import Chosen, Possible
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.portal.blocks import blocks_page, wanted_of
from counterfoil.entrypoints.web.visit import Visit

LIST: Final = "GET /desk/units"
"""The row that says whose units somebody works with: anybody's, or those of their own body."""
ACCOUNTS_LOOKED: Final = 5_000
ACCOUNTS_SHOWN: Final = 200


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        *fee_desk.rows(),
        *certificates.rows(),
        *unit_purposes.rows(),
        PageRow("/desk/units/{key:path}", _block),
    )


def own_accounts(sight: Sight, body: str) -> list[tuple[str, str]]:
    """The accounts that a body holds, with their names; the look is bounded."""
    looked = islice(sight.records(ACCOUNT_RECORD, limit=ACCOUNTS_LOOKED), ACCOUNTS_LOOKED)
    found = ((key, str(value.get("name") or "")) for key, value in looked if value["holder"] == body)
    return list(islice(found, ACCOUNTS_SHOWN))


def _own(sight: Sight, visit: Visit, body: str) -> list[tuple[str, str]]:
    """The same, looked for once after each commit."""
    return visit.ground.folds.ask(sight, ("accounts of", body), lambda: own_accounts(sight, body))


def _anybodys(sight: Sight) -> list[tuple[str, str]]:
    known = islice(sight.records(ACCOUNT_RECORD, limit=ACCOUNTS_SHOWN), ACCOUNTS_SHOWN)
    return [(key, f"{key} · {value['holder']}") for key, value in known]


def _accounts(sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    body = own_body(visit, LIST)
    if body is None:
        return visit.ground.folds.ask(sight, "first accounts", lambda: _anybodys(sight))
    return [(key, f"{key} {name}".strip()) for key, name in _own(sight, visit, body)]


def _source(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """Blocks that are held. Who works for one body sees one of its accounts at a time, the first to begin with."""
    body = own_body(visit, LIST)
    wanted = {"state": "held", **values}
    if body is not None:
        own = [key for key, _ in _own(sight, visit, body)]
        if not own:
            return Rows(())
        wanted["account"] = values.get("account", own[0])
        if wanted["account"] not in own:
            return Rows(())
    page = blocks_page(sight, visit, wanted_of(wanted), after, limit=limit)
    return Rows(page.items, page.following)


def _facts(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    body = own_body(visit, LIST)
    return {
        "accounts": [] if body is None else _own(sight, visit, body),
        "own_only": body is not None,
        "may_fee": visit.may(f"GET {fee_desk.PATH}"),
    }


LISTING: Final = Listing(
    "/desk/units",
    "web.desk_units",
    (
        Column("first_id", lambda row: row["first_id"], Kind.CODE, lambda row: ("desk", "units", row["key"])),
        Column("last_id", lambda row: row["last_id"], Kind.CODE),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column("activity", lambda row: row["activity"], Kind.CODE),
        Column("account", lambda row: row["account"], Kind.ACCOUNT),
        Column("status", lambda row: row["status"], Kind.TAG, words="value"),
    ),
    _source,
    (Filter("account", _accounts), Filter("unit_class"), Filter("vintage"), Filter("activity")),
    template="desk/units/desk.html",
    facts=_facts,
)


async def _block(visit: Visit) -> Reply | Refusal:
    """One block, or a part of it (`first`, `last`), with what it may be used for as the books are now."""
    found = await visit.ask(lambda sight: _chosen(sight, visit))
    if isinstance(found, Refusal):
        return found
    holding, chosen = found
    possible: list[Possible] = await unit_purposes.possible(visit, chosen)
    facts = unit_facts(holding.facts)

    def drawn(sight: Sight) -> Reply | Refusal:
        shown = {
            "holding": holding,
            "chosen": chosen,
            "first_id": identifier(holding.unit_class, chosen.first),
            "last_id": identifier(holding.unit_class, chosen.last),
            "facts_of": facts,
            "letter": facts.authorization and sight.record("authorization", facts.authorization) is not None,
            "possible": possible,
            "ready": [each for each in possible if each.refusal is None],
            "refused": [each for each in possible if each.refusal is not None],
        }
        page: Reply = visit.rendered(Shown("desk/units/block.html", shown, kept=False), sight)
        return page

    return await visit.ask(drawn)


def _chosen(sight: Sight, visit: Visit) -> tuple[Holding, Chosen] | Refusal:
    key = visit.path["key"]
    unknown = Refusal(ShowFault.NOT_FOUND, {"what": "unit", "key": key[:120]})
    of, _, text = key.rpartition(" ")
    number = sight.number("class", of)
    if number is None or not (text.isascii() and text.isdecimal() and len(text) < 19):
        return unknown
    holding = next(iter(sight.holdings_between(of, int(text), int(text))), None)
    if holding is None or role(holding.account) is not AccountRole.HOLDING:
        return unknown
    body = own_body(visit, LIST)
    if body is not None and (sight.record(ACCOUNT_RECORD, holding.account) or {}).get("holder") != body:
        return unknown
    first = _within(visit.query.get("first", ""), holding, holding.serials.first)
    last = _within(visit.query.get("last", ""), holding, holding.serials.last)
    return holding, Chosen(of, min(first, last), max(first, last), holding.account)


def _within(text: str, holding: Holding, otherwise: int) -> int:
    """A serial of the block that somebody typed; anything else is the block's own end."""
    plain = text.replace(",", "").replace(" ", "")
    known = plain.isascii() and plain.isdecimal() and len(plain) < 19
    return int(plain) if known and holding.serials.first <= int(plain) <= holding.serials.last else otherwise
