"""Cancel units, always with a purpose; and retire domestic units at home."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, later
from counterfoil.application.commands.clearance import cleared
from counterfoil.application.commands.covering import acting_entity, covering
from counterfoil.application.commands.ending_foreign import ended_here, own_and_foreign
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, effects
from counterfoil.application.commands.foreign import authorization_of, revoked
from counterfoil.application.commands.notifying import telling_beneficiary, told_to
from counterfoil.application.commands.reach import Piece, Reached, reach
from counterfoil.application.commands.recognize import recognized
from counterfoil.application.commands.telling_hosts import telling_of_end
from counterfoil.domain.accounting.adjustment import Closing, closing_postings
from counterfoil.domain.accounting.first_transfer import Event, trigger
from counterfoil.domain.accounting.unit_facts import Status
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import RETIRED_AT_HOME, cancelled
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move, Posting
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import RULES


class CancelFault(StrEnum):
    NOT_AUTHORIZED = "cancellation.not_authorized"
    AUTHORIZED_UNITS = "cancellation.authorized_units"
    HOST_MUST_RECORD = "cancellation.host_must_record"
    VOLUNTARY_ONLY = "cancellation.voluntary_only"
    ALREADY_CANCELLED = "cancellation.already_cancelled"
    AUTHORITY_MISSING = "cancellation.authority_missing"
    RETIREMENT_OF_AUTHORIZED = "retirement.authorized_units"


class CancellationPurpose(StrEnum):
    """Why units are cancelled. IMP and OP are the two parts of other international mitigation purposes."""

    IMP = "IMP"
    OP = "OP"
    OMGE = "OMGE"
    VOLUNTARY = "voluntary"
    ADMINISTRATIVE = "administrative"


_ACCOUNTS: Final = {
    CancellationPurpose.IMP: cancelled("oimp:imp"),
    CancellationPurpose.OP: cancelled("oimp:op"),
    CancellationPurpose.OMGE: cancelled("omge"),
    CancellationPurpose.VOLUNTARY: cancelled("voluntary"),
    CancellationPurpose.ADMINISTRATIVE: cancelled("administrative"),
}
_EVENTS: Final = {
    CancellationPurpose.IMP: (Event.USED_OR_CANCELLED_FOR_OIMP, Purpose.IMP, Closing.OIMP),
    CancellationPurpose.OP: (Event.USED_OR_CANCELLED_FOR_OIMP, Purpose.OP, Closing.OIMP),
    CancellationPurpose.OMGE: (Event.CANCELLED_FOR_OMGE, None, Closing.OMGE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """Cancel units for a purpose. `authority` and `reason` are asked for an administrative cancellation.

    `beneficiary_party` is the Party of a beneficiary abroad: nothing moves there, and its registry is told.
    """

    units: Units
    account: str
    purpose: CancellationPurpose
    beneficiary: str = ""
    entity: str | None = None
    authority: str = ""
    reason: str = ""
    beneficiary_party: Party | None = later(default=None)


def cancel(command: Cancel, books: Books, context: Context) -> Entry | Refusal:
    """Cancellation for OIMP or OMGE can itself be the first transfer; afterwards it only closes what waited.

    Authorized units without a first transfer are cancelled for no other purpose, by whatever authority: the letter is
    reduced first. For those of another Party the first transfer is its own book's to record: its registry is told by a
    notice, and where it is not linked they go home first.

    Source: 2/CMA.3 annex paras. 2, 20(a), 21(e), 39-40; 4/CMA.6 paras. 12-13, 17.
    """
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        spent = reached.code == UnitsFault.SPENT and str(reached.facts["found"]).startswith("cancelled:")
        return Refusal(CancelFault.ALREADY_CANCELLED, reached.facts) if spent else reached
    if command.purpose is CancellationPurpose.ADMINISTRATIVE and not (command.authority and command.reason):
        return Refusal(CancelFault.AUTHORITY_MISSING)
    sorted_out = _sort_out(command, reached, books, context)
    if isinstance(sorted_out, Refusal):
        return sorted_out
    groups, closings, cited = sorted_out
    own, foreign = own_and_foreign(groups, context.registry.party)
    refusal = admissible(own, books, context)
    if refusal is not None:
        return refusal
    closing = _EVENTS[command.purpose][2] if command.purpose in _EVENTS else None
    flagged = effects(own, books, on=context.on, closing=closing)
    ended = ended_here(foreign, context, closing=closing)
    units = command.units
    entry = Entry(
        Act.CANCELLED,
        context.on,
        moves=(Move(units.unit_class, units.first, units.last, command.account, _ACCOUNTS[command.purpose]),),
        facts=(*flagged.facts, *ended.facts),
        postings=(*flagged.postings, *ended.postings, *closings),
        records=flagged.records,
        details=_details(command),
        because=cited,
    )
    told = telling_of_end(entry, foreign, books, context, said=_said_to_host(command))
    return told if isinstance(told, Refusal) else telling_beneficiary(told, command, books, context)


def _said_to_host(command: Cancel) -> dict[str, JSON]:
    oimp = command.purpose in (CancellationPurpose.IMP, CancellationPurpose.OP)
    told = {"purpose": command.purpose.value if oimp else "", "entity": command.entity or ""}
    return {name: value for name, value in {**told, "beneficiary": command.beneficiary}.items() if value}


def _sort_out(
    command: Cancel, reached: Reached, books: Books, context: Context
) -> tuple[list[FirstTransferring], list[Posting], str | None] | Refusal:
    """Which pieces are first transferred by this cancellation, and what is closed for those that were before."""
    groups: list[FirstTransferring] = []
    closings: list[Posting] = []
    cited: str | None = None
    for piece in reached.pieces:
        refusal = _allowed_for_type(command, piece)
        if refusal is not None:
            return refusal
        if piece.facts.status is Status.UNAUTHORIZED:
            if command.purpose in _EVENTS:
                return Refusal(CancelFault.NOT_AUTHORIZED, {"units": f"{reached.of.key} {piece.serials}"})
            continue
        found = _of_authorized(command, reached, piece, books, context)
        if isinstance(found, Refusal):
            return found
        group, postings, reference = found
        groups.extend(group)
        closings.extend(postings)
        cited = cited or reference
    return groups, closings, cited


def _allowed_for_type(command: Cancel, piece: Piece) -> Refusal | None:
    voluntary = command.purpose is CancellationPurpose.VOLUNTARY
    if RULES[piece.facts.unit_type].voluntary_cancellation_only and not voluntary:
        return Refusal(CancelFault.VOLUNTARY_ONLY, {"unit_type": piece.facts.unit_type.value})
    return None


def _of_authorized(
    command: Cancel, reached: Reached, piece: Piece, books: Books, context: Context
) -> tuple[list[FirstTransferring], list[Posting], str] | Refusal:
    facts, of = piece.facts, reached.of
    assert facts.authorization is not None and of.vintage is not None
    authorization = authorization_of(
        books,
        context,
        host=of.party,
        authorization=facts.authorization,
        first_transferred_on=facts.first_transferred_on,
    )
    if isinstance(authorization, Refusal):
        return authorization
    known = {"units": f"{of.key} {piece.serials}", "authorization": authorization.id}
    if command.purpose not in _EVENTS:
        # Promised units leave their authorization first, by a reduction, so that its quantity and holders follow.
        free = facts.status is not Status.AUTHORIZED or revoked(books, context, host=of.party, facts=facts)
        if not free:
            return Refusal(CancelFault.AUTHORIZED_UNITS, known)
        postings = _closing(piece, Closing.UNUSED) if facts.status is Status.FIRST_TRANSFERRED else []
        return [], postings, authorization.reference
    event, purpose, closing = _EVENTS[command.purpose]
    own = context.registry.party
    entity = command.entity
    if purpose is not None:
        entity = acting_entity(books, command.account, named=entity, party=own)
    cover = covering(of, facts, on=context.on, purpose=purpose, party=own, entity=entity, uses=True)
    refusal = covers(authorization, cover) or recognized(books, context, of=of, facts=facts)
    if refusal is not None:
        return refusal
    if facts.status is Status.FIRST_TRANSFERRED:
        return [], _closing(piece, closing), authorization.reference
    if of.party == context.registry.party:
        refusal = cleared(books, context, activity=facts.activity, vintage=of.vintage, of=of, serials=piece.serials)
    if refusal is None and of.party != context.registry.party and not told_to(books, of.party):
        return Refusal(CancelFault.HOST_MUST_RECORD, {"units": f"{of.key} {piece.serials}", "host": of.party})
    return refusal or _first_transferred_now(of, piece, authorization, event)


def _first_transferred_now(
    of: UnitClass, piece: Piece, authorization: Authorization, event: Event
) -> tuple[list[FirstTransferring], list[Posting], str] | Refusal:
    known = {"units": f"{of.key} {piece.serials}"}
    pulled = trigger(event, purposes=authorization.purposes, definition=authorization.first_transfer_definition)
    if pulled is None:
        return Refusal(CancelFault.NOT_AUTHORIZED, known)
    return [FirstTransferring(of, (piece,), authorization, pulled)], [], authorization.reference


def _closing(piece: Piece, closing: Closing) -> list[Posting]:
    return list(closing_postings(closing=closing, quantity=piece.serials.size, commodity=piece.facts.metric.commodity))


def _details(command: Cancel) -> dict[str, JSON]:
    details: dict[str, JSON] = {"purpose": command.purpose.value}
    for name in ("beneficiary", "entity", "authority", "reason"):
        if value := getattr(command, name):
            details[name] = value
    return details


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire(Command):
    """Retire unauthorized (domestic) units at home: no adjustment, no row in any AEF.

    `beneficiary_party` is the Party of a beneficiary abroad: nothing moves there, and its registry is told.
    """

    units: Units
    account: str
    beneficiary: str = ""
    reason: str = ""
    beneficiary_party: Party | None = later(default=None)


def retire(command: Retire, books: Books, context: Context) -> Entry | Refusal:
    """Authorized units are refused until their authorization is revoked: they are promised to others.

    Source: 2/CMA.3 annex para. 1.
    """
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    for piece in reached.pieces:
        free = piece.facts.status is Status.UNAUTHORIZED
        if not (free or revoked(books, context, host=reached.of.party, facts=piece.facts)):
            return Refusal(
                CancelFault.RETIREMENT_OF_AUTHORIZED,
                {"units": f"{reached.of.key} {piece.serials}", "authorization": piece.facts.authorization or ""},
            )
        if RULES[piece.facts.unit_type].voluntary_cancellation_only:
            return Refusal(CancelFault.VOLUNTARY_ONLY, {"unit_type": piece.facts.unit_type.value})
    units = command.units
    details = {name: getattr(command, name) for name in ("beneficiary", "reason") if getattr(command, name)}
    move = Move(units.unit_class, units.first, units.last, command.account, RETIRED_AT_HOME)
    return telling_beneficiary(Entry(Act.RETIRED, context.on, moves=(move,), details=details), command, books, context)
