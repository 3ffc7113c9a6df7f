"""Record credits of a programme outside any state's ledger, as a voluntary claim at compliance value 0."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, record
from counterfoil.domain.compliance.voluntary import (
    VOLUNTARY,
    VOLUNTARY_BLOCKS,
    Backing,
    Claim,
    Standing,
    VoluntaryFault,
    VoluntaryUnits,
    block_key,
    unfit_voluntary,
)
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.serials import SerialRange, serial_range


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVoluntaryUnits(Command):
    """Record serials `first` to `last` of a programme's block, each one tonne, for whoever holds them.

    `backing` tests tokens that were issued on them. `source` says where this is known from. Nothing enters the unit
    book, so nothing here can be used, listed, transferred or surrendered.
    """

    voluntary: str
    holder: str
    programme: str
    block: str
    first: int
    last: int
    source: str
    claim: Claim = Claim.VOLUNTARY_CONTRIBUTION
    standing: Standing = Standing.CLAIMED
    backing: Backing | None = None


def record_voluntary_units(command: RecordVoluntaryUnits, books: Books, context: Context) -> Entry | Refusal:
    """Refuses serials that were recorded before, a token that is not backed as declared, and any stronger claim.

    Source: requirements R-TWN-03, R-TWN-04, R-INT-05 to R-INT-07.
    """
    serials = serial_range(command.first, command.last)
    if isinstance(serials, Refusal):
        return serials
    key = block_key(command.programme, command.block)
    before = books.record(VOLUNTARY_BLOCKS, key) or []
    refusal = unfit_voluntary(
        name=command.voluntary,
        holder=command.holder,
        programme=command.programme,
        block=command.block,
        serials=serials,
        claim=command.claim,
        backing=command.backing,
        recorded=[from_json(SerialRange, each) for each in before],
    )
    if refusal is not None:
        return refusal
    if books.record(VOLUNTARY, command.voluntary) is not None:
        return Refusal(VoluntaryFault.ALREADY_RECORDED, {"voluntary": command.voluntary})
    units = VoluntaryUnits(
        command.voluntary,
        command.holder,
        command.programme,
        command.block,
        serials,
        command.standing,
        command.claim,
        context.on,
        command.source[:500],
        command.backing,
    )
    ranges = record(VOLUNTARY_BLOCKS, key, (*before, {"first": serials.first, "last": serials.last}))
    return Entry(
        Act.VOLUNTARY_UNITS_RECORDED,
        context.on,
        records=(record(VOLUNTARY, units.id, units), ranges),
        details={"quantity_t": serials.size, "compliance_value": 0},
    )
