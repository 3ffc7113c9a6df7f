"""Acts that wait for a second person: the list with their states, and one with its effect, to approve or to refuse."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import msgspec

from counterfoil.application.office import proposals
from counterfoil.application.office.approval_desk import ApprovalDesk
from counterfoil.application.office.proposal import Proposal, ProposalFault, ProposalState
from counterfoil.application.office.proposals import Seen
from counterfoil.application.ports import Outage
from counterfoil.application.preview import Preview
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import second_person
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.proposal_view import SEALED
from counterfoil.entrypoints.web.forms.outlook import outlook
from counterfoil.entrypoints.web.forms.signing import desk_of
from counterfoil.entrypoints.web.forms.value_words import label, worded
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

LIST: Final = "GET /api/v1/proposals"
"""The row that says whose proposals somebody may see: anybody's, or those of their own body."""
LAST: Final = 2**62
REASON_MAX: Final = 500


def rows() -> tuple[PageRow, ...]:
    listing = Listing(
        "/desk/proposals",
        "web.proposals",
        (
            Column("proposal_id", lambda row: row["id"], Kind.CODE, link=lambda row: ("desk", "proposals", row["id"])),
            Column("act", lambda row: row["act"]),
            Column("state", lambda row: row["state"], Kind.TAG, words="web.proposal.state"),
            Column("by", lambda row: row["by"], Kind.CODE),
            Column("made_at", lambda row: row["made_ms"], Kind.MOMENT),
            Column("ends_at", lambda row: row["ends_ms"], Kind.MOMENT),
            Column("reason", lambda row: row["why"]),
        ),
        _source,
        filters=(Filter("state", _states),),
        template="desk/list.html",
    )
    return (*listing.rows(), PageRow("/desk/proposals/{id}", _show, _decide, resumes=True))


def _states(_sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(each.value, visit.texts(f"web.proposal.state.{each.value}")) for each in ProposalState]


def _source(_sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    desk, standing = desk_of(visit), visit.standing
    if isinstance(desk, Refusal) or standing is None:
        return Rows(())
    state = values.get("state", "")
    now = desk.office.clock.now_ms()
    found = desk.proposals.listed(
        state=ProposalState(state) if state in set(ProposalState) else None,
        organisation=_own_only(desk, standing),
        now_ms=now,
        before=int(after) if after.isdecimal() and len(after) <= 18 else LAST,
        limit=limit,
    )
    items = [_row(visit, each, now) for _, each in found]
    return Rows(items, str(found[-1][0]) if len(found) == limit else None)


def _row(visit: Visit, proposal: Proposal, now: int) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "act": act_text(visit, proposal.name),
        "state": proposal.at(now).value,
        "by": proposal.initiator.person,
        "made_ms": proposal.made_ms,
        "ends_ms": proposal.ends_ms,
        "why": proposal.why,
    }


def act_text(visit: Visit, command: str) -> str:
    """What an act is called."""
    return visit.texts.known(f"web.act.{command}") or command


async def _show(visit: Visit) -> Reply | Refusal:
    found = await visit.aside(lambda: _seen(visit))
    return found if isinstance(found, Refusal) else await _page(visit, found)


def _seen(visit: Visit) -> Seen | Refusal:
    """The proposal with its effect now. Somebody else's body's is not there for who sees only their own."""
    desk, standing = desk_of(visit), visit.standing
    if isinstance(desk, Refusal):
        return desk
    assert standing is not None, "the page is for persons"
    found = proposals.look(desk, visit.path["id"])
    own = _own_only(desk, standing)
    if isinstance(found, Seen) and own is not None and found.proposal.initiator.organisation != own:
        return Refusal(ProposalFault.UNKNOWN, {"proposal": found.proposal.id})
    return found


async def _page(
    visit: Visit, seen: Seen, *, fault: Refusal | Outage | None = None, changed: bool = False
) -> Reply | Refusal:
    page = partial(_drawn, visit, seen, fault, changed=changed)
    return await visit.ask(lambda sight: visit.rendered(page(sight), sight))


def _drawn(visit: Visit, seen: Seen, fault: Refusal | Outage | None, sight: Sight, *, changed: bool) -> Shown:
    proposal, preview, standing = seen.proposal, seen.preview, visit.standing
    assert standing is not None, "the page is for persons"
    permissions = visit.ground.gate.table.permissions
    known = permissions.reach(standing, proposal.name) is not None
    own = proposal.initiator.person == standing.person
    is_open = seen.state is ProposalState.OPEN
    facts = {
        "proposal": proposal,
        "state": seen.state.value,
        "heading": act_text(visit, proposal.name),
        "out": outlook(sight, preview, visit.texts, visit.ground.accounts.gather(sight))
        if isinstance(preview, Preview)
        else None,
        "preview": preview if isinstance(preview, Preview) else None,
        "refusal": preview if isinstance(preview, Refusal) else None,
        "fields": _fields(visit, proposal, whole=known or own),
        "may_approve": is_open and known and second_person(proposal.behind, standing) is None,
        "may_withdraw": is_open and own,
        "fault": fault,
        "changed": changed,
        "typed": visit.form.get("reason"),
        "form": _form_named(visit),
    }
    return Shown("desk/proposal.html", facts, status=200 if fault is None else 422, kept=False)


def _form_named(visit: Visit) -> str:
    """The form that the proposal came from, so that the browser forgets what was typed in it."""
    form, path = visit.query.get("of", ""), visit.query.get("at", "")
    named = form.startswith("act-") and form.replace("-", "").isalnum() and path.startswith("/desk/")
    return f"{path}#{form}" if named else ""


def _fields(visit: Visit, proposal: Proposal, *, whole: bool) -> list[tuple[str, str]]:
    """What the act says. Confidential values are for those who made it or could approve it."""
    said: dict[str, Any] = msgspec.json.decode(proposal.command)
    if not whole and said.get("confidential"):
        said["confidential"] = dict.fromkeys(said["confidential"], SEALED)
    hidden = {"command", "id"}
    told = ((name, value) for name, value in said.items() if name not in hidden and value not in (None, "", [], {}))
    return [(label(name, visit.texts), worded(name, value, visit.texts)) for name, value in told]


async def _decide(visit: Visit) -> Reply | Refusal:
    """Approve as it was seen, reject, or take back; nothing is decided by a form that waited for signing in."""
    if "resume" in visit.form or visit.form.get("step") not in ("approve", "reject", "withdraw"):
        return await _show(visit)
    try:
        done = await visit.aside(lambda: _decided(visit))
    except Outage as outage:
        done = outage
    match done:
        case Receipt():
            return Gone(visit.url("desk", "receipts", done.seq))
        case Seen():
            return Gone(visit.url("desk", "proposals", done.proposal.id))
    found = await visit.aside(lambda: _seen(visit))
    if isinstance(found, Refusal):
        return found
    return await _page(visit, found, fault=done, changed=done.code == ProposalFault.CHANGED)


def _decided(visit: Visit) -> Seen | Receipt | Refusal | Outage:
    before = _seen(visit)
    desk, standing = desk_of(visit), visit.standing
    if isinstance(before, Refusal) or isinstance(desk, Refusal):
        return before if isinstance(before, Refusal) else desk  # type: ignore[return-value]
    assert standing is not None, "the page is for persons"
    name, reason = before.proposal.id, visit.form.get("reason")[:REASON_MAX]
    match visit.form.get("step"):
        case "approve":
            if before.proposal.entry is not None:
                return before  # a second click: it is done, and the page says so
            return proposals.approve(desk, standing, name, seen=visit.form.get("seen"))
        case "reject":
            return proposals.reject(desk, standing, name, reason=reason)
        case _:
            return proposals.withdraw(desk, standing, name, reason=reason)


def _own_only(desk: ApprovalDesk, standing: Standing) -> str | None:
    """The body to whose proposals a reader is kept; None for those who see all."""
    return None if desk.permissions.reach(standing, LIST) is Reach.ANY else standing.organisation
