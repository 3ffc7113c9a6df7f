"""What waits for people in a registry's office, over its own file."""

from typing import Any

from counterfoil.adapters.office.grievance_letters import SqliteGrievanceLetters
from counterfoil.adapters.office.proposals import SqliteProposals
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.office.ports import Office
from counterfoil.application.office.tasks import Task, Waiting, tasks_of
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.personnel_at_hand import personnel_of


def tasks_at_hand(office: Office, standing: Standing) -> list[Task]:
    """What waits for somebody, in the capacity of now."""
    assert isinstance(office.store, SqliteOffice)
    file = office.store.file
    waiting = Waiting(
        office,
        permission_table(file.path.parent).permissions,
        SqliteProposals(file),
        personnel_of(office).requests,
        application_book(office),
        SqliteGrievanceLetters(file),
    )
    return tasks_of(waiting, standing)


def shown(task: Task) -> dict[str, Any]:
    """A task as JSON."""
    return {
        "task": task.kind.value,
        "subject": task.subject,
        "what": task.what,
        "by": task.by,
        "since_ms": task.since_ms,
        "ends_ms": task.ends_ms,
    }
