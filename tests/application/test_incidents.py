"""Refused double sales are noted after everybody was answered, and only they."""

import pytest

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.driver import Driver
from counterfoil.application.incidents import TEXT_MAX, Incident, Watch, incident
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import UnitsFault
from tests.application.office import Office
from tests.domain.commands.desk import units

UNITS = "CA9001-XAA01-XAA-#-2023"


def sale(account: str = "xaa:dev", identity: str = "") -> Submission:
    return Submission(
        Transfer(id=identity, units=units(UNITS, 1, 10), source=account, target="xaa:shop"), "token:broker"
    )


def refused(code: str) -> Refusal:
    return Refusal(code, {"units": f"{UNITS} 1..10", "account": "xaa:dev", "serials": "1..4", "found": "to:CHE"})


class Kept(list[Incident]):
    """A book of incidents in memory."""

    def note(self, incidents: "list[Incident]") -> None:
        self.extend(incidents)


@pytest.mark.parametrize("code", [UnitsFault.LEFT, UnitsFault.SPENT, UnitsFault.IN_FLIGHT, UnitsFault.NOT_HELD])
def test_an_attempt_to_sell_what_is_gone_is_told_with_who_when_and_which(code: UnitsFault) -> None:
    kept = Kept()
    Watch(PinnedClock(1_700_000_000_000), kept)([sale(identity="c-1")], [refused(code)])
    assert kept == [
        Incident(
            "2023-11-14T22:13:20.000Z",
            "token:broker",
            "Transfer",
            "c-1",
            code,
            f"{UNITS} 1..10",
            "1..4",
            "xaa:dev",
            "to:CHE",
        )
    ]


@pytest.mark.parametrize("code", [UnitsFault.ON_HOLD, UnitsFault.UNKNOWN, "account.unknown"])
def test_other_refusals_are_no_double_sale(code: str) -> None:
    kept = Kept()
    Watch(PinnedClock(0), kept)([sale()], [refused(code)])
    assert not kept


def test_what_a_sender_wrote_is_told_in_bounded_length() -> None:
    told = incident("2026-01-01", Submission(sale(identity="x" * 10_000).command, "y" * 10_000), refused("units.left"))
    assert (len(told.command), len(told.by)) == (TEXT_MAX, TEXT_MAX)


def test_a_watch_that_fails_does_not_stop_the_writer() -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    driver = Driver(Office().writer, fails)
    try:
        assert [type(driver.do([sale()])[0]).__name__ for _ in range(2)] == ["Refusal", "Refusal"]
    finally:
        driver.close()
