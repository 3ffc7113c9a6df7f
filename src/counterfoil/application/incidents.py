"""Refused double sales: who tried to dispose of units that were already gone, in flight or somebody else's, and when.

A refusal is no entry of the journal. An attempt to sell the same unit twice is told all the same, in a book beside the
ledger that only grows: it is written after everybody was answered, and nothing is decided from it.

Source: requirement R-INT-04.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from counterfoil.application.commands.cancel import CancelFault
from counterfoil.application.draft import Outcome, moment_at
from counterfoil.application.ports import Clock
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import UnitsFault

CODES: Final = frozenset(
    {
        UnitsFault.LEFT,
        UnitsFault.SPENT,
        UnitsFault.IN_FLIGHT,
        UnitsFault.NOT_HELD,
        CancelFault.ALREADY_CANCELLED,
    }
)
"""What a second disposal of the same unit is refused by. A hold or a missing serial is no double sale."""
TEXT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Incident:
    """One refused attempt. `account` is where the units were said to stand, `found` where they stood."""

    at: str
    by: str
    act: str
    command: str
    code: str
    units: str
    serials: str
    account: str
    found: str


class IncidentBook(Protocol):
    """Where incidents are kept. It takes what there is room for, and never fails those who were answered."""

    def note(self, incidents: Sequence[Incident]) -> None: ...


class Watch:
    """Looks over answered submissions and notes the incidents among them."""

    def __init__(self, clock: Clock, book: IncidentBook) -> None:
        self._clock = clock
        self._book = book

    def __call__(self, submissions: Sequence[Submission], outcomes: Sequence[Outcome]) -> None:
        """Called after the answers were given, in their order."""
        refused = [
            (submission, outcome)
            for submission, outcome in zip(submissions, outcomes, strict=True)
            if isinstance(outcome, Refusal) and outcome.code in CODES
        ]
        if refused:
            at = moment_at(self._clock.now_ms()).text
            self._book.note([incident(at, submission, refusal) for submission, refusal in refused])


def incident(at: str, submission: Submission, refusal: Refusal) -> Incident:
    """What is told of a refused attempt; texts that a sender chose are cut at `TEXT_MAX` characters."""

    def said(name: str) -> str:
        return str(refusal.facts.get(name, ""))[:TEXT_MAX]

    command = submission.command
    return Incident(
        at,
        submission.by[:TEXT_MAX],
        type(command).__name__,
        command.id[:TEXT_MAX],
        refusal.code,
        said("units"),
        said("serials"),
        said("account"),
        said("found"),
    )
