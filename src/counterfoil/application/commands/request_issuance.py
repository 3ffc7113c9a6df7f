"""Ask for the issuance of a verified quantity, and end a request on which nothing is issued."""

from dataclasses import dataclass, replace

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.issuance_asked import closed_request, open_requests
from counterfoil.application.commands.issue import IssueFault
from counterfoil.application.commands.open_account import holding_open
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.mrv.issuance_request import (
    ISSUANCE_REQUEST,
    OPEN_MAX,
    OPEN_REQUESTS,
    TEXT_MAX,
    IssuanceRequest,
    RequestFault,
    RequestState,
    open_request,
)
from counterfoil.domain.mrv.verification import VERIFICATION, Verification, VerificationFault, issuable


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestIssuance(Command):
    """Ask the administrator to issue `quantity` units of one vintage of a verification into an own account.

    `authorization` names the letter under which they shall be born. `note` is public.
    """

    request: str
    activity: ActivityId
    verification: str
    vintage: int
    quantity: int
    account: str
    authorization: str | None = None
    note: str = ""


def request_issuance(command: RequestIssuance, books: Books, context: Context) -> Entry | Refusal:
    """Refuses more than is left of the vintage beside what was issued and what is asked for already.

    Nothing is decided: whether the units can be issued, the issuance asks with all its rules.
    Source: 6/CMA.4 annex I para. 4; A6.4-PROC-AC-002.
    """
    refusal = unfit("request", command.request) or _unclear(command)
    if refusal is not None:
        return refusal
    if books.record(ISSUANCE_REQUEST, command.request) is not None:
        return Refusal(RequestFault.ALREADY_MADE, {"request": command.request})
    if stored(books, ACTIVITY, command.activity, Activity) is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    verification = stored(books, VERIFICATION, command.verification, Verification)
    if verification is None:
        return Refusal(VerificationFault.UNKNOWN, {"verification": command.verification[:80]})
    if verification.activity != command.activity:
        facts = {"verification": verification.id, "monitoring": verification.monitoring}
        return Refusal(VerificationFault.ACTIVITY_DIFFERS, facts)
    waiting = open_requests(books, verification.id)
    refusal = (
        issuable(verification, vintage=command.vintage, quantity=command.quantity)
        or _asked_already(command, verification, waiting)
        or holding_open(books, command.account)
    )
    if refusal is not None:
        return refusal
    made = IssuanceRequest(
        command.request,
        command.activity,
        verification.id,
        command.vintage,
        command.quantity,
        command.account,
        command.authorization,
        command.note.strip(),
        context.on,
    )
    return Entry(
        Act.ISSUANCE_REQUESTED,
        context.on,
        records=(
            record(ISSUANCE_REQUEST, made.id, made),
            Record(OPEN_REQUESTS, verification.id, [*(each.id for each in waiting), made.id]),
        ),
        details={"request": made.id, "activity": made.activity, "verification": verification.id},
    )


def _unclear(command: RequestIssuance) -> Refusal | None:
    if command.quantity <= 0:
        return Refusal(IssueFault.QUANTITY_NOT_POSITIVE, {"quantity": command.quantity})
    if len(command.note.strip()) > TEXT_MAX:
        return Refusal(RequestFault.TEXT_UNCLEAR, {"request": command.request, "text_max": TEXT_MAX})
    return None


def _asked_already(
    command: RequestIssuance, verification: Verification, waiting: list[IssuanceRequest]
) -> Refusal | None:
    """Refuses what other requests that wait ask for already, and more requests than one verification needs."""
    if len(waiting) >= OPEN_MAX:
        return Refusal(RequestFault.TOO_MANY, {"verification": verification.id, "most": OPEN_MAX})
    asked = sum(each.quantity for each in waiting if each.vintage == command.vintage)
    if issuable(verification, vintage=command.vintage, quantity=command.quantity + asked) is None:
        return None
    facts: dict[str, JSON] = {"verification": verification.id, "vintage": command.vintage, "asked": asked}
    return Refusal(RequestFault.ASKED_ALREADY, {**facts, "quantity": command.quantity})


@dataclass(frozen=True, slots=True, kw_only=True)
class EndIssuanceRequest(Command):
    """Decline a request, or take one's own back; the reason is public."""

    request: str
    reason: str


def end_issuance_request(command: EndIssuanceRequest, books: Books, context: Context) -> Entry | Refusal:
    """What was asked for may be asked for again. Source: A6.4-PROC-AC-002."""
    found = open_request(stored(books, ISSUANCE_REQUEST, command.request, IssuanceRequest), command.request)
    if isinstance(found, Refusal):
        return found
    reason = command.reason.strip()
    if not 0 < len(reason) <= TEXT_MAX:
        return Refusal(RequestFault.TEXT_UNCLEAR, {"request": found.id, "text_max": TEXT_MAX})
    after = replace(found, state=RequestState.ENDED, ended_on=context.on, reason=reason)
    return Entry(
        Act.ISSUANCE_REQUEST_ENDED,
        context.on,
        records=closed_request(after, books),
        details={"request": after.id, "activity": after.activity},
    )
