"""The day on which units were issued, as the journal tells it: no fact of the units repeats it."""

from datetime import date
from typing import Final

from counterfoil.application.command import Context
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.ledger.entry import Act, JournalEntry

STEPS_MAX: Final = 10_000
"""Entries that are read back for one piece."""


def issuance_day(holding: Holding, context: Context) -> date | None:
    """The legal day of the entry that issued a piece; None where it was not issued here.

    Source: 4/CMA.6 para. 5(c) (the final date for mitigation outcomes to be issued).
    """
    found = context.entry_at(holding.seq)
    for _ in range(STEPS_MAX):
        if found is None or found.entry.act is Act.ISSUED:
            break
        found = _before(found, holding, context)
    return None if found is None or found.entry.act is not Act.ISSUED else found.entry.effective_on


def _before(journal_entry: JournalEntry, holding: Holding, context: Context) -> JournalEntry | None:
    """The entry that touched the piece before: the newest of those that this one follows and that name it."""
    for seq in sorted(journal_entry.follows, reverse=True):
        earlier = context.entry_at(seq)
        if earlier is not None and _touches(earlier, holding):
            return earlier
    return None


def _touches(journal_entry: JournalEntry, holding: Holding) -> bool:
    entry = journal_entry.entry
    spans = [(move.unit_class, move.first, move.last) for move in entry.moves]
    spans += [(change.unit_class, change.first, change.last) for change in entry.facts]
    return any(
        key == holding.unit_class and first <= holding.last and holding.first <= last for key, first, last in spans
    )
