"""A transfer that waits for a person at its target: noted when it is proposed, then consented to, or refused.

Over a link that is `by_hand` a proposal is checked as it comes. One that is not sound is refused at once, as over any
link; one that is waits for the acquiring Party's consent, and all is checked once more when that is given.

Read before: `acquire.py`, `waiting.py`. Source: 2/CMA.3 annex para. 18(g) (authorization of each Party); ADR-0032.
"""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, Units, record
from counterfoil.application.commands.abroad import TRANSFER, AbroadFault, TransferRecord, TransferState, open_transfer
from counterfoil.application.commands.acquire import AcceptTransfer, accept_transfer
from counterfoil.application.commands.recover import not_asked
from counterfoil.application.commands.waiting import (
    ELSEWHERE,
    WAITING_MAX,
    elsewhere,
    no_longer_waiting,
    now_waiting,
    waiting_from,
    what_was_offered,
)
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import came_from
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record

REASON_MAX: Final = 150
"""Characters: the reason goes to the partner, who keeps it with its own transfer."""
_OFFERED: Final = tuple(
    each.name for each in fields(AcceptTransfer) if each.name not in {base.name for base in fields(Command)}
)


class ConsentFault(StrEnum):
    TOO_MANY_WAITING = "transfer.too_many_waiting"
    REASON_UNCLEAR = "transfer.reason_unclear"
    MOVED_SINCE = "transfer.moved_since"
    REFUSED = "transfer.consent_refused"
    """What the partner is told when a person has refused its transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteProposedTransfer(AcceptTransfer):
    """Note a partner's signed proposal that is sound and waits for a person's consent. Nothing is accepted yet."""


def note_proposed_transfer(command: NoteProposedTransfer, books: Books, context: Context) -> Entry | Refusal:
    """All checks of the receiving side come first: nobody is asked about what could not be accepted.

    Source: 6/CMA.4 annex I paras. 9-10.
    """
    sound = accept_transfer(command, books, context)
    if isinstance(sound, Refusal):
        return sound
    if books.record(TRANSFER, command.transfer) is not None:
        return Refusal(AbroadFault.ALREADY_PROPOSED, {"transfer": command.transfer})
    waiting = waiting_from(books, command.partner)
    if len(waiting) >= WAITING_MAX:
        facts: dict[str, JSON] = {"transfer": command.transfer, "partner": command.partner, "waiting": len(waiting)}
        return Refusal(ConsentFault.TOO_MANY_WAITING, facts)
    offered = TransferRecord(
        id=command.transfer,
        direction="in",
        partner=command.partner,
        state=TransferState.OFFERED,
        parts=tuple(Units(part.unit_class, part.first, part.last) for part in command.parts),
        source=came_from(command.partner),
        target=command.target,
        proposed_on=context.on,
        entity=command.entity,
        expires_at=command.expires_at,
        retire=command.retire,
        by_hand=True,
    )
    kept = {name: to_json(getattr(command, name)) for name in _OFFERED}
    apart = elsewhere(books, command.partner, offered.parts)
    return Entry(
        Act.TRANSFER_OFFERED,
        context.on,
        records=(
            record(TRANSFER, command.transfer, offered),
            *now_waiting(books, command.partner, command.transfer, kept),
            *((Record(ELSEWHERE, command.transfer, [list(row) for row in apart]),) if apart else ()),
        ),
        details={"transfer": command.transfer, "partner": command.partner, "proposal": command.proposal},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToTransfer(Command):
    """Consent to a transfer that a partner proposed and that waits here: it is accepted, and the partner is told.

    The units are the partner's until its final entry; they come by the link, without a further act.
    """

    transfer: TransferId


def consent_to_transfer(command: ConsentToTransfer, books: Books, context: Context) -> Entry | Refusal:
    """What was sound when it came must be so now: the offer may have ended, or the agreement with the partner.

    Source: 2/CMA.3 annex para. 18(g); 6/CMA.4 annex I paras. 9-10.
    """
    transfer = open_transfer(books, command.transfer, direction="in", state=TransferState.OFFERED)
    if isinstance(transfer, Refusal):
        return transfer
    refusal = _as_when_it_came(transfer, books)
    if refusal is not None:
        return refusal
    return accept_transfer(from_json(AcceptTransfer, what_was_offered(books, transfer.id)), books, context)


def _as_when_it_came(transfer: TransferRecord, books: Books) -> Refusal | None:
    """Refuses units on hold here, and units that this book has been told went elsewhere than when they were offered.

    How they came to the sender was shown with the offer, up to where this book knew them to be: what a third registry
    or its holder has told since is not in it. Source: 4/CMA.6 para. 40 (flagged ITMOs); 2/CMA.3 annex para. 29.
    """
    for part in transfer.parts:
        for hold in books.holds(part.unit_class, part.first, part.last):
            facts = {"units": f"{part.unit_class} {part.first}..{part.last}", "account": transfer.source}
            return Refusal(UnitsFault.ON_HOLD, {**facts, "hold": hold.key, "reason": hold.reason})
    before = books.record(ELSEWHERE, transfer.id) or ()
    for of, first, last, account in elsewhere(books, transfer.partner, transfer.parts):
        if not any(row[0] == of and row[1] <= first and last <= row[2] and row[3] == account for row in before):
            facts = {"transfer": transfer.id, "units": f"{of} {first}..{last}", "account": account}
            return Refusal(ConsentFault.MOVED_SINCE, facts)
    return None


def as_acceptance(command: Command, books: Books) -> Command:
    """A consent as the acceptance that it is, with its own answers: law and accounts are asked about nothing less.

    Any other command is itself. Source: ADR-0024; ADR-0032.
    """
    if not isinstance(command, ConsentToTransfer):
        return command
    said = {each.name: getattr(command, each.name) for each in fields(Command)}
    return replace(from_json(AcceptTransfer, what_was_offered(books, command.transfer)), **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseTransfer(Command):
    """Refuse a transfer that a partner proposed and that waits here. The partner is told the reason, and keeps it."""

    transfer: TransferId
    reason: str


def refuse_transfer(command: RefuseTransfer, books: Books, context: Context) -> Entry | Refusal:
    """Its source takes the units back when it is told.

    After a restore it may have been consented to before, and the units may have left: its source is asked first.

    Source: 6/CMA.4 annex I paras. 9-10; ADR-0032; ADR-0033.
    """
    transfer = open_transfer(books, command.transfer, direction="in", state=TransferState.OFFERED)
    if isinstance(transfer, Refusal):
        return transfer
    refusal = not_asked(books, transfer.partner)
    if refusal is not None:
        return refusal
    reason = command.reason.strip()
    if not 0 < len(reason) <= REASON_MAX:
        return Refusal(ConsentFault.REASON_UNCLEAR, {"transfer": transfer.id, "characters_max": REASON_MAX})
    refused = replace(transfer, state=TransferState.REFUSED, final_on=context.on, reason=reason)
    return Entry(
        Act.TRANSFER_REFUSED,
        context.on,
        records=(record(TRANSFER, transfer.id, refused), *no_longer_waiting(books, transfer.partner, transfer.id)),
        details={"transfer": transfer.id, "partner": transfer.partner, "reason": reason},
    )
