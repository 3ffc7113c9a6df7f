"""The days of an agreement stand in the calendar until what they ask for is done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from counterfoil.application.commands.recognize import RecordRecognition
from counterfoil.application.queries.calendar import calendar
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import Office
from tests.application.test_federation import Pair

ACQUIRED = date(2025, 1, 15)
BY = "IA-1, article 7"


@pytest.fixture
def swiss() -> Iterator[Pair]:
    """Both agreed: the host issues within 90 days, objections within 90, recognition within 30; 400 t were acquired."""
    pair = Pair()
    days = {"host_days": 90, "recognition_days": 30, "objection_days": 90}
    for office, other in ((pair.host, "XBB"), (pair.buyer, "XAA")):
        office.do(replace(office.agreement(other), **days))  # type: ignore[arg-type]
    pair.propose()
    pair.network.deliver()
    yield pair


def agreed(office: Office, on: date) -> list[tuple[str, str, str, str, str]]:
    found = calendar(office.sight(), party=office.party, on=on, years=1)
    assert not isinstance(found, Refusal)
    rows = [row for row in found["due"] if row["duty"] in ("recognition", "objection", "issuance")]
    return [(row["on"], row["duty"], row["about"], row["state"], row["provision"]) for row in rows]


def test_recognition_is_due_and_objections_end_by_the_days_of_the_agreement(swiss: Pair) -> None:
    recognition, objection = ACQUIRED + timedelta(days=30), ACQUIRED + timedelta(days=90)
    assert agreed(swiss.buyer, recognition) == [
        ("2025-02-14", "recognition", "t-1", "due", BY),
        ("2025-04-15", "objection", "t-1", "due", BY),
    ]
    assert [row[3] for row in agreed(swiss.buyer, objection + timedelta(days=1))] == ["overdue", "passed"]
    assert agreed(swiss.host, recognition) == [], "the acquiring Party recognizes"


def test_a_missed_recognition_stays_in_sight_in_later_years(swiss: Pair) -> None:
    assert ("2025-02-14", "recognition", "t-1", "overdue", BY) in agreed(swiss.buyer, date(2027, 6, 1))


def test_a_recognized_transfer_is_done_and_nobody_objects_to_it_any_more(swiss: Pair) -> None:
    swiss.buyer.day(date(2025, 2, 20))
    swiss.buyer.do(RecordRecognition(transfer=TransferId("t-1"), reference="Statement 1"))
    found = calendar(swiss.buyer.sight(), party="XBB", on=date(2025, 3, 1), years=1)
    assert not isinstance(found, Refusal)
    rows = [row for row in found["due"] if row["about"] == "t-1"]
    assert [(row["state"], row["filed_on"], row["late"]) for row in rows] == [("done", "2025-02-20", True)]


def test_the_host_has_its_days_from_a_verification_until_it_issues(swiss: Pair) -> None:
    swiss.host.day(date(2025, 3, 3))
    swiss.host.verified(quantity=50, vintage=2024, key="M2")
    assert agreed(swiss.host, date(2025, 3, 4)) == [("2025-06-01", "issuance", "M2-V", "due", BY)]
    swiss.host.issued(quantity=50, vintage=2024, key="M2")
    assert agreed(swiss.host, date(2025, 3, 4)) == []


def test_an_agreement_without_days_sets_none() -> None:
    pair = Pair()
    pair.propose()
    pair.network.deliver()
    assert agreed(pair.buyer, date(2025, 3, 1)) == []
