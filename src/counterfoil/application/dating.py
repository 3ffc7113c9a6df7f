"""The rule of the two dates: no act of the future, and none of the past without leave.

Source: 2/CMA.3 annex para. 20 (annual information).
"""

from datetime import date

from counterfoil.application.command import REPORTED, Command, EntryFault, Registry
from counterfoil.application.commands.found import Found
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Backdating, Entry


def dated(entry: Entry, command: Command, *, today: date, registry: Registry, books: Books) -> Entry | Refusal:
    """The entry with what it assumes and how it is back-dated, or the refusal of its day.

    A demonstration may assume and back-date; imports and corrections carry their own leave. A reported year is closed.
    """
    on = entry.effective_on
    demonstration = registry.demonstration or (isinstance(command, Found) and command.demonstration)
    if command.assumed:
        if not demonstration:
            return Refusal(EntryFault.ASSUMED)
        entry = entry._replace(details={**entry.details, "assumed": list(command.assumed)})
    if on > today:
        return Refusal(EntryFault.FUTURE_DATED, {"on": on.isoformat(), "today": today.isoformat()})
    if on == today:
        return entry
    facts = {"on": on.isoformat(), "today": today.isoformat()}
    if entry.backdated is None:
        if not demonstration:
            return Refusal(EntryFault.BACKDATED, facts)
        entry = entry._replace(backdated=Backdating.DEMONSTRATION)
    reported = books.record(REPORTED, "year")
    if reported is not None and on.year <= reported:
        return Refusal(EntryFault.BEFORE_FROZEN_REPORT, {**facts, "year": reported})
    return entry
