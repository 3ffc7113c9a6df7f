"""The accounts of the register, and one account: who holds it, what is in it, and its blocks page by page."""

from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.past import Balances, balances_of
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import role
from counterfoil.domain.ledger.entry import UNITS
from counterfoil.domain.people.account_state import ACCOUNT_STATE
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, of_kind
from counterfoil.entrypoints.web.moment import AsOf, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.portal.blocks import Wanted, blocks_page
from counterfoil.entrypoints.web.visit import Visit

ENTRIES_MAX: Final = 200_000
"""Up to so many entries an account's past balance is added up from the journal while a visitor waits."""
CLASSES_MAX: Final = 200


def rows() -> tuple[PageRow, ...]:
    return (*_LIST.rows(), PageRow("/accounts/{code:path}", _shown))


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


async def _shown(visit: Visit) -> Reply | Refusal:
    """An earlier moment is added up one at a time, whoever asks: it reads much of the journal."""
    past = None
    if visit.query.get("as_of"):
        as_of = await visit.ask(lambda sight: _asked(sight, visit))
        if isinstance(as_of, Refusal):
            return as_of
        if as_of.size and as_of.shown:
            code, size = visit.path["code"], as_of.size
            answered = await visit.ground.slow.ask(
                visit.ground.room, f"account/{code}/{size}", lambda sight: balances_of(sight, code, size=size)
            )
            past = answered.value
    shown: Reply | Refusal = await visit.ask(lambda sight: visit.rendered(_account(sight, visit, past), sight))
    return shown


def _asked(sight: Sight, visit: Visit) -> AsOf | Refusal:
    """The account, and the moment that the address names."""
    code = visit.path["code"]
    if sight.record(ACCOUNT_RECORD, code) is None and sight.number("account", code) is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": code[:120]})
    last = sight.reading.last_checkpoint()
    return moment_asked(sight, visit, shown=last is None or last.size <= ENTRIES_MAX)


def _account(sight: Sight, visit: Visit, past: Balances | None) -> Reply | Refusal:
    code = visit.path["code"]
    as_of = _asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    record = sight.record(ACCOUNT_RECORD, code)
    last = sight.reading.last_checkpoint()
    size = 0 if last is None else last.size
    if past is not None:
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
