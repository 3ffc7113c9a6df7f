"""Correct a mistake: a reversing entry that names the wrong one, with authority and reason. Nothing is edited."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.authorize import FIRST_TRANSFERRED_QUANTITY, first_transferred_quantity
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Act, Backdating, Entry, FactChange, JournalEntry, Move, Posting, Record
from counterfoil.domain.mrv.verification import VERIFICATION, Verification, VintageQuantity, quantity_of
from counterfoil.domain.units.identifier import UnitClass, unit_class

CORRECTED: Final = "corrected"


class CorrectFault(StrEnum):
    ENTRY_UNKNOWN = "correction.entry_unknown"
    ALREADY_CORRECTED = "correction.already_corrected"
    NOT_CORRECTABLE = "correction.not_correctable"
    UNITS_MOVED_ON = "correction.units_moved_on"
    AUTHORITY_MISSING = "correction.authority_missing"
    BEFORE_ENTRY = "correction.before_entry"


_CORRECTABLE: Final = frozenset(
    {
        Act.ISSUED,
        Act.IMPORTED,
        Act.UNITS_AUTHORIZED,
        Act.TRANSFERRED,
        Act.USED_TOWARDS_NDC,
        Act.CANCELLED,
        Act.RETIRED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Command):
    """Reverse entry number `entry`. Units that have moved on must be corrected from the latest entry backwards."""

    entry: int
    authority: str
    reason: str


def correct(command: Correct, books: Books, context: Context) -> Entry | Refusal:
    """Acts that another book has answered are not corrected by one side alone.

    Source: 6/CMA.4 annex I paras. 2-3 (data integrity); 4/CMA.6 para. 32 (corrections by new versions).
    """
    facts = {"entry": command.entry}
    if not (command.authority and command.reason):
        return Refusal(CorrectFault.AUTHORITY_MISSING, facts)
    wrong = context.entry_at(command.entry)
    if wrong is None:
        return Refusal(CorrectFault.ENTRY_UNKNOWN, facts)
    if context.on < wrong.entry.effective_on:
        day = wrong.entry.effective_on.isoformat()
        return Refusal(CorrectFault.BEFORE_ENTRY, {**facts, "on": context.on.isoformat(), "day": day})
    if books.record(CORRECTED, str(command.entry)) is not None:
        return Refusal(CorrectFault.ALREADY_CORRECTED, facts)
    if wrong.entry.act not in _CORRECTABLE:
        return Refusal(CorrectFault.NOT_CORRECTABLE, {**facts, "act": wrong.entry.act.value})
    later = _touched_later(wrong, books, context)
    if later is not None:
        return Refusal(CorrectFault.UNITS_MOVED_ON, {**facts, "later": later})
    return _reversing(command, wrong, books, context)


def _touched_later(wrong: JournalEntry, books: Books, context: Context) -> int | None:
    for of, first, last in _spans(wrong):
        for holding in books.holdings(of, first, last):
            standing = _standing(holding, context)
            if standing != wrong.seq:
                return standing
    return None


def _standing(holding: Holding, context: Context) -> int:
    """The latest entry about these units that has not been taken back by a correction."""
    seq = holding.seq
    while (entry := context.entry_at(seq)) is not None and entry.entry.corrects is not None:
        reversed_one = context.entry_at(entry.entry.corrects)
        assert reversed_one is not None
        before = [earlier for earlier in reversed_one.follows if _touches(context.entry_at(earlier), holding)]
        if not before:
            break
        seq = max(before)
    return seq


def _touches(entry: JournalEntry | None, holding: Holding) -> bool:
    return entry is not None and any(
        of == holding.unit_class and first <= holding.serials.last and holding.serials.first <= last
        for of, first, last in _spans(entry)
    )


def _spans(entry: JournalEntry) -> list[tuple[str, int, int]]:
    spans = [(move.unit_class, move.first, move.last) for move in entry.entry.moves]
    return spans + [(change.unit_class, change.first, change.last) for change in entry.entry.facts]


def _reversing(command: Correct, wrong: JournalEntry, books: Books, context: Context) -> Entry:
    entry = wrong.entry
    born = any(move.source.partition(":")[0] in ("issued", "imported") for move in entry.moves)
    withdrawn = tuple(
        FactChange(change.unit_class, change.first, change.last, dict.fromkeys(change.facts, None))
        for change in entry.facts
    )
    marked = {"authority": command.authority, "reason": command.reason, "on": context.on.isoformat()}
    return Entry(
        Act.CORRECTED,
        context.on,
        moves=tuple(Move(m.unit_class, m.first, m.last, m.target, m.source) for m in reversed(entry.moves)),
        facts=() if born else withdrawn,
        postings=tuple(Posting(p.book, p.commodity, p.account, -p.amount) for p in entry.postings),
        records=(
            Record(CORRECTED, str(wrong.seq), marked),
            *_verification_restored(wrong, books),
            *_counts_restored(wrong, books),
        ),
        details={"authority": command.authority, "reason": command.reason, "reverses": entry.act.value},
        because=entry.because,
        corrects=wrong.seq,
        backdated=Backdating.CORRECTION if context.on < context.today else None,
    )


def _verification_restored(wrong: JournalEntry, books: Books) -> tuple[Record, ...]:
    """What was issued by mistake may be issued again; its serials stay retired for ever."""
    if wrong.entry.act is not Act.ISSUED:
        return ()
    move = wrong.entry.moves[0]
    verification = stored(books, VERIFICATION, str(wrong.entry.details["verification"]), Verification)
    of = unit_class(move.unit_class)
    assert verification is not None and isinstance(of, UnitClass) and of.vintage is not None
    left = quantity_of(verification.issued, of.vintage) - move.size
    others = tuple(entry for entry in verification.issued if entry.vintage != of.vintage)
    issued = (*others, VintageQuantity(of.vintage, left)) if left else others
    return (record(VERIFICATION, verification.id, replace(verification, issued=issued)),)


def _counts_restored(wrong: JournalEntry, books: Books) -> tuple[Record, ...]:
    """The authorizations' counts of first transferred units, without those of the wrong entry."""
    counted: Counter[str] = Counter()
    for change in wrong.entry.facts:
        if "first_transferred_on" in change.facts:
            for holding in books.holdings(change.unit_class, change.first, change.last):
                counted[str(holding.facts["authorization"])] += holding.serials.size
    return tuple(
        Record(FIRST_TRANSFERRED_QUANTITY, key, first_transferred_quantity(books, key) - quantity)
        for key, quantity in counted.items()
    )
