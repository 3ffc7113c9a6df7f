"""Propose an act, look at what it would change, approve it as another person, reject it, or take it back.

The act is done when enough persons stand behind it, under the id that was given at the proposal: however often an
approval is sent, it happens once. Of two approvers at once, one is told that the other was first.

Read before: `proposal.py`, `application/preview.py`. Source: ADR-0027.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.command import PROPOSED, Command
from counterfoil.application.guard import Guard
from counterfoil.application.office import trail
from counterfoil.application.office.approval_desk import ApprovalDesk, preview_of
from counterfoil.application.office.ports import Office, PersonState
from counterfoil.application.office.proposal import Proposal, ProposalFault, ProposalState, signed
from counterfoil.application.office.sessions import capacity_of
from counterfoil.application.office.settling import TEXT_MAX, changed, closed, done, joined, not_open, settled
from counterfoil.application.preview import Preview
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import ApprovalFault, second_person, signed_by
from counterfoil.domain.people.permission import PermissionFault
from counterfoil.domain.people.pseudonym import LENGTH, pseudonym
from counterfoil.domain.people.standing import Standing

DAYS: Final = 14
DAYS_MAX: Final = 90
DAY_MS: Final = 24 * 60 * 60 * 1000
OPEN_MAX: Final = 200
"""Open proposals of one person."""
_NOT_THEIRS: Final = frozenset({PermissionFault.ROLE_MISSING, PermissionFault.NOT_OWN})


@dataclass(frozen=True, slots=True)
class Seen:
    """A proposal as somebody sees it: its state now, and what it would change, or why it would be refused."""

    proposal: Proposal
    state: ProposalState
    preview: Preview | Refusal | None


def propose(
    desk: ApprovalDesk,
    standing: Standing,
    command: Command,
    text: str,
    *,
    why: str,
    days: int = DAYS,
    once: bool = False,
) -> Seen | Refusal:
    """Put an act before other persons. It must be one that would be done now, if they agreed.

    Args:
        text: The command as JSON, without an id where the office shall give one.
        why: What approvers should know, in a line.
        days: After so many it expires.
        once: The command's own id names the proposal: who sends it again gets the one that is there, whatever became
            of it. For forms, which may be sent twice.
    """
    if not standing.person:
        return Refusal(ApprovalFault.PERSON_NEEDED)
    if not 1 <= days <= DAYS_MAX:
        return Refusal(ProposalFault.DAYS_OUT_OF_RANGE, {"days": days, "days_max": DAYS_MAX})
    office, now = desk.office, desk.office.clock.now_ms()
    chance = _own_chance(standing, command) if once and command.id else office.dice.bytes(LENGTH)
    name = "Q" + pseudonym(chance)[1:]
    command = command if command.id else replace(command, id=f"{PROPOSED}{name}")
    guard = Guard(desk.permissions, desk.demands, (standing,))
    found = desk.register.preview(Submission(command, signed_by([standing.acting]), guard), guard)
    if isinstance(found, Receipt):
        return Refusal(ProposalFault.ALREADY_DONE, {"entry": found.seq})
    if isinstance(found, Refusal):
        return found
    made = Proposal(
        name,
        type(command).__name__,
        text,
        (signed(standing),),
        now,
        now + days * DAY_MS,
        changed_ms=now,
        why=why[:TEXT_MAX],
    )
    with office.store.change():
        known = desk.proposals.get(name)
        if known is not None:
            return Seen(known, known.at(now), found)
        if desk.proposals.open_of(standing.person, now_ms=now) >= OPEN_MAX:
            return Refusal(ProposalFault.TOO_MANY, {"open_max": OPEN_MAX})
        desk.proposals.add(made)
        trail.write(office, f"person:{standing.acting}", "proposal.made", name, {"command": made.name})
    return Seen(made, ProposalState.OPEN, found)


def _own_chance(standing: Standing, command: Command) -> bytes:
    """Bytes that are always the same for one person and one command id."""
    return hashlib.sha256(canonical([standing.person, command.id])).digest()[:LENGTH]


def look(desk: ApprovalDesk, name: str) -> Seen | Refusal:
    """A proposal with what it would change now; a closed one without."""
    proposal = settled(desk, name)
    if isinstance(proposal, Refusal):
        return proposal
    state = proposal.at(desk.office.clock.now_ms())
    if state is not ProposalState.OPEN:
        return Seen(proposal, state, None)
    behind = _behind(desk, proposal)
    found = behind if isinstance(behind, Refusal) else preview_of(desk, proposal, behind)
    return Seen(proposal, state, _already(found) if isinstance(found, Receipt) else found)


def approve(desk: ApprovalDesk, standing: Standing, name: str, *, seen: str) -> Seen | Receipt | Refusal:
    """Agree to a proposal exactly as it was seen.

    Args:
        seen: The preview's hash. Where the act would change something else by now, the approver is told instead, and
            whoever approved what was seen before is asked again.

    Returns:
        The receipt, when the act is done; the proposal, when it waits for further persons; or the refusal.

    Raises:
        Outage: the writer or the office cannot be used; the proposal stays as it was.
    """
    refusal = second_person((), standing)
    proposal = refusal or settled(desk, name)
    if isinstance(proposal, Refusal):
        return proposal
    proposal = proposal.of_preview(seen)
    behind = _approvable(desk, proposal, standing)
    if isinstance(behind, Refusal):
        return behind
    found = preview_of(desk, proposal, (*behind, standing))
    if not isinstance(found, Preview):
        return _already(found) if isinstance(found, Receipt) else found
    if found.sha256 != seen:
        return changed(name, found)
    after = joined(desk, name, standing, found)
    if isinstance(after, Refusal):
        return after
    if after.state is ProposalState.OPEN:
        return Seen(after, after.state, found)
    return done(desk, after, (*behind, standing), seen)


def reject(desk: ApprovalDesk, standing: Standing, name: str, *, reason: str) -> Seen | Refusal:
    """Say no for good, with the reason. Whoever might approve may reject."""
    if not reason.strip():
        return Refusal(ProposalFault.REASON_MISSING, {"proposal": name[:20]})
    proposal = settled(desk, name)
    if isinstance(proposal, Refusal):
        return proposal
    # That a colleague has left, or a body is suspended, is no reason to keep the proposal open.
    refusal = _may_join(desk, proposal, standing) or _permitted(desk, proposal, standing)
    return refusal or _shown(closed(desk, name, standing, ProposalState.REJECTED, reason))


def withdraw(desk: ApprovalDesk, standing: Standing, name: str, *, reason: str = "") -> Seen | Refusal:
    """Take one's own proposal back."""
    proposal = settled(desk, name)
    if isinstance(proposal, Refusal):
        return proposal
    if proposal.initiator.person != standing.person:
        return Refusal(ProposalFault.NOT_INITIATOR, {"proposal": name})
    return _shown(closed(desk, name, standing, ProposalState.WITHDRAWN, reason))


# What an approval stands on


def _approvable(desk: ApprovalDesk, proposal: Proposal, standing: Standing) -> tuple[Standing, ...] | Refusal:
    """Those who stand behind an open proposal, in their standing of today; refused where somebody may not join."""
    return _may_join(desk, proposal, standing) or _behind(desk, proposal)


def _may_join(desk: ApprovalDesk, proposal: Proposal, standing: Standing) -> Refusal | None:
    state = proposal.at(desk.office.clock.now_ms())
    if state is not ProposalState.OPEN:
        return not_open(proposal.id, state)
    refusal = second_person(proposal.behind, standing)
    return refusal or _suspended(desk.office, standing.organisation)


def _behind(desk: ApprovalDesk, proposal: Proposal) -> tuple[Standing, ...] | Refusal:
    found: list[Standing] = []
    for signature in proposal.signatures:
        person = desk.office.store.people.get(signature.person)
        if person is None or person.state is not PersonState.ACTIVE:
            return Refusal(ProposalFault.PERSON_GONE, {"proposal": proposal.id, "person": signature.person})
        refusal = _suspended(desk.office, signature.organisation)
        if refusal is not None:
            return refusal
        standing = capacity_of(desk.office, person, signature.organisation, signature.giver)
        if isinstance(standing, Refusal):
            return standing
        found.append(standing)
    return tuple(found)


def _suspended(office: Office, organisation: str) -> Refusal | None:
    body = office.store.organisations.get(organisation) if organisation else None
    if body is None or not body.suspended:
        return None
    return Refusal(ProposalFault.ORGANISATION_SUSPENDED, {"organisation": organisation})


def _permitted(desk: ApprovalDesk, proposal: Proposal, standing: Standing) -> Refusal | None:
    """Whether somebody may do this act, apart from whether it would be done now."""
    if desk.permissions.reach(standing, proposal.name) is None:
        return desk.permissions.role_missing(standing, proposal.name)
    found = preview_of(desk, proposal, (standing,))
    return found if isinstance(found, Refusal) and found.code in _NOT_THEIRS else None


def _shown(proposal: Proposal | Refusal) -> Seen | Refusal:
    return proposal if isinstance(proposal, Refusal) else Seen(proposal, proposal.state, None)


def _already(receipt: Receipt) -> Refusal:
    """The act came into the journal on another way."""
    return Refusal(ProposalFault.ALREADY_DONE, {"entry": receipt.seq})
