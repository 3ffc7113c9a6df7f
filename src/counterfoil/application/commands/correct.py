"""Correct a mistake: a reversing entry that names the wrong one, with authority and reason. Nothing is edited."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, later, record, stored
from counterfoil.application.commands.authorize import FIRST_TRANSFERRED_QUANTITY, first_transferred_quantity
from counterfoil.application.commands.choose_method import open_for
from counterfoil.application.commands.correct_conversion import conversion_restored, elsewhere_of
from counterfoil.application.commands.issuance_asked import request_corrected
from counterfoil.domain.accounting.adjustment import year_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import (
    ADJUSTMENTS,
    Act,
    Backdating,
    Entry,
    FactChange,
    JournalEntry,
    Move,
    Posting,
    Record,
)
from counterfoil.domain.mrv.verification import VERIFICATION, Verification, VintageQuantity, quantity_of
from counterfoil.domain.units.identifier import UnitClass, unit_class

CORRECTED: Final = "corrected"
_CMA_DECISION: Final = re.compile(r"[1-9][0-9]{0,2}/CMA\.[1-9][0-9]{0,2}")


class CorrectFault(StrEnum):
    ENTRY_UNKNOWN = "correction.entry_unknown"
    ALREADY_CORRECTED = "correction.already_corrected"
    NOT_CORRECTABLE = "correction.not_correctable"
    UNITS_MOVED_ON = "correction.units_moved_on"
    AUTHORITY_MISSING = "correction.authority_missing"
    BEFORE_ENTRY = "correction.before_entry"
    MANDATE_UNREADABLE = "correction.mandate_unreadable"
    MANDATE_MISSING = "correction.mandate_missing"
    CONVERTED_ELSEWHERE = "correction.converted_elsewhere"


_CORRECTABLE: Final = frozenset(
    {
        Act.ISSUED,
        Act.IMPORTED,
        Act.UNITS_AUTHORIZED,
        Act.TRANSFERRED,
        Act.USED_TOWARDS_NDC,
        Act.CANCELLED,
        Act.RETIRED,
        Act.CONVERTED,
        Act.REISSUED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Command):
    """Reverse entry number `entry`. Units that have moved on must be corrected from the latest entry backwards.

    `mandate` is the decision of the CMA that asks for it, such as `7/CMA.9`: once a period is frozen, nothing else
    changes its additions and subtractions.
    """

    entry: int
    authority: str
    reason: str
    mandate: str = later("")


def correct(command: Correct, books: Books, context: Context) -> Entry | Refusal:
    """Acts that another book has answered, or did with us under one decision, are not corrected by one side alone.

    Neither is a surrender: a charge was reduced on it, and a certificate given; nor a conversion into units of another
    registry, which issues on it. What is on hold stays where it is.

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
    if wrong.entry.act not in _CORRECTABLE or {"decision", "compliance", "notices"} & set(wrong.entry.details):
        return Refusal(CorrectFault.NOT_CORRECTABLE, {**facts, "act": wrong.entry.act.value})
    if elsewhere := elsewhere_of(wrong):
        return Refusal(CorrectFault.CONVERTED_ELSEWHERE, {**facts, "registry": elsewhere})
    later = _touched_later(wrong, books, context)
    if later is not None:
        return Refusal(CorrectFault.UNITS_MOVED_ON, {**facts, "later": later})
    refusal = _on_hold(wrong, books) or _mandated(command, wrong, books, context)
    return refusal or _reversing(command, wrong, books, context)


def _on_hold(wrong: JournalEntry, books: Books) -> Refusal | None:
    """Source: 4/CMA.6 para. 40 (flagged ITMOs)."""
    for of, first, last in _spans(wrong):
        for hold in books.holds(of, first, last):
            account = books.holdings(of, max(first, hold.serials.first), last)[0].account
            facts = {"units": f"{of} {first}..{last}", "account": account}
            return Refusal(UnitsFault.ON_HOLD, {**facts, "hold": hold.key, "reason": hold.reason})
    return None


def _mandated(command: Correct, wrong: JournalEntry, books: Books, context: Context) -> Refusal | None:
    """Whether final figures may change: after the freeze of a period, only as the CMA decides.

    Source: 2/CMA.3 annex para. 12; rulebook section 3.5.
    """
    if command.mandate and not _CMA_DECISION.fullmatch(command.mandate):
        return Refusal(CorrectFault.MANDATE_UNREADABLE, {"mandate": command.mandate[:80]})
    for year in sorted(_years(wrong, context.registry.party)) if not command.mandate else ():
        closed = open_for(books, context.registry, year)
        if closed is not None:
            return Refusal(CorrectFault.MANDATE_MISSING, {"entry": command.entry, **closed.facts})
    return None


def _years(wrong: JournalEntry, party: str) -> set[int]:
    """The years for which an entry added to the Party's balance or subtracted from it."""
    found = (year_of(posting.account, party) for posting in wrong.entry.postings if posting.book == ADJUSTMENTS)
    return {year for year in found if year is not None}


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
    said = {"authority": command.authority, "reason": command.reason}
    if command.mandate:
        said["mandate"] = command.mandate
    return Entry(
        Act.CORRECTED,
        context.on,
        moves=tuple(Move(m.unit_class, m.first, m.last, m.target, m.source) for m in reversed(entry.moves)),
        facts=() if born else withdrawn,
        postings=tuple(Posting(p.book, p.commodity, p.account, -p.amount) for p in entry.postings),
        records=(
            Record(CORRECTED, str(wrong.seq), {**said, "on": context.on.isoformat()}),
            *_verification_restored(wrong, books),
            *_counts_restored(wrong, books),
            *conversion_restored(wrong, books),
            *request_corrected(wrong, books, context, reason=command.reason),
        ),
        details={**said, "reverses": entry.act.value},
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
    left = quantity_of(verification.issued, of.vintage) - sum(each.size for each in wrong.entry.moves)
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
