"""Use towards the acquiring Party's NDC in the very entry that acquires the units: they never lie in between.

The proposal says for which year. The acquiring side asks all that it asks of a use before it accepts, and once more
when the units are there; what has changed meanwhile does not keep them from arriving: they then go to the account.

Source: 2/CMA.3 annex paras. 1(d), 8(b), 20(a), 21(e); 4/CMA.6 paras. 5, 11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.clearance import settled_by_own_record
from counterfoil.application.commands.covering import acting_entity
from counterfoil.application.commands.offered import Offer
from counterfoil.application.commands.reach import Piece
from counterfoil.application.commands.retire_there import RetireThere, retirable
from counterfoil.application.commands.use import countable, usable, year_fits
from counterfoil.domain.accounting.adjustment import use_postings
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.activities.activity import APPROACH, CooperativeApproach
from counterfoil.domain.authorizations.recognition import RecognitionFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import used_towards_ndc
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Posting
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.serials import SerialRange


def acceptable(
    retire: RetireThere | None, offer: Offer, account: str, books: Books, context: Context
) -> Refusal | None:
    """All that is asked of a use, of units that are still the partner's, under the records that it showed.

    Units whose transfer this Party must recognize first are not used as they arrive.
    """
    refusal = retirable(retire, context)
    if retire is None or refusal is not None:
        return refusal
    entity = acting_entity(books, account, named=offer.entity, party=context.registry.party)
    for part in offer.parts:
        of, facts = unit_class(part.unit_class), unit_facts(part.facts)
        assert isinstance(of, UnitClass), "an offer that can be taken has classes that can be read"
        arrived = replace(facts, first_transferred_on=facts.first_transferred_on or context.on)
        piece = Piece(SerialRange(part.first, part.last), arrived)
        refusal = year_fits(of, retire.year, books, context)
        refusal = refusal or _shown_lets(of, piece, offer, books, context, entity=entity)
        if refusal is not None:
            return refusal
    return None


def _shown_lets(
    of: UnitClass, piece: Piece, offer: Offer, books: Books, context: Context, *, entity: str | None
) -> Refusal | None:
    letter = next(each for each in offer.letters if (each.id, each.host) == (piece.facts.authorization, of.party))
    shown = next(each for each in offer.approaches if each.id == of.cooperative_approach)
    own = stored(books, APPROACH, shown.id, CooperativeApproach)
    if shown.recognition_required or (own is not None and own.recognition_required):
        return Refusal(RecognitionFault.MISSING, {"units": of.key, "party": context.registry.party})
    approach = settled_by_own_record(shown, books)
    return countable(of, piece, books, context, entity=entity, authorization=letter, approach=approach)


Arriving = tuple[str, int, int, Mapping[str, Any]]
"""Class, first and last serial, and the facts with which units arrive."""


class Arrival(NamedTuple):
    """Where arriving units go, with what their use posts; `refused` is the code of what kept them from being used."""

    account: str
    postings: tuple[Posting, ...] = ()
    refused: str = ""

    def said(self, retire: RetireThere | None, entity: str | None) -> dict[str, JSON]:
        """What the entry tells of it: the year and entity of the use, or why there was none."""
        if retire is None:
            return {}
        if self.refused:
            return {"not_used": self.refused}
        return {"year": retire.year, **({"entity": entity} if entity else {})}


def arrival(
    retire: RetireThere | None,
    parts: Sequence[Arriving],
    books: Books,
    context: Context,
    *,
    account: str,
    entity: str | None,
) -> Arrival:
    """Into the account of use where every part may be used, else into the holding account with the reason.

    Args:
        account: The holding account that the proposal named.
    """
    if retire is None:
        return Arrival(account)
    party = context.registry.party
    acting = acting_entity(books, account, named=entity, party=party)
    postings: list[Posting] = []
    for key, first, last, carried in parts:
        of, facts = unit_class(key), unit_facts(carried)
        assert isinstance(of, UnitClass)
        piece = Piece(SerialRange(first, last), facts)
        refusal = year_fits(of, retire.year, books, context)
        found = refusal if refusal is not None else usable(of, piece, acting, books, context)
        if isinstance(found, Refusal):
            return Arrival(account, refused=str(found.code))
        quantity, commodity = piece.serials.size, facts.metric.commodity
        postings += use_postings(party=party, year=retire.year, quantity=quantity, commodity=commodity)
    return Arrival(used_towards_ndc(party, retire.year), tuple(postings))
