"""My tasks: what waits for me, grouped by what to do, with my drafts, what I wait for, and what falls due.

Model: the task lists of the Union Registry of the EU. Source: requirement R-GOV-02.
"""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any, Final

from counterfoil.application.office.ports import Office
from counterfoil.application.office.proposal import ProposalState
from counterfoil.application.office.shelf import LAID_MAX, Kept, Laid
from counterfoil.application.office.shelving import take_away
from counterfoil.application.office.tasks import Task, TaskKind
from counterfoil.application.queries.calendar import calendar
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.tasks_at_hand import tasks_at_hand
from counterfoil.entrypoints.web.desk.partner_arrivals import waiting as arriving
from counterfoil.entrypoints.web.desk.proposals import act_text
from counterfoil.entrypoints.web.desk.work_tasks import WAITING_MAX, Line, work_count, work_lines
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.portal.transfers import country
from counterfoil.entrypoints.web.visit import Visit

SOON_DAYS: Final = 180
YEARS: Final = 2
OWN_MAX: Final = 20
CONSENT: Final = "consent"
LOOKED_MAX: Final = 500
_STATE: Final = ("AnswerObjection", "SubmitAef", "Authorize", "Issue")
"""Whoever may do one of these works for the registry's Party, whose deadlines they see."""
_PLACES: Final[Mapping[TaskKind, tuple[str, ...]]] = {
    TaskKind.APPROVE: ("/desk/proposals/{id}",),
    TaskKind.CONFIRM: ("/desk/admin/requests",),
    TaskKind.APPLICATION: ("/desk/accounts/applications/{number}", "/desk/accounts/applications", "/desk/accounts"),
    TaskKind.GRIEVANCE: ("/desk/activities/grievances/{number}", "/desk/activities/grievances", "/desk/grievances"),
}
"""Where each is done: the first of these pages that there is."""
_ABOUT_ACTIVITY: Final = frozenset({"activity_stage", "crediting_end"})
_ABOUT_TRANSFER: Final = frozenset({"recognition", "objection"})
_REPORTS: Final = frozenset({"initial_report", "annual_information", "regular_information", "structured_summary"})


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk", _desk), PageRow("/desk/tasks", _tasks), PageRow("/desk/drafts", post=_drafts))


async def _desk(visit: Visit) -> Reply | Refusal:
    """Who shortens an address comes to what waits for them."""
    return Gone(visit.url("desk", "tasks"))


async def _tasks(visit: Visit) -> Reply | Refusal:
    standing = visit.standing
    if standing is None:
        return Gone(visit.url("sign-in", next="/desk/tasks"))
    found = await visit.in_office(lambda office: _of_office(visit, office, standing))
    assert found is not None, "who is signed in has an office"
    lines, own, drafts = found

    def page(sight: Sight) -> Any:
        groups = {CONSENT: _arriving(sight, visit), **work_lines(sight, visit), **lines}
        facts = {
            "groups": {kind: each for kind, each in groups.items() if each},
            "own": own,
            "drafts": [(each, _opened(visit, each)) for each in drafts],
            "due": _due(sight, visit),
            "done": visit.query.get("done", ""),
        }
        return visit.rendered(Shown("desk/tasks.html", facts, kept=False), sight)

    return await visit.ask(page)


def _of_office(visit: Visit, office: Office, standing: Standing) -> tuple[dict[str, list[Line]], list[Any], list[Kept]]:
    tasks = tasks_at_hand(office, standing)
    visit.ground.tally.note(standing, visit.now_ms, len(tasks))
    lines: dict[str, list[Line]] = {kind.value: [] for kind in TaskKind}
    for task in tasks:
        lines[task.kind.value].append(_line(visit, task))
    return (
        lines,
        _own_proposals(visit, office, standing),
        list(office.store.shelf.of(standing.person, Laid.DRAFT, limit=LAID_MAX)),
    )


def _line(visit: Visit, task: Task) -> Line:
    what = act_text(visit, task.what) if task.kind is TaskKind.APPROVE else task.what
    known = visit.texts.known(f"web.task.what.{task.what}")
    return Line(known or what, task.subject, task.by, task.since_ms, task.ends_ms, _place(visit, task))


def _place(visit: Visit, task: Task) -> tuple[str, ...]:
    routes = visit.ground.gate.table.routes
    found = next((path for path in _PLACES[task.kind] if f"GET {path}" in routes), "")
    return tuple(task.subject if step.startswith("{") else step for step in found.strip("/").split("/") if step)


def _own_proposals(visit: Visit, office: Office, standing: Standing) -> list[Any]:
    """The newest open proposals of this person, which wait for others."""
    kept = visit.ground.door.at_hand.proposals()
    listed = kept.listed(
        state=ProposalState.OPEN,
        organisation=standing.organisation,
        now_ms=office.clock.now_ms(),
        before=2**62,
        limit=LOOKED_MAX,
    )
    mine = [each for _, each in listed if each.initiator.person == standing.person]
    return [(act_text(visit, each.name), each) for each in mine[:OWN_MAX]]


def _opened(visit: Visit, draft: Kept) -> str:
    """The address at which a draft is gone on with. Its place is a path of ours, with its query."""
    path, _, query = draft.place.partition("?")
    return f"{visit.root}{path.lstrip('/')}?{query + '&' if query else ''}draft={draft.name}"


def _due(sight: Sight, visit: Visit) -> list[dict[str, Any]]:
    """What the Party owes soon or has missed, for those who work for it."""
    if not any(visit.may(name) for name in _STATE) or not sight.registry.is_party:
        return []
    # The same for everybody until something is committed: it looks through every letter and report.
    found = visit.ground.folds.ask(
        sight,
        ("calendar", visit.today),
        lambda: calendar(sight, party=sight.registry.party, on=visit.today, years=YEARS),
    )
    if isinstance(found, Refusal):
        return []
    return [_duty(visit, each) for each in found["due"] if _soon(each, visit.today)]


def _soon(due: Mapping[str, Any], today: date) -> bool:
    if due["state"] in ("done", "passed"):
        return False
    return (date.fromisoformat(due["on"]) - today).days <= SOON_DAYS


def _duty(visit: Visit, due: Mapping[str, Any]) -> dict[str, Any]:
    duty, about = due["duty"], str(due["about"])
    if duty in _ABOUT_ACTIVITY:
        path: tuple[str, ...] = ("activities", about)
    elif duty in _ABOUT_TRANSFER:
        path = ("transfers", about)
    else:
        path = ("desk", "reports") if duty in _REPORTS and visit.may("GET /desk/reports") else ("reports",)
    return {
        "on": due["on"],
        "state": due["state"],
        "text": visit.texts(f"duty.{duty}", about=about),
        "provision": provision_text(due["provision"], visit.texts),
        "path": path,
    }


async def _drafts(visit: Visit) -> Reply | Refusal:
    """Take a draft away."""
    standing = visit.standing
    if standing is not None:
        name = visit.form.get("drop")
        await visit.in_office(lambda office: take_away(office, standing.person, Laid.DRAFT, name))
    return Gone(visit.url("desk", "tasks", done="draft_dropped"))


def _arriving(sight: Sight, visit: Visit) -> list[Line]:
    """Transfers of partners that wait for consent, for those who may give it."""
    if not visit.may("ConsentToTransfer"):
        return []
    return [_arrival(visit, each) for each in islice(arriving(sight), WAITING_MAX)]


def _arrival(visit: Visit, transfer: Mapping[str, Any]) -> Line:
    what = visit.texts(
        "web.tasks.arriving",
        n=visit.wording.number(transfer["quantity"]),
        party=country(transfer["partner"], visit.language),
    )
    since_ms = utc_ms(f"{transfer['proposed_on']}T00:00:00Z") or 0
    ends_ms = utc_ms(transfer["expires_at"]) if transfer["expires_at"] else None
    return Line(what, transfer["key"], "", since_ms, ends_ms, ("desk", "partners", "arriving", transfer["key"]))


def waiting(visit: Visit, sight: Sight | None) -> int:
    """How many tasks the menu shows beside their name."""
    standing = visit.standing
    office = visit.ground.door.at_hand.office() if standing is not None else None
    if standing is None or office is None:
        return 0
    own = visit.ground.tally.of(standing, visit.now_ms, lambda: len(tasks_at_hand(office, standing)))
    return own if sight is None else own + work_count(sight, visit)
