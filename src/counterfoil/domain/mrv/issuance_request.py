"""A developer's request to issue units of a verified quantity, until the administrator issues on it or it ends.

A request is public, and so is what became of it. What was asked for and not answered counts: the same tonne is not
asked for twice. Source: 6/CMA.4 annex I para. 4; A6.4-PROC-AC-002 (request for issuance).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal

ISSUANCE_REQUEST: Final = "issuance_request"
OPEN_REQUESTS: Final = "open_issuance_requests"
"""The open requests on one verification, by its name."""
OPEN_MAX: Final = 20
TEXT_MAX: Final = 500


class RequestFault(StrEnum):
    ALREADY_MADE = "issuance_request.already_made"
    UNKNOWN = "issuance_request.unknown"
    NOT_OPEN = "issuance_request.not_open"
    DIFFERS = "issuance_request.differs"
    TOO_MANY = "issuance_request.too_many"
    ASKED_ALREADY = "issuance_request.asked_already"
    TEXT_UNCLEAR = "issuance_request.text_unclear"


class RequestState(StrEnum):
    """An open request waits; the others are its ends. A corrected one was issued on, and that was taken back."""

    OPEN = "open"
    ISSUED = "issued"
    ENDED = "ended"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class IssuanceRequest:
    """`quantity` units of one vintage of a verification are asked for, into `account`, under a letter if any is named.

    `issued` is what was issued on it, also where a correction took that back; `reason` why it ended without, or was
    corrected, and `issuance_entry` the entry that the correction reversed.
    """

    id: str
    activity: ActivityId
    verification: str
    vintage: int
    quantity: int
    account: str
    authorization: str | None
    note: str
    asked_on: date
    state: RequestState = RequestState.OPEN
    issued: int = 0
    ended_on: date | None = None
    reason: str = ""
    issuance_entry: int | None = None


def open_request(request: IssuanceRequest | None, name: str) -> IssuanceRequest | Refusal:
    """The request of this name, while it waits."""
    if request is None:
        return Refusal(RequestFault.UNKNOWN, {"request": name[:80]})
    if request.state is not RequestState.OPEN:
        return Refusal(RequestFault.NOT_OPEN, {"request": request.id, "state": request.state.value})
    return request
