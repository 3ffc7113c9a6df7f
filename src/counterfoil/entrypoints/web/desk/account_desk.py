"""The desk of accounts: those of one's own body, or all; one with its balance, its file, and its statement by day.

Source: 2/CMA.3 annex paras. 29-30; requirement R-GOV-02.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.queries.account_statement import StatementSaid, account_statement
from counterfoil.application.queries.letters import Letter
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.account_state import ACCOUNT_STATE, Stand
from counterfoil.domain.people.safeguards import KYC
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.desk import application_desk, hold_desk, papers
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows, plain
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.visit import Visit

LIST: Final = "GET /desk/accounts"
CLASSES_MAX: Final = 200
COUNTED_MAX: Final = 100
SOON: Final = timedelta(days=60)
"""A file on a holder that ends within these days is shown as soon over."""
MOVEMENT: Final = ("entry", "on", "act", "first_id", "last_id", "quantity", "other")
ACTS: Final = ("RecordKyc", "SuspendAccount", "ResumeAccount", "CloseAccount", "TrustAccount", "GiveMandate")
_OWN_PLACES: Final = {
    "SuspendAccount": ("desk", "accounts", "suspend"),
    "ResumeAccount": ("desk", "accounts", "resume"),
}
"""Acts with a form of their own at this desk; the others have the plain one."""


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        PageRow("/desk/accounts/statement.csv", _file),
        *papers.statement_rows(account_known, day_asked),
        *application_desk.rows(),
        *hold_desk.rows(),
        PageRow("/desk/accounts/{key:path}", _one),
    )


def _more(sight: Sight, row: Mapping[str, Any]) -> Mapping[str, Any]:
    state = sight.record(ACCOUNT_STATE, row["key"]) or {}
    kyc = sight.record(KYC, row["holder"]) or {}
    return {**row, "stand": state.get("stand", Stand.OPEN.value), **kyc}


def _source(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    body = own_body(visit, LIST)
    wanted = dict(values) if body is None else {**values, "holder": body}
    return sifted(ACCOUNT_RECORD, more=_more)(sight, visit, wanted, after, limit)


def _facts(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    may_decide = visit.may(f"GET {application_desk.PATH}")
    return {
        "may_open": visit.may("OpenAccount"),
        "may_quotas": visit.may("GET /desk/quotas"),
        "may_decide": may_decide,
        "may_holds": visit.may(f"GET {hold_desk.PATH}"),
        "applications": len(application_desk.waiting_ones(visit, COUNTED_MAX)) if may_decide else 0,
    }


LISTING: Final = Listing(
    "/desk/accounts",
    "web.desk_accounts",
    (
        Column("account", lambda row: row["key"], Kind.CODE, lambda row: ("desk", "accounts", row["key"])),
        Column("name", lambda row: row.get("name") or ""),
        Column("holder", lambda row: row["holder"]),
        Column("stand", lambda row: row["stand"], Kind.TAG, words="web.stand"),
        Column("kyc_valid_until", lambda row: row.get("kyc_valid_until"), Kind.DAY),
        Column("opened_on", lambda row: row["opened_on"], Kind.DAY),
    ),
    _source,
    (Filter("holder"),),
    template="desk/accounts/list.html",
    facts=_facts,
)


def account_known(sight: Sight, visit: Visit, key: str) -> Mapping[str, Any] | Refusal:
    """An account that the visitor may see at this desk; that of another body is as one that is not there."""
    value, body = sight.record(ACCOUNT_RECORD, key), own_body(visit, LIST)
    if value is None or (body is not None and value["holder"] != body):
        return Refusal(ShowFault.NOT_FOUND, {"what": "account", "key": key[:120]})
    return {"key": key, **value}


def day_asked(visit: Visit) -> date | Refusal | None:
    said = visit.query.get("on", "")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "on", "value": said[:60]})


async def _statement(visit: Visit, key: str, on: date | None) -> Letter | Refusal:
    """The statement of an account that the visitor may see. It reads the journal from its beginning: one at a time."""
    known = await visit.ask(lambda sight: account_known(sight, visit, key))
    if isinstance(known, Refusal):
        return known
    answered = await visit.ground.slow.ask(
        visit.ground.room, f"statement/{key}/{on}", lambda sight: account_statement(sight, key, on=on)
    )
    found: Letter | Refusal = answered.value
    return found


async def _one(visit: Visit) -> Reply | Refusal:
    """One account as it stands; with `on`, its statement at the last checkpoint of that day."""
    on = day_asked(visit)
    statement = await _statement(visit, visit.path["key"], on) if isinstance(on, date) else None
    shown: Reply | Refusal = await visit.ask(lambda sight: visit.rendered(_drawn(sight, visit, statement), sight))
    return shown


def _drawn(sight: Sight, visit: Visit, statement: Letter | Refusal | None) -> Reply | Refusal:
    key = visit.path["key"]
    value, on = account_known(sight, visit, key), day_asked(visit)
    if isinstance(value, Refusal):
        return value
    totals = visit.ground.standings.ask(sight, lambda all_: sorted(all_.of(key).items()))
    stand = (sight.record(ACCOUNT_STATE, key) or {}).get("stand", Stand.OPEN.value)
    facts = {
        "account": value,
        "stand": stand,
        "state": sight.record(ACCOUNT_STATE, key) or {},
        "kyc": _kyc(sight, visit, value["holder"]),
        "totals": totals[:CLASSES_MAX],
        "more_classes": max(0, len(totals) - CLASSES_MAX),
        "units": sum(amount for _, amount in totals),
        "on": visit.query.get("on", ""),
        "said": statement.said if isinstance(statement, Letter) else None,
        "ground": statement.ground if isinstance(statement, Letter) else None,
        "fault": next((each for each in (on, statement) if isinstance(each, Refusal)), None),
        "acts": _acts(visit, key, value["holder"], stand),
    }
    return Shown("desk/accounts/account.html", facts, kept=False)


def _kyc(sight: Sight, visit: Visit, holder: str) -> dict[str, str]:
    until = (sight.record(KYC, holder) or {}).get("kyc_valid_until", "")
    if not until:
        return {"until": "", "state": "none"}
    last = date.fromisoformat(until)
    state = "over" if last < visit.today else "soon" if last <= visit.today + SOON else "good"
    return {"until": until, "state": state}


def _acts(visit: Visit, key: str, holder: str, stand: str) -> Sequence[tuple[str, str]]:
    """The acts on an account by their names, each with the address of its form: only what fits how it stands."""
    known = {"RecordKyc": {"holder": holder}, "GiveMandate": {"holder": holder}}
    unfit = "ResumeAccount" if stand == Stand.OPEN else "SuspendAccount"
    return [
        (name, visit.url(*_OWN_PLACES.get(name, ("desk", "acts", name)), **known.get(name, {"account": key})))
        for name in ACTS
        if name != unfit and visit.may(name)
    ]


async def _file(visit: Visit) -> Reply | Refusal:
    """The movements of a statement as CSV, oldest first."""
    on = day_asked(visit)
    found = on if isinstance(on, Refusal) else await _statement(visit, visit.query.get("account", ""), on)
    if isinstance(found, Refusal):
        return found
    assert isinstance(found.said, StatementSaid)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(MOVEMENT)
    for each in found.said.movements:
        told = asdict(each)
        writer.writerow([plain(told[name]) for name in MOVEMENT])
    return Sent(text.getvalue().encode(), "text/csv; charset=utf-8", "statement.csv", kept=False)
