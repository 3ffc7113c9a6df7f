"""What waits for one person: acts to approve, requests to confirm, applications and letters to look at.

A task is no record of its own: it is there while the thing waits and this person may do something about it. It says
where to look, and decides nothing; whoever acts on it is asked again, with all the rules.

Model: the task lists of the Union Registry of the EU. Source: requirement R-GOV-02; ADR-0027.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.office.admin_request import AdminRequests
from counterfoil.application.office.application import OPEN_MAX as APPLICATIONS_MAX
from counterfoil.application.office.application import Applications
from counterfoil.application.office.grievance_letter import GrievanceLetters
from counterfoil.application.office.ports import Office
from counterfoil.application.office.proposal import Proposal, Proposals, ProposalState
from counterfoil.application.office.two_administrators import OPEN_MAX as REQUESTS_MAX
from counterfoil.domain.people.four_eyes import second_person
from counterfoil.domain.people.permission import Permissions, Reach
from counterfoil.domain.people.standing import Standing

PAGE: Final = 500
PROPOSALS_MAX: Final = 5_000
"""The newest open proposals that are looked through."""
LETTERS_MAX: Final = 1_000
LAST: Final = 2**62
_PERSON: Final = "person:"


class TaskKind(StrEnum):
    APPROVE = "approve"
    CONFIRM = "confirm"
    APPLICATION = "application"
    GRIEVANCE = "grievance"


RIGHTS: Final = {
    TaskKind.CONFIRM: "POST /api/v1/office/requests/{id}/confirm",
    TaskKind.APPLICATION: "POST /api/v1/office/applications/{number}/approve",
    TaskKind.GRIEVANCE: "POST /api/v1/office/grievances/{number}/file",
}
"""The row of the permission table that decides who may do it. For a proposal it is that of the command."""


@dataclass(frozen=True, slots=True)
class Task:
    """`subject` is the name of what waits, `what` the act that is asked for or what it is about.

    `by` is who waits: a pseudonym, a body, or empty. Moments are UTC milliseconds; `ends_ms` is None where it waits
    without end.
    """

    kind: TaskKind
    subject: str
    what: str
    by: str
    since_ms: int
    ends_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The office and the books in which something may wait."""

    office: Office
    permissions: Permissions
    proposals: Proposals
    requests: AdminRequests
    applications: Applications
    letters: GrievanceLetters


def tasks_of(at: Waiting, standing: Standing) -> list[Task]:
    """What waits for somebody in the capacity of now: what ends first comes first, then what has waited longest."""
    now = at.office.clock.now_ms()
    found = [*_approvals(at, standing, now), *_confirmations(at, standing, now), *_applications(at, standing)]
    found += _letters(at, standing)
    return sorted(found, key=lambda task: (task.ends_ms is None, task.ends_ms or 0, task.since_ms, task.subject))


def awaits(permissions: Permissions, proposal: Proposal, standing: Standing) -> bool:
    """Whether an open proposal may wait for somebody: another person who may do the act, over all or over one's own."""
    if second_person(proposal.behind, standing) is not None:
        return False
    reach = permissions.reach(standing, proposal.name)
    own = bool(standing.organisation) and standing.organisation == proposal.initiator.organisation
    return reach is Reach.ANY or (reach is Reach.OWN and own)


def _approvals(at: Waiting, standing: Standing, now: int) -> Iterator[Task]:
    before, looked = LAST, 0
    while looked < PROPOSALS_MAX:
        page = at.proposals.listed(state=ProposalState.OPEN, organisation=None, now_ms=now, before=before, limit=PAGE)
        for _, each in page:
            if awaits(at.permissions, each, standing):
                yield Task(TaskKind.APPROVE, each.id, each.name, each.initiator.person, each.made_ms, each.ends_ms)
        if len(page) < PAGE:
            return
        before, looked = page[-1][0], looked + PAGE


def _confirmations(at: Waiting, standing: Standing, now: int) -> Iterator[Task]:
    if not _may(at, standing, TaskKind.CONFIRM):
        return
    for each in at.requests.listed(limit=REQUESTS_MAX):
        if now < each.ends_ms and second_person({each.asker, each.giver} - {""}, standing) is None:
            yield Task(TaskKind.CONFIRM, each.id, each.act.value, each.asker, each.made_ms, each.ends_ms)


def _applications(at: Waiting, standing: Standing) -> Iterator[Task]:
    """Those that wait for a first officer, and those that wait for another one than who endorsed them."""
    if not _may(at, standing, TaskKind.APPLICATION):
        return
    for each in at.applications.open_ones(limit=APPLICATIONS_MAX):
        behind = set(each.endorsed_by.removeprefix(_PERSON).split("@")) - {""}
        if second_person(behind, standing) is None:
            yield Task(TaskKind.APPLICATION, each.number, each.kind, each.organisation, each.made_ms)


def _letters(at: Waiting, standing: Standing) -> Iterator[Task]:
    """Letters of grievance that are not in the journal yet."""
    if not _may(at, standing, TaskKind.GRIEVANCE):
        return
    for each in at.letters.unfiled(limit=LETTERS_MAX):
        yield Task(TaskKind.GRIEVANCE, each.number, each.activity, "", each.made_ms)


def _may(at: Waiting, standing: Standing, kind: TaskKind) -> bool:
    return bool(standing.person) and at.permissions.reach(standing, RIGHTS[kind]) is Reach.ANY
