"""Objections with every step, and which of them still stand. Source: requirement R-FRI-02."""

from datetime import date
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.objection import OBJECTION, Objection
from counterfoil.domain.kernel.record import from_json, to_json

LISTED_MAX: Final = 10_000


def objections(sight: Sight, *, on: date, standing: bool = False) -> list[dict[str, Any]]:
    """At most `LISTED_MAX` objections by their ids; with `standing` only those that are open."""
    found = [(from_json(Objection, value), value) for _, value in sight.records(OBJECTION, limit=LISTED_MAX)]
    return [_told(each, on) for each, _ in found if not standing or each.closed_on is None]


def _told(objection: Objection, on: date) -> dict[str, Any]:
    closed = objection.closed_on
    state = "overdue" if objection.overdue(on) else "open" if closed is None else objection.steps[-1].kind.value
    written = to_json(objection)
    assert isinstance(written, dict)
    days = ((closed or on) - objection.recorded_on).days
    return {**written, "state": state, "closed_on": None if closed is None else closed.isoformat(), "days": days}
