"""What running the system costs, and who contributes."""

from typing import Any

import pytest

from counterfoil.application.commands.record_cost import (
    CostFault,
    CostKind,
    RecordContribution,
    RecordOperatingCost,
)
from tests.domain.commands.desk import Case, after, check_refused, titles
from tests.domain.commands.scene import host


def cost(**changes: Any) -> RecordOperatingCost:
    content: dict[str, Any] = {
        "cost": "C-1", "kind": CostKind.REVIEW, "year": 2026, "amount": 1_200_000, "currency": "USD", "source": "x",
    }  # fmt: skip
    return RecordOperatingCost(**{**content, **changes})


def contribution(**changes: Any) -> RecordContribution:
    content: dict[str, Any] = {
        "contribution": "V-1", "contributor": "CHE", "kind": CostKind.REVIEW, "year": 2026, "amount": 500_000,
        "currency": "USD", "source": "Letter",
    }  # fmt: skip
    return RecordContribution(**{**content, **changes})


REFUSALS = (
    Case("a cost has no name", CostFault.ID_UNREADABLE, lambda _: cost(cost="")),
    Case("it was recorded", CostFault.ALREADY_RECORDED, after(cost(), then=cost(amount=2))),
    Case("it is nothing", CostFault.AMOUNT_UNREADABLE, lambda _: cost(amount=0)),
    Case("its currency is none", CostFault.AMOUNT_UNREADABLE, lambda _: cost(currency="usd")),
    Case("it is of long ago", CostFault.AMOUNT_UNREADABLE, lambda _: cost(year=2020)),
    Case("it has no source", CostFault.SOURCE_MISSING, lambda _: cost(source=" ")),
    Case("a contribution has no name", CostFault.ID_UNREADABLE, lambda _: contribution(contribution="a b")),
    Case("nobody gave it", CostFault.SOURCE_MISSING, lambda _: contribution(contributor="")),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_cost_or_a_contribution_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_a_correction_is_another_record() -> None:
    desk = host()
    desk.do(cost())
    desk.do(cost(cost="C-1-corrected", amount=-200_000))
    assert desk.books.record("operating_cost", "C-1")["amount"] == 1_200_000
