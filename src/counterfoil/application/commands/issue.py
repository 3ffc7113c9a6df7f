"""Issue units of a verified quantity, authorized or not; and authorize units that were issued before.

Where the law of the jurisdiction divides an issuance, `application/division.py` says into which parts.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, later, record, stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.born_transferred import by_birth, by_event
from counterfoil.application.commands.crediting import may_be_issued, not_suspended
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, counts, effects
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.issuance_asked import request_answered
from counterfoil.application.commands.joint_issuance import (
    JOINT_ISSUANCE,
    agreed_division,
    as_agreed,
    jointly_told,
    own_terms,
)
from counterfoil.application.commands.open_account import holding_open, under_one_party
from counterfoil.application.commands.overlapping import overlapping_part_free
from counterfoil.application.commands.parts import Division, undivided
from counterfoil.application.commands.placing import UnitsAuthorizedFault, in_scope, placeable
from counterfoil.application.commands.reach import Piece, reach
from counterfoil.application.commands.results_paid import still_issuable
from counterfoil.application.commands.state_authorization import (
    issued_in_this_registry,
    type_in_mechanism,
    under_stated_letter,
)
from counterfoil.application.commands.telling_hosts import flagged_for, telling_hosts
from counterfoil.domain.accounting.first_transfer import Event
from counterfoil.domain.accounting.unit_facts import UnderlyingUnits, UnitFacts, unit_facts
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.authorizations.coverage import Cover, covers
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import issued
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move, Posting, Record
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
    DECISION_USED = "issue.decision_used"
    DECISION_WITHOUT_LAW = "issue.decision_without_law"
    UNDERLYING_ISSUED = "issue.underlying_issued"


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
    left out is international where the type can be authorized, and domestic otherwise. `decision` names the joint
    decision of two Parties that share the quantity: `quantity` is then the whole, and each book issues its own share.
    `request` names the developer's request that this issuance answers.
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
    decision: str = later("")
    request: str = later("")


def issue(command: Issue, books: Books, context: Context) -> Entry | Refusal:
    """Refuses more than was verified for the vintage; numbers units of a class from 1 without a gap.

    Source: 2/CMA.3 annex paras. 1(a), 1(e); 6/CMA.4 annex I paras. 4-6; 4/CMA.6 para. 5(c).
    """
    whole = undivided(command.account, command.quantity)
    division = agreed_division(command.decision, whole, books, context.registry.party)
    return issue_in_parts(command, books, context, division)


def issue_in_parts(command: Issue, books: Books, context: Context, division: Division) -> Entry | Refusal:
    """The whole counts against what was verified; each part is born in its account, under the same rules."""
    activity = stored(books, ACTIVITY, command.activity, Activity)
    verification = stored(books, VERIFICATION, command.verification, Verification)
    refusal = (
        _sources(command, activity, verification) or _amount(command, context) or _decided(command, books, context)
    )
    if refusal is not None:
        return refusal
    assert activity is not None and verification is not None
    vintage, quantity = command.vintage, command.quantity
    refusal = issuable(verification, vintage=vintage, quantity=quantity) or holding_open(books, command.account)
    refusal = refusal or still_issuable(books, verification, vintage=vintage, quantity=quantity)
    refusal = refusal or issued_in_this_registry(activity, books, context)
    refusal = refusal or may_be_issued(activity, verification, books, context)
    refusal = refusal or overlapping_part_free(books, activity, verification, vintage=vintage, quantity=quantity)
    if refusal is not None:
        return refusal
    law_type = type_in_mechanism(context, authorized=command.authorization is not None)
    born = birth(command, activity, division, books, context, law_type=law_type)
    if isinstance(born, Refusal):
        return born
    asked = request_answered(command, books, context)
    if isinstance(asked, Refusal):
        return asked
    grown = _with_issued(verification, command)
    entry = Entry(
        Act.ISSUED,
        context.on,
        moves=born.moves,
        facts=born.facts,
        postings=born.postings,
        records=(record(VERIFICATION, verification.id, grown), *born.records, *asked),
        details={"verification": verification.id, "monitoring": verification.monitoring, "activity": activity.id},
        because=born.because,
    )
    told = telling_hosts(entry, born.transferred, books, context)
    return told if isinstance(told, Refusal) else jointly_told(told, command.decision, books, context)


@dataclass(frozen=True, slots=True)
class Birth:
    """The parts of an entry that bring new units into the book."""

    of: UnitClass
    first: int
    moves: tuple[Move, ...]
    facts: tuple[FactChange, ...]
    postings: tuple[Posting, ...]
    records: tuple[Record, ...]
    because: str | None
    transferred: tuple[FirstTransferring, ...] = ()


def birth(
    command: Issue, activity: Activity, division: Division, books: Books, context: Context, *, law_type: str = ""
) -> Birth | Refusal:
    """Number the units of a division and give them their facts; a part may be first transferred at once.

    Args:
        law_type: The type that the law gives the units, where their class does not tell it.
    """
    of = _class_for(command, activity, context)
    if isinstance(of, Refusal):
        return of
    refusal = under_one_party(books, command.account, party=activity.host)
    if refusal is not None and of.cooperative_approach is not None:
        return refusal
    authorization = _authorization(command, activity, books, context)
    if isinstance(authorization, Refusal):
        return authorization
    refusal = _issued_before(command.underlying, division.here, books)
    if refusal is not None:
        return refusal
    first = int(books.record(NEXT_SERIAL, of.key) or 1)
    last = first + division.here - 1
    if last > SERIAL_MAX:
        return Refusal(IssueFault.SERIALS_EXHAUSTED, {"unit_class": of.key})
    if authorization is not None:
        serials = SerialRange(first, last)
        refusal = in_scope(of, serials, activity=activity.id, authorization=authorization, books=books, context=context)
        if refusal is not None:
            return refusal
    facts = replace(_facts(command, activity, first), law_type=law_type)
    moves: list[Move] = []
    flagged: list[FactChange] = [FactChange(of.key, first, last, facts.as_facts())]
    postings: list[Posting] = []
    groups: list[FirstTransferring] = []
    at = first
    for part in division.parts:
        piece = Piece(SerialRange(at, at + part.quantity - 1), facts)
        moves.append(Move(of.key, at, at + part.quantity - 1, issued(command.activity), part.account))
        group = by_birth(of, piece, authorization, part)
        effect = flagged_for(group, context, closing=part.closing)
        flagged.extend(effect.facts)
        postings.extend(effect.postings)
        groups.extend(group)
        at += part.quantity
    refusal = admissible(groups, books, context)
    if refusal is not None:
        return refusal
    numbered = (Record(NEXT_SERIAL, of.key, last + 1), *counts(groups, books))
    because = None if authorization is None else authorization.reference
    return Birth(of, first, tuple(moves), tuple(flagged), tuple(postings), numbered, because, tuple(groups))


def _issued_before(start: UnderlyingStart | None, quantity: int, books: Books) -> Refusal | None:
    """Refuses underlying units that stand behind other units of this book.

    Source: 6/CMA.4 annex I para. 4 (traceable to the mitigation outcome); consistency check C70.
    """
    if start is None:
        return None
    series = (start.registry, start.prefix, start.suffix)
    taken = books.underlying.taken(series, start.first, start.first + quantity - 1)
    if taken is None:
        return None
    first, last = (f"{start.prefix}{number}{start.suffix}" for number in taken)
    return Refusal(IssueFault.UNDERLYING_ISSUED, {"registry": start.registry, "first": first, "last": last})


def _decided(command: Issue, books: Books, context: Context) -> Refusal | None:
    """A joint decision is carried out once, and only where a law, or both books alike, say how it is shared."""
    if not command.decision:
        return None
    facts = {"decision": command.decision[:80]}
    nameless = unfit("decision", command.decision)
    if nameless is not None:
        return nameless
    own = own_terms(books, command.decision)
    if context.law is None and own is None:
        return Refusal(IssueFault.DECISION_WITHOUT_LAW, facts)
    if books.record(JOINT_ISSUANCE, command.decision) is not None:
        return Refusal(IssueFault.DECISION_USED, facts)
    asked = command.activity, command.vintage, command.quantity
    return None if own is None else as_agreed(own, asked, books, context)


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
    refusal = under_stated_letter(activity, command.authorization, books, context)
    authorization = refusal or authorization_of(books, context, host=activity.host, authorization=command.authorization)
    if isinstance(authorization, Refusal):
        return authorization
    cover = Cover(
        on=context.on,
        vintage=command.vintage,
        approach=activity.cooperative_approach,
        activity=activity.id,
        sector=activity.sector,
        activity_type=activity.activity_type,
        underlying_registry=None if command.underlying is None else command.underlying.registry,
        metric=activity.metric,
        issued_on=context.on,
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
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    refusal = not_suspended(books, context, command.units, act="authorize")
    if refusal is not None:
        return refusal
    facts: list[FactChange] = []
    groups: list[FirstTransferring] = []
    for holding in reached.holdings:
        piece = Piece(holding.serials, unit_facts(holding.facts))
        refusal = placeable(reached.of, holding, authorization, books, context)
        if refusal is not None:
            return refusal
        serials = piece.serials
        facts.append(FactChange(reached.of.key, serials.first, serials.last, {"authorization": authorization.id}))
        groups.extend(by_event(reached.of, piece, authorization, Event.AUTHORIZED))
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
