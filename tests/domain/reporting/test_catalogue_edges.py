"""The cases beside the seeded errors: what looks like one and is none."""

from datetime import date

from counterfoil.domain.reporting.finding import CheckStatus
from counterfoil.domain.reporting.records import WithdrawnUnits
from tests.domain.reporting.recorded import records
from tests.domain.reporting.submissions import (
    acquisition,
    cancellation,
    checked,
    first_transfer,
    holding,
    host_2023,
    report,
    seen,
    swapped,
    transfer,
)
from tests.domain.reporting.test_catalogue import HOST_2024, ISSUED, USER_2024, home, units, world

D = date


def test_a_withdrawn_range_is_compared_with_every_block_that_it_meets() -> None:
    far = records(withdrawn_units=[WithdrawnUnits("VCS", "VCS-1-1", "VCS-1-99", "a claim")])
    one = world(HOST_2024, actions=(first_transfer(**units("VCS", "VCS-1-100", "VCS-1-1099")),))
    assert seen(checked(*one, records=far), "C70") == []


def test_what_was_issued_and_is_held_moved_or_cancelled_is_not_lost() -> None:
    gone = cancellation(1, 400, day=D(2024, 9, 1), using_cancelling_party_id="XAA", party_itmo_registry_id="XAA01")
    for submissions in (
        home(holdings=(ISSUED,)),
        home(gone, holdings=(holding(401, 1000, party_itmo_registry_id="XAA01"),)),
    ):
        assert seen(checked(*submissions), "C68") == []


def test_a_block_that_goes_the_same_way_twice_is_matched_twice() -> None:
    out = [first_transfer(), transfer(day=D(2024, 6, 1), acquiring_party_id="XBB", party_itmo_registry_id="XAA01")]
    back = acquisition(day=D(2024, 5, 2), transferring_party_id="XBB", party_itmo_registry_id="XAA01")
    arrived = [acquisition(), acquisition(day=D(2024, 6, 2))]
    away = transfer(day=D(2024, 5, 1), acquiring_party_id="XAA")
    both = swapped(world(HOST_2024, actions=(out[0], back, out[1])), USER_2024, actions=(arrived[0], away, arrived[1]))
    assert checked(*both).findings == ()
    once = swapped(both, USER_2024, actions=(arrived[0], away))
    assert [(case, severity) for case, severity, _ in seen(checked(*once), "C62")] == [("unmatched", "I")]


def test_the_report_of_the_host_alone_is_not_contradicted() -> None:
    outcome = checked(host_2023(), report("XAA", 2024, first_transfer()))
    assert outcome.status is CheckStatus.NOT_AVAILABLE
    assert {one.text_key for one in outcome.findings} == {"C62.not_reported"}
