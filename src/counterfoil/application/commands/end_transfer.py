"""The ends of a transfer at its source: taken back, refused, expired, or confirmed by the other book's receipt.

Read before: `abroad.py`. Source: 6/CMA.4 annex I paras. 9-10; ADR-0032.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, later, record
from counterfoil.application.commands.abroad import TRANSFER, AbroadFault, TransferState, groups_of, open_transfer
from counterfoil.application.commands.first_transferring import counts
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import pending
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move

_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")


class Ending(StrEnum):
    """Why a transfer ended without moving anything."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REFUSED = "refused"


def state_of(ending: Ending) -> TransferState:
    return TransferState(ending.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidTransfer(Command):
    """Take back a proposed transfer: it is withdrawn, it expired unanswered, or the partner refused it.

    `answer` is the digest of the partner's refusal, without which none is believed.
    """

    transfer: TransferId
    reason: str
    ending: Ending = later(Ending.WITHDRAWN)
    answer: str = later("")


def void_transfer(command: VoidTransfer, books: Books, context: Context) -> Entry | Refusal:
    """The units return to the account they came from, and the authorization's count is given back.

    Only the source ends a transfer, and only before it is final: so the other book never has to guess.
    """
    transfer = open_transfer(books, command.transfer, direction="out", state=TransferState.PROPOSED)
    if isinstance(transfer, Refusal):
        return transfer
    ends = utc_ms(transfer.expires_at) if transfer.expires_at else None
    if command.ending is Ending.EXPIRED and (ends is None or context.now_ms() <= ends):
        return Refusal(AbroadFault.NOT_EXPIRED, {"transfer": transfer.id, "expires_at": transfer.expires_at})
    if command.ending is Ending.REFUSED and not _DIGEST.match(command.answer):
        return Refusal(AbroadFault.NO_ANSWER, {"transfer": transfer.id})
    groups = groups_of(transfer, books, context)
    voided = replace(transfer, state=state_of(command.ending), final_on=context.on, reason=command.reason)
    moves = tuple(
        Move(part.unit_class, part.first, part.last, pending(transfer.partner), transfer.source)
        for part in transfer.parts
    )
    details = {"transfer": transfer.id, "partner": transfer.partner, "reason": command.reason}
    if command.answer:
        details["answer"] = command.answer
    return Entry(
        Act.TRANSFER_VOIDED,
        context.on,
        moves=moves,
        records=(record(TRANSFER, transfer.id, voided), *counts(groups, books, sign=-1)),
        details=details,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTransfer(Command):
    """Confirm that a final transfer has arrived: the partner's acknowledgement proves the entry in its book.

    `acknowledgement` is the digest of that message, `entry` the number of the partner's entry.
    """

    transfer: TransferId
    acknowledgement: str
    entry: int


def confirm_transfer(command: ConfirmTransfer, books: Books, context: Context) -> Entry | Refusal:
    """Nothing moves by it: it ends the exchange of receipts. Source: 6/CMA.4 annex I para. 10; ADR-0032."""
    transfer = open_transfer(books, command.transfer, direction="out", state=TransferState.FINAL)
    if isinstance(transfer, Refusal):
        return transfer
    if transfer.confirmed_on is not None:
        return Refusal(AbroadFault.CONFIRMED, {"transfer": transfer.id, "on": transfer.confirmed_on.isoformat()})
    confirmed = replace(transfer, confirmed_on=context.on)
    return Entry(
        Act.TRANSFER_CONFIRMED,
        context.on,
        records=(record(TRANSFER, transfer.id, confirmed),),
        details={
            "transfer": transfer.id,
            "partner": transfer.partner,
            "acknowledgement": command.acknowledgement,
            "entry": command.entry,
        },
    )
