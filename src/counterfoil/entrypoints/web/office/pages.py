"""Every page of the office, in one table."""

from counterfoil.entrypoints.web.office import (
    audit,
    backups,
    bodies,
    deliveries,
    demonstration,
    desk,
    enrolling,
    keys,
    opening,
    own,
    own_changes,
    packs,
    people,
    requests,
    rights,
    signing_in,
    state,
)
from counterfoil.entrypoints.web.page import PageRow


def rows() -> tuple[PageRow, ...]:
    own_pages = (*signing_in.rows(), *demonstration.rows(), *enrolling.rows(), *own_changes.rows(), *own.rows())
    persons = (*people.rows(), *bodies.rows(), *requests.rows(), *rights.rows(), *audit.rows())
    machine = (*packs.rows(), *state.rows(), *keys.rows(), *backups.rows(), *deliveries.rows())
    return (*own_pages, *desk.rows(), *persons, *machine, *opening.rows())
