"""A transfer that waits for its moment: asked for now, done later, and given up by its holder before."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.working_hours import moment_ms

REQUEST: Final = "transfer_request"


class RequestFault(StrEnum):
    ID_UNREADABLE = "request.id_unreadable"
    ALREADY_MADE = "request.already_made"
    UNKNOWN = "request.unknown"
    NOT_PENDING = "request.not_pending"
    NOT_DUE = "request.not_due"


class RequestState(StrEnum):
    PENDING = "pending"
    EXECUTED = "executed"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """Units `first` to `last` of a class, to be moved at `due_at` or later. Until then they are on hold for it."""

    id: str
    unit_class: str
    first: int
    last: int
    source: str
    target: str
    asked_at: str
    due_at: str
    state: RequestState = RequestState.PENDING
    closed_on: date | None = None
    reason: str = ""

    @property
    def hold(self) -> str:
        """The key of the hold that keeps its units."""
        return f"request:{self.id}"


def executed(request: TransferRequest, *, now_ms: int, on: date) -> TransferRequest | Refusal:
    """The request once it is done; at the due moment itself it may be.

    Returns:
        The request, or the refusal `request.not_pending` or `request.not_due`.
    """
    refusal = _pending(request)
    if refusal is not None:
        return refusal
    if now_ms < moment_ms(request.due_at):
        return Refusal(RequestFault.NOT_DUE, {"request": request.id, "due": request.due_at})
    return replace(request, state=RequestState.EXECUTED, closed_on=on)


def aborted(request: TransferRequest, *, on: date, reason: str) -> TransferRequest | Refusal:
    """The request once it is given up: possible until it is done."""
    refusal = _pending(request)
    return refusal or replace(request, state=RequestState.ABORTED, closed_on=on, reason=reason)


def _pending(request: TransferRequest) -> Refusal | None:
    if request.state is RequestState.PENDING:
        return None
    return Refusal(RequestFault.NOT_PENDING, {"request": request.id, "state": request.state.value})
