"""The receiving side of a transfer: accept a proposal, then acquire against the receipt of the other book's entry."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.abroad import (
    PARTS_MAX,
    TRANSFER,
    AbroadFault,
    TransferRecord,
    TransferState,
)
from counterfoil.application.commands.foreign import (
    FOREIGN_APPROACH,
    FOREIGN_AUTHORIZATION,
    authorization_of,
    foreign_key,
)
from counterfoil.application.commands.open_account import holding_open, under_one_party
from counterfoil.application.commands.register import PARTNER
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.activities.activity import CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import Cover, addresses
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import AUTHORIZATION, COOPERATIVE_APPROACH, PARTY, Party, TransferId, unfit
from counterfoil.domain.kernel.ids import TRANSFER as TRANSFER_ID
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, came_from, role
from counterfoil.domain.ledger.availability import first_missing
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move, Record
from counterfoil.domain.units.identifier import unit_class
from counterfoil.domain.units.metric import unfit_metric
from counterfoil.domain.units.serials import serial_range
from counterfoil.domain.units.unit_type import UnitType


class AcquireFault(StrEnum):
    UNITS_KNOWN = "acquisition.units_known"
    APPROACH_DIFFERS = "acquisition.approach_differs"
    FACTS_UNREADABLE = "acquisition.facts_unreadable"
    RECORDS_UNREADABLE = "acquisition.records_unreadable"
    NEVER_ISSUED_HERE = "acquisition.never_issued_here"


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """Units offered, homogeneous, with the facts that the other book holds about them."""

    unit_class: str
    first: int
    last: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Copies:
    """The partner's records behind the units that it offers."""

    authorizations: tuple[Authorization, ...]
    approaches: tuple[CooperativeApproach, ...]

    @property
    def named(self) -> bool:
        """Whether every copy has a name that can be a key here, and measures what can be counted.

        Raises:
            TypeError: a name is no text.
        """
        return all(COOPERATIVE_APPROACH.match(each.id) for each in self.approaches) and all(
            AUTHORIZATION.match(each.id)
            and PARTY.match(each.host)
            and each.metric.factor is not None
            and unfit_metric(each.metric) is None
            for each in self.authorizations
        )


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


def accept_transfer(command: AcceptTransfer, books: Books, context: Context) -> Entry | Refusal:
    """The checks of the receiving side: partner, account, class, serials, authorization.

    Source: 6/CMA.4 annex I paras. 9-10; 4/CMA.6 para. 5(b).
    """
    refusal = _offer_readable(command, books) or under_one_party(books, command.target, party=context.registry.party)
    if refusal is not None:
        return refusal
    try:
        copies = _Copies(
            tuple(from_json(Authorization, value) for value in command.authorizations),
            tuple(from_json(CooperativeApproach, value) for value in command.approaches),
        )
        if not copies.named:
            return Refusal(AcquireFault.RECORDS_UNREADABLE, {"transfer": command.transfer})
    except (KeyError, ValueError, TypeError):
        return Refusal(AcquireFault.RECORDS_UNREADABLE, {"transfer": command.transfer})
    for part in command.parts:
        refusal = _acceptable(part, command, copies, books, context)
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
    )
    kept = [
        record(FOREIGN_AUTHORIZATION, foreign_key(authorization.host, authorization.id), authorization)
        for authorization in copies.authorizations
        if authorization.host != context.registry.party and _is_news(authorization, books)
    ]
    kept += [record(FOREIGN_APPROACH, approach.id, approach) for approach in copies.approaches]
    offered = Record("offered", command.transfer, [dict(_as_json(part)) for part in command.parts])
    return Entry(
        Act.TRANSFER_ACCEPTED,
        context.on,
        records=(record(TRANSFER, command.transfer, accepted), offered, *kept),
        details={"transfer": command.transfer, "partner": command.partner, "proposal": command.proposal},
    )


def _is_news(authorization: Authorization, books: Books) -> bool:
    """Whether a copy is no older than the one known: a middleman may still have the version before a revocation."""
    key = foreign_key(authorization.host, authorization.id)
    known = stored(books, FOREIGN_AUTHORIZATION, key, Authorization)
    return known is None or known.version <= authorization.version


def _as_json(part: OfferedPart) -> Mapping[str, JSON]:
    return {"unit_class": part.unit_class, "first": part.first, "last": part.last, "facts": dict(part.facts)}


def _offer_readable(command: AcceptTransfer, books: Books) -> Refusal | None:
    if not TRANSFER_ID.match(command.transfer):
        return Refusal(AbroadFault.ID_UNREADABLE, {"transfer": command.transfer[:80]})
    if books.record(PARTNER, command.partner) is None:
        return Refusal(AbroadFault.PARTNER_UNKNOWN, {"partner": command.partner})
    if books.record(TRANSFER, command.transfer) is not None:
        return Refusal(AbroadFault.ALREADY_PROPOSED, {"transfer": command.transfer})
    if not 1 <= len(command.parts) <= PARTS_MAX:
        return Refusal(AbroadFault.PARTS, {"parts": len(command.parts), "parts_max": PARTS_MAX})
    return holding_open(books, command.target)


def _acceptable(
    part: OfferedPart, command: AcceptTransfer, copies: _Copies, books: Books, context: Context
) -> Refusal | None:
    serials = serial_range(part.first, part.last)
    of = unit_class(part.unit_class)
    if isinstance(serials, Refusal):
        return serials
    if isinstance(of, Refusal):
        return of
    known = {"units": f"{of.key} {serials}"}
    try:
        facts = unit_facts(part.facts)
        nameless = unfit_metric(facts.metric)
    except (KeyError, ValueError, TypeError):
        return Refusal(AcquireFault.FACTS_UNREADABLE, known)
    if nameless is not None:
        return Refusal(AcquireFault.FACTS_UNREADABLE, known)
    if of.vintage is None or of.cooperative_approach is None or facts.unit_type is not UnitType.ITMO:
        return Refusal(AbroadFault.NOT_AN_ITMO, known)
    holdings = books.holdings(of.key, serials.first, serials.last)
    if any(not _outside(holding) for holding in holdings):
        return Refusal(AcquireFault.UNITS_KNOWN, known)
    if of.registry == context.registry.registry and first_missing(serials.first, serials.last, holdings) is not None:
        # Units of this registry are born here alone; what never left cannot come back.
        return Refusal(AcquireFault.NEVER_ISSUED_HERE, known)
    if not any(approach.id == of.cooperative_approach for approach in copies.approaches):
        return Refusal(AcquireFault.APPROACH_DIFFERS, {**known, "approach": of.cooperative_approach})
    matching = [
        each
        for each in copies.authorizations
        if each.id == facts.authorization
        and each.host == of.party
        and each.cooperative_approach == of.cooperative_approach
        and of.vintage in each.vintages
    ]
    if not matching:
        return Refusal(AcquireFault.APPROACH_DIFFERS, {**known, "approach": of.cooperative_approach})
    cover = Cover(on=context.on, vintage=of.vintage, party=context.registry.party, entity=command.entity)
    return addresses(matching[0], cover)


def _outside(holding: Holding) -> bool:
    """True for units that this book saw leave: they may come back."""
    return role(holding.account) is AccountRole.ABROAD


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
    """Acquisition has no effect on any balance; only use has. What was born here comes home with this book's own facts.

    Source: 2/CMA.3 annex paras. 8(b), 20(a); 6/CMA.4 annex VII note i.
    """
    transfer = stored(books, TRANSFER, command.transfer, TransferRecord)
    if transfer is None:
        return Refusal(AbroadFault.UNKNOWN, {"transfer": command.transfer})
    if transfer.direction != "in" or transfer.state is not TransferState.ACCEPTED:
        return Refusal(AbroadFault.NOT_OPEN, {"transfer": command.transfer, "state": transfer.state.value})
    moves: list[Move] = []
    facts: list[FactChange] = []
    for part in books.record("offered", command.transfer):
        if any(not _outside(holding) for holding in books.holdings(part["unit_class"], part["first"], part["last"])):
            # Another transfer brought them since the acceptance; nobody's holding is moved by a second receipt.
            units = f"{part['unit_class']} {part['first']}..{part['last']}"
            return Refusal(AcquireFault.UNITS_KNOWN, {"units": units})
        moves.extend(_arrivals(part, transfer, books))
        carried = dict(part["facts"])
        if command.first_transferred_on is not None:
            carried["first_transferred_on"] = command.first_transferred_on.isoformat()
            carried["first_transfer_trigger"] = (command.trigger or Trigger.INTERNATIONAL_TRANSFER).value
        if not _born_here(part["unit_class"], context):
            facts.append(FactChange(part["unit_class"], part["first"], part["last"], carried))
    final = replace(transfer, state=TransferState.FINAL, final_on=context.on)
    return Entry(
        Act.ACQUIRED,
        context.on,
        moves=tuple(moves),
        facts=tuple(facts),
        records=(record(TRANSFER, transfer.id, final),),
        details={
            "transfer": transfer.id,
            "partner": transfer.partner,
            "receipt": command.receipt,
            "provenance": command.provenance,
        },
        because=_reference(books.record("offered", command.transfer)[0], books, context),
    )


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
    """Close an accepted transfer that the partner voided: nothing was acquired."""

    transfer: TransferId
    reason: str


def decline_transfer(command: DeclineTransfer, books: Books, context: Context) -> Entry | Refusal:
    transfer = stored(books, TRANSFER, command.transfer, TransferRecord)
    if transfer is None:
        return Refusal(AbroadFault.UNKNOWN, {"transfer": command.transfer})
    if transfer.direction != "in" or transfer.state is not TransferState.ACCEPTED:
        return Refusal(AbroadFault.NOT_OPEN, {"transfer": command.transfer, "state": transfer.state.value})
    voided = replace(transfer, state=TransferState.VOIDED, final_on=context.on, reason=command.reason)
    return Entry(
        Act.TRANSFER_VOIDED,
        context.on,
        records=(record(TRANSFER, transfer.id, voided),),
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
