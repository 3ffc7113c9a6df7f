"""What is due: transfers that were asked for and whose moment has come, and holds whose last day has passed."""

from collections.abc import Container, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.commands.hold import EndHold
from counterfoil.application.commands.request_transfer import ExecuteTransfer
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.books import HOLD
from counterfoil.domain.people.transfer_request import REQUEST
from counterfoil.domain.people.working_hours import moment_ms

DUE_MAX: Final = 1_000
"""Commands of one round; the next round goes on."""


def requests(sight: Sight, *, pending: bool = False) -> list[dict[str, Any]]:
    """Every request for a transfer, or those that wait, by their names."""
    found = (value for _, value in sight.records(REQUEST))
    return [value for value in found if not pending or value["state"] == "pending"]


def due(sight: Sight, now_ms: int, *, waiting: Container[str] = frozenset()) -> list[Command]:
    """The commands that do what is due, in the order of the moments. Whoever sends them decides nothing.

    A command that is refused, such as for a file that has run out, is due again in the next round.

    Args:
        waiting: Names such as `request:R-1` and `hold:H-1` of what is left out, because it was refused a moment ago.
    """
    asked = [each for each in requests(sight, pending=True) if moment_ms(each["due_at"]) <= now_ms]
    asked.sort(key=lambda each: (each["due_at"], each["id"]))
    transfers = (
        (f"request:{each['id']}", ExecuteTransfer(id=f"due:{each['id']}", request=each["id"])) for each in asked
    )
    lapsed = ((f"hold:{hold.hold}", hold) for hold in _lapsed(sight, now_ms))
    found: Iterator[tuple[str, Command]] = chain(transfers, lapsed)
    return list(islice((command for name, command in found if name not in waiting), DUE_MAX))


def _lapsed(sight: Sight, now_ms: int) -> Iterator[EndHold]:
    today = datetime.fromtimestamp(now_ms // 1000, UTC).date().isoformat()
    for key, held in sight.records(HOLD):
        if held["released_on"] is None and held.get("until", today) < today:
            yield EndHold(hold=key)
