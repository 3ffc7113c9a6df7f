"""What an issuance has to do with the request that it answers."""

from dataclasses import replace
from typing import Protocol

from counterfoil.application.command import Context, record, stored
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import JournalEntry, Record
from counterfoil.domain.mrv.issuance_request import (
    ISSUANCE_REQUEST,
    OPEN_REQUESTS,
    TEXT_MAX,
    IssuanceRequest,
    RequestFault,
    RequestState,
    open_request,
)


class Issuing(Protocol):
    """What an issuance says of itself, as far as a request asks."""

    @property
    def request(self) -> str: ...
    @property
    def activity(self) -> str: ...
    @property
    def verification(self) -> str: ...
    @property
    def vintage(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def account(self) -> str: ...


def request_answered(command: Issuing, books: Books, context: Context) -> tuple[Record, ...] | Refusal:
    """The request as issued on; refuses another outcome or account than it asked for, and more units.

    An issuance without a request answers none. Less than was asked for may be issued: the request is then over.
    """
    if not command.request:
        return ()
    found = open_request(stored(books, ISSUANCE_REQUEST, command.request, IssuanceRequest), command.request)
    if isinstance(found, Refusal):
        return found
    asked = found.activity, found.verification, found.vintage, found.account
    issued = command.activity, command.verification, command.vintage, command.account
    if asked != issued or command.quantity > found.quantity:
        facts: dict[str, JSON] = {
            "request": found.id,
            "asked": found.quantity,
            "account": found.account,
            "vintage": found.vintage,
        }
        return Refusal(RequestFault.DIFFERS, {**facts, "verification": found.verification})
    after = replace(found, state=RequestState.ISSUED, issued=command.quantity, ended_on=context.on)
    return closed_request(after, books)


def request_corrected(wrong: JournalEntry, books: Books, context: Context, *, reason: str) -> tuple[Record, ...]:
    """The request that a reversed issuance had answered, which says so from now on; none where it answered none.

    It does not wait again: who asked asks anew, for what the correction left right.
    Source: 6/CMA.4 annex I paras. 2-3 (data integrity).
    """
    name = next((each.key for each in wrong.entry.records if each.kind == ISSUANCE_REQUEST), None)
    found = None if name is None else stored(books, ISSUANCE_REQUEST, name, IssuanceRequest)
    if found is None:
        return ()
    after = replace(
        found, state=RequestState.CORRECTED, ended_on=context.on, reason=reason[:TEXT_MAX], issuance_entry=wrong.seq
    )
    return (record(ISSUANCE_REQUEST, after.id, after),)


def open_requests(books: Books, verification: str) -> list[IssuanceRequest]:
    """The requests that wait on a verification, in the order in which they came."""
    names = books.record(OPEN_REQUESTS, verification) or ()
    found = (stored(books, ISSUANCE_REQUEST, name, IssuanceRequest) for name in names)
    return [each for each in found if each is not None]


def closed_request(after: IssuanceRequest, books: Books) -> tuple[Record, Record]:
    """A request at its end, out of the list of those that wait."""
    left = [each.id for each in open_requests(books, after.verification) if each.id != after.id]
    return record(ISSUANCE_REQUEST, after.id, after), Record(OPEN_REQUESTS, after.verification, left)
