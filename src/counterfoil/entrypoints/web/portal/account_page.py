"""The accounts of the register, and one account: who holds it, what is in it, and its blocks page by page."""

from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import role
from counterfoil.domain.people.account_state import ACCOUNT_STATE
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, of_kind
from counterfoil.entrypoints.web.moment import AsOf, books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.blocks import BlockPage, Wanted, blocks_page
from counterfoil.entrypoints.web.portal.blocks_then import blocks_page_then
from counterfoil.entrypoints.web.standings_then import known_of, sums
from counterfoil.entrypoints.web.visit import Visit

ROWS: Final = 50
CLASSES_MAX: Final = 200


def rows() -> tuple[PageRow, ...]:
    return (*_LIST.rows(), PageRow("/accounts/{code:path}", reading(_account)))


_LIST: Final = Listing(
    path="/accounts",
    key="web.accounts",
    columns=(
        Column("account", lambda row: row["code"], Kind.CODE, link=lambda row: ("accounts", row["code"])),
        Column("holder", lambda row: row["holder"]),
        Column("party", lambda row: row["party"], Kind.COUNTRY),
        Column("opened_on", lambda row: row["opened_on"], Kind.DAY),
    ),
    source=of_kind(ACCOUNT_RECORD),
    as_of=True,
)


_BLOCKS: Final = (
    Column("first_id", lambda row: row["first_id"], Kind.CODE, link=lambda row: ("units", row["first_id"])),
    Column("last_id", lambda row: row["last_id"], Kind.CODE, link=lambda row: ("units", row["last_id"])),
    Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
    Column("status", lambda row: row["status"], Kind.TAG, words="value"),
    Column("entry", lambda row: row["entry"], Kind.ENTRY, link=lambda row: ("entries", row["entry"])),
)


def _account(sight: Sight, visit: Visit) -> Reply | Refusal:
    code = visit.path["code"]
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    record = then.record(ACCOUNT_RECORD, code)
    totals = sums(then, visit, lambda all_: dict(sorted(all_.of(code).items())))
    if record is None and not _met(sight, visit, code, as_of):
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": code[:120]})
    facts = {
        "code": code,
        "role": role(code).value,
        "record": record or {},
        "stand": (then.record(ACCOUNT_STATE, code) or {}).get("stand", "") if record else "",
        "opened": _opened(then, code),
        "totals": list(totals.items())[:CLASSES_MAX],
        "more_classes": max(0, len(totals) - CLASSES_MAX),
        "units": sum(totals.values()),
        "columns": _BLOCKS,
        "page": _blocks(sight, visit, code, as_of),
        "after": visit.query.get("after", ""),
        "size": known_of(then),
        "as_of": as_of,
    }
    return Shown("portal/account.html", facts)


def _met(sight: Sight, visit: Visit, code: str, as_of: AsOf) -> bool:
    """An account that nobody opened, such as that of used units, is there from its first units on."""
    if not as_of.size:
        return sight.number("account", code) is not None
    return visit.ground.accounts.stood(sight, lambda all_: all_.met(code), size=as_of.size)


def _blocks(sight: Sight, visit: Visit, code: str, as_of: AsOf) -> BlockPage:
    wanted, after = Wanted(account=code), visit.query.get("after", "")
    if as_of.size:
        return blocks_page_then(sight, visit, wanted, after, limit=ROWS, size=as_of.size)
    return blocks_page(sight, visit, wanted, after, limit=ROWS)


def _opened(sight: Sight, code: str) -> Any:
    """The entry that opened it."""
    row = sight.reading.record(ACCOUNT_RECORD, code)
    return None if row is None else row.seq
