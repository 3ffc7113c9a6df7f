"""What our cross-checks propose to hold, and whose results a new version may change."""

from dataclasses import replace
from datetime import date

from counterfoil.domain.reporting.consistency.holds import ProposedHold, touched_parties
from tests.domain.reporting.recorded import whole_history
from tests.domain.reporting.submissions import (
    acquirer,
    acquisition,
    authorization,
    checked,
    first_transfer,
    holding,
    itmo,
    report,
    swapped,
    use,
)


def test_a_hold_is_proposed_for_exactly_the_serials_that_contradict() -> None:
    outcome = checked(*acquirer(use(1, 500), use(500, 1000, day=date(2025, 3, 1))))
    assert outcome.holds == (ProposedHold("CA9001-XAA01-XAA-#-2023", 500, 500, ("C46", "C50")),)
    assert outcome.as_json()["proposed_holds"] == [
        {"first_id": itmo(500), "last_id": itmo(500), "checks": ["C46", "C50"]}
    ]


def test_serials_apart_are_proposed_apart() -> None:
    both = swapped(whole_history(), 4, actions=(acquisition(2, 999),), holdings=(holding(2, 999),))
    both = swapped(both, 5, actions=(use(2, 999),))
    assert [(hold.first, hold.last) for hold in checked(*both).holds] == [(1, 1), (1000, 1000)]


def test_nothing_is_proposed_for_missing_information_or_warnings() -> None:
    outcome = checked(*[one for one in whole_history() if one.party == "XAA"])
    assert outcome.findings
    assert outcome.holds == ()


def test_a_new_version_touches_whom_either_version_names_and_who_names_the_party() -> None:
    before = report("XAA", 2024, first_transfer())
    after = replace(before, version="1.1", actions=(first_transfer(acquiring_party_id="XCC"),))
    named = replace(before, authorizations=(authorization(authorized_party_ids=("XDD",)),))
    others = [report("XBB", 2025, use()), report("XEE", 2024, acquisition()), report("XFF", 2024)]
    assert touched_parties(before, after, others) == ("XBB", "XCC", "XEE")
    assert touched_parties(None, named, ()) == ("XBB", "XDD")
    assert touched_parties(None, report("XAA", 2024), ()) == ()
