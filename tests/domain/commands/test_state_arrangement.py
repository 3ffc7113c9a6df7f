"""Statements of an authority on its own system."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.state_arrangement import StateArrangement
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.stated_arrangement import (
    ARRANGEMENT_RECORD,
    AUTHORITY_MAX,
    REFERENCE_MAX,
    ArrangementFault,
    Stated,
    StatedArrangement,
)
from tests.domain.commands.desk import TODAY, Case, check_refused, titles
from tests.domain.commands.scene import host


def stating(**changes: Any) -> StateArrangement:
    content: dict[str, Any] = {
        "criterion": "digital_monitoring",
        "state": Stated.PILOTS,
        "authority": "Ministry",
        "document": "5" * 64,
    }
    return StateArrangement(**{**content, **changes})


REFUSALS = (
    Case("its criterion has a space", ArrangementFault.CRITERION_UNREADABLE, lambda _: stating(criterion="digital m")),
    Case("its criterion is empty", ArrangementFault.CRITERION_UNREADABLE, lambda _: stating(criterion="")),
    Case("nobody states it", ArrangementFault.AUTHORITY_UNREADABLE, lambda _: stating(authority=" ")),
    Case(
        "its authority is too long",
        ArrangementFault.AUTHORITY_UNREADABLE,
        lambda _: stating(authority="A" * (AUTHORITY_MAX + 1)),
    ),
    Case(
        "its reference is too long",
        ArrangementFault.AUTHORITY_UNREADABLE,
        lambda _: stating(reference="A" * (REFERENCE_MAX + 1)),
    ),
    Case("it has no document", ArrangementFault.DOCUMENT_MISSING, lambda _: stating(document="")),
    Case("its document is no digest", ArrangementFault.DOCUMENT_MISSING, lambda _: stating(document="order.pdf")),
    Case("it holds from tomorrow", ArrangementFault.SINCE_LATER, lambda _: stating(since=date(2026, 4, 1))),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_statement_is_not_recorded_when(case: Case) -> None:
    check_refused(case, host())


def test_a_later_statement_takes_the_place_of_the_earlier_one_and_both_stay_in_the_journal() -> None:
    desk = host()
    first = desk.do(stating(since=TODAY))
    assert (first.act, first.details) == (
        Act.ARRANGEMENT_STATED,
        {"criterion": "digital_monitoring", "state": "pilots"},
    )
    desk.do(stating(state=Stated.HAS))
    known = desk.books.record(ARRANGEMENT_RECORD, "digital_monitoring")
    assert (known["state"], known["stated_on"]) == ("has", TODAY.isoformat())
    stated = [
        from_json(StatedArrangement, each.value)
        for entry in desk.journal
        for each in entry.entry.records
        if each.kind == ARRANGEMENT_RECORD
    ]
    assert [each.state for each in stated] == [Stated.PILOTS, Stated.HAS]
    assert [each.since for each in stated] == [TODAY, None]
