"""Conversions that are taken back, and what keeps a tonne from being paid for and brought as a unit too."""

from typing import Any

import pytest

from counterfoil.application.commands.correct import Correct, CorrectFault
from counterfoil.application.commands.record_results_payment import RecordResultsPayment
from counterfoil.application.commands.reissue import ReissueFault
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.mrv.results_payment import ResultsFault
from counterfoil.domain.mrv.verification import VintageQuantity
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.scene import BUSES, DEV, SHOP, STOVES
from tests.domain.commands.test_convert import GS, PREMIUM, PROOF, TVER, convert, lawful_host, reissue, serials


def correction(entry: int) -> Correct:
    return Correct(entry=entry, authority="DNA", reason="a mistake of the office")


def test_a_conversion_in_this_book_is_taken_back_whole() -> None:
    desk = lawful_host()
    before = desk.held(TVER)
    desk.do(convert(target=SHOP))
    desk.do(correction(desk.last))
    assert desk.held(TVER) == [("1..60", DEV), ("61..100", DEV)] and before == [("1..100", DEV)]
    assert desk.held(PREMIUM) == [], "the new units are unborn"
    desk.do(convert(target=SHOP))


def test_a_conversion_is_not_taken_back_once_the_new_units_moved() -> None:
    desk = lawful_host()
    desk.do(convert())
    entry = desk.last
    desk.do(Transfer(units=units(PREMIUM, 1, 5), source=DEV, target=SHOP))
    check_refused(Case("they moved", CorrectFault.UNITS_MOVED_ON, lambda _: correction(entry)), desk)


ELSEWHERE = Case("another registry issues on it", CorrectFault.CONVERTED_ELSEWHERE, lambda desk: correction(desk.last))
NOT_KEPT = Case("the proof is not in the evidence store", ReissueFault.PROOF_NOT_KEPT, lambda _: reissue())


def test_a_conversion_for_another_registry_is_not_taken_back_here_alone() -> None:
    desk = lawful_host()
    desk.do(convert(elsewhere="JPN01"))
    assert check_refused(ELSEWHERE, desk).facts["registry"] == "JPN01"


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [(1, 10, [[11, 30]]), (11, 20, [[1, 10], [21, 30]]), (21, 30, [[1, 20]]), (1, 30, [])],
)
def test_serials_whose_units_were_taken_back_may_be_brought_again(first: int, last: int, left: list[list[int]]) -> None:
    desk = lawful_host()
    bounds = [(1, 30)] if (first, last) == (1, 30) else [(1, 10), (11, 20), (21, 30)]
    entries = {}
    for each in bounds:
        desk.do(reissue(source=serials(*each)))
        entries[each] = desk.last
    desk.do(correction(entries[(first, last)]))
    assert desk.books.record("reissued", GS.series) == left
    size = last - first + 1
    assert desk.books.record("reissued_years", BUSES) == {"2023": 30 - size}
    desk.do(reissue(source=serials(first, last)))
    assert desk.books.record("reissued", GS.series) == [[1, 30]]


# Years that were paid for, and the proof


def paid(**changes: Any) -> RecordResultsPayment:
    content: dict[str, Any] = {
        "payment": "P-1", "verification": "V-1", "paid": (VintageQuantity(2024, 10),), "payer": "a fund",
        "programme": "results", "source": "report",
    }  # fmt: skip
    return RecordResultsPayment(**{**content, **changes})


PAID = (
    Case("the year was paid for", ReissueFault.YEAR_PAID, after(paid(), then=reissue(vintage=2024))),
    Case(
        "units stand for credits of the year",
        ResultsFault.AREA_ISSUED,
        after(reissue(vintage=2024), then=paid()),
    ),
    Case(
        "units stand for credits of another activity of the area",
        ResultsFault.AREA_ISSUED,
        after(reissue(vintage=2024, activity=STOVES), then=paid(covers=(STOVES,))),
    ),
    Case(
        "the area was paid for",
        ReissueFault.YEAR_PAID,
        after(paid(covers=(STOVES,)), then=reissue(vintage=2024, activity=STOVES)),
    ),
)


@pytest.mark.parametrize("case", PAID, ids=titles)
def test_no_tonne_is_paid_for_as_a_result_and_brought_as_a_unit(case: Case) -> None:
    check_refused(case, lawful_host())


def test_units_of_a_year_that_was_not_paid_for_are_brought() -> None:
    desk = lawful_host()
    desk.do(paid())
    desk.do(reissue(vintage=2023))


def test_units_are_brought_only_on_a_proof_that_is_kept_here() -> None:
    desk = lawful_host()
    desk.kept = lambda digest: digest != PROOF
    check_refused(NOT_KEPT, desk)
    desk.kept = lambda digest: digest == PROOF
    desk.do(reissue())
