"""Running totals by account and class say at every moment what adding up the moves says."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.application.queries.moved_units import MovedUnits, Stood

ACCOUNTS = ("issued:A", "dev", "other", "to:CHE", "used:ndc:2030")
MOVES = st.tuples(
    st.sampled_from(["C-1", "C-2"]),
    st.integers(1, 50),
    st.integers(50, 90),
    st.sampled_from(ACCOUNTS),
    st.sampled_from(ACCOUNTS),
)


@given(entries=st.lists(st.lists(MOVES, max_size=3), max_size=12))
def test_what_stood_is_the_sum_of_the_moves_so_far(entries: list[list[tuple[Any, ...]]]) -> None:
    moved = MovedUnits()
    for seq, moves in enumerate(entries):
        moved.take({"seq": seq, **({"moves": moves} if moves else {})})
    for size in range(len(entries) + 2):
        expected: Counter[tuple[str, str]] = Counter()
        for moves in entries[:size]:
            for of, first, last, source, target in moves:
                expected[source, of] -= last - first + 1
                expected[target, of] += last - first + 1
        stood = Stood(moved, size)
        for account in ACCOUNTS:
            assert stood.met(account) == any(account in move[3:] for moves in entries[:size] for move in moves)
            assert stood.of(account) == {
                of: units for (where, of), units in expected.items() if where == account and units
            }
        for word in ("issued", "to", "used"):
            assert stood.ending(word) == sum(units for (where, _), units in expected.items() if where.startswith(word))
        assert stood.held(("issued", "to", "used")) == sum(
            units for (where, _), units in expected.items() if where in ("dev", "other")
        )


def test_an_account_that_never_moved_anything_has_nothing() -> None:
    assert Stood(MovedUnits(), 5).of("nobody") == {} and Stood(MovedUnits(), 5).ending("to") == 0
