"""The receiving side of a transfer: accept a proposal, then acquire against the receipt of the other book's entry."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from counterfoil.application.command import Command, Context, Units, later, record, stored
from counterfoil.application.commands.abroad import (
    PARTS_MAX,
    TRANSFER,
    AbroadFault,
    TransferRecord,
    TransferState,
)
from counterfoil.application.commands.end_transfer import Ending, state_of
from counterfoil.application.commands.fitting import acquirable
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.offered import AcquireFault, Offer, OfferedPart, may_arrive, taken
from counterfoil.application.commands.onward import telling_issuers
from counterfoil.application.commands.open_account import holding_open, under_one_party
from counterfoil.application.commands.retire_there import RetireThere
from counterfoil.application.commands.use_on_arrival import Arriving, acceptable, arrival
from counterfoil.application.commands.waiting import no_longer_waiting
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.activities.activity import CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.federation.link import PARTNER, Partner, moves_units
from counterfoil.domain.federation.message import MessageFault
from counterfoil.domain.federation.notice import is_notice
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TRANSFER as TRANSFER_ID
from counterfoil.domain.kernel.ids import Party, TransferId, unfit
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import came_from
from counterfoil.domain.ledger.availability import first_missing
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move, Record
from counterfoil.domain.units.identifier import unit_class

RECOGNIZED_BY: Final = "recognized_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTransfer(Command):
    """Accept a partner's signed proposal. Nothing is acquired yet: the units are the partner's until its final entry.

    `authorizations` and `approaches` are the partner's records behind the units; `proposal` is the message's digest.
    """

    transfer: TransferId
    partner: Party
    parts: tuple[OfferedPart, ...]
    target: str
    authorizations: tuple[Mapping[str, Any], ...]
    approaches: tuple[Mapping[str, Any], ...]
    proposal: str
    entity: str | None = None
    expires_at: str = later("")
    retire: RetireThere | None = later(default=None)


def accept_transfer(command: AcceptTransfer, books: Books, context: Context) -> Entry | Refusal:
    """The checks of the receiving side: partner, account, class, serials, authorization.

    Source: 6/CMA.4 annex I paras. 9-10; 4/CMA.6 para. 5(b).
    """
    partner = stored(books, PARTNER, command.partner, Partner)
    if partner is None:
        return Refusal(AbroadFault.PARTNER_UNKNOWN, {"partner": command.partner})
    refusal = moves_units(partner) or _in_time(command, context) or _offer_readable(command, books)
    refusal = refusal or _named_for_another(command, books, own=context.registry.party)
    refusal = refusal or under_one_party(books, command.target, party=context.registry.party)
    if refusal is not None:
        return refusal
    try:
        offer = Offer(
            command.partner,
            command.entity,
            command.parts,
            tuple(from_json(Authorization, value) for value in command.authorizations),
            tuple(from_json(CooperativeApproach, value) for value in command.approaches),
        )
        if not offer.named:
            return Refusal(AcquireFault.RECORDS_UNREADABLE, {"transfer": command.transfer})
    except (KeyError, ValueError, TypeError):
        return Refusal(AcquireFault.RECORDS_UNREADABLE, {"transfer": command.transfer})
    kept = taken(offer, books, context)
    if isinstance(kept, Refusal):
        return kept
    refusal = acceptable(command.retire, offer, command.target, books, context)
    if refusal is not None:
        return refusal
    accepted = TransferRecord(
        id=command.transfer,
        direction="in",
        partner=command.partner,
        state=TransferState.ACCEPTED,
        parts=tuple(Units(part.unit_class, part.first, part.last) for part in command.parts),
        source=came_from(command.partner),
        target=command.target,
        proposed_on=context.on,
        entity=command.entity,
        expires_at=command.expires_at,
        retire=command.retire,
    )
    refusal = acquirable(command.parts, accepted)
    if refusal is not None:
        return refusal
    waited = no_longer_waiting(books, command.partner, command.transfer)
    known = stored(books, TRANSFER, command.transfer, TransferRecord)
    if known is not None:
        accepted = replace(accepted, by_hand=True, proposed_on=known.proposed_on)
    offered = Record("offered", command.transfer, [dict(_as_json(part)) for part in command.parts])
    return Entry(
        Act.TRANSFER_ACCEPTED,
        context.on,
        records=(record(TRANSFER, command.transfer, accepted), offered, *kept, *waited),
        details={"transfer": command.transfer, "partner": command.partner, "proposal": command.proposal},
    )


def _in_time(command: AcceptTransfer, context: Context) -> Refusal | None:
    """An offer that has ended is not accepted: its source may have given the units to somebody else."""
    ends = utc_ms(command.expires_at) if command.expires_at else None
    if ends is None or context.now_ms() <= ends:
        return None
    return Refusal(MessageFault.EXPIRED, {"transfer": command.transfer, "expires_at": command.expires_at})


def _as_json(part: OfferedPart) -> Mapping[str, JSON]:
    return {"unit_class": part.unit_class, "first": part.first, "last": part.last, "facts": dict(part.facts)}


def _offer_readable(command: AcceptTransfer, books: Books) -> Refusal | None:
    if not TRANSFER_ID.match(command.transfer) or is_notice(command.transfer):
        return Refusal(AbroadFault.ID_UNREADABLE, {"transfer": command.transfer[:80]})
    known = stored(books, TRANSFER, command.transfer, TransferRecord)
    if known is not None and (known.partner, known.state) != (command.partner, TransferState.OFFERED):
        return Refusal(AbroadFault.ALREADY_PROPOSED, {"transfer": command.transfer})
    if not 1 <= len(command.parts) <= PARTS_MAX or _overlapping(command.parts):
        return Refusal(AbroadFault.PARTS, {"parts": len(command.parts), "parts_max": PARTS_MAX})
    return holding_open(books, command.target)


def _named_for_another(command: AcceptTransfer, books: Books, *, own: str) -> Refusal | None:
    """Names that begin with a Party's code and a hyphen are that Party's: nobody else uses them up."""
    head, dash, _ = command.transfer.partition("-")
    others = bool(dash) and head != command.partner and (head == own or books.record(PARTNER, head) is not None)
    facts = {"transfer": command.transfer, "party": head, "sender": command.partner}
    return Refusal(AbroadFault.NAME_OF_ANOTHER, facts) if others else None


def _overlapping(parts: tuple[OfferedPart, ...]) -> bool:
    """Whether a unit is offered twice: it could be accepted, and never acquired."""
    ordered = sorted((part.unit_class, part.first, part.last) for part in parts)
    return any(one[0] == other[0] and other[1] <= one[2] for one, other in pairwise(ordered))


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquire(Command):
    """Acquire the units of an accepted transfer against the partner's signed receipt of its final entry.

    `first_transferred_on` is the day of the partner's entry when it was the first transfer.
    """

    transfer: TransferId
    receipt: str
    provenance: str
    first_transferred_on: date | None = None
    trigger: Trigger | None = None


def acquire(command: Acquire, books: Books, context: Context) -> Entry | Refusal:
    """Acquisition has no effect on any balance; only use has, which the proposal may have asked for in the same entry.

    What was born here comes home with this book's own facts.

    Source: 2/CMA.3 annex paras. 8(b), 20(a); 6/CMA.4 annex VII note i.
    """
    transfer = stored(books, TRANSFER, command.transfer, TransferRecord)
    if transfer is None:
        return Refusal(AbroadFault.UNKNOWN, {"transfer": command.transfer})
    if transfer.direction != "in" or transfer.state is not TransferState.ACCEPTED:
        return Refusal(AbroadFault.NOT_OPEN, {"transfer": command.transfer, "state": transfer.state.value})
    arriving = [_carried(part, command, books, context) for part in books.record("offered", command.transfer)]
    arrived = arrival(transfer.retire, arriving, books, context, account=transfer.target, entity=transfer.entity)
    landing = replace(transfer, target=arrived.account)
    moves: list[Move] = []
    facts: list[FactChange] = []
    for part, (_, _, _, carried) in zip(books.record("offered", command.transfer), arriving, strict=True):
        refusal = may_arrive(part["unit_class"], part["first"], part["last"], books)
        if refusal is not None:
            return refusal
        moves.extend(_arrivals(part, landing, books))
        if not _born_here(part["unit_class"], context):
            facts.append(FactChange(part["unit_class"], part["first"], part["last"], carried))
    final = replace(transfer, state=TransferState.FINAL, final_on=context.on)
    entry = Entry(
        Act.ACQUIRED,
        context.on,
        moves=tuple(moves),
        facts=tuple(facts),
        postings=arrived.postings,
        records=(record(TRANSFER, transfer.id, final),),
        details={
            "transfer": transfer.id,
            "partner": transfer.partner,
            "receipt": command.receipt,
            "provenance": command.provenance,
            **arrived.said(transfer.retire, transfer.entity),
        },
        because=_reference(books.record("offered", command.transfer)[0], books, context),
    )
    return telling_issuers(entry, books, context, seller=transfer.partner)


def _carried(part: Mapping[str, Any], command: Acquire, books: Books, context: Context) -> Arriving:
    """A part of what was offered, with the facts with which it arrives.

    That this Party has recognized a transfer, or that units of its own were first transferred, only this book can say.
    """
    facts = dict(part["facts"])
    own = context.registry.party
    if facts.get(RECOGNIZED_BY) == own:
        known = books.holdings(part["unit_class"], part["first"], part["last"])
        whole = first_missing(part["first"], part["last"], known) is None
        if not (whole and all(each.facts.get(RECOGNIZED_BY) == own for each in known)):
            del facts[RECOGNIZED_BY]
    if command.first_transferred_on is not None and not _of_own_host(part["unit_class"], own):
        facts["first_transferred_on"] = command.first_transferred_on.isoformat()
        facts["first_transfer_trigger"] = (command.trigger or Trigger.INTERNATIONAL_TRANSFER).value
    return part["unit_class"], part["first"], part["last"], facts


def _of_own_host(key: str, own: Party) -> bool:
    of = unit_class(key)
    return not isinstance(of, Refusal) and of.party == own


def _born_here(key: str, context: Context) -> bool:
    of = unit_class(key)
    return not isinstance(of, Refusal) and of.registry == context.registry.registry


def _reference(part: Mapping[str, Any], books: Books, context: Context) -> str | None:
    of = unit_class(part["unit_class"])
    assert not isinstance(of, Refusal)
    authorization = authorization_of(
        books, context, host=of.party, authorization=str(part["facts"].get("authorization"))
    )
    return None if isinstance(authorization, Refusal) else authorization.reference


def _arrivals(part: Mapping[str, Any], transfer: TransferRecord, books: Books) -> list[Move]:
    """New units come from the partner's source account; those that left this book come back from where they went."""
    of = part["unit_class"]
    known = books.holdings(of, part["first"], part["last"])
    returning = [
        Move(of, holding.serials.first, holding.serials.last, holding.account, transfer.target) for holding in known
    ]
    fresh: list[Move] = []
    expected = part["first"]
    for holding in known:
        if holding.serials.first > expected:
            fresh.append(Move(of, expected, holding.serials.first - 1, transfer.source, transfer.target))
        expected = holding.serials.last + 1
    if expected <= part["last"]:
        fresh.append(Move(of, expected, part["last"], transfer.source, transfer.target))
    return [*returning, *fresh]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineTransfer(Command):
    """Close a transfer that is accepted or waits for consent, and that the partner ended: nothing was acquired."""

    transfer: TransferId
    reason: str
    ending: Ending = later(Ending.WITHDRAWN)


def decline_transfer(command: DeclineTransfer, books: Books, context: Context) -> Entry | Refusal:
    transfer = stored(books, TRANSFER, command.transfer, TransferRecord)
    if transfer is None:
        return Refusal(AbroadFault.UNKNOWN, {"transfer": command.transfer})
    if transfer.direction != "in" or transfer.state not in (TransferState.OFFERED, TransferState.ACCEPTED):
        return Refusal(AbroadFault.NOT_OPEN, {"transfer": command.transfer, "state": transfer.state.value})
    voided = replace(transfer, state=state_of(command.ending), final_on=context.on, reason=command.reason)
    return Entry(
        Act.TRANSFER_VOIDED,
        context.on,
        records=(record(TRANSFER, transfer.id, voided), *no_longer_waiting(books, transfer.partner, transfer.id)),
        details={"transfer": transfer.id, "partner": transfer.partner, "reason": command.reason},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgreedTransfer(Command):
    """Record a transfer that two Parties agreed and whose quantity is not disclosed: no serials, no row in Table 3.

    The quantity, where it is known here, belongs into `confidential`.
    """

    transfer: TransferId
    partner: Party
    direction: str
    subject: str
    source: str = ""


def record_agreed_transfer(command: RecordAgreedTransfer, books: Books, context: Context) -> Entry | Refusal:
    """Unknown is not zero. Source: 2/CMA.3 annex para. 24 (confidential information)."""
    nameless = unfit("transfer", command.transfer)
    if nameless is not None:
        return nameless
    if books.record("agreed_transfer", command.transfer) is not None:
        return Refusal(AbroadFault.ALREADY_PROPOSED, {"transfer": command.transfer})
    value = {
        "partner": command.partner,
        "direction": command.direction,
        "subject": command.subject,
        "source": command.source,
        "on": context.on.isoformat(),
        "quantity": None,
    }
    return Entry(Act.TRANSFER_AGREED, context.on, records=(Record("agreed_transfer", command.transfer, value),))
