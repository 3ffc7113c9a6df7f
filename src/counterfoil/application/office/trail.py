"""The trail: what was done with people and their powers, by whom, in rows that each cover the one before.

A row holds pseudonyms, numbers and words of ours, no name, no address, no secret: erasing somebody leaves it whole.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from counterfoil.application.office.ports import Office, OfficeStore, TrailRow
from counterfoil.domain.kernel.canonical import JSON, canonical

_BEGIN: Final = bytes(32)


def write(office: Office, actor: str, act: str, subject: str = "", facts: Mapping[str, JSON] | None = None) -> None:
    """Add a row, inside the change that it tells of."""
    last = office.store.trail.last()
    number, before = (1, _BEGIN) if last is None else (last.number + 1, last.digest)
    at_ms = office.clock.now_ms()
    text = canonical(dict(facts or {})).decode()
    digest = digest_of(before, number=number, at_ms=at_ms, actor=actor, act=act, subject=subject, facts=text)
    office.store.trail.add(TrailRow(number, at_ms, actor, act, subject, text, digest))


def digest_of(before: bytes, *, number: int, at_ms: int, actor: str, act: str, subject: str, facts: str) -> bytes:
    """SHA-256 over the digest before and the row's canonical JSON."""
    row = canonical([number, at_ms, actor, act, subject, facts])
    return hashlib.sha256(before + row).digest()


def broken_row(store: OfficeStore) -> int | None:
    """The number of the first row that does not follow from the one before; None when all do."""
    number, before = 0, _BEGIN
    for row in store.trail.all():
        number += 1
        wanted = digest_of(
            before,
            number=number,
            at_ms=row.at_ms,
            actor=row.actor,
            act=row.act,
            subject=row.subject,
            facts=row.facts,
        )
        if row.number != number or row.digest != wanted:
            return row.number
        before = wanted
    return None


def day_of(moment_ms: int) -> str:
    """The day of a moment, in UTC."""
    return datetime.fromtimestamp(moment_ms // 1000, UTC).date().isoformat()


def date_of(day: str) -> date:
    return date.fromisoformat(day)
