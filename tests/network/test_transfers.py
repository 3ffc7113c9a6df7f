"""A transfer of a network stands in two books and is counted once; books that cannot both be right are named."""

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import TransferRecord, TransferState
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.entrypoints.network.status import Status
from counterfoil.entrypoints.network.transfers import ENDS, counted

UNITS = (Units("CA9201-THA01-THA-#-2022", 1, 1_000),)
OUT = TransferRecord(
    id=TransferId("t-1"),
    direction="out",
    partner=Party("CHE"),
    state=TransferState.PROPOSED,
    parts=UNITS,
    source="tha:developer",
    target="che:buyer",
    proposed_on=date(2026, 11, 22),
)


def both(source: str, target: str | None) -> dict[str, dict[str, TransferRecord]]:
    """The books of two registries, with one transfer in these states."""
    own = replace(OUT, state=TransferState(source))
    other = replace(OUT, direction="in", partner=Party("THA"), state=TransferState(target or "final"))
    return {"THA": {"t-1": own}, "CHE": {"t-1": other} if target else {}}


@pytest.mark.parametrize(
    ("source", "target", "state"),
    [
        ("proposed", None, "in_flight"),
        ("proposed", "accepted", "in_flight"),
        ("final", "accepted", "in_flight"),
        ("final", None, "in_flight"),
        ("final", "final", "final"),
        ("refused", None, "refused"),
        ("expired", "accepted", "expired"),
        ("expired", "expired", "expired"),
        ("withdrawn", "withdrawn", "withdrawn"),
        ("voided", None, "withdrawn"),
    ],
)
def test_a_transfer_in_two_books_is_counted_once(source: str, target: str | None, state: str) -> None:
    found = counted(both(source, target))
    assert found.states == {**dict.fromkeys(ENDS, 0), state: 1}
    assert found.disagreed == []
    assert found.in_flight == (["t-1"] if state == "in_flight" else [])


@pytest.mark.parametrize(
    ("source", "target"),
    [("proposed", "final"), ("refused", "final"), ("expired", "final"), ("final", "withdrawn"), ("final", "expired")],
)
def test_books_that_cannot_both_be_right_are_an_inconsistency(source: str, target: str) -> None:
    assert counted(both(source, target)).disagreed == ["t-1"]


def test_units_that_left_the_source_and_are_nowhere_in_the_source_s_book_are_an_inconsistency() -> None:
    books = both("final", "final")
    assert counted({"THA": {}, "CHE": books["CHE"]}).disagreed == ["t-1"]
    accepted = both("proposed", "accepted")
    assert counted({"THA": {}, "CHE": accepted["CHE"]}).disagreed == []


def test_two_books_that_name_other_units_disagree() -> None:
    books = both("final", "final")
    books["CHE"]["t-1"] = replace(books["CHE"]["t-1"], parts=(Units("CA9201-THA01-THA-#-2022", 1, 999),))
    assert counted(books).disagreed == ["t-1"]


def test_a_partner_outside_the_network_is_taken_at_the_source_s_word() -> None:
    books = {"THA": both("final", None)["THA"]}
    assert counted(books).states["final"] == 1
    assert counted({"CHE": both("final", "final")["CHE"]}).states == dict.fromkeys(ENDS, 0)


def test_a_case_of_reconciliation_that_is_not_closed_is_an_inconsistency_too() -> None:
    standing = Status((), counted(both("final", "final")), "", ("THA case-1",))
    assert standing.inconsistencies == 1
    assert standing.json()["cases"] == ["THA case-1"]
    assert Status((), counted(both("final", "final")), "").inconsistencies == 0
