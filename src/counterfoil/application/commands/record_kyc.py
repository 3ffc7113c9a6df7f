"""Record until when the file on an account holder is good. The file itself stays in the office."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from counterfoil.application.command import Command, Context
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.people.safeguards import KYC


class KycFault(StrEnum):
    UNCHANGED = "kyc.unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKyc(Command):
    """Record the last day on which the file on a holder is good. A day of the past ends it.

    Nothing else of the file enters the journal: no document, no owner, no digest.
    """

    holder: str
    valid_until: date


def record_kyc(command: RecordKyc, books: Books, context: Context) -> Entry | Refusal:
    """Source: R-GOV-02; matrix row A of the peers (a file with expiry)."""
    refusal = unfit("holder", command.holder)
    if refusal is not None:
        return refusal
    value = {"kyc_valid_until": command.valid_until.isoformat()}
    if books.record(KYC, command.holder) == value:
        return Refusal(KycFault.UNCHANGED, {"holder": command.holder, "valid_until": value["kyc_valid_until"]})
    return Entry(Act.KYC_RECORDED, context.on, records=(Record(KYC, command.holder, {**value}),))
