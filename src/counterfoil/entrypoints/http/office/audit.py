"""The route of the audit trail over both logs, for those who keep and audit the registry."""

from datetime import date
from typing import Final

from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.office.audit import AuditQuestion, Place, place_of
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.audit_view import as_csv, days_of, page_of, shown
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE

LIMIT: Final = 100
LIMIT_MAX: Final = 1_000
ASKED: Final = ("person", "organisation", "act", "account")
JSON: Final = "json"
CSV: Final = "csv"
CSV_TYPE: Final = b"text/csv; charset=utf-8"
_TEXT_MAX: Final = 200


def routes() -> tuple[OfficeRoute, ...]:
    """The one route."""
    summary = said("Who did what: the trail and the journal in one view", "稽核檢視：人員軌跡與日誌合併呈現")
    return (OfficeRoute("GET", f"{PLACE}/audit", "listAudit", summary, _audit, Access.BY_TABLE),)


def _audit(office: Office, call: Call) -> Answer | Refusal:
    words = {name: call.query.get(name, "")[:_TEXT_MAX] for name in ASKED}
    since, until = days_of(_day(call, "since"), _day(call, "until"))
    sent = call.query.get("limit", str(LIMIT))
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= 4 and 1 <= int(sent) <= LIMIT_MAX):
        raise unreadable("limit", sent[:40])
    form = call.query.get("format", JSON)
    if form not in {JSON, CSV}:
        raise unreadable("format", form[:40])
    after = place_of(call.query.get("after", str(Place())))
    if after is None:
        raise unreadable("after", call.query["after"][:40])
    question = AuditQuestion(**words, since_ms=since, until_ms=until)
    assert isinstance(office.store, SqliteOffice)
    with open_for_reading(Folder(office.store.file.path.parent)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        page = page_of(office, sight, question, after=after, limit=int(sent))
    following = None if page.next is None else str(page.next)
    if form == CSV:
        # The place to go on from stands in a header, because a table has no room for it.
        headers = (
            (b"content-disposition", b'attachment; filename="audit.csv"'),
            (b"x-next", (following or "").encode()),
        )
        return Answer(as_csv(shown(row) for row in page.rows).encode(), headers=headers, kind=CSV_TYPE)
    return Answer({"items": [shown(row) for row in page.rows], "next": following})


def _day(call: Call, name: str) -> date | None:
    sent = call.query.get(name)
    try:
        return None if sent is None else date.fromisoformat(sent)
    except ValueError as error:
        raise unreadable(name, sent[:40] if sent else "") from error
