"""Bring in what a register kept elsewhere: an announced opening book, and then its rows, one act each.

Accounts, activities and authorizations come in as the commands of the same fields would make them, on their own past
days; units come in with their serials. Nobody may add a row that was not announced.

Read before: `domain/ledger/opening_book.py`.
"""

from dataclasses import dataclass, fields
from typing import Final

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.authorize import Authorize, authorization_in_force, authorize
from counterfoil.application.commands.describing import ActivityDescription, described
from counterfoil.application.commands.import_units import ImportFault
from counterfoil.application.commands.issue import NEXT_SERIAL, IssueFault
from counterfoil.application.commands.open_account import OpenAccount, holding_open, open_account, under_one_party
from counterfoil.application.commands.placing import UnitsAuthorizedFault
from counterfoil.domain.accounting.first_transfer import Event, trigger
from counterfoil.domain.accounting.unit_facts import UnitFacts
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.activities.life import LIFE, Life
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.authorizations.coverage import Cover, covers
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import imported
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Backdating, Entry, FactChange, Move, Record
from counterfoil.domain.ledger.opening_book import OPENING_BOOK, OpeningBook, OpeningFault, readable_opening, taken
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.identifier import Grammar, UnitClass, unit_class
from counterfoil.domain.units.serials import no_range
from counterfoil.domain.units.unit_type import RULES, PermittedUse, UnitType

_NOT_OF_THE_ROW: Final = frozenset({"id", "rest", "confidential"})
_TYPES: Final = {Grammar.ITMO: UnitType.ITMO, Grammar.DOMESTIC: UnitType.DOMESTIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceOpening(Command):
    """Announce an opening book: the SHA-256 of its file, its rows and units, and the digest over all rows."""

    opening: str
    document: str
    rows: int
    quantity: int
    digest: str


def announce_opening(command: AnnounceOpening, books: Books, context: Context) -> Entry | Refusal:
    """Source: 2/CMA.3 annex para. 29; ADR-0027."""
    nameless = unfit("opening", command.opening)
    if nameless is not None:
        return nameless
    if books.record(OPENING_BOOK, command.opening) is not None:
        return Refusal(OpeningFault.NAME_TAKEN, {"opening": command.opening})
    book = OpeningBook(command.opening, command.document, command.rows, command.quantity, command.digest, context.on)
    refusal = readable_opening(book)
    if refusal is not None:
        return refusal
    return Entry(Act.OPENING_ANNOUNCED, context.on, records=(record(OPENING_BOOK, book.id, book),))


@dataclass(frozen=True, slots=True, kw_only=True)
class BringInAccount(OpenAccount):
    """Bring in an account. `rest` is the digest of the rows that follow in the opening book."""

    opening: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringInActivity(ActivityDescription):
    """Bring in an activity that was registered elsewhere before. `rest`: the digest of the rows that follow."""

    opening: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringInAuthorization(Authorize):
    """Bring in an authorization that was given before. `rest`: the digest of the rows that follow."""

    opening: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringInUnits(Command):
    """Bring in units with their serials, to the account that holds them. `rest`: the digest of the rows that follow.

    `authorization` names the one under which they stand, and is left out for units that are not authorized.
    """

    opening: str
    rest: str
    units: Units
    account: str
    activity: str
    authorization: str | None = None


Row = BringInAccount | BringInActivity | BringInAuthorization | BringInUnits


def row_json(command: Row) -> JSON:
    """What the digest of the opening book covers of a row: the command's name and all that it says."""
    said = {each.name: to_json(getattr(command, each.name)) for each in fields(command) if _of_row(each.name)}
    return {"command": type(command).__name__, **said}


def _of_row(name: str) -> bool:
    return name not in _NOT_OF_THE_ROW


def bring_in_account(command: BringInAccount, books: Books, context: Context) -> Entry | Refusal:
    """The same refusals as for an account that is opened today. Source: 2/CMA.3 annex para. 29."""
    return _brought(command, open_account(command, books, context), books)


def bring_in_activity(command: BringInActivity, books: Books, context: Context) -> Entry | Refusal:
    """It was registered in its time, so the stages and gates of today are not asked. Source: 2/CMA.3 annex para. 31."""
    activity = described(command, books, context)
    if isinstance(activity, Refusal):
        return activity
    life = Life(activity.id, Stage.REGISTERED, context.on, passed=(Stage.REGISTERED,))
    records = (record(ACTIVITY, activity.id, activity), record(LIFE, activity.id, life))
    return _brought(command, Entry(Act.ACTIVITY_REGISTERED, context.on, records=records), books)


def bring_in_authorization(command: BringInAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """The same content is asked as of one that is given today. Source: 4/CMA.6 paras. 3-6."""
    return _brought(command, authorize(command, books, context), books)


def bring_in_units(command: BringInUnits, books: Books, context: Context) -> Entry | Refusal:
    """Refuses serials that are in the book, units of another registry, and what the authorization does not cover.

    Units that were first transferred are no opening balance: their adjustment stands in a report already.

    Source: 6/CMA.4 annex I paras. 4-6; 4/CMA.6 paras. 5, 12.
    """
    units = command.units
    of = _class_of(command, books, context)
    if isinstance(of, Refusal):
        return of
    activity = stored(books, ACTIVITY, command.activity, Activity)
    if activity is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    if of.cooperative_approach not in (None, activity.cooperative_approach) or activity.host != of.party:
        return _not_own(of, context)
    refusal = holding_open(books, command.account)
    if refusal is None and of.cooperative_approach is not None:
        refusal = under_one_party(books, command.account, party=activity.host)
    if refusal is not None:
        return refusal
    authorization = _authorization(command, of, activity, books, context)
    if isinstance(authorization, Refusal):
        return authorization
    facts = _facts(command, _TYPES[of.grammar], activity)
    first_free = max(int(books.record(NEXT_SERIAL, of.key) or 1), units.last + 1)
    entry = Entry(
        Act.IMPORTED,
        context.on,
        moves=(Move(of.key, units.first, units.last, imported("opening"), command.account),),
        facts=(FactChange(of.key, units.first, units.last, facts.as_facts()),),
        records=(Record(NEXT_SERIAL, of.key, first_free),),
        because=None if authorization is None else authorization.reference,
    )
    return _brought(command, entry, books, quantity=units.last - units.first + 1)


def _class_of(command: BringInUnits, books: Books, context: Context) -> UnitClass | Refusal:
    """The class of units that this registry would have issued itself, whose serials are free."""
    units = command.units
    of = unit_class(units.unit_class)
    refusal = no_range(units.first, units.last)
    if isinstance(of, Refusal) or refusal is not None:
        return of if isinstance(of, Refusal) else refusal  # type: ignore[return-value]
    if of.grammar not in _TYPES or of.registry != context.registry.registry:
        return _not_own(of, context)
    if of.vintage is not None and of.vintage > context.on.year:
        return Refusal(IssueFault.VINTAGE_IN_FUTURE, {"vintage": of.vintage, "on": context.on.isoformat()})
    standing = books.holdings(of.key, units.first, units.last)
    if not standing:
        return of
    whole = sum(holding.serials.size for holding in standing) == units.last - units.first + 1
    code = ImportFault.ALREADY_ISSUED if whole else ImportFault.OVERLAPS
    named = f"{of.key} {units.first}..{units.last}"
    return Refusal(code, {"units": named, "serials": str(standing[0].serials)})


def _not_own(of: UnitClass, context: Context) -> Refusal:
    return Refusal(OpeningFault.CLASS_NOT_OWN, {"unit_class": of.key, "registry": context.registry.registry})


def _authorization(
    command: BringInUnits, of: UnitClass, activity: Activity, books: Books, context: Context
) -> Authorization | Refusal | None:
    """The letter that covers the units, under which none of them is first transferred already."""
    if command.authorization is None:
        return None
    if not RULES[_TYPES[of.grammar]].authorizable or of.vintage is None:
        return Refusal(UnitsAuthorizedFault.NOT_AUTHORIZABLE, {"unit_type": _TYPES[of.grammar].value})
    known = authorization_in_force(books, command.authorization, on=context.on)
    if known is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization[:80]})
    cover = Cover(
        on=context.on,
        vintage=of.vintage,
        approach=of.cooperative_approach,
        activity=activity.id,
        sector=activity.sector,
        activity_type=activity.activity_type,
        metric=activity.metric,
    )
    for event in (Event.AUTHORIZED, Event.ISSUED):
        if trigger(event, purposes=known.purposes, definition=known.first_transfer_definition) is not None:
            return Refusal(OpeningFault.FIRST_TRANSFERRED, {"authorization": known.id, "unit_class": of.key})
    return covers(known, cover) or known


def _facts(command: BringInUnits, kind: UnitType, activity: Activity) -> UnitFacts:
    return UnitFacts(
        unit_type=kind,
        activity=activity.id,
        mitigation_type=activity.mitigation_type,
        metric=activity.metric,
        sector=activity.sector,
        activity_type=activity.activity_type,
        reversibility=activity.reversibility,
        permitted_use=PermittedUse.INTERNATIONAL if RULES[kind].authorizable else PermittedUse.DOMESTIC,
        authorization=command.authorization,
        origin=f"opening/{command.opening}",
    )


def _brought(command: Row, entry: Entry | Refusal, books: Books, *, quantity: int = 0) -> Entry | Refusal:
    """The entry of a row that is the next of its announced book, with the leave to lie in the past."""
    book = stored(books, OPENING_BOOK, command.opening, OpeningBook)
    if book is None:
        return Refusal(OpeningFault.UNKNOWN, {"opening": command.opening[:80]})
    if isinstance(entry, Refusal):
        return entry
    after = taken(book, row_json(command), rest=command.rest, quantity=quantity)
    if isinstance(after, Refusal):
        return after
    return entry._replace(
        records=(*entry.records, record(OPENING_BOOK, book.id, after)),
        details={**entry.details, "opening": book.id},
        backdated=Backdating.IMPORT,
    )
