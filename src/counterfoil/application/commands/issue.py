"""Issue units of a verified quantity, authorized or not; and authorize units that were issued before."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, effects
from counterfoil.application.commands.foreign import revoked
from counterfoil.application.commands.open_account import holding_open, under_one_party
from counterfoil.application.commands.reach import Piece, reach
from counterfoil.domain.accounting.first_transfer import Event, trigger
from counterfoil.domain.accounting.unit_facts import Status, UnderlyingUnits, UnitFacts
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.authorizations.coverage import Cover, covers
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import issued
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move, Record
from counterfoil.domain.mrv.verification import (
    VERIFICATION,
    Verification,
    VerificationFault,
    VintageQuantity,
    issuable,
    quantity_of,
)
from counterfoil.domain.units.identifier import UnitClass, domestic_class, itmo_class, unit_class
from counterfoil.domain.units.serials import SERIAL_MAX, SerialRange
from counterfoil.domain.units.unit_type import RULES, PermittedUse, UnitType

NEXT_SERIAL: Final = "next_serial"


class IssueFault(StrEnum):
    QUANTITY_NOT_POSITIVE = "issue.quantity_not_positive"
    VINTAGE_IN_FUTURE = "issue.vintage_in_future"
    APPROACH_MISSING = "issue.approach_missing"
    TYPE_NOT_ISSUED_HERE = "issue.type_not_issued_here"
    SERIALS_EXHAUSTED = "issue.serials_exhausted"
    UNDERLYING_UNREADABLE = "issue.underlying_unreadable"


class UnitsAuthorizedFault(StrEnum):
    ALREADY_AUTHORIZED = "units.already_authorized"
    NOT_AUTHORIZABLE = "units.not_authorizable"
    DOMESTIC_USE_ONLY = "units.domestic_use_only"


@dataclass(frozen=True, slots=True)
class UnderlyingStart:
    """Where the underlying units of an issuance begin: the first identifier as text before, number and text after."""

    registry: str
    prefix: str
    first: int
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Command):
    """Issue `quantity` units of one vintage of a verification to an account.

    With `authorization` they are born authorized; without, authorization may follow or never come. `unit_type` ITMO
    gives them the identifier of the activity's cooperative approach; `domestic` one under `scheme`. `permitted_use`
    left out is international where the type can be authorized, and domestic otherwise.
    """

    activity: str
    verification: str
    vintage: int
    quantity: int
    account: str
    unit_type: UnitType = UnitType.ITMO
    scheme: str = ""
    authorization: str | None = None
    permitted_use: PermittedUse | None = None
    underlying: UnderlyingStart | None = None


def issue(command: Issue, books: Books, context: Context) -> Entry | Refusal:
    """Refuses more than was verified for the vintage; numbers units of a class from 1 without a gap.

    Source: 2/CMA.3 annex paras. 1(a), 1(e); 6/CMA.4 annex I paras. 4-6; 4/CMA.6 para. 5(c).
    """
    activity = stored(books, ACTIVITY, command.activity, Activity)
    verification = stored(books, VERIFICATION, command.verification, Verification)
    refusal = _sources(command, activity, verification) or _amount(command, context)
    if refusal is not None:
        return refusal
    assert activity is not None and verification is not None
    refusal = issuable(verification, vintage=command.vintage, quantity=command.quantity) or holding_open(
        books, command.account
    )
    if refusal is not None:
        return refusal
    of = _class_for(command, activity, context)
    if isinstance(of, Refusal):
        return of
    refusal = under_one_party(books, command.account, party=activity.host)
    if refusal is not None and of.cooperative_approach is not None:
        return refusal
    authorization = _authorization(command, activity, books, context)
    if isinstance(authorization, Refusal):
        return authorization
    first = int(books.record(NEXT_SERIAL, of.key) or 1)
    last = first + command.quantity - 1
    if last > SERIAL_MAX:
        return Refusal(IssueFault.SERIALS_EXHAUSTED, {"unit_class": of.key})
    piece = Piece(SerialRange(first, last), _facts(command, activity, first))
    groups = _groups(of, piece, authorization, Event.ISSUED)
    refusal = admissible(groups, books, context)
    if refusal is not None:
        return refusal
    flagged = effects(groups, books, on=context.on)
    grown = _with_issued(verification, command)
    return Entry(
        Act.ISSUED,
        context.on,
        moves=(Move(of.key, first, last, issued(command.activity), command.account),),
        facts=(FactChange(of.key, first, last, piece.facts.as_facts()), *flagged.facts),
        postings=flagged.postings,
        records=(
            record(VERIFICATION, verification.id, grown),
            Record(NEXT_SERIAL, of.key, last + 1),
            *flagged.records,
        ),
        details={"verification": verification.id, "monitoring": verification.monitoring, "activity": activity.id},
        because=None if authorization is None else authorization.reference,
    )


def _sources(command: Issue, activity: Activity | None, verification: Verification | None) -> Refusal | None:
    if activity is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity})
    if verification is None:
        return Refusal(VerificationFault.UNKNOWN, {"verification": command.verification})
    if verification.activity != activity.id:
        return Refusal(
            VerificationFault.ACTIVITY_DIFFERS,
            {"verification": verification.id, "monitoring": verification.monitoring},
        )
    return None


def _amount(command: Issue, context: Context) -> Refusal | None:
    if command.quantity <= 0:
        return Refusal(IssueFault.QUANTITY_NOT_POSITIVE, {"quantity": command.quantity})
    if command.vintage > context.on.year:
        return Refusal(IssueFault.VINTAGE_IN_FUTURE, {"vintage": command.vintage, "on": context.on.isoformat()})
    if command.underlying is not None and command.underlying.first < 0:
        return Refusal(IssueFault.UNDERLYING_UNREADABLE, {"first": command.underlying.first})
    return None


def _class_for(command: Issue, activity: Activity, context: Context) -> UnitClass | Refusal:
    registry = context.registry
    match command.unit_type:
        case UnitType.ITMO:
            if activity.cooperative_approach is None:
                return Refusal(IssueFault.APPROACH_MISSING, {"activity": activity.id})
            key = itmo_class(
                approach=activity.cooperative_approach,
                registry=registry.registry,
                party=activity.host,
                vintage=command.vintage,
            )
        case UnitType.DOMESTIC:
            key = domestic_class(registry=registry.registry, scheme=command.scheme, vintage=command.vintage)
        case UnitType.CER | UnitType.TCER | UnitType.LCER:
            return Refusal(IssueFault.TYPE_NOT_ISSUED_HERE, {"unit_type": command.unit_type.value})
    return unit_class(key)


def _authorization(
    command: Issue, activity: Activity, books: Books, context: Context
) -> Authorization | Refusal | None:
    if command.authorization is None:
        return None
    if not RULES[command.unit_type].authorizable:
        return Refusal(UnitsAuthorizedFault.NOT_AUTHORIZABLE, {"unit_type": command.unit_type.value})
    if _permitted_use(command) is PermittedUse.DOMESTIC:
        return Refusal(UnitsAuthorizedFault.DOMESTIC_USE_ONLY, {"units": f"{command.quantity} of {command.activity}"})
    authorization = authorization_in_force(books, command.authorization, on=context.on)
    if authorization is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    cover = Cover(
        on=context.on,
        vintage=command.vintage,
        approach=activity.cooperative_approach,
        activity=activity.id,
        metric=activity.metric,
        issues=True,
    )
    return covers(authorization, cover) or authorization


def _facts(command: Issue, activity: Activity, first: int) -> UnitFacts:
    start = command.underlying
    return UnitFacts(
        unit_type=command.unit_type,
        activity=activity.id,
        mitigation_type=activity.mitigation_type,
        metric=activity.metric,
        sector=activity.sector,
        activity_type=activity.activity_type,
        underlying=None
        if start is None
        else UnderlyingUnits(start.registry, start.prefix, start.suffix, start.first - first),
        reversibility=activity.reversibility,
        permitted_use=_permitted_use(command),
        authorization=command.authorization,
    )


def _permitted_use(command: Issue) -> PermittedUse:
    if command.permitted_use is not None:
        return command.permitted_use
    return PermittedUse.INTERNATIONAL if RULES[command.unit_type].authorizable else PermittedUse.DOMESTIC


def _groups(
    of: UnitClass, piece: Piece, authorization: Authorization | None, event: Event
) -> tuple[FirstTransferring, ...]:
    if authorization is None:
        return ()
    pulled = trigger(event, purposes=authorization.purposes, definition=authorization.first_transfer_definition)
    return () if pulled is None else (FirstTransferring(of, (piece,), authorization, pulled),)


def _with_issued(verification: Verification, command: Issue) -> Verification:
    already = quantity_of(verification.issued, command.vintage)
    others = tuple(entry for entry in verification.issued if entry.vintage != command.vintage)
    return replace(verification, issued=(*others, VintageQuantity(command.vintage, already + command.quantity)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeUnits(Command):
    """Place units that were issued without authorization under one."""

    units: Units
    account: str
    authorization: str


def authorize_units(command: AuthorizeUnits, books: Books, context: Context) -> Entry | Refusal:
    """Authorization may follow issuance; for other purposes it may then be the first transfer at once.

    Source: 4/CMA.6 paras. 3, 11, 12, 15.
    """
    authorization = authorization_in_force(books, command.authorization, on=context.on)
    if authorization is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    reached = reach(books, command.units, account=command.account)
    if isinstance(reached, Refusal):
        return reached
    facts: list[FactChange] = []
    groups: list[FirstTransferring] = []
    for piece in reached.pieces:
        refusal = _authorizable(reached.of, piece, authorization, books, context)
        if refusal is not None:
            return refusal
        serials = piece.serials
        facts.append(FactChange(reached.of.key, serials.first, serials.last, {"authorization": authorization.id}))
        groups.extend(_groups(reached.of, piece, authorization, Event.AUTHORIZED))
    refusal = admissible(groups, books, context)
    if refusal is not None:
        return refusal
    flagged = effects(groups, books, on=context.on)
    return Entry(
        Act.UNITS_AUTHORIZED,
        context.on,
        facts=(*facts, *flagged.facts),
        postings=flagged.postings,
        records=flagged.records,
        because=authorization.reference,
    )


def _authorizable(
    of: UnitClass, piece: Piece, authorization: Authorization, books: Books, context: Context
) -> Refusal | None:
    if not RULES[piece.facts.unit_type].authorizable:
        return Refusal(UnitsAuthorizedFault.NOT_AUTHORIZABLE, {"unit_type": piece.facts.unit_type.value})
    if piece.facts.permitted_use is PermittedUse.DOMESTIC:
        return Refusal(UnitsAuthorizedFault.DOMESTIC_USE_ONLY, {"units": f"{of.key} {piece.serials}"})
    free = piece.facts.status is Status.UNAUTHORIZED or revoked(books, context, host=of.party, facts=piece.facts)
    if not free:
        return Refusal(
            UnitsAuthorizedFault.ALREADY_AUTHORIZED,
            {"units": f"{of.key} {piece.serials}", "authorization": piece.facts.authorization or ""},
        )
    assert of.vintage is not None
    cover = Cover(
        on=context.on,
        vintage=of.vintage,
        approach=of.cooperative_approach,
        activity=piece.facts.activity,
        metric=piece.facts.metric,
        issues=True,
    )
    return covers(authorization, cover)
