"""What approvals work with, and how a proposal becomes an act again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from counterfoil.application.command import PROPOSED, Command
from counterfoil.application.guard import Demands, Guard
from counterfoil.application.office.ports import Office
from counterfoil.application.office.proposal import Proposal, Proposals
from counterfoil.application.preview import Preview
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import signed_by
from counterfoil.domain.people.permission import Permissions
from counterfoil.domain.people.standing import Standing


class Register(Protocol):
    """The registry's writer, as proposals use it. Each call waits for the writer's thread."""

    def read(self, text: str) -> Command | Refusal:
        """A command from its JSON."""
        ...

    def preview(self, submission: Submission, guard: Guard) -> Preview | Receipt | Refusal: ...
    def agreed(self, submission: Submission, guard: Guard, *, seen: str) -> Receipt | Refusal | Preview: ...


@dataclass(frozen=True, slots=True)
class ApprovalDesk:
    """All that approvals work with."""

    office: Office
    proposals: Proposals
    register: Register
    permissions: Permissions
    demands: Demands


def submission_of(
    desk: ApprovalDesk, proposal: Proposal, actors: Sequence[Standing]
) -> tuple[Submission, Guard] | Refusal:
    command = desk.register.read(proposal.command)
    if isinstance(command, Refusal):
        return command  # a later version has forgotten the field; the proposal can only be rejected
    command = command if command.id else replace(command, id=f"{PROPOSED}{proposal.id}")
    guard = Guard(desk.permissions, desk.demands, actors)
    return Submission(command, signed_by([each.acting for each in actors]), guard), guard


def preview_of(desk: ApprovalDesk, proposal: Proposal, actors: Sequence[Standing]) -> Preview | Receipt | Refusal:
    made = submission_of(desk, proposal, actors)
    return made if isinstance(made, Refusal) else desk.register.preview(*made)
