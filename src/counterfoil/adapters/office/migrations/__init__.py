"""The tables of the office, as steps: each a list of statements, in a module of its own.

A step never changes once it is released. A new one is a new module and a line at the end of `steps()`; the file's
`user_version` is the number of steps that it has taken.
"""

from counterfoil.adapters.office.migrations import (
    admin_requests,
    application_rooms,
    applications,
    documents,
    grievances,
    mandates,
    notices,
    people,
    proposals,
    shelves,
)


def steps() -> tuple[tuple[str, ...], ...]:
    """Every step, in order."""
    return (
        people.STEP,
        proposals.STEP,
        notices.STEP,
        documents.STEP,
        grievances.STEP,
        applications.STEP,
        mandates.STEP,
        admin_requests.STEP,
        shelves.STEP,
        application_rooms.STEP,
    )
