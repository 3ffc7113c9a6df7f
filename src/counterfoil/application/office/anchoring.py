"""The trail beside what the journal says of it: a chain can be whole and yet have lost its end, or have another past.

Read before: `trail.py`, `commands/anchor_trail.py`. Source: ADR-0026.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.commands.anchor_trail import ANCHOR, KEY, LAST_ANCHOR, AnchorTrail, TrailAnchor
from counterfoil.application.office.ports import Office, OfficeStore, TrailQuestion
from counterfoil.application.office.trail import date_of, day_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.record import from_json


class AnchorFinding(StrEnum):
    CUT = "cut"
    """The trail is shorter than the journal says."""
    OTHER_PAST = "other_past"
    """The row is there, with another digest: it, or one before it, was written anew."""


@dataclass(frozen=True, slots=True)
class Parted:
    """The first anchor that the trail does not agree with."""

    rows: int
    on: str
    finding: AnchorFinding


def anchors(sight: Sight) -> Iterable[TrailAnchor]:
    """Every anchor, shortest trail first."""
    for _, value in sight.records(ANCHOR):
        yield from_json(TrailAnchor, value)


def parted(store: OfficeStore, known: Iterable[TrailAnchor]) -> Parted | None:
    """Where trail and journal part; None where every anchor is met."""
    for anchor in known:
        found = store.trail.rows(TrailQuestion(after=anchor.rows - 1), limit=1)
        if not found or found[0].number != anchor.rows:
            return Parted(anchor.rows, anchor.on.isoformat(), AnchorFinding.CUT)
        if found[0].digest.hex() != anchor.digest:
            return Parted(anchor.rows, anchor.on.isoformat(), AnchorFinding.OTHER_PAST)
    return None


def next_anchor(office: Office, sight: Sight) -> AnchorTrail | None:
    """The act that anchors the trail as it is now; None where there is nothing new to anchor."""
    last = office.store.trail.last()
    value = sight.record(LAST_ANCHOR, KEY)
    anchored = 0 if value is None else from_json(TrailAnchor, value).rows
    if last is None or last.number <= anchored:
        return None
    return AnchorTrail(id=f"trail:{last.number}", rows=last.number, digest=last.digest.hex())


def due(office: Office, sight: Sight) -> AnchorTrail | None:
    """The same, once a day."""
    value = sight.record(LAST_ANCHOR, KEY)
    today = date_of(day_of(office.clock.now_ms()))
    if value is not None and from_json(TrailAnchor, value).on >= today:
        return None
    return next_anchor(office, sight)
