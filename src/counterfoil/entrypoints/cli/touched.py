"""Whose results a new version may change, as lines for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.entrypoints.cli.screen import Screen


def say_touched(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> None:
    """Whose checks were run again, with the inconsistencies and gaps before and after."""
    for row in rows:
        before, after = row["before"], row["after"]
        counts = {
            "before": before["B"] + before["I"],
            "before_missing": before["N"],
            "after": after["B"] + after["I"],
            "after_missing": after["N"],
        }
        screen.say("cli.submission.touched", party=row["party"], **counts)
