"""What the engine knows of fees for the law: what was paid or waived for an act, and that an act uses it up.

Read before: `domain/settlement/invoice.py`. Source: ADR-0024.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from counterfoil.application.command import Command
from counterfoil.application.decided import ABOUT
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Record
from counterfoil.domain.policy.asked import Act
from counterfoil.domain.policy.kinds.fee import BEFORE_ACT, FEE, PAID
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling
from counterfoil.domain.settlement.invoice import FEE_SETTLED, settled_key, used_up


def subjects_of(command: Command, known: Mapping[str, Any]) -> tuple[str, ...]:
    """What an act is about, as invoices name it."""
    named: tuple[str, ...] = known.get(ABOUT, ())
    own = getattr(command, "activity", None)
    return named or ((f"activity:{own}",) if isinstance(own, str) and own else ())


def fees_paid(subjects: Sequence[str], act: Act, law: Law, books: Books, on: date) -> dict[str, int]:
    """What is settled for each fee that is due before the act; nothing is zero, so that nobody can answer for it."""
    rules = {clause.name for clause in _due_before(act, law, on)}
    if not rules:
        return {}
    records = [_settled(books, act, subject) for subject in subjects]
    return {f"{PAID}{rule}": sum(each.get(rule, 0) for each in records) for rule in sorted(rules)}


def charged(entry: Entry, subjects: Sequence[str], act: Act, rulings: Sequence[Ruling], books: Books) -> Entry:
    """The entry with what was settled for its fees used up: one payment stands for one act."""
    due = {ruling.basis[0].name: int(note) for ruling in rulings for note in _before_act(ruling)}
    if not due:
        return entry
    records: list[Record] = []
    for subject in subjects:
        before = _settled(books, act, subject)
        taken = {rule: min(amount, before.get(rule, 0)) for rule, amount in due.items()}
        due = {rule: amount - taken[rule] for rule, amount in due.items()}
        if any(taken.values()):
            records.append(Record(FEE_SETTLED, settled_key(act.value, subject), used_up(before, taken)))
    return entry._replace(records=(*entry.records, *records))


def _due_before(act: Act, law: Law, on: date) -> Iterator[Any]:
    return (each for each in law.in_force(FEE.name, on) if each.content.before_act and act in each.acts)


def _before_act(ruling: Ruling) -> Iterator[str]:
    return (word for name, word in ruling.notes if name == BEFORE_ACT and ruling.kind == FEE.name)


def _settled(books: Books, act: Act, subject: str) -> dict[str, int]:
    value: dict[str, int] | None = books.record(FEE_SETTLED, settled_key(act.value, subject))
    return value or {}
