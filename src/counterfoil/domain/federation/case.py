"""A case: serials of which two books say different things, who has to mend it, and what is blocked until then.

Two things can be wrong with a unit: both books have it, or neither. Who is right is not a question of trust: whoever
lets units go signs an entry of its own log, and whoever takes them keeps that entry with its proof. A book to which its
own signature is shown, on an entry that it does not know any more, has forgotten it, and mends.

Read before: `domain/federation/crossing.py`, `domain/federation/differing.py`. Source: ADR-0033.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from counterfoil.domain.federation.crossing import Crossing, Way, touching
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.units.serials import SerialRange

PATIENCE_MS: Final = 72 * 3_600_000
"""For so long after an entry its message may still be under way."""


class CaseKind(StrEnum):
    """What is wrong. `forked` is about the partner's log, and names no serials."""

    IN_BOTH = "in_both"
    IN_NEITHER = "in_neither"
    FORKED = "forked"


class Mender(StrEnum):
    """Who has to book what is missing: this book, the partner's, or nobody can tell, as nothing was proven."""

    US = "us"
    THEM = "them"
    NOBODY = "nobody"


class Shown(StrEnum):
    """What the partner showed for its claim: its own entry, an entry of ours, whether we still know it, or nothing."""

    NOTHING = "nothing"
    ITS_ENTRY = "its_entry"
    OUR_ENTRY = "our_entry"
    FORGOTTEN_ENTRY = "forgotten_entry"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one book says about units: which way they crossed last, in which entry, and in which transfer.

    `at` is when the entry was recorded (UTC); `confirmed` whether the other side has acknowledged a departure.
    """

    way: Way
    entry: int
    transfer: str = ""
    at: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with units, and who mends it."""

    kind: CaseKind
    mender: Mender
    blocked: bool


class Piece(NamedTuple):
    """Units of one class about which each book says one thing: its crossing, or None where it knows of none."""

    unit_class: str
    serials: SerialRange
    ours: Crossing | None
    theirs: Crossing | None


def pieces(
    of: str, ranges: Iterable[SerialRange], ours: Sequence[Crossing], theirs: Sequence[Crossing]
) -> Iterator[Piece]:
    """Cut ranges where either book says something else. Both sides' crossings are in order and do not overlap."""
    for span in ranges:
        here = list(touching(ours, span.first, span.last))
        there = list(touching(theirs, span.first, span.last))
        cuts = {span.first, span.last + 1}
        for each in (*here, *there):
            cuts |= {each.first, each.last + 1}
        bounds = sorted(cuts)
        for low, above in pairwise(bounds):
            yield Piece(of, SerialRange(low, above - 1), _at(here, low), _at(there, low))


def _at(crossings: Sequence[Crossing], serial: int) -> Crossing | None:
    return next(touching(crossings, serial, serial), None)


def agreed(ours: Crossing | None, theirs: Crossing | None) -> bool:
    """Whether both say the same: it left here and came there, or the other way round, or neither knows of it."""
    if ours is None or theirs is None:
        return ours is theirs
    return ours.way is not theirs.way


def judged(ours: Claim | None, theirs: Claim | None, *, shown: Shown, acquired: bool, now_ms: int) -> Verdict | None:
    """What is wrong with units of which the books differ; None while a message may still be under way.

    An unproven claim to units that never crossed this border as this book knows it blocks nothing: else a partner that
    lies could freeze any holding by naming it.

    Args:
        shown: What the partner showed for its claim.
        acquired: Whether the partner's departure was acquired here once: then it is the partner that has forgotten.
        now_ms: UTC milliseconds.
    """
    if Way.OUT not in {None if each is None else each.way for each in (ours, theirs)}:
        mender = _with_both(ours, theirs, shown)
        kind = CaseKind.IN_BOTH
    else:
        if _under_way(ours, now_ms) or (shown is Shown.ITS_ENTRY and _under_way(theirs, now_ms)):
            return None
        mender = _with_neither(ours, theirs, shown, acquired=acquired)
        kind = CaseKind.IN_NEITHER
    blocked = mender is Mender.US or (mender is Mender.NOBODY and ours is not None)
    return Verdict(kind, mender, blocked)


def _with_both(ours: Claim | None, theirs: Claim | None, shown: Shown) -> Mender:
    """Who has units that it let go. What came here came with the partner's signed entry."""
    if theirs is not None and shown is Shown.FORGOTTEN_ENTRY:
        return Mender.US
    return Mender.NOBODY if ours is None else Mender.THEM


def _with_neither(ours: Claim | None, theirs: Claim | None, shown: Shown, *, acquired: bool) -> Mender:
    """Who has not taken what was sent."""
    if theirs is None or theirs.way is Way.IN or (ours is not None and acquired):
        return Mender.THEM
    return Mender.US if shown is Shown.ITS_ENTRY else Mender.NOBODY


def _under_way(claim: Claim | None, now_ms: int) -> bool:
    """Whether the message about a departure may still be on its way. One that was acknowledged has arrived."""
    if claim is None or claim.way is not Way.OUT or claim.confirmed:
        return False
    at = utc_ms(claim.at)
    return at is not None and abs(now_ms - at) < PATIENCE_MS
