"""Who mends what two books tell differently: the one to whom its own signature is shown."""

import pytest

from counterfoil.domain.federation.case import (
    PATIENCE_MS,
    CaseKind,
    Claim,
    Mender,
    Shown,
    Verdict,
    agreed,
    judged,
    pieces,
)
from counterfoil.domain.federation.crossing import Crossing, Way
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.units.serials import SerialRange

AT = "2026-11-22T09:00:00Z"
NOW = (utc_ms(AT) or 0) + 2 * PATIENCE_MS
OUT, IN = Claim(Way.OUT, 7, "t-1", AT), Claim(Way.IN, 8, "t-2", AT)
NOTHING, THEIRS, OURS, FORGOTTEN = Shown.NOTHING, Shown.ITS_ENTRY, Shown.OUR_ENTRY, Shown.FORGOTTEN_ENTRY
BOTH, NEITHER = CaseKind.IN_BOTH, CaseKind.IN_NEITHER
US, THEM, NOBODY = Mender.US, Mender.THEM, Mender.NOBODY

TABLE = [
    # ours, theirs, shown, acquired: kind, mender, blocked
    (None, IN, FORGOTTEN, False, BOTH, US, True),
    (None, IN, NOTHING, False, BOTH, NOBODY, False),
    (IN, IN, FORGOTTEN, False, BOTH, US, True),
    (IN, IN, OURS, False, BOTH, THEM, False),
    (IN, IN, NOTHING, False, BOTH, THEM, False),
    (IN, None, NOTHING, False, BOTH, THEM, False),
    (OUT, None, NOTHING, False, NEITHER, THEM, False),
    (None, OUT, THEIRS, False, NEITHER, US, True),
    (None, OUT, NOTHING, False, NEITHER, NOBODY, False),
    (OUT, OUT, THEIRS, False, NEITHER, US, True),
    (OUT, OUT, THEIRS, True, NEITHER, THEM, False),
    (OUT, OUT, NOTHING, False, NEITHER, NOBODY, True),
]


@pytest.mark.parametrize(("ours", "theirs", "shown", "acquired", "kind", "mender", "blocked"), TABLE)
def test_a_difference_is_judged(  # noqa: PLR0917  a row of the table
    ours: Claim | None,
    theirs: Claim | None,
    shown: Shown,
    acquired: bool,
    kind: CaseKind,
    mender: Mender,
    blocked: bool,
) -> None:
    assert judged(ours, theirs, shown=shown, acquired=acquired, now_ms=NOW) == Verdict(kind, mender, blocked)


@pytest.mark.parametrize("age_ms", [0, PATIENCE_MS - 1_000])
def test_a_departure_may_be_under_way_for_a_while(age_ms: int) -> None:
    now = (utc_ms(AT) or 0) + age_ms
    assert judged(OUT, None, shown=NOTHING, acquired=False, now_ms=now) is None
    assert judged(None, OUT, shown=THEIRS, acquired=False, now_ms=now) is None
    # One that was acknowledged has arrived; one that is not shown is only said; and what came is never under way.
    arrived = Claim(Way.OUT, 7, "t-1", AT, confirmed=True)
    assert judged(arrived, None, shown=NOTHING, acquired=False, now_ms=now) is not None
    assert judged(None, OUT, shown=NOTHING, acquired=False, now_ms=now) is not None
    assert judged(None, IN, shown=FORGOTTEN, acquired=False, now_ms=now) is not None


def test_a_departure_of_the_far_future_is_not_under_way() -> None:
    claim = Claim(Way.OUT, 7, "t-1", "2036-01-01T00:00:00Z")
    assert judged(None, claim, shown=THEIRS, acquired=False, now_ms=NOW) is not None
    assert judged(None, Claim(Way.OUT, 7, "t-1", "soon"), shown=THEIRS, acquired=False, now_ms=NOW) is not None


def test_both_sides_agree_when_what_left_here_came_there() -> None:
    out, come = Crossing(1, 9, Way.OUT, 3), Crossing(1, 9, Way.IN, 5)
    assert agreed(out, come) and agreed(come, out) and agreed(None, None)
    assert not agreed(out, None) and not agreed(out, out) and not agreed(None, come)


def test_ranges_are_cut_where_either_book_says_something_else() -> None:
    ours = [Crossing(1, 5, Way.OUT, 3), Crossing(6, 20, Way.OUT, 4)]
    theirs = [Crossing(4, 8, Way.IN, 9)]
    found = [
        (str(piece.serials), piece.ours and piece.ours.seq, piece.theirs and piece.theirs.seq)
        for piece in pieces("c", [SerialRange(3, 10), SerialRange(30, 31)], ours, theirs)
    ]
    assert found == [("3", 3, None), ("4..5", 3, 9), ("6..8", 4, 9), ("9..10", 4, None), ("30..31", None, None)]
