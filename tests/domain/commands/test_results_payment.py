"""A tonne is paid for as a result or becomes a unit, never both, whichever came first."""

from dataclasses import replace
from typing import Any

import pytest

from counterfoil.application.commands.record_results_payment import RecordResultsPayment
from counterfoil.application.commands.results_paid import known_of_results, paid_under
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.mrv.results_payment import COVERED_MAX, ResultsFault
from counterfoil.domain.mrv.verification import VerificationFault, quantity_of
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import (
    BUSES,
    CA9001,
    PARK,
    activity,
    host,
    issue,
    letter,
    quantities,
    report,
    statement,
)


def payment(**changes: Any) -> RecordResultsPayment:
    """Two hundred of the six hundred tonnes verified for 2023."""
    content: dict[str, Any] = {
        "payment": "RBP-1",
        "verification": "V-1",
        "paid": quantities((2023, 200)),
        "payer": "Norway",
        "programme": "Agreement of 2022",
        "source": "Receipt 7",
    }
    return RecordResultsPayment(**{**content, **changes})


def nested() -> Desk:
    """THA with a park of CA9001 in the area of the buses, verified for 2023."""
    desk = host()
    desk.do(activity(PARK))
    desk.do(report("M-P", PARK, (2023, 50)))
    desk.do(statement("V-P", "M-P", (2023, 50)))
    return desk


PARK_LETTER = letter(authorization="LOA-P", activities=(PARK,), vintages=(2023,))
PARK_ISSUE = issue(activity=PARK, verification="V-P", quantity=50, authorization=None)
COVERING = payment(covers=(PARK,))
ALL_2023 = payment(paid=quantities((2023, 600)))

REFUSALS = (
    Case("its id is no name", ResultsFault.ID_UNREADABLE, lambda _: payment(payment="R 1")),
    Case("the verification is unknown", VerificationFault.UNKNOWN, lambda _: payment(verification="V-9")),
    Case("nobody paid", ResultsFault.TEXT_UNCLEAR, lambda _: payment(payer=" ")),
    Case("it names no vintage", ResultsFault.TOO_MANY, lambda _: payment(paid=())),
    Case("it covers too much", ResultsFault.TOO_MANY, lambda _: payment(covers=(PARK,) * (COVERED_MAX + 1))),
    Case(
        "a vintage stands twice",
        VerificationFault.VINTAGE_TWICE,
        lambda _: payment(paid=quantities((2023, 1), (2023, 1))),
    ),
    Case(
        "nothing was paid for", VerificationFault.QUANTITY_NOT_POSITIVE, lambda _: payment(paid=quantities((2023, 0)))
    ),
    Case("it was recorded", ResultsFault.ALREADY_RECORDED, after(payment(), then=payment())),
    Case("more is paid than verified", ResultsFault.NOT_SEPARATE, lambda _: payment(paid=quantities((2023, 601)))),
    Case(
        "the tonnes were paid for", ResultsFault.NOT_SEPARATE, after(payment(), then=replace(ALL_2023, payment="RBP-2"))
    ),
    Case("the year was not verified", ResultsFault.NOT_SEPARATE, lambda _: payment(paid=quantities((2022, 1)))),
    Case(
        "the tonnes became units",
        ResultsFault.NOT_SEPARATE,
        after(letter(), issue(quantity=401), then=payment()),
    ),
    Case("an activity of the area is unknown", ActivityFault.UNKNOWN, lambda _: payment(covers=("NOWHERE",))),
    Case("an activity covers itself", ActivityFault.UNKNOWN, lambda _: payment(covers=(BUSES,))),
    Case("units were issued in the area", ResultsFault.AREA_ISSUED, after(PARK_ISSUE, then=COVERING)),
    Case("a letter is about a paid area", ResultsFault.AREA_PAID, after(COVERING, then=PARK_LETTER)),
    Case("units are made in a paid area", ResultsFault.AREA_PAID, after(COVERING, then=PARK_ISSUE)),
    Case(
        "a letter is about a year that was paid for whole",
        ResultsFault.NOTHING_ADDITIONAL,
        after(ALL_2023, then=letter(activities=(BUSES,))),
    ),
    Case(
        "a letter is for more than the additional tonnes",
        ResultsFault.NOTHING_ADDITIONAL,
        after(payment(), then=letter(activities=(BUSES,), vintages=(2023,), authorized_quantity=401)),
    ),
    Case("paid tonnes are issued", ResultsFault.TONNES_PAID, after(payment(), letter(), then=issue(quantity=401))),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_one_tonne_is_not_counted_twice_when(case: Case) -> None:
    check_refused(case, nested())


def test_the_additional_tonnes_are_sold_to_the_last_one() -> None:
    desk = host()
    entry = desk.do(payment())
    assert (entry.act, entry.details) == (Act.RESULTS_PAYMENT_RECORDED, {"quantity_t": 200, "claim": "none"})
    assert not entry.moves and not entry.postings
    desk.do(letter(activities=(BUSES,), vintages=(2023,), authorized_quantity=400))
    desk.do(issue(quantity=400))
    refusal = desk.ask(issue(quantity=1))
    assert isinstance(refusal, Refusal) and refusal.facts["left"] == 0


@pytest.mark.parametrize("first", ["payment", "units"])
def test_payments_and_units_share_what_was_verified_whichever_comes_first(first: str) -> None:
    desk = host()
    desk.do(letter())
    acts = [payment(paid=quantities((2023, 250))), issue(quantity=350)]
    for act in acts if first == "payment" else reversed(acts):
        desk.do(act)
    assert isinstance(desk.ask(issue(quantity=1)), Refusal)
    assert isinstance(desk.ask(payment(payment="RBP-2", paid=quantities((2023, 1)))), Refusal)
    assert quantity_of(paid_under(desk.books, "V-1"), 2023) == 250
    desk.do(issue(vintage=2024))


def test_a_later_payment_adds_to_the_earlier_ones() -> None:
    desk = host()
    desk.do(payment())
    desk.do(payment(payment="RBP-2", paid=quantities((2023, 100), (2024, 5))))
    assert paid_under(desk.books, "V-1") == quantities((2023, 300), (2024, 5))


def test_the_law_is_told_of_years_with_payments_and_of_no_others() -> None:
    desk = nested()
    assert known_of_results(desk.books, BUSES, (2023,)) == {}
    desk.do(COVERING)
    assert known_of_results(desk.books, BUSES, (2023, 2024)) == {"results_paid": False}
    assert known_of_results(desk.books, BUSES, (2024,)) == {}
    assert desk.books.record("activity", BUSES)["cooperative_approach"] == CA9001
