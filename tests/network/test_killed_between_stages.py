"""kill -9 of either side between any two stages of a transfer: it ends once, in both books, with sound logs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.nursery import Nursery, nursery
from tests.federation_http.stage import record, until
from tests.network.fault_proxy import Armed, Fault, Moment
from tests.network.killed_pair import TRANSFER, both

BEFORE_AND_AFTER = (Fault.CALL, Fault.CALL_AFTER)
EVERY_POINT = [(moment, fault, who) for moment in Moment for fault in BEFORE_AND_AFTER for who in ("source", "target")]
EVERY_DAY = {
    (Moment.PROPOSAL, Fault.CALL_AFTER, "source"),
    (Moment.ACCEPTANCE, Fault.CALL, "target"),
    (Moment.ACCEPTANCE, Fault.CALL, "source"),
    (Moment.RECEIPT, Fault.CALL, "source"),
    (Moment.RECEIPT, Fault.CALL_AFTER, "target"),
    (Moment.ACKNOWLEDGEMENT, Fault.CALL, "source"),
}
"""The others at night: each takes the seconds that a courier waits before it tries again."""

CUT_EVERY_DAY = {
    (Moment.PROPOSAL, Fault.TRUNCATE),
    (Moment.ACCEPTANCE, Fault.CUT),
    (Moment.RECEIPT, Fault.CUT_AFTER),
    (Moment.ACKNOWLEDGEMENT, Fault.TRUNCATE),
}


@pytest.fixture(scope="module")
def servers() -> Iterator[Nursery]:
    with nursery() as found:
        yield found


@pytest.mark.parametrize(
    ("moment", "fault", "who"),
    [pytest.param(*point, marks=() if point in EVERY_DAY else pytest.mark.nightly) for point in EVERY_POINT],
)
def test_a_transfer_is_booked_once_when_a_side_is_killed(
    moment: Moment, fault: Fault, who: str, tmp_path: Path, servers: Nursery
) -> None:
    with both(tmp_path, servers) as two:
        victim = two.source if who == "source" else two.target
        two.arm(Armed(moment, fault, victim.kill))
        two.propose()
        assert two.target.wire.struck.wait(30), "the moment never came"
        assert victim.killed
        victim.serve_again()
        two.wait()
        two.require_once()


@pytest.mark.parametrize(
    ("moment", "fault"),
    [
        pytest.param(moment, fault, marks=() if (moment, fault) in CUT_EVERY_DAY else pytest.mark.nightly)
        for moment in Moment
        for fault in (Fault.CUT, Fault.CUT_AFTER, Fault.TRUNCATE, Fault.DELAY)
    ],
)
def test_a_transfer_is_booked_once_when_the_wire_breaks(
    moment: Moment, fault: Fault, tmp_path: Path, servers: Nursery
) -> None:
    with both(tmp_path, servers) as two:
        two.arm(Armed(moment, fault))
        two.propose()
        assert two.target.wire.struck.wait(30), "the moment never came"
        two.wait()
        two.require_once()


def test_a_transfer_waits_while_nobody_can_reach_the_target(tmp_path: Path, servers: Nursery) -> None:
    with both(tmp_path, servers) as two:
        two.target.kill()
        two.propose()
        until(lambda: (found := record(two.source.office, TRANSFER)) is not None and found["state"] == "proposed")
        two.target.serve_again()
        two.wait()
        two.require_once()
