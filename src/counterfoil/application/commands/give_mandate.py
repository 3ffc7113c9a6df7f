"""Record what an owner allows an exchange to deliver, and its withdrawal."""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.open_account import holding_open
from counterfoil.domain.kernel.ids import is_key, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.settlement.mandate import MANDATE, Mandate, MandateFault, readable_mandate, withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveMandate(Command):
    """Record that the owner of an account lets an exchange deliver up to `quantity_max` units until `last_day`.

    `document` is the SHA-256 of the owner's own words in the evidence store. With `trade` it is an instruction for that
    trade alone, with `unit_class` it covers units of that class alone.
    """

    mandate: str
    account: str
    exchange: str
    document: str
    quantity_max: int
    last_day: date
    unit_class: str = ""
    trade: str = ""


def give_mandate(command: GiveMandate, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a mandate without an end, without a quantity or without the owner's words. Source: R-CMP-04."""
    narrowed = (("unit_class", command.unit_class), ("trade", command.trade))
    nameless = next((unfit(field, text) for field, text in narrowed if text and not is_key(text)), None)
    refusal = unfit("exchange", command.exchange) or nameless or holding_open(books, command.account)
    if refusal is not None:
        return refusal
    mandate = Mandate(
        command.mandate,
        command.account,
        command.exchange,
        command.document,
        command.quantity_max,
        context.on,
        command.last_day,
        command.unit_class,
        command.trade,
    )
    refusal = readable_mandate(mandate)
    if refusal is not None:
        return refusal
    if books.record(MANDATE, mandate.id) is not None:
        return Refusal(MandateFault.ALREADY_GIVEN, {"mandate": mandate.id})
    details = {"account": mandate.account, "exchange": mandate.exchange}
    return Entry(Act.MANDATE_GIVEN, context.on, records=(record(MANDATE, mandate.id, mandate),), details=details)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMandate(Command):
    """Record that the owner took a mandate back. What was delivered before stays delivered."""

    mandate: str


def withdraw_mandate(command: WithdrawMandate, books: Books, context: Context) -> Entry | Refusal:
    """A mandate is withdrawn once; a new one has a new name. Source: R-CMP-04."""
    known = stored(books, MANDATE, command.mandate, Mandate)
    if known is None:
        return Refusal(MandateFault.UNKNOWN, {"mandate": command.mandate[:80]})
    after = withdrawn(known, on=context.on)
    if isinstance(after, Refusal):
        return after
    return Entry(Act.MANDATE_WITHDRAWN, context.on, records=(record(MANDATE, after.id, after),))
