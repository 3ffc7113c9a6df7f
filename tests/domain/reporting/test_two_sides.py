"""C62 to C64: both sides of a movement, year by year, and the row that is blamed."""

from dataclasses import replace
from datetime import date

from counterfoil.domain.reporting.aef_rows import Submission
from tests.domain.reporting.recorded import whole_history
from tests.domain.reporting.submissions import (
    OIMP,
    acquisition,
    authorization,
    checked,
    contradictions,
    first_transfer,
    holding,
    report,
    seen,
    swapped,
)

D = date


def two_years(amount: int = 500) -> list[Submission]:
    """XAA sends 1-1000 in 2024 and 1001-1500 in 2025; the row of 2025 states the amount."""
    sent = first_transfer(1001, 1500, day=D(2025, 3, 1), quantity_co2=amount)
    got = acquisition(1001, 1500, day=D(2025, 3, 2))
    return [
        report("XAA", 2023, authorizations=(authorization(),)),
        report("XAA", 2024, first_transfer()),
        report("XAA", 2025, sent),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(), holdings=(holding(),)),
        report("XBB", 2025, got, holdings=(holding(1, 1500),)),
    ]


def test_the_amounts_of_two_years_agree() -> None:
    assert checked(*two_years()).findings == ()


def test_a_wrong_amount_is_found_at_the_row_that_states_it_in_its_own_year() -> None:
    outcome = checked(*two_years(501))
    assert contradictions(outcome) == [("C35.differs", "I"), ("C64.differs", "I")]
    (found,) = [one for one in outcome.findings if one.check == "C64"]
    assert (found.place.party, found.place.file, found.place.cell) == ("XAA", "aef-XAA-2025-v1.0.xlsx", "S5")
    assert outcome.message(found) == (
        "Of CA9001, vintage 2023, XAA transferred 501 to XBB in 2025, which acquired 500."
    )


def test_amounts_that_are_wrong_by_turns_in_two_years_do_not_balance() -> None:
    submissions = swapped(two_years(501), 1, actions=(first_transfer(quantity_co2=999),))
    found = [(one.place.file, one.facts["year"]) for one in checked(*submissions).findings if one.check == "C64"]
    assert sorted(found) == [("aef-XAA-2024-v1.0.xlsx", 2024), ("aef-XAA-2025-v1.0.xlsx", 2025)]


def test_an_amount_that_only_one_side_reports_differs_from_none() -> None:
    unsent = swapped(two_years(), 2, actions=())
    unreceived = swapped(two_years(), 5, actions=(), holdings=(holding(),))
    for submissions, party in ((unsent, "XBB"), (unreceived, "XAA")):
        outcome = checked(*submissions)
        (found,) = [one for one in outcome.findings if one.check == "C64"]
        assert (found.place.party, found.facts["year"]) == (party, 2025)
        assert {found.facts["sent"], found.facts["received"]} == {"0", "500"}


def test_a_missing_report_of_another_year_does_not_silence_the_comparison() -> None:
    without_2024 = [one for one in two_years(501) if (one.party, one.reported_year) != ("XBB", 2024)]
    assert [one.place.party for one in checked(*without_2024).findings if one.check == "C64"] == ["XAA"]


def test_what_crosses_new_year_in_three_rows_on_one_side_is_one_amount() -> None:
    sent = [first_transfer(1, 400, day=D(2024, 12, 30)), first_transfer(401, 1000, day=D(2025, 1, 2))]
    got = acquisition(day=D(2025, 1, 3))
    submissions = [
        report("XAA", 2023, authorizations=(authorization(),)),
        report("XAA", 2024, sent[0]),
        report("XAA", 2025, sent[1]),
        report("XBB", 2023),
        report("XBB", 2024),
        report("XBB", 2025, got, holdings=(holding(),)),
    ]
    assert seen(checked(*submissions), "C64") == []


def test_a_unit_that_moves_before_its_first_transfer_needs_no_amount_on_the_giving_side() -> None:
    stated = {"purposes": "IMP", "first_transfer_definition": "Use or cancellation", **OIMP}
    submissions = [
        report("XAA", 2023, authorizations=(authorization(**stated),)),
        report("XAA", 2024),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(), holdings=(holding(),)),
    ]
    assert contradictions(checked(*submissions)) == []


def test_a_report_that_is_here_but_cannot_be_read_is_not_called_missing() -> None:
    world = whole_history()
    unreadable = acquisition(1, 10, first_id="CA9001 1")
    sides = [
        ("C62", [replace(one, actions=(unreadable,)) if _is(one, "XBB", 2024) else one for one in world]),
        ("C63", [replace(one, actions=(unreadable,)) if _is(one, "XAA", 2024) else one for one in world]),
    ]
    for check, submissions in sides:
        outcome = checked(*submissions)
        assert [(case, severity) for case, severity, _ in seen(outcome, check)] == [("unread", "N")]
        said = next(outcome.message(one) for one in outcome.findings if one.check == check)
        assert "is here, but some row of it cannot be read" in said and "missing" not in said


def _is(one: Submission, party: str, year: int) -> bool:
    return (one.party, one.reported_year) == (party, year)
