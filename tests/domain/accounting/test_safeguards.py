"""The five safeguards: each passes, each fails on its own wrong, and none passes where something is missing."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.safeguards import (
    Range,
    Safeguard,
    Verdict,
    World,
    no_double_use,
    no_net_increase,
    target_kept,
    unused_listed,
    uses_are_backed,
)
from counterfoil.domain.accounting.target import Comparison, ceiling

A, B = "CA9001-XAA01-XAA-#-2023", "CA9001-XAA01-XAA-#-2024"
MET = ceiling(Fraction(2), Fraction(1))
MISSED = ceiling(Fraction(1), Fraction(2))
UNKNOWN = ceiling(Fraction(1), Unavailable.INVENTORY_MISSING)


@pytest.mark.parametrize(
    ("world", "verdict"),
    [
        (World({"XAA": 850, "XBB": -450, "XCC": -100}, oimp=250, omge=0, unused=50), Verdict.PASS),
        (World({"XAA": 850, "XBB": -450, "XCC": -100}, oimp=250, omge=0, unused=0), Verdict.FAIL),
        (World({"XAA": 600, "XBB": -700}, oimp=0, omge=0, unused=-100), Verdict.FAIL),
        (World({"XAA": 850, "XBB": None}, oimp=250, omge=0, unused=600), Verdict.INDETERMINATE),
        (World({}, oimp=0, omge=0, unused=0), Verdict.PASS),
    ],
    ids=["CA-V6", "a tonne is lost", "more used than transferred", "a book is missing", "nothing happened"],
)
def test_the_world_adds_what_nobody_takes_away(world: World, verdict: Verdict) -> None:
    assert no_net_increase(world).verdict is verdict


def test_a_missing_book_is_named() -> None:
    assert no_net_increase(World({"XBB": None, "XAA": 1}, oimp=0, omge=0, unused=0)).found == ("XBB",)


@pytest.mark.parametrize(
    ("used", "twice"),
    [
        ((Range(A, 1, 10), Range(A, 11, 20), Range(B, 1, 10)), ()),
        ((Range(A, 1, 10), Range(A, 10, 20)), (f"{A} 10-10",)),
        ((Range(A, 1, 100), Range(A, 5, 6), Range(A, 50, 60)), (f"{A} 5-6", f"{A} 50-60")),
    ],
)
def test_a_serial_that_is_used_twice_is_found(used: tuple[Range, ...], twice: tuple[str, ...]) -> None:
    found = no_double_use(used)
    assert found == Safeguard("S2", Verdict.FAIL if twice else Verdict.PASS, twice)


def test_a_second_use_may_stand_in_a_book_that_is_not_here() -> None:
    assert no_double_use([Range(A, 1, 10)], missing={"XBB"}) == Safeguard("S2", Verdict.INDETERMINATE, ("XBB",))
    assert no_double_use([Range(A, 1, 10), Range(A, 1, 1)], missing={"XBB"}).verdict is Verdict.FAIL


def test_a_use_is_backed_by_acquisitions_in_any_split() -> None:
    assert uses_are_backed([Range(A, 1, 100)], [Range(A, 41, 100), Range(A, 1, 40)]).verdict is Verdict.PASS
    gap = uses_are_backed([Range(A, 1, 100)], [Range(A, 1, 40), Range(A, 42, 100)])
    assert gap == Safeguard("S3", Verdict.FAIL, (f"{A} 1-100",))
    assert uses_are_backed([Range(B, 5, 6)], [Range(A, 1, 100)]).verdict is Verdict.FAIL
    assert uses_are_backed([Range(A, 5, 6)], None).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("comparisons", "verdict"),
    [
        ((MET, MET), Verdict.PASS),
        ((MET, UNKNOWN), Verdict.INDETERMINATE),
        ((UNKNOWN, MISSED), Verdict.FAIL),
        ((), Verdict.INDETERMINATE),
    ],
)
def test_a_target_that_cannot_be_told_never_passes(comparisons: tuple[object, ...], verdict: Verdict) -> None:
    assert target_kept(comparisons).verdict is verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unconditional", "conditional", "verdict"),
    [
        ((MET,), (MISSED,), Verdict.PASS),
        ((MISSED,), (MET,), Verdict.FAIL),
        ((), (MISSED,), Verdict.INDETERMINATE),
        ((), (MET,), Verdict.PASS),
        ((UNKNOWN,), (MET,), Verdict.INDETERMINATE),
    ],
)
def test_a_missed_condition_breaks_no_target(
    unconditional: Sequence[Comparison], conditional: Sequence[Comparison], verdict: Verdict
) -> None:
    assert target_kept(unconditional, conditional).verdict is verdict


def test_the_unused_stock_is_listed_at_the_end_and_both_books_agree() -> None:
    stock = [Range(B, 1, 10), Range(A, 1, 40)]
    tonnes, more = {"tCO2e": 50}, {"tCO2e": 60}
    over = unused_listed(stock, by_book=tonnes, by_units=tonnes, period_over=True)
    assert over == Safeguard("S5", Verdict.PASS, (f"{A} 1-40", f"{B} 1-10"))
    assert unused_listed(stock, by_book=tonnes, by_units=tonnes, period_over=False).verdict is Verdict.INDETERMINATE
    assert unused_listed(stock, by_book=more, by_units=tonnes, period_over=False).verdict is Verdict.FAIL


def test_no_metric_makes_up_for_another() -> None:
    found = unused_listed([], by_book={"tCO2e": 5}, by_units={"metric:MWh": 5, "tCO2e": 0}, period_over=True)
    assert found == Safeguard("S5", Verdict.FAIL, ("metric:MWh: 0 ≠ 5", "tCO2e: 5 ≠ 0"))
    assert unused_listed([], by_book={}, by_units={"tCO2e": 0}, period_over=True).verdict is Verdict.PASS
