"""The routes of four eyes: propose an act, look at what it would change, approve, reject, withdraw.

The row of the command that is proposed decides who may; how far a row of these routes reaches decides whose are seen.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Final

import msgspec

from counterfoil.application.office import proposals
from counterfoil.application.office.approval_desk import ApprovalDesk
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Office
from counterfoil.application.office.proposal import ProposalFault, ProposalState
from counterfoil.application.office.proposals import DAYS, Seen
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.office.call import Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.proposal_view import listed, shown

PLACE: Final = "/api/v1/proposals"
LIST: Final = f"GET {PLACE}"
LIMIT: Final = 100
LIMIT_MAX: Final = 1_000
LAST: Final = 2**62

Desks = Callable[[Office], ApprovalDesk]
Run = Callable[[ApprovalDesk, Call], Answer | Refusal]


class Proposed(msgspec.Struct, forbid_unknown_fields=True):
    command: msgspec.Raw
    why: str = ""
    days: int = DAYS


class Approved(msgspec.Struct, forbid_unknown_fields=True):
    preview: str


class Because(msgspec.Struct, forbid_unknown_fields=True):
    reason: str = ""


def routes(desks: Desks) -> tuple[OfficeRoute, ...]:
    """Every route of proposals."""

    def row(path: str, operation: str, summary: Any, run: Run, body: type | None = None) -> OfficeRoute:
        method = "GET" if body is None else "POST"
        return OfficeRoute(method, f"{PLACE}{path}", operation, summary, partial(_at, desks, run), body=body)

    return (
        row("", "listProposals", said("Acts that wait for a second person", "待第二人核可之行為"), _list),
        row("", "propose", said("Propose an act to other persons", "向他人提案"), _propose, Proposed),
        row("/{id}", "showProposal", said("A proposal and what it would change", "提案及其將造成之變更"), _show),
        row(
            "/{id}/approve",
            "approveProposal",
            said("Approve a proposal as it was seen", "依所見內容核可提案"),
            _approve,
            Approved,
        ),
        row("/{id}/reject", "rejectProposal", said("Reject a proposal", "駁回提案"), _reject, Because),
        row(
            "/{id}/withdraw",
            "withdrawProposal",
            said("Withdraw one's proposal", "撤回本人提案"),
            _withdraw,
            Because,
        ),
    )


def described() -> tuple[OfficeRoute, ...]:
    """The same rows without a desk: what the OpenAPI document is made from."""

    def nowhere(_: Office) -> ApprovalDesk:
        raise AssertionError("these rows describe, and serve nobody")

    return routes(nowhere)


def _at(desks: Desks, run: Run, office: Office, call: Call) -> Answer | Refusal:
    return run(desks(office), call)


def _list(desk: ApprovalDesk, call: Call) -> Answer | Refusal:
    wanted = call.query.get("state")
    if wanted is not None and wanted not in set(ProposalState):
        raise unreadable("state", wanted)
    limit, before = _number(call, "limit", LIMIT), _number(call, "before", LAST)
    if not 1 <= limit <= LIMIT_MAX:
        raise unreadable("limit", str(limit))
    now = desk.office.clock.now_ms()
    found = desk.proposals.listed(
        state=None if wanted is None else ProposalState(wanted),
        organisation=_own_only(desk, call),
        now_ms=now,
        before=before,
        limit=limit,
    )
    items = [listed(proposal, proposal.at(now)) for _, proposal in found]
    return Answer({"items": items, "next": str(found[-1][0]) if len(found) == limit else None})


def _propose(desk: ApprovalDesk, call: Call) -> Answer | Refusal:
    standing = _standing(call)
    try:
        text = bytes(call.body.command).decode()
    except UnicodeDecodeError as error:
        # What is kept raw was looked through for brackets, not for its letters.
        return Refusal(OfficeFault.BODY_UNREADABLE, {"detail": error.reason})
    command = desk.register.read(text)
    if isinstance(command, Refusal):
        return command
    if desk.permissions.reach(standing, type(command).__name__) is None:
        return desk.permissions.role_missing(standing, type(command).__name__)
    found = proposals.propose(desk, standing, command, text, why=call.body.why, days=call.body.days)
    if isinstance(found, Refusal):
        return found
    place = (b"location", f"{PLACE}/{found.proposal.id}".encode())
    return Answer(shown(found, whole=True), 201, (place,))


def _show(desk: ApprovalDesk, call: Call) -> Answer | Refusal:
    found = proposals.look(desk, call.path["id"])
    if isinstance(found, Refusal):
        return found
    own = _own_only(desk, call)
    if own is not None and found.proposal.initiator.organisation != own:
        return Refusal(ProposalFault.UNKNOWN, {"proposal": found.proposal.id})
    return Answer(shown(found, whole=_concerns(desk, call, found)))


def _approve(desk: ApprovalDesk, call: Call) -> Answer | Refusal:
    found = proposals.approve(desk, _standing(call), call.path["id"], seen=call.body.preview)
    if isinstance(found, Seen):
        return Answer(shown(found, whole=True))
    return found if isinstance(found, Refusal) else Answer({"status": "accepted", **asdict(found)}, 201)


def _reject(desk: ApprovalDesk, call: Call) -> Answer | Refusal:
    return _closed(proposals.reject(desk, _standing(call), call.path["id"], reason=call.body.reason))


def _withdraw(desk: ApprovalDesk, call: Call) -> Answer | Refusal:
    return _closed(proposals.withdraw(desk, _standing(call), call.path["id"], reason=call.body.reason))


def _closed(found: Seen | Refusal) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(shown(found, whole=True))


def _standing(call: Call) -> Standing:
    assert call.bearer is not None, "the table closes these routes to all but persons"
    return call.bearer.standing


def _own_only(desk: ApprovalDesk, call: Call) -> str | None:
    """The organisation to whose proposals a reader is kept; None for those who see all, as the folder's owner does."""
    if call.bearer is None or desk.permissions.reach(call.bearer.standing, LIST) is Reach.ANY:
        return None
    return call.bearer.standing.organisation


def _concerns(desk: ApprovalDesk, call: Call, found: Seen) -> bool:
    """Whether a reader may see what is confidential: who made the proposal, or could approve it."""
    if call.bearer is None:
        return True
    standing = call.bearer.standing
    if found.proposal.initiator.person == standing.person:
        return True
    return desk.permissions.reach(standing, found.proposal.name) is not None


def _number(call: Call, name: str, default: int) -> int:
    sent = call.query.get(name)
    if sent is None:
        return default
    if not sent.isascii() or not sent.isdecimal() or len(sent) > 18:
        raise unreadable(name, sent)
    return int(sent)
