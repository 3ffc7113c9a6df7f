"""A monitoring report from a file: each row is looked at before anything is sent, then the report is sent from here.

The file itself becomes the evidence that the report names, by a digest that nobody types.
Read next: `monitoring_send.py`. Source: 6/CMA.4 para. 5.
"""

from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.desk import monitoring_send, monitoring_template
from counterfoil.entrypoints.web.desk.monitoring_checks import Ground, ground_of, held_against
from counterfoil.entrypoints.web.desk.monitoring_table import FILE_BYTES_MAX, ROWS_MAX, Table, read_table
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.keeping_evidence import kept_evidence
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/activities/monitoring"
ACT: Final = "SubmitMonitoring"
TEXT_MAX: Final = 80


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _shown, _look), *monitoring_template.rows(), *monitoring_send.rows())


async def _shown(visit: Visit) -> Reply | Refusal:
    """The page; `gone` says that a file which was looked at is no longer kept."""
    told: dict[str, Any] = {"gone": True} if visit.query.get("gone") else {}
    return await _page(visit, _asked(visit), **told)


def _asked(visit: Visit) -> str:
    return (visit.form.get("activity") or visit.query.get("activity", ""))[:TEXT_MAX]


async def _page(visit: Visit, activity: str, *, ground: Ground | None = None, **found: Any) -> Reply:
    held: Ground = ground if ground is not None else await visit.ask(lambda sight: ground_of(sight, activity))
    facts = {
        "activity": activity,
        "title": held.title,
        "unknown": bool(activity) and not held.known,
        "foreign": held.known and _foreign(visit, held),
        "carried": {name: _carried(visit, name) for name in monitoring_send.CARRIED},
        "rows_max": ROWS_MAX,
        "kinds": monitoring_template.KINDS,
        "fault": None,
        "table": None,
        "digest": "",
        **found,
    }
    wrong = facts["fault"] is not None or facts["unknown"] or facts["foreign"]
    return Shown("desk/activities/monitoring.html", facts, status=422 if wrong else 200, kept=False)


def _carried(visit: Visit, name: str) -> str:
    """What was typed on the next page before the file was lost: it comes back with it."""
    return (visit.form.get(name) or visit.query.get(name, ""))[:TEXT_MAX]


def _foreign(visit: Visit, ground: Ground) -> bool:
    """Whether somebody who reports only for the own body has another's activity before them."""
    body = own_body(visit, ACT)
    return body is not None and body not in ground.participants


async def _look(visit: Visit) -> Reply | Refusal:
    """Look at the table; with `do=keep`, keep the file as evidence and go on to sending the report."""
    assert visit.standing is not None, "the page is for persons"
    if visit.form.get("do") == "keep":
        return await _keep(visit, visit.standing.person)
    activity = _asked(visit)
    sent = await visit.form.file("file", bytes_max=FILE_BYTES_MAX)
    if isinstance(sent, Refusal):
        return await _page(visit, activity, fault=sent)
    if sent is None:
        return await _page(visit, activity, missing=True)
    read = await visit.aside(lambda: read_table(sent[1], today=visit.today))
    if isinstance(read, Refusal):
        return await _page(visit, activity, fault=read)
    return await _checked(visit, visit.standing.person, activity or read.activity[:TEXT_MAX], read, sent)


async def _checked(visit: Visit, person: str, activity: str, read: Table, sent: tuple[str, bytes]) -> Reply:
    ground = await visit.ask(lambda sight: ground_of(sight, activity))
    table = held_against(read, ground)
    fit = table.sound and ground.known and not _foreign(visit, ground)
    # Only what can be sent is laid by.
    digest = visit.ground.uploads.keep(person, *sent) if fit else ""
    period = table.period if table.sound else ("", "")
    told = {"table": table, "file": sent[0], "digest": digest, "period": period, "sum": table.quantity}
    return await _page(visit, activity, ground=ground, **told)


async def _keep(visit: Visit, person: str) -> Reply | Refusal:
    activity = _asked(visit)
    known = visit.ground.uploads.of(person, visit.form.get("digest"))
    if known is None:
        return await _page(visit, activity, gone=True)
    kept = await kept_evidence(visit, known[1])
    if isinstance(kept, Refusal):
        return await _page(visit, activity, fault=kept)
    said = {name: _carried(visit, name) for name in monitoring_send.CARRIED}
    return Gone(visit.url(*monitoring_send.PLACE, activity=activity, file=kept, **said))
