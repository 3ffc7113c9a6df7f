"""The adjustment book: what adds, what takes away, and what must not."""

from collections import Counter
from collections.abc import Iterable

import pytest

from counterfoil.domain.accounting.adjustment import (
    AWAITING_USE,
    Closing,
    YearAdjustments,
    added,
    by_year,
    closing_postings,
    first_transfer_postings,
    subtracted,
    use_postings,
)
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.entry import ADJUSTMENTS, Posting, imbalance

XAA, XBB, XCC = Party("XAA"), Party("XBB"), Party("XCC")
T = "tCO2e"


def book(postings: Iterable[Posting]) -> dict[str, int]:
    balances: Counter[str] = Counter()
    for posting in postings:
        assert (posting.book, posting.commodity) == (ADJUSTMENTS, T)
        balances[posting.account] += posting.amount
    return {account: amount for account, amount in balances.items() if amount}


def net(party: Party, balances: dict[str, int]) -> int:
    return sum(year.net for year in by_year(party, balances.items()).values())


# XAA first transfers 600 to XBB and 250 for other purposes; XBB passes 100 on to XCC and uses 450; XCC uses 100.
HISTORY = (
    *first_transfer_postings(party=XAA, vintage=2024, quantity=600, commodity=T),
    *first_transfer_postings(party=XAA, vintage=2024, quantity=250, commodity=T, closing=Closing.OIMP),
    *use_postings(party=XBB, year=2025, quantity=450, commodity=T),
    *use_postings(party=XCC, year=2026, quantity=100, commodity=T),
)


def test_what_the_world_added_and_did_not_take_away_is_oimp_and_what_is_unused() -> None:
    balances = book(HISTORY)
    nets = {party: net(party, balances) for party in (XAA, XBB, XCC)}
    assert nets == {XAA: 850, XBB: -450, XCC: -100}
    assert sum(nets.values()) == 300 == -balances[Closing.OIMP] - balances[AWAITING_USE]
    assert (-balances[Closing.OIMP], -balances[AWAITING_USE]) == (250, 50)
    assert not sum(balances.values())


def test_counting_acquisitions_instead_of_uses_would_break_the_identity() -> None:
    wrong = book(
        (
            *HISTORY[:4],
            *use_postings(party=XBB, year=2025, quantity=600, commodity=T),
            *use_postings(party=XCC, year=2026, quantity=100, commodity=T),
        )
    )
    assert -wrong[AWAITING_USE] == -100  # more used than was ever first transferred
    assert net(XBB, wrong) == -600 != net(XBB, book(HISTORY))


def test_forgetting_other_purposes_would_leave_the_hosts_balance_too_good() -> None:
    forgotten = book((*HISTORY[:2], *HISTORY[4:]))
    assert net(XAA, book(HISTORY)) - net(XAA, forgotten) == 250


def test_an_addition_stands_in_the_year_of_the_vintage_and_a_subtraction_in_the_year_of_use() -> None:
    balances = book(
        (
            *first_transfer_postings(party=XAA, vintage=2023, quantity=7, commodity=T),
            *use_postings(party=XAA, year=2026, quantity=3, commodity=T),
        )
    )
    assert by_year(XAA, balances.items()) == {2023: YearAdjustments(added=7), 2026: YearAdjustments(subtracted=3)}
    assert by_year(XBB, balances.items()) == {}
    assert balances == {added(XAA, 2023): 7, subtracted(XAA, 2026): -3, AWAITING_USE: -4}


def test_plus_makes_the_balance_worse() -> None:
    assert YearAdjustments(added=7, subtracted=3).net == 4
    assert YearAdjustments(added=3, subtracted=7).net == -4


@pytest.mark.parametrize("closing", Closing)
def test_a_closing_moves_no_partys_balance(closing: Closing) -> None:
    postings = closing_postings(closing=closing, quantity=5, commodity=T)
    assert book(postings) == {AWAITING_USE: 5, closing.value: -5}
    assert by_year(XAA, book(postings).items()) == {}


@pytest.mark.parametrize("closing", [None, *Closing])
def test_every_act_balances(closing: Closing | None) -> None:
    assert imbalance(first_transfer_postings(party=XAA, vintage=2023, quantity=9, commodity=T, closing=closing)) is None
    assert imbalance(use_postings(party=XAA, year=2023, quantity=9, commodity=T)) is None
    assert imbalance(closing_postings(closing=closing or Closing.OIMP, quantity=9, commodity=T)) is None


def test_tonnes_and_megawatt_hours_are_never_netted() -> None:
    postings = (
        *first_transfer_postings(party=XAA, vintage=2023, quantity=9, commodity=T)[:1],
        *use_postings(party=XAA, year=2023, quantity=9, commodity="metric:MWh")[1:],
    )
    assert imbalance(postings) == (ADJUSTMENTS, T, 9)
