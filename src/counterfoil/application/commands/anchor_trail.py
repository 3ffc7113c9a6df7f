"""Anchor the office's trail in the journal: how many rows it has, and the digest over them. Nothing else of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

ANCHOR: Final = "trail_anchor"
LAST_ANCHOR: Final = "trail_anchor_last"
KEY: Final = "office"
_ROWS_MAX: Final = 10**12 - 1


class AnchorFault(StrEnum):
    UNREADABLE = "trail_anchor.unreadable"
    NOT_LONGER = "trail_anchor.not_longer"


@dataclass(frozen=True, slots=True)
class TrailAnchor:
    """The trail had so many rows on a day, and its last row this digest (SHA-256, hex), which covers all before."""

    rows: int
    digest: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorTrail(Command):
    """Say publicly how long the audit trail is and what it ends with, so that a cut end or another past is noticed."""

    rows: int
    digest: str


def anchor_trail(command: AnchorTrail, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what is no digest, and a trail that has not grown since the last anchor. Source: ADR-0026."""
    if not 1 <= command.rows <= _ROWS_MAX or not DIGEST.match(command.digest):
        return Refusal(AnchorFault.UNREADABLE, {"rows": command.rows})
    last = stored(books, LAST_ANCHOR, KEY, TrailAnchor)
    if last is not None and command.rows <= last.rows:
        return Refusal(AnchorFault.NOT_LONGER, {"rows": command.rows, "anchored": last.rows})
    anchor = TrailAnchor(command.rows, command.digest, context.on)
    records = (record(ANCHOR, key_of(command.rows), anchor), record(LAST_ANCHOR, KEY, anchor))
    return Entry(
        Act.TRAIL_ANCHORED, context.on, records=records, details={"rows": anchor.rows, "digest": anchor.digest}
    )


def key_of(rows: int) -> str:
    """So that anchors stand in their order."""
    return f"{rows:012}"
