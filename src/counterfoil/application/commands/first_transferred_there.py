"""The host books a first transfer of its units that the mechanism registry made: the addition, exactly once.

Each unit is first transferred once, so each is counted once: what this book has counted is passed over, whichever
notice tells it again. Read before: `telling_hosts.py`. Source: 2/CMA.3 annex paras. 2, 8(a); 4/CMA.6 paras. 12-17;
A6.4-PROC-REGS-001 paras. 50-52; ADR-0036.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.covering import covering
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, counts, flags
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.reach import Piece
from counterfoil.application.commands.telling_hosts import ToldUnits
from counterfoil.domain.accounting.first_transfer import Event, Trigger, trigger
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.mechanism import FORWARDED_TO, STATEMENT, MechanismFault, Statement, ToldFault
from counterfoil.domain.federation.notice import PARTS_MAX, NoticeFault
from counterfoil.domain.kernel.ids import PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import FROM_MECHANISM, IN_MECHANISM
from counterfoil.domain.ledger.availability import first_missing
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move, Posting
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.serials import SerialRange, no_range
from counterfoil.domain.units.unit_type import PermittedUse, UnitType

_TEXT_MAX: Final = 80
_EVENTS: Final = {
    Trigger.INTERNATIONAL_TRANSFER: Event.MOVED_ABROAD,
    Trigger.AUTHORIZATION: Event.AUTHORIZED,
    Trigger.ISSUANCE: Event.ISSUED,
    Trigger.USE_OR_CANCELLATION: Event.USED_OR_CANCELLED_FOR_OIMP,
    Trigger.OMGE: Event.CANCELLED_FOR_OMGE,
    Trigger.ADAPTATION_FUND: Event.GIVEN_TO_ADAPTATION_FUND,
}


@dataclass(frozen=True, slots=True)
class ToldThere:
    """What the registry that issued them tells of units: on which day of that book, and to which Party they went."""

    partner: Partner
    units: Sequence[ToldUnits]
    told_on: date
    to: str
    act: str
    purpose: str = ""
    entity: str = ""
    using: str = ""


def read_told(content: Any, partner: Partner, told_on: date) -> ToldThere:
    """Raises KeyError, TypeError or ValueError where a notice is none of this kind."""
    units = [ToldUnits(*each) for each in content["units"]]
    if not all(isinstance(word, str) for each in units for word in (each.unit_class, *each[3:])):
        raise ValueError("units")
    to, purpose, entity, using = (
        str(content.get(name) or "")[:_TEXT_MAX] for name in ("to", "purpose", "entity", "using")
    )
    if any(party and not PARTY.match(party) for party in (to, using)):
        raise ValueError("party")
    return ToldThere(partner, units, told_on, to, Act(content["act"]).value, purpose, entity, using)


def first_transferred_by_mechanism(told: ToldThere, books: Books, context: Context) -> Entry | Refusal:
    """The first transfer as the host's own entry: added in the years of the vintages, counted under its letters.

    The letter and the deadline are asked as of the day on which it happened there, the quantity as of now. What the
    letter does not cover is refused, stays in both lists, and is for people to sort out.

    Source: 4/CMA.6 paras. 11-14; 2/CMA.3 annex paras. 8(a), 13-16.
    """
    refusal = _clear(told, context)
    if refusal is not None:
        return refusal
    if told.act == Act.TRANSFERRED_ABROAD:
        return _forwarded(told, books, context)
    then = replace(context, on=told.told_on)
    groups: list[FirstTransferring] = []
    for units in told.units:
        found = _group(told, units, books, then)
        if isinstance(found, Refusal):
            return found
        if found is not None:
            groups.append(found)
    if not groups:
        return Entry(Act.NOTICE_TAKEN, context.on, details=_said(told))
    refusal = admissible(groups, books, then)
    if refusal is not None:
        return refusal
    flagged = flags(groups, on=told.told_on)
    return Entry(
        Act.FIRST_TRANSFERRED_THERE,
        context.on,
        moves=tuple(_moves(groups)),
        facts=tuple(_born(groups, flagged.facts)),
        postings=_summed(flagged.postings),
        records=counts(groups, books),
        details=_said(told),
        because=groups[0].authorization.reference,
    )


def _forwarded(told: ToldThere, books: Books, context: Context) -> Entry | Refusal:
    """Units that this book has counted before went on from the mechanism to another Party; no balance moves.

    Source: 4/CMA.6 annex II table 3 (a transfer after the first).
    """
    changes: list[FactChange] = []
    for units in told.units:
        of = _ours(told, units, context)
        if isinstance(of, Refusal):
            return of
        held = books.holdings(of.key, units.first, units.last)
        known = {"units": f"{of.key} {units.first}..{units.last}", "partner": told.partner.party}
        if first_missing(units.first, units.last, held) is not None:
            return Refusal(ToldFault.NOT_KNOWN_YET, known)
        changes += [
            FactChange(of.key, each.serials.first, each.serials.last, {FORWARDED_TO: told.to})
            for each in held
            if FORWARDED_TO not in each.facts  # wherever they are by now: they may have come home meanwhile
        ]
    act = Act.FORWARDED_THERE if changes else Act.NOTICE_TAKEN
    return Entry(act, context.on, facts=tuple(changes), details=_said(told))


def _ours(told: ToldThere, units: ToldUnits, context: Context) -> UnitClass | Refusal:
    """The class, where it is one of this Party's units that the registry which tells has issued."""
    of = unit_class(units.unit_class)
    if isinstance(of, Refusal):
        return of
    if of.party == context.registry.party and of.registry == told.partner.registry and of.vintage is not None:
        return of
    known = {"units": f"{of.key} {units.first}..{units.last}", "partner": told.partner.party}
    return Refusal(ToldFault.NOT_ISSUED_THERE, known)


def _said(told: ToldThere) -> dict[str, str]:
    said = {
        "to": told.to,
        "act": told.act,
        "purpose": told.purpose,
        "entity": told.entity,
        "using": told.using,
        "first_transferred_on": told.told_on.isoformat(),
    }
    return {"partner": told.partner.party, **{name: value for name, value in said.items() if value}}


def _clear(told: ToldThere, context: Context) -> Refusal | None:
    if not 1 <= len(told.units) <= PARTS_MAX:
        return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": len(told.units), "parts_max": PARTS_MAX})
    if told.told_on > context.on:
        days = {"told_on": told.told_on.isoformat(), "on": context.on.isoformat()}
        return Refusal(ToldFault.NOT_YET, {**days})
    for units in told.units:
        unreadable = no_range(units.first, units.last)
        if unreadable is not None:
            return unreadable
    ordered = sorted(told.units)
    for one, other in pairwise(ordered):
        if one.unit_class == other.unit_class and other.first <= one.last:
            return Refusal(ToldFault.TWICE, {"units": f"{one.unit_class} {other.first}..{one.last}"})
    return None


def _group(told: ToldThere, units: ToldUnits, books: Books, then: Context) -> FirstTransferring | Refusal | None:
    """The units that this book has not counted yet; None where it has counted them all."""
    of = _ours(told, units, then)
    if isinstance(of, Refusal):
        return of
    known = {"units": f"{of.key} {units.first}..{units.last}", "partner": told.partner.party}
    activity = stored(books, ACTIVITY, units.activity, Activity)
    stated = stored(books, STATEMENT, units.activity, Statement)
    if activity is None or stated is None or stated.partner != told.partner.party:
        return Refusal(MechanismFault.NOT_STATED, {"activity": units.activity[:80]})
    if stated.authorization != units.authorization:
        named = {"activity": activity.id, "authorization": stated.authorization or "-"}
        return Refusal(MechanismFault.OTHER_LETTER, {**named, "partner": told.partner.party})
    held = books.holdings(of.key, units.first, units.last)
    standing = next((each for each in held if not _counted(each.facts)), None)
    if standing is not None:
        return Refusal(ToldFault.STANDS_HERE, {**known, "account": standing.account})
    letter = authorization_of(books, then, host=of.party, authorization=units.authorization)
    if isinstance(letter, Refusal):
        return letter
    facts = _facts(activity, letter)
    pieces = tuple(Piece(span, facts) for span in _unknown(units, books))
    if not pieces:
        return None
    return _by_letter(told, units, of, pieces, letter, then)


def _counted(facts: Any) -> bool:
    """Units that stand in this book with the flag were counted: none comes here from elsewhere before that."""
    return unit_facts(facts).status is Status.FIRST_TRANSFERRED


def _by_letter(  # noqa: PLR0917  private, called once
    told: ToldThere,
    units: ToldUnits,
    of: UnitClass,
    pieces: tuple[Piece, ...],
    letter: Authorization,
    then: Context,
) -> FirstTransferring | Refusal:
    """Whether the letter covers such units on that day, and calls what happened there their first transfer."""
    party = Party(told.to) if told.to else None
    refusal = covers(letter, covering(of, pieces[0].facts, on=then.on, party=party))
    if refusal is not None:
        return refusal
    by = Trigger(units.trigger)
    abroad = by is not Trigger.INTERNATIONAL_TRANSFER or told.to not in ("", of.party)
    pulled = trigger(
        _EVENTS[by],
        purposes=letter.purposes,
        definition=letter.first_transfer_definition,
        any_cross_party_move=True,
    )
    if pulled is not by or not abroad:
        told_units = f"{of.key} {units.first}..{units.last}"
        facts = {"units": told_units, "authorization": letter.id, "event": units.trigger}
        return Refusal(ToldFault.NOT_BY_LETTER, facts)
    return FirstTransferring(of, pieces, letter, pulled)


def _unknown(units: ToldUnits, books: Books) -> Iterator[SerialRange]:
    """The ranges that this book does not have yet."""
    expected = units.first
    for holding in books.holdings(units.unit_class, units.first, units.last):
        if holding.serials.first > expected:
            yield SerialRange(expected, holding.serials.first - 1)
        expected = holding.serials.last + 1
    if expected <= units.last:
        yield SerialRange(expected, units.last)


def _facts(activity: Activity, letter: Authorization) -> UnitFacts:
    """What the units are, by this Party's own register: of the notice only ranges and event are believed."""
    return UnitFacts(
        unit_type=UnitType.ITMO,
        activity=activity.id,
        mitigation_type=activity.mitigation_type,
        metric=activity.metric,
        sector=activity.sector,
        activity_type=activity.activity_type,
        reversibility=activity.reversibility,
        permitted_use=PermittedUse.INTERNATIONAL,
        authorization=letter.id,
    )


def _moves(groups: Sequence[FirstTransferring]) -> Iterator[Move]:
    for group in groups:
        for piece in group.pieces:
            yield Move(group.of.key, piece.serials.first, piece.serials.last, FROM_MECHANISM, IN_MECHANISM)


def _born(groups: Sequence[FirstTransferring], flags_of: Sequence[FactChange]) -> Iterator[FactChange]:
    """What units are and that they are first transferred, in one: an entry has room for so much and no more."""
    pieces = (piece for group in groups for piece in group.pieces)
    for piece, flagged in zip(pieces, flags_of, strict=True):
        yield flagged._replace(facts={**piece.facts.as_facts(), **flagged.facts})


def _summed(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """One posting for each account and commodity."""
    sums: dict[tuple[str, str, str], int] = {}
    for book, commodity, account, amount in postings:
        sums[book, commodity, account] = sums.get((book, commodity, account), 0) + amount
    return tuple(Posting(*key, amount) for key, amount in sums.items())
