"""The demonstration as a server shows it: played up to today, because what a played report has closed takes no act.

`make demo` plays on to the last supposed report; a registry that people act in must stand at the day of its clock.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import Stage


def day_of_today() -> date:
    """The day of the machine's clock, in UTC."""
    return date.fromisoformat(utc_text(SystemClock().now_ms())[:10])


def stage_until(day: date) -> Callable[[Path, Script], Stage]:
    """A stage on which nothing is played after a day."""

    def staged(out: Path, script: Script) -> Stage:
        stage = Stage(out, script)
        stage.until = day
        return stage

    return staged
