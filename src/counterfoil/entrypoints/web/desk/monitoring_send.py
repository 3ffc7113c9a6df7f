"""Sending a monitoring report: what the file said stands fixed with its digest; name and period are asked for.

The quantities come from the file at every step, so the act says what the evidence says. A file that is no longer kept
is asked for again, and what was typed comes back with it.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import MONITORING
from counterfoil.entrypoints.web.desk.monitoring_checks import ground_of
from counterfoil.entrypoints.web.desk.monitoring_table import Table, read_table
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply
from counterfoil.entrypoints.web.visit import Visit

PLACE: Final = ("desk", "activities", "monitoring", "send")
PATH: Final = "/" + "/".join(PLACE)
CARRIED: Final = ("monitoring", "first_day", "last_day")
"""What is typed on this page."""
NUMBERS_MAX: Final = 1_000


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, partial(_step, "get"), partial(_step, "post"), resumes=True),)


async def _step(method: str, visit: Visit) -> Reply | Refusal:
    found = await visit.aside(lambda: _kept(visit))
    if found is None:
        typed = {name: visit.form.get(f"f.{name}") or visit.query.get(name, "") for name in CARRIED}
        activity = visit.query.get("activity", "")
        return Gone(visit.url("desk", "activities", "monitoring", activity=activity, gone="yes", **typed))
    flow = _flow(*found)
    return await (flow.get(visit) if method == "get" else flow.post(visit))


def _kept(visit: Visit) -> tuple[Table, str] | None:
    """The file that this person looked at, read again, and its name."""
    assert visit.standing is not None, "the page is for persons"
    known = visit.ground.uploads.of(visit.standing.person, visit.query.get("file", ""))
    table = None if known is None else read_table(known[1], today=visit.today)
    return None if known is None or not isinstance(table, Table) or not table.sound else (table, known[0])


def _flow(table: Table, name: str) -> Flow:
    return Flow(
        "SubmitMonitoring",
        path=PATH,
        title="web.monitoring_desk.send_title",
        lead="web.monitoring_desk.send_lead",
        first=CARRIED,
        fixed=partial(_fixed, table),
        begin=partial(_begun, table),
        template="desk/activities/monitoring_send.html",
        facts=partial(_facts, table, name),
    )


def _fixed(table: Table, _sight: Sight, visit: Visit) -> Mapping[str, Any]:
    monitored = [{"vintage": int(each.vintage), "quantity": int(each.quantity)} for each in table.rows]
    return {
        "activity": visit.query.get("activity", ""),
        "monitored": monitored,
        "evidence": [visit.query.get("file", "")],
    }


def _begun(table: Table, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The next free name, and the period of the file; without one, the years of its rows as far as they are over."""
    activity = visit.query.get("activity", "")
    begun, ended = table.period
    years = sorted(int(each.vintage) for each in table.rows)
    return {
        "monitoring": _free_name(sight, activity),
        "first_day": begun or date(years[0], 1, 1).isoformat(),
        "last_day": ended or min(date(years[-1], 12, 31), visit.today).isoformat(),
    }


def _free_name(sight: Sight, activity: str) -> str:
    """`<activity>-M<number>`, counted on from the reports that there are."""
    count = len(sight.record("monitoring_of", activity) or ())
    names = (f"{activity}-M{number}" for number in range(count + 1, count + NUMBERS_MAX))
    return next((name for name in names if sight.record(MONITORING, name) is None), "")


def _facts(table: Table, name: str, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    activity = visit.query.get("activity", "")
    return {
        # Shown by the template in words of their own.
        "fixed": (),
        "activity": activity,
        "title": ground_of(sight, activity).title,
        "table": table,
        "file": name,
        "digest": visit.query.get("file", ""),
    }
