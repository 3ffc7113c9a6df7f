"""What becomes of a proposal: it is joined, done, closed, or opened again. Each step is one change of the office.

Read before: `proposals.py`. Source: ADR-0027.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.approval_desk import ApprovalDesk, preview_of, submission_of
from counterfoil.application.office.proposal import Proposal, ProposalFault, ProposalState, signed
from counterfoil.application.preview import Preview
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import second_person, signed_by
from counterfoil.domain.people.standing import Standing, acting

TEXT_MAX: Final = 500
UNSETTLED_MS: Final = 60_000
"""After so long an approval whose act got no answer is looked up in the journal: the process ended in between."""


def settled(desk: ApprovalDesk, name: str) -> Proposal | Refusal:
    """A proposal; one whose act got no answer, because the process ended, is settled by what the journal says."""
    proposal = desk.proposals.get(name)
    if proposal is None:
        return Refusal(ProposalFault.UNKNOWN, {"proposal": name[:20]})
    waited = desk.office.clock.now_ms() - proposal.changed_ms
    if proposal.state is not ProposalState.APPROVING or waited < UNSETTLED_MS:
        return proposal
    found = preview_of(desk, proposal, ())
    return _finished(desk, proposal, found) if isinstance(found, Receipt) else _reopened(desk, proposal)


def joined(desk: ApprovalDesk, name: str, standing: Standing, now_seen: Preview) -> Proposal | Refusal:
    """Add a signature to those of the same preview: of two at once, one finds the proposal no longer open."""
    office, now = desk.office, desk.office.clock.now_ms()
    with office.store.change():
        current = _still_open(desk, name, now)
        if isinstance(current, Refusal):
            return current
        current = current.of_preview(now_seen.sha256)
        refusal = second_person(current.behind, standing)
        if refusal is not None:
            return refusal
        signatures = (*current.signatures, signed(standing, now_seen.sha256))
        state = ProposalState.APPROVING if len(signatures) >= now_seen.persons else ProposalState.OPEN
        after = replace(current, signatures=signatures, state=state, changed_ms=now)
        desk.proposals.put(after)
        trail.write(office, f"person:{standing.acting}", "proposal.approved", name)
    return after


def done(desk: ApprovalDesk, proposal: Proposal, actors: Sequence[Standing], seen: str) -> Receipt | Refusal:
    """Do the act. What the writer refuses, or would do otherwise than seen, opens the proposal again.

    Raises:
        Outage: the writer did not answer. The proposal is settled by the journal, the next time somebody looks.
    """
    made = submission_of(desk, proposal, actors)
    outcome = made if isinstance(made, Refusal) else desk.register.agreed(*made, seen=seen)
    if isinstance(outcome, Receipt):
        _finished(desk, proposal, outcome)
        return outcome
    _reopened(desk, proposal)
    return changed(proposal.id, outcome) if isinstance(outcome, Preview) else outcome


def closed(desk: ApprovalDesk, name: str, standing: Standing, state: ProposalState, reason: str) -> Proposal | Refusal:
    """Close an open proposal for good."""
    office, now = desk.office, desk.office.clock.now_ms()
    with office.store.change():
        current = _still_open(desk, name, now)
        if isinstance(current, Refusal):
            return current
        text = reason.strip()[:TEXT_MAX]
        after = replace(current, state=state, closed_by=standing.person, reason=text, changed_ms=now)
        desk.proposals.put(after)
        trail.write(office, f"person:{standing.acting}", f"proposal.{state.value}", name)
    return after


def changed(name: str, now: Preview) -> Refusal:
    """The refusal of an approval of something that the act would no longer do."""
    return Refusal(ProposalFault.CHANGED, {"proposal": name, "preview": now.sha256})


def _still_open(desk: ApprovalDesk, name: str, now: int) -> Proposal | Refusal:
    current = desk.proposals.get(name)
    assert current is not None, "a proposal is never taken away"
    state = current.at(now)
    return current if state is ProposalState.OPEN else not_open(name, state)


def not_open(name: str, state: ProposalState) -> Refusal:
    return Refusal(ProposalFault.NOT_OPEN, {"proposal": name, "state": state.value})


def _finished(desk: ApprovalDesk, proposal: Proposal, receipt: Receipt) -> Proposal:
    by = signed_by([acting(each.person, each.giver) for each in proposal.signatures])
    after = replace(proposal, state=ProposalState.DONE, entry=receipt.seq)
    return _ended(desk, proposal, after, by)


def _reopened(desk: ApprovalDesk, proposal: Proposal) -> Proposal:
    """Without the last signature: it was given to something that did not happen."""
    after = replace(proposal, state=ProposalState.OPEN, signatures=proposal.signatures[:-1])
    return _ended(desk, proposal, after, "registry")


def _ended(desk: ApprovalDesk, before: Proposal, after: Proposal, actor: str) -> Proposal:
    """End an approval, unless somebody else has ended it meanwhile."""
    after = replace(after, changed_ms=desk.office.clock.now_ms())
    with desk.office.store.change():
        current = desk.proposals.get(before.id)
        assert current is not None, "a proposal is never taken away"
        if current != before:
            return current
        desk.proposals.put(after)
        act = "proposal.done" if after.state is ProposalState.DONE else "proposal.reopened"
        facts = {} if after.entry is None else {"entry": after.entry}
        trail.write(desk.office, actor, act, before.id, facts)
    return after
