"""C48 and its neighbours: a plain transfer of units that never left is found, and unknown history is not passed."""

from datetime import date
from typing import Any

from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.finding import CheckStatus
from tests.domain.reporting.submissions import (
    OIMP,
    acquisition,
    authorization,
    checked,
    contradictions,
    first_transfer,
    holding,
    itmo,
    report,
    seen,
    transfer,
    use,
)

D = date


def plain_transfer(**authorized: Any) -> list[Submission]:
    """Authorized in 2024, of vintage 2023; in 2025 the host sends 1001-1100, never first transferred, to XBB."""
    granted = authorization(date_of_authorization=D(2024, 2, 1), **authorized)
    day = {"day": D(2025, 3, 1)}
    return [
        report("XAA", 2024, first_transfer(), authorizations=(granted,)),
        report("XAA", 2025, transfer(1001, 1100, acquiring_party_id="XBB", party_itmo_registry_id="XAA01", **day)),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(), holdings=(holding(),)),
        report("XBB", 2025, acquisition(1001, 1100, **day), holdings=(holding(1, 1100),)),
    ]


def test_a_hosts_plain_transfer_of_units_never_first_transferred_is_inconsistent_on_both_sides() -> None:
    """No report before the authorization is asked for: nothing could be first transferred in those years."""
    outcome = checked(*plain_transfer())
    assert seen(outcome, "C48") == [("never", "I", "C5"), ("never", "I", "C5")]
    assert [one.place.party for one in outcome.findings if one.check == "C48"] == ["XAA", "XBB"]
    assert set(contradictions(outcome)) == {("C48.never", "I")}
    (hold,) = outcome.holds
    assert (hold.first_id, hold.last_id) == (itmo(1001), itmo(1100))


def test_only_the_part_of_a_transfer_that_never_left_is_named() -> None:
    first, _, *abroad = plain_transfer()
    sent = transfer(901, 1100, day=D(2025, 3, 1), acquiring_party_id="XBB", party_itmo_registry_id="XAA01")
    back = acquisition(901, 1000, day=D(2025, 2, 1), transferring_party_id="XBB", party_itmo_registry_id="XAA01")
    outcome = checked(first, report("XAA", 2025, back, sent), *abroad)
    named = [one.serials for one in outcome.findings if one.check == "C48" and one.place.party == "XAA"]
    assert [each and each[1:] for each in named] == [(1001, 1100)]


def test_a_transfer_whose_first_transfer_may_stand_in_a_missing_report_is_not_available() -> None:
    """The host's report of the year of authorization is missing: only the other Party repeats the authorization."""
    _, last, *abroad = plain_transfer()
    outcome = checked(last, *abroad)
    assert ("not_reported", "N") in [(case, severity) for case, severity, _ in seen(outcome, "C48")]
    assert not [case for case, severity, _ in seen(outcome, "C48") if severity == "I"]
    assert outcome.status is CheckStatus.NOT_AVAILABLE


def test_the_date_of_a_later_version_does_not_say_when_units_were_first_authorized() -> None:
    """Version 1 is not here, so the units may have been first transferred under it, in a year that is not here."""
    first, last, *abroad = plain_transfer(authorization_version=2)
    outcome = checked(first, last, *abroad)
    assert {severity for _, severity, _ in seen(outcome, "C48")} == {"N"}


def test_an_oimp_only_unit_may_leave_by_a_plain_transfer_where_use_is_its_first_transfer() -> None:
    stated = {"purposes": "IMP", "first_transfer_definition": "Use or cancellation", **OIMP}
    granted = authorization(date_of_authorization=D(2024, 2, 1), **stated)
    _, last, *_ = plain_transfer()
    got = report("XBB", 2025, acquisition(1001, 1100, day=D(2025, 3, 1)), holdings=(holding(1001, 1100),))
    outcome = checked(report("XAA", 2024, authorizations=(granted,)), last, report("XBB", 2024), got)
    assert contradictions(outcome) == []


def test_a_use_by_the_host_of_units_that_never_left_is_inconsistent() -> None:
    own = {"using_cancelling_party_id": "XAA", "party_itmo_registry_id": "XAA01"}
    granted = authorization(date_of_authorization=D(2024, 2, 1))
    outcome = checked(report("XAA", 2024, authorizations=(granted,)), report("XAA", 2025, use(1, 10, **own)))
    assert seen(outcome, "C48") == [("never", "I", "C5")]


def test_what_arrives_beside_the_first_transferred_is_found_without_the_years_before_the_authorization() -> None:
    """C68 asks for the same years as C48."""
    granted = authorization(date_of_authorization=D(2024, 2, 1))
    sent = report("XAA", 2024, first_transfer(), authorizations=(granted,))
    got = report("XBB", 2024, acquisition(1, 1001), holdings=(holding(1, 1001),))
    assert [(case, severity) for case, severity, _ in seen(checked(sent, report("XBB", 2023), got), "C68")] == [
        ("never_left", "I")
    ]


def test_what_the_host_may_date_in_a_year_that_is_not_here_is_not_available() -> None:
    granted = authorization(date_of_authorization=D(2024, 2, 1))
    got = report("XBB", 2024, acquisition(day=D(2024, 12, 30)), holdings=(holding(),))
    outcome = checked(report("XAA", 2024, authorizations=(granted,)), report("XBB", 2023), got)
    assert {severity for _, severity, _ in seen(outcome, "C48")} == {"N"}


def test_a_first_transfer_for_other_purposes_states_its_purpose() -> None:
    stated = {"purposes": "IMP", "first_transfer_definition": "Issuance", **OIMP}
    issued = first_transfer(action_subtype="Issuance", acquiring_party_id=None)
    outcome = checked(report("XAA", 2024, issued, authorizations=(authorization(**stated),)))
    assert [(case, severity) for case, severity, _ in seen(outcome, "C41")] == [("missing", "I")]
    message = outcome.message(next(one for one in outcome.findings if one.check == "C41"))
    assert message == "A first transfer by “Issuance” is for other international mitigation purposes and states none."
    omge = first_transfer(
        action_subtype="Voluntary cancellation to deliver OMGE",
        acquiring_party_id=None,
        using_cancelling_party_id="XAA",
    )
    assert seen(checked(report("XAA", 2024, omge, authorizations=(authorization(**stated),))), "C41") == []
