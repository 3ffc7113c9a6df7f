"""Whether an open objection keeps units from going to another Party.

Read before: `domain/authorizations/objection.py`.
"""

from collections.abc import Sequence

from counterfoil.application.command import Units, stored
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.authorizations.objection import (
    OBJECTION,
    OPEN_OBJECTIONS,
    About,
    Objection,
    about_key,
    barred_by,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books


def open_objections(books: Books, kind: About, about: str) -> list[Objection]:
    """The open objections about a thing, in the order in which they were recorded."""
    names = books.record(OPEN_OBJECTIONS, about_key(kind, about)) or ()
    found = [stored(books, OBJECTION, name, Objection) for name in names]
    return [each for each in found if each is not None]


def contested(books: Books, *, transfer: str, parts: Sequence[Units]) -> Refusal | None:
    """Refuses by an objection to the transfer, then to an activity or letter of its units. Source: R-FRI-02."""
    asked = {(About.TRANSFER, transfer): None}
    before: object = None
    for part in parts:
        for holding in books.holdings(part.unit_class, part.first, part.last):
            if holding.facts is before:
                continue  # of the same lot
            before, facts = holding.facts, unit_facts(holding.facts)
            asked[About.ACTIVITY, facts.activity] = None
            if facts.authorization is not None:
                asked[About.AUTHORIZATION, facts.authorization] = None
    for kind, about in asked:
        refusal = barred_by(open_objections(books, kind, about))
        if refusal is not None:
            return refusal
    return None
