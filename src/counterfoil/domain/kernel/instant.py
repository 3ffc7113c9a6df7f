"""Moments as text: in UTC, `2026-11-22T09:30:00Z`, with milliseconds where they were recorded."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORM: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z\Z")


def utc_text(ms: int) -> str:
    """A moment, given as UTC milliseconds since 1970, as text; what is below a second is cut off.

    >>> utc_text(1_795_340_000_500)
    '2026-11-22T09:33:20Z'
    """
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{moment.replace(tzinfo=None).isoformat()}Z"


def utc_ms(text: str) -> int | None:
    """UTC milliseconds of a moment in such a form; None for any other text.

    >>> utc_ms("2026-11-22T09:33:20Z"), utc_ms("2026-11-22T09:33:20.250Z")
    (1795340000000, 1795340000250)
    >>> utc_ms("2026-11-22"), utc_ms("2026-13-22T09:33:20Z")
    (None, None)
    """
    if not _FORM.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(milliseconds=1)
