"""The office as the command line works with it: opened for one command, by the folder's owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from counterfoil.application.office.ports import Office
from counterfoil.entrypoints.cli.contents import Desk
from counterfoil.entrypoints.cli.reading import founded
from counterfoil.entrypoints.cli.render import Renderer
from counterfoil.entrypoints.office_at_hand import OfficeAtHand

ROWS_MAX = 1_000
"""Of one listing; --after goes on from there."""


@contextmanager
def office_at_work(directory: Path) -> Iterator[Office]:
    """The office of a founded registry; its file is laid out when it is not there.

    Raises:
        Outage: there is no registry, or the office's file cannot be used.
    """
    at_hand = OfficeAtHand(founded(directory))
    try:
        office = at_hand.office(create=True)
        assert office is not None
        yield office
    finally:
        at_hand.close()


def show_rows(desk: Desk, rows: list[dict[str, Any]], nothing: str) -> None:
    """A list on the screen, or as JSON; `nothing` is the key of what is said of an empty one."""
    screen = desk.screen
    if screen.as_json:
        screen.json(rows)
    elif not rows:
        screen.say(nothing)
    else:
        for line in Renderer(screen.texts, screen.columns).rows(rows):
            screen.line(line)


def moment(at_ms: int | None) -> str | None:
    """UTC, to the minute, as people read it."""
    return None if at_ms is None else datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")
