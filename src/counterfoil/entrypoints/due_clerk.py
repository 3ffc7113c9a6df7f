"""The clerk of a server: does what is due, transfers that were asked for and holds that lapsed, beside all other acts.

It decides nothing: each act goes to the writer, which compares the due moment with the moment of recording.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.request_transfer import ExecuteTransfer
from counterfoil.application.driver import Driver
from counterfoil.application.ports import Clock, Outage
from counterfoil.application.queries.due import due
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.gate import owners_guard

PAUSE_SECONDS: Final = 3
IDLE_SECONDS: Final = 30
"""Where nothing was recorded since the last look, it looks this seldom: only the clock can have made something due."""
REST: Final = 20
"""After a look it rests so many times as long as the look took, so that a large book is not read all the time."""
REFUSED_SECONDS: Final = 900
"""What was refused, such as for a file that has run out, is tried again after this; meanwhile it holds up nobody."""
REFUSED_MAX: Final = 50_000

_log = logging.getLogger("counterfoil.due")


class DueClerk:
    """A thread beside the event loop, until it is told to stop. `by` is the name that its acts carry."""

    def __init__(self, folder: Folder, driver: Driver, clock: Clock, *, by: str) -> None:
        self._folder, self._driver, self._clock, self._by = folder, driver, clock, by
        self._refused: dict[str, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counterfoil-due", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, *, seconds: float) -> None:
        """Ask it to stop and wait so long. What it did not do is due again for the next one."""
        self._stop.set()
        self._thread.join(seconds)

    def round(self) -> int:
        """Do what is due now, and count what was done.

        Raises:
            Outage: the registry cannot be read, or the writer takes nothing now.
        """
        now = time.monotonic()
        self._refused = {name: again for name, again in self._refused.items() if again > now}
        with open_for_reading(self._folder) as readable:
            sight = Sight(readable.reading, readable.codec, readable.evidence)
            commands = due(sight, self._clock.now_ms(), waiting=self._refused.keys())
        return self._sent(commands, now) if commands and not self._stop.is_set() else 0

    def _sent(self, commands: Sequence[Command], now: float) -> int:
        guard = owners_guard(self._folder.path)
        outcomes = self._driver.do([Submission(command, self._by, guard) for command in commands])
        done = 0
        for command, outcome in zip(commands, outcomes, strict=True):
            if isinstance(outcome, Receipt):
                done += 1
            elif isinstance(outcome, Refusal) and len(self._refused) < REFUSED_MAX:
                self._refused[name_of(command)] = now + REFUSED_SECONDS
        if done < len(commands):
            _log.warning("due: %d done, %d refused", done, len(commands) - done)
        return done

    def _run(self) -> None:
        look = _Look(lambda: self._driver.writer.note)
        pause, told = float(PAUSE_SECONDS), ""
        while not self._stop.wait(pause):
            if not look.worth_while():
                continue
            began = time.monotonic()
            try:
                self.round()
                told = ""
            except Outage as outage:
                if outage.code != told:
                    _log.warning("what is due waits: %s", outage.code)
                told = str(outage.code)
            except Exception:  # noqa: BLE001  the next round may do better
                _log.exception("what is due waits")
            pause = max(float(PAUSE_SECONDS), REST * (time.monotonic() - began))


class _Look:
    """Whether a look can find anything: something was recorded since the last one, or time has passed."""

    def __init__(self, note: Callable[[], str]) -> None:
        self._note = note
        self._seen, self._at = "", 0.0

    def worth_while(self) -> bool:
        note, now = self._note(), time.monotonic()
        if note == self._seen and now - self._at < IDLE_SECONDS:
            return False
        self._seen, self._at = note, now
        return True


def name_of(command: Command) -> str:
    """How a due act is remembered while it was refused: as `queries.due` names it."""
    return (
        f"request:{command.request}" if isinstance(command, ExecuteTransfer) else f"hold:{getattr(command, 'hold', '')}"
    )
