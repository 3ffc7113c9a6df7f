"""The audit trail over both logs, for those who keep and audit the registry; as CSV with the same filter."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from counterfoil.application.office.audit import AuditQuestion, Place, place_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.audit_view import days_of, page_of, shown
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.visit import Visit

ASKED: Final = ("person", "organisation", "act", "account")


def rows() -> tuple[PageRow, ...]:
    return LIST.rows()


def _rows(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    office = visit.ground.door.at_hand.office()
    if office is None:
        return Rows([])
    since, until = days_of(_day(values, "since"), _day(values, "until"))
    question = AuditQuestion(**{name: values.get(name, "") for name in ASKED}, since_ms=since, until_ms=until)
    place = place_of(after) if after else Place()
    if place is None:
        raise unreadable("after", after[:40])
    page = page_of(office, sight, question, after=place, limit=limit)
    following = None if page.next is None else str(page.next)
    return Rows([shown(row) for row in page.rows], following)


def _day(values: Mapping[str, str], name: str) -> date | None:
    sent = values.get(name, "")
    try:
        return date.fromisoformat(sent) if sent else None
    except ValueError as error:
        raise unreadable(name, sent[:40]) from error


LIST: Final = Listing(
    "/desk/admin/audit",
    "web.office.audit",
    (
        Column("at", lambda row: row["at"], Kind.MOMENT),
        Column("act", lambda row: row["act"], words="act|trail"),
        Column("actors", lambda row: " ".join(row["actors"]), words="actor"),
        Column("approvers", lambda row: " ".join(row["approvers"])),
        Column("subject", lambda row: row["subject"]),
        Column("organisations", lambda row: " ".join(row["organisations"])),
        Column("source", lambda row: row["source"], words="web.office.audit.of"),
        Column("number", lambda row: row["number"], Kind.NUMBER),
        Column("facts", lambda row: row["facts"], Kind.FACTS),
    ),
    _rows,
    filters=tuple(Filter(name) for name in (*ASKED, "since", "until")),
    template="office/audit.html",
    page_rows=25,
)
