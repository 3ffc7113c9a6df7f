"""The permission table, readable: what each role may, and for one command who may."""

from typing import Any, Final

from counterfoil.application.commands.table import BY_NAME
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.permission_table import FILE
from counterfoil.entrypoints.web.office.people import role_text
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

EVERY: Final = ""


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/admin/permissions", reading(_shown)),)


def _shown(_: Sight, visit: Visit) -> Reply | Refusal:
    """One role's commands, or all commands with their roles."""
    permissions = visit.ground.gate.table.permissions
    chosen = visit.query.get("role", EVERY)
    chosen = chosen if chosen in permissions.roles else EVERY
    found = []
    for name in sorted(BY_NAME):
        row = permissions.rows.get(name, {})
        if chosen and chosen not in row:
            continue
        entitled = [
            (role_text(visit, role), reach.value) for role, reach in row.items() if not chosen or role == chosen
        ]
        found.append({"command": name, "act": visit.texts.known(f"act.{name}") or "", "entitled": entitled})
    facts: dict[str, Any] = {
        "rows": found,
        "chosen": chosen,
        "role_choices": [(name, role_text(visit, name)) for name in permissions.roles],
        "reads_only": sorted(role_text(visit, name) for name, role in permissions.roles.items() if role.reads_only),
        "own_table": (visit.ground.room.folder / FILE).is_file(),
    }
    return Shown("office/rights.html", facts, kept=False)
