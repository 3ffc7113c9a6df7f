"""The permission table, readable: what each role may, and for one command who may."""

from typing import Any, Final

from counterfoil.application.commands.table import BY_NAME
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.permission import Reach
from counterfoil.entrypoints.permission_table import FILE
from counterfoil.entrypoints.web.office.people import role_text
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

EVERY: Final = ""


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/admin/permissions", reading(_shown)),)


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One role's commands, or all commands with their roles."""
    permissions = visit.ground.gate.table.permissions
    chosen = visit.query.get("role", EVERY)
    chosen = chosen if chosen in permissions.roles else EVERY
    # The table stands as long as the server does, and its words for each role are many.
    found = visit.ground.folds.ask(
        sight, ("rights", visit.language, chosen), lambda: [_row(visit, name, chosen) for name in _named(visit, chosen)]
    )
    facts: dict[str, Any] = {
        "rows": found,
        "chosen": chosen,
        "role_choices": [(name, role_text(visit, name)) for name in permissions.roles],
        "reads_only": sorted(role_text(visit, name) for name, role in permissions.roles.items() if role.reads_only),
        "own_table": (visit.ground.room.folder / FILE).is_file(),
    }
    return Shown("office/rights.html", facts, kept=False)


def _named(visit: Visit, chosen: str) -> list[str]:
    """The commands that a role may use, or all."""
    permissions = visit.ground.gate.table.permissions
    return [name for name in sorted(BY_NAME) if not chosen or chosen in permissions.rows.get(name, {})]


def _row(visit: Visit, name: str, chosen: str) -> dict[str, str]:
    row = visit.ground.gate.table.permissions.rows.get(name, {})
    entitled = [(role_text(visit, role), reach) for role, reach in row.items() if chosen in (EVERY, role)]
    known = visit.texts.known(f"web.act.{name}") or visit.texts.known(f"word.command.{name}")
    reaches = {
        each.value: visit.wording.listed([text for text, reach in entitled if reach is each]) or "–" for each in Reach
    }
    return {"command": name, "act": known or "", **reaches}
