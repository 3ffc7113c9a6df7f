"""Who may do what, over whose things: one table, resolved at the start, asked of a standing.

A row says for each role *any* (whatever it is about) or *own* (only what belongs to the standing's organisation: its
accounts, the activities in which it takes part, its own file); a role that a row does not name may not.

Source: ADR-0026; requirement R-GOV-01.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.role import Role
from counterfoil.domain.people.standing import Standing

Subject = Callable[[], frozenset[str]]
"""The organisations that own what an action is about. It is asked only where a role may act over its own."""


class PermissionFault(StrEnum):
    ROLE_MISSING = "permission.role_missing"
    NOT_OWN = "permission.not_own"


class Reach(StrEnum):
    """Over what a role may act."""

    ANY = "any"
    OWN = "own"


Row = Mapping[str, Reach]
"""What each role may; a role that is not in it may not."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """The table. An action is a command's name, or a route such as `POST /api/v1/commands`."""

    roles: Mapping[str, Role]
    rows: Mapping[str, Row] = field(default_factory=dict)

    def reach(self, standing: Standing, action: str) -> Reach | None:
        """How far a standing reaches: the widest of its roles; None where none of them may."""
        row = self.rows.get(action, {})
        found: Reach | None = None
        for role in standing.roles:
            reach = row.get(role)
            if reach is Reach.ANY:
                return reach
            found = reach or found
        return found

    def may(self, standing: Standing, action: str, subject: Subject) -> Refusal | None:
        """Whether a standing may do an action about a subject.

        Returns:
            None, or the refusal `permission.role_missing`, or `permission.not_own` where its roles reach only what is
            its organisation's own. What belongs to nobody is nobody's own.
        """
        reach = self.reach(standing, action)
        if reach is None:
            return self.role_missing(standing, action)
        if reach is Reach.ANY or (standing.organisation and standing.organisation in subject()):
            return None
        facts = {"action": action, "organisation": standing.organisation or "-"}
        return Refusal(PermissionFault.NOT_OWN, facts)

    def role_missing(self, standing: Standing, action: str) -> Refusal:
        """The refusal of a standing none of whose roles may, with the roles that may."""
        held = ", ".join(sorted(standing.roles)) or "-"
        entitled = ", ".join(self.rows.get(action, {})) or "-"
        return Refusal(PermissionFault.ROLE_MISSING, {"action": action, "roles": held, "entitled": entitled})
