"""Ask for a transfer that is done later, do it once it is due, or give it up before.

The due moment follows from the law in force when it is asked for; it stands in the request, so that whoever does it
later has nothing to decide. Until then the units are on hold for the request.
"""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.transfer import Transfer, moved_at_home, transfer
from counterfoil.application.commands.trusting import trusted
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TRANSFER
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import HOLD, Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.people.account_state import AccountStateFault
from counterfoil.domain.people.safeguards import Safeguards, trusted_or_slow
from counterfoil.domain.people.transfer_request import (
    REQUEST,
    RequestFault,
    TransferRequest,
    aborted,
    executed,
)
from counterfoil.domain.people.working_hours import due_at, moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTransfer(Command):
    """Ask for a transfer between two accounts here. It is due at once, or when the law's delay and hours let it be."""

    request: str
    units: Units
    source: str
    target: str


def request_transfer(command: RequestTransfer, books: Books, context: Context) -> Entry | Refusal:
    """All that a transfer asks for is asked for now, and once more when it is done. Source: R-GOV-02."""
    if not TRANSFER.match(command.request):
        return Refusal(RequestFault.ID_UNREADABLE, {"request": command.request[:80]})
    units = command.units
    move = transfer(Transfer(units=units, source=command.source, target=command.target), books, context)
    if isinstance(move, Refusal):
        return move
    due = _due(command, books, context)
    if isinstance(due, Refusal):
        return due
    asked = TransferRequest(
        command.request,
        units.unit_class,
        units.first,
        units.last,
        command.source,
        command.target,
        moment_text(context.now_ms()),
        moment_text(due),
    )
    if books.record(REQUEST, asked.id) is not None or books.record(HOLD, asked.hold) is not None:
        return Refusal(RequestFault.ALREADY_MADE, {"request": asked.id})
    records = (record(REQUEST, asked.id, asked), _hold(asked, context))
    return Entry(Act.TRANSFER_REQUESTED, context.on, records=records, details={"due": asked.due_at})


def _due(command: RequestTransfer, books: Books, context: Context) -> int | Refusal:
    """When the request is due, UTC milliseconds; or the refusal of a target that is not trusted."""
    now = context.now_ms()
    if not isinstance(context.safeguards, Safeguards) or context.safeguards.delay is None:
        return now
    counts = trusted(books, account=command.source, target=command.target, now_ms=now)
    refusal = trusted_or_slow(context.safeguards, account=command.source, target=command.target, trusted=counts)
    return refusal or due_at(context.safeguards.delay, now_ms=now, trusted=counts)


def _hold(request: TransferRequest, context: Context, *, released: bool = False) -> Record:
    """The hold that keeps the units of a request; only the request's own acts place and release it."""
    value: dict[str, JSON] = {
        "unit_class": request.unit_class,
        "first": request.first,
        "last": request.last,
        "authority": "",
        "reason": f"transfer request {request.id}",
        "request": request.id,
        "placed_on": request.asked_at[:10],
        "released_on": context.on.isoformat() if released else None,
    }
    return Record(HOLD, request.hold, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteTransfer(Command):
    """Do a transfer that is due."""

    request: str


def execute_transfer(command: ExecuteTransfer, books: Books, context: Context) -> Entry | Refusal:
    """The moment of recording must have reached the due moment; the transfer is then decided as any other.

    Source: R-GOV-02.
    """
    known = stored(books, REQUEST, command.request, TransferRequest)
    if known is None:
        return Refusal(RequestFault.UNKNOWN, {"request": command.request[:80]})
    after = executed(known, now_ms=context.now_ms(), on=context.on)
    if isinstance(after, Refusal):
        return after
    units = Units(known.unit_class, known.first, known.last)
    asked = Transfer(units=units, source=known.source, target=known.target)
    entry = moved_at_home(asked, books, context, hold=known.hold)
    if isinstance(entry, Refusal):
        return entry
    records = (record(REQUEST, known.id, after), _hold(known, context, released=True))
    return entry._replace(records=records, details={"request": known.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortTransfer(Command):
    """Give up a transfer that was asked for and not yet done, for a reason that anyone may read."""

    request: str
    reason: str


def abort_transfer(command: AbortTransfer, books: Books, context: Context) -> Entry | Refusal:
    """The units are free again; what a limit counted for the day stays counted. Source: R-GOV-02."""
    known = stored(books, REQUEST, command.request, TransferRequest)
    if known is None:
        return Refusal(RequestFault.UNKNOWN, {"request": command.request[:80]})
    if not command.reason.strip():
        return Refusal(AccountStateFault.REASON_MISSING, {"account": known.source})
    after = aborted(known, on=context.on, reason=command.reason[:500])
    if isinstance(after, Refusal):
        return after
    records = (record(REQUEST, known.id, after), _hold(known, context, released=True))
    return Entry(Act.TRANSFER_ABORTED, context.on, records=records)
