"""The audit trail as JSON and as CSV, and the question it is asked with, read from texts."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from counterfoil.adapters.office.proposals import SqliteProposals
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.office.audit import AuditQuestion, AuditRow, Page, Place, audit_trail
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight

COLUMNS: Final = (
    "source",
    "number",
    "at",
    "actors",
    "capacity",
    "approvers",
    "act",
    "subject",
    "accounts",
    "organisations",
    "look",
    "facts",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def page_of(office: Office, sight: Sight, question: AuditQuestion, *, after: Place, limit: int) -> Page:
    """A page of an open office and a look at the journal."""
    assert isinstance(office.store, SqliteOffice)
    return audit_trail(office, SqliteProposals(office.store.file), sight, question, after=after, limit=limit)


def days_of(since: date | None, until: date | None) -> tuple[int, int]:
    """The moments between which a range of days lies, both days included, in UTC ms."""
    end = 2**62 if until is None or until == date.max else _ms(until + timedelta(days=1))
    return 0 if since is None else _ms(since), end


def shown(row: AuditRow) -> dict[str, Any]:
    """A row as JSON."""
    at = datetime.fromtimestamp(row.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return {
        "source": row.source,
        "number": row.number,
        "at": at,
        "actors": list(row.actors),
        "capacity": list(row.capacity),
        "approvers": list(row.approvers),
        "act": row.act,
        "subject": row.subject,
        "accounts": list(row.accounts),
        "organisations": list(row.organisations),
        "look": row.look,
        "facts": dict(row.facts),
    }


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else value
    text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, sort_keys=True)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
