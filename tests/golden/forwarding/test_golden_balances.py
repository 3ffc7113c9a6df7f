"""The balances and the reported actions of host and buyer after a forwarding are those that were reviewed.

The quantities are those of TV-LEV-9: of 58,428 t, 2,922 go to the Adaptation Fund and 1,169 are cancelled.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.balance import balance_of
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from tests.movements.mechanism import CLASS, Mechanism

GOLDEN = Path(__file__).parent / "balances.json"
WHOLE, FUND, CANCELLED, FORWARDED, USED = 58_428, 2_922, 1_169, 10_000, 4_000


@pytest.fixture(scope="module")
def books() -> Mechanism:
    books = Mechanism(authorized_quantity=100_000)
    books.issued(WHOLE)
    first = FUND + CANCELLED + 1
    assert isinstance(books.forward(first, first + FORWARDED - 1), Receipt)
    books.tell("XUN")
    units = Units(CLASS, first, first + USED - 1)
    books.buyer.do(UseTowardsNdc(units=units, account=books.buyer.holder, year=2025))
    return books


def told(books: Mechanism) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for party, report in books.reports().items():
        balance = balance_of(books.offices[party].sight(), party)
        assert not isinstance(balance, Refusal)
        rows = [
            [row.action_type, row.action_subtype, row.first_id, row.last_id, row.quantity_co2] for row in report.actions
        ]
        found[party] = {"balance": balance["commodities"], "actions": rows}
    return found


def test_the_balances_are_the_reviewed_ones(books: Mechanism, update_golden: bool) -> None:
    found = json.dumps(told(books), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if update_golden:
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_the_reviewed_balances_are_those_that_the_rules_give_by_hand() -> None:
    kept = json.loads(GOLDEN.read_text(encoding="utf-8"))
    host = kept["XAA"]["balance"]["tCO2e"]["years"]["2023"]
    buyer = kept["XBB"]["balance"]["tCO2e"]["years"]["2025"]
    assert (host["added"], host["subtracted"]) == (FUND + CANCELLED + FORWARDED, 0)
    assert (buyer["added"], buyer["subtracted"]) == (0, USED)
    assert [row[4] for row in kept["XAA"]["actions"]] == [FUND, CANCELLED, FORWARDED]
