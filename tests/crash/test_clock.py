"""A clock that goes backwards, or jumps: the journal's own time never does, in a process and across its restarts."""

from datetime import UTC, datetime

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.application.command import Units
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing, verify_folder
from tests.crash.engines import Registries
from tests.http.desk import HELD, OTHER

HOUR = 3_600_000
NOW = 4_000_000_000_000
"""A moment after every founding of these tests, in milliseconds since 1970."""


def at(folder: Folder, ms: int, *serials: int) -> list[Receipt]:
    """Acts of a process whose clock stands at a moment."""
    opened = open_for_writing(folder, "test", clock=PinnedClock(ms))
    assert isinstance(opened, Writable)
    with opened as writable:
        moved = [Transfer(units=Units("BR-#", serial, serial), source=HELD, target=OTHER) for serial in serials]
        outcomes = [writable.driver.do([Submission(each, "test")])[0] for each in moved]
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Receipt)]


def text(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms // 1000, UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def moments(folder: Folder) -> list[str]:
    with open_for_reading(folder) as readable:
        return [readable.codec.decode(row.leaf)["at"] for row in readable.reading.journal()]


def test_a_clock_that_was_set_back_before_a_restart_does_not_set_the_journal_back(registries: Registries) -> None:
    folder = registries(blocks=1)
    (last,) = at(folder, NOW, 1)
    assert last.recorded_at == text(NOW)
    for serial, back in ((2, 1), (3, HOUR), (4, 24 * 365 * HOUR)):
        (receipt,) = at(folder, NOW - back, serial)
        # It stands where it was, and so does the day on which an act takes effect.
        assert (receipt.recorded_at, receipt.effective_on) == (last.recorded_at, last.effective_on)
    (later,) = at(folder, NOW + HOUR, 5)
    assert later.recorded_at == text(NOW + HOUR)
    assert moments(folder) == sorted(moments(folder))
    assert not verify_folder(folder).findings


def test_a_clock_that_jumps_about_in_a_running_process_only_moves_the_journal_on(registries: Registries) -> None:
    folder = registries(blocks=1)
    clock = PinnedClock(NOW)
    opened = open_for_writing(folder, "test", clock=clock)
    assert isinstance(opened, Writable)
    told = []
    with opened as writable:
        for serial, ms in enumerate((NOW, NOW - HOUR, NOW + HOUR, 0, NOW + 2 * HOUR, NOW), 1):
            clock.move_to(ms)
            act = Transfer(units=Units("BR-#", serial, serial), source=HELD, target=OTHER)
            (outcome,) = writable.driver.do([Submission(act, "test")])
            assert isinstance(outcome, Receipt), outcome
            told.append(outcome.recorded_at)
    assert told == [text(ms) for ms in (NOW, NOW, NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR, NOW + 2 * HOUR)]
    assert not verify_folder(folder).findings
