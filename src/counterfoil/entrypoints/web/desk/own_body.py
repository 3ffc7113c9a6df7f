"""Whose things a page of a desk shows: everybody's, or those of the visitor's own body: the permission table says."""

from counterfoil.domain.people.permission import Reach
from counterfoil.entrypoints.web.visit import Visit


def own_body(visit: Visit, row: str) -> str | None:
    """The body to whose things somebody is kept on a page (`GET /desk/units`); None for those who see all."""
    standing = visit.standing
    if standing is None:
        return None
    reach = visit.ground.gate.table.permissions.reach(standing, row)
    return None if reach is Reach.ANY else standing.organisation
