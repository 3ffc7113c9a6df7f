"""Two versions of a submission beside each other: what can be compared at all, and a change as JSON."""

from collections.abc import Mapping
from typing import Any

from counterfoil.application.queries.aef_check import NamedRaw
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_diff import RowChange
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_parse import AefReadingFault, read_submission
from counterfoil.domain.reporting.aef_rows import Submission


def submission_in_full(book: NamedRaw, form: AefFormat) -> Submission | Refusal:
    """The submission in a file, if all of it can be read: what cannot be read cannot be compared."""
    if isinstance(book.raw, Refusal):
        return book.raw
    read = read_submission(book.raw, form, book.name)
    if read.filed is None or read.filed.unread_tables or read.filed.stood_in:
        return Refusal(AefReadingFault.NOT_IN_FULL, {"file": book.name})
    return read.filed.submission


def change_json(change: RowChange) -> Mapping[str, Any]:
    """One changed, added or removed row with its fields."""
    return {
        "table": change.table,
        "change": change.kind.value,
        "row": change.name or None,
        "fields": [{"field": one.attribute, "old": _plain(one.old), "new": _plain(one.new)} for one in change.fields],
    }


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    return list(value) if isinstance(value, tuple) else str(value)
