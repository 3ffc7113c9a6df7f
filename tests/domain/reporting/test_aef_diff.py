"""A correction shows as the fields that it changes, and rows come and go only when they do."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from counterfoil.domain.reporting.aef_diff import ChangeKind, aef_diff
from counterfoil.domain.reporting.aef_rows import Submission
from tests.domain.reporting.submissions import authorization, entity, first_transfer, holding, itmo, report, transfer
from tests.domain.reporting.test_round_trip import submissions

ONE = report(
    "XAA",
    2024,
    first_transfer(1, 100),
    first_transfer(101, 200),
    transfer(1, 100),
    authorizations=(authorization(),),
    holdings=(holding(301, 400),),
    entities=(entity(),),
)


def told(new: Submission) -> list[tuple[int, str, list[str]]]:
    return [(one.table, one.kind.value, [each.attribute for each in one.fields]) for one in aef_diff(ONE, new)]


CHANGES: list[tuple[str, Submission, list[tuple[int, str, list[str]]]]] = [
    ("nothing", ONE, []),
    ("the order of rows", replace(ONE, actions=ONE.actions[::-1]), []),
    ("the version", replace(ONE, version="1.1"), [(1, "changed", ["version"])]),
    (
        "a quantity",
        replace(ONE, actions=(first_transfer(1, 100, quantity_co2=99), *ONE.actions[1:])),
        [(3, "changed", ["quantity_co2"])],
    ),
    (
        "a date",
        replace(ONE, actions=(first_transfer(1, 100, day=date(2024, 3, 2)), *ONE.actions[1:])),
        [(3, "changed", ["action_date"])],
    ),
    (
        "the end of a block",
        replace(ONE, actions=(first_transfer(1, 99, quantity_co2=100), *ONE.actions[1:])),
        [(3, "changed", ["last_id"])],
    ),
    ("a row less", replace(ONE, actions=ONE.actions[:2]), [(3, "removed", [])]),
    ("a row more", replace(ONE, holdings=(*ONE.holdings, holding(401, 500))), [(4, "added", [])]),
    ("a row twice", replace(ONE, holdings=ONE.holdings * 2), [(4, "added", [])]),
    (
        "a purpose",
        replace(ONE, authorizations=(authorization(purposes="IMP"),)),
        [(2, "changed", ["purposes"])],
    ),
    (
        "a name",
        replace(ONE, entities=(entity(authorized_entity_name="Seller"),)),
        [(5, "changed", ["authorized_entity_name"])],
    ),
]


@pytest.mark.parametrize(("what", "new", "changes"), CHANGES, ids=[row[0] for row in CHANGES])
def test_it_is_told_that_the_new_version_changes(
    what: str, new: Submission, changes: list[tuple[int, str, list[str]]]
) -> None:
    assert told(new) == changes, what


def test_of_a_row_that_stood_twice_one_is_removed() -> None:
    (change,) = aef_diff(replace(ONE, holdings=ONE.holdings * 2), ONE)
    assert change.kind is ChangeKind.REMOVED


def test_a_change_names_the_row_and_both_values() -> None:
    (change,) = aef_diff(ONE, replace(ONE, actions=(first_transfer(1, 100, quantity_co2=99), *ONE.actions[1:])))
    assert change.name == f"2024-03-01 First transfer {itmo(1)} … {itmo(100)}"
    assert [(one.old, one.new) for one in change.fields] == [(100, 99)]


@given(one=submissions, other=submissions)
@settings(max_examples=30, deadline=None)
def test_what_was_added_one_way_was_removed_the_other_way(one: Submission, other: Submission) -> None:
    def count(changes: object, kind: ChangeKind) -> int:
        return sum(1 for change in changes if change.kind is kind)  # type: ignore[attr-defined]

    there, back = aef_diff(one, other), aef_diff(other, one)
    assert count(there, ChangeKind.ADDED) == count(back, ChangeKind.REMOVED)
    assert aef_diff(one, one) == ()
