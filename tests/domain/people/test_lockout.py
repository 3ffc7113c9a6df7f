"""A lock is a delay that doubles up to a bound, and never for ever."""

from hypothesis import given
from hypothesis.strategies import integers

from counterfoil.domain.people.lockout import ACCOUNT, ADDRESS
from counterfoil.domain.people.pseudonym import LENGTH, PERSON, pseudonym


@given(failures=integers(0, 10**9))
def test_more_failures_never_wait_less_and_no_wait_passes_its_bound(failures: int) -> None:
    for rule in (ACCOUNT, ADDRESS):
        assert rule.wait_ms(failures) <= rule.wait_ms(failures + 1) <= rule.most_ms


def test_the_first_failures_are_free_and_each_next_one_costs_twice_as_much() -> None:
    waits = [ACCOUNT.wait_ms(failures) // 1000 for failures in range(11)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900]
    assert ADDRESS.wait_ms(29) == 0 and ADDRESS.wait_ms(30) == 10_000


@given(number=integers(0, 256**LENGTH - 1))
def test_every_draw_makes_a_pseudonym_without_letters_that_are_mistaken(number: int) -> None:
    made = pseudonym(number.to_bytes(LENGTH, "big"))
    assert PERSON.match(made) and not set("IO01") & set(made[2:])


def test_a_pseudonym_is_told_from_what_only_looks_like_one() -> None:
    assert PERSON.match("P-ABCDEFGH")
    for wrong in ("P-ABCDEFG", "P-ABCDEFGHJ", "p-ABCDEFGH", "P-ABCDEFGI", "P-ABCDEFGH\n", "XP-ABCDEFGH"):
        assert not PERSON.match(wrong), wrong
