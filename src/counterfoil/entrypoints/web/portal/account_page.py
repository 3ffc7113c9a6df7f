"""The accounts of the register, and one account: who holds it, what is in it, and its blocks page by page."""

from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.past import balances_of
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import role
from counterfoil.domain.ledger.entry import UNITS
from counterfoil.domain.people.account_state import ACCOUNT_STATE
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, of_kind
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.blocks import Wanted, blocks_page
from counterfoil.entrypoints.web.portal.moment import moment_asked
from counterfoil.entrypoints.web.visit import Visit

ENTRIES_MAX: Final = 200_000
"""Up to so many entries an account's past balance is added up from the journal while a visitor waits."""
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
)


def _account(sight: Sight, visit: Visit) -> Reply | Refusal:
    code = visit.path["code"]
    record = sight.record(ACCOUNT_RECORD, code)
    if record is None and sight.number("account", code) is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": code[:120]})
    last = sight.reading.last_checkpoint()
    size = 0 if last is None else last.size
    as_of = moment_asked(sight, visit, shown=size <= ENTRIES_MAX)
    if isinstance(as_of, Refusal):
        return as_of
    if as_of.size and as_of.shown:
        past = balances_of(sight, code, size=as_of.size)
        totals = {key.commodity: amount for key, amount in sorted(past.items()) if key.book == UNITS and amount}
    else:
        totals = visit.ground.standings.ask(sight, lambda all_: dict(sorted(all_.of(code).items())))
    # Blocks of an earlier moment are told nowhere, so the page of one shows sums only.
    page = (
        None if as_of.size else blocks_page(sight, visit, Wanted(account=code), visit.query.get("after", ""), limit=50)
    )
    facts = {
        "code": code,
        "role": role(code).value,
        "record": record or {},
        "stand": (sight.record(ACCOUNT_STATE, code) or {}).get("stand", "") if record else "",
        "opened": _opened(sight, code),
        "totals": list(totals.items())[:CLASSES_MAX],
        "more_classes": max(0, len(totals) - CLASSES_MAX),
        "units": sum(totals.values()),
        "page": page,
        "after": visit.query.get("after", ""),
        "size": as_of.size or size,
        "as_of": as_of,
    }
    return Shown("portal/account.html", facts)


def _opened(sight: Sight, code: str) -> Any:
    """The entry that opened it."""
    row = sight.reading.record(ACCOUNT_RECORD, code)
    return None if row is None else row.seq
