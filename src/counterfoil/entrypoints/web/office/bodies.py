"""The organisations for which people act: entering one, suspending it, and letting it in again."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.office import people
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.office.administration import shown_body
from counterfoil.entrypoints.permission_table import organisation_kinds
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, Rows
from counterfoil.entrypoints.web.office.asked import actor, done, of_office
from counterfoil.entrypoints.web.office.kept import RESUME
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

BODIES: Final = ("desk", "admin", "organisations")


def rows() -> tuple[PageRow, ...]:
    page, file = LIST.rows()
    return (PageRow(page.path, page.get, _changed, resumes=True), file)


def _listed(_: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    del values
    office = visit.ground.door.at_hand.office()
    found = [] if office is None else office.store.organisations.listed(after=after, limit=limit + 1)
    kinds = organisation_kinds()
    items = [
        {
            **shown_body(each),
            "kind": kinds[each.kind].label.in_language(visit.language) if each.kind in kinds else each.kind,
            "state": "suspended" if each.suspended else "active",
        }
        for each in found[:limit]
    ]
    return Rows(items, found[limit - 1].organisation if len(found) > limit else None)


def _facts(_: Sight, visit: Visit) -> dict[str, Any]:
    kinds = [(name, kind.label.in_language(visit.language)) for name, kind in organisation_kinds().items()]
    may = visit.may("POST /desk/admin/organisations")
    return {"kinds": kinds, "may_change": may, "done": visit.query.get("done", ""), "fault": None}


LIST: Final = Listing(
    "/desk/admin/organisations",
    "web.office.bodies",
    (
        Column("organisation", lambda row: row["organisation"], Kind.CODE),
        Column("name", lambda row: row["name"]),
        Column("kind", lambda row: row["kind"]),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.office.state"),
    ),
    _listed,
    template="office/bodies.html",
    facts=_facts,
)


async def _changed(visit: Visit) -> Reply | Refusal:
    if RESUME in visit.form:
        return await _again(visit, None)
    form, by = visit.form, actor(visit)
    key = form.get("organisation")
    match form.get("do"):
        case "add":
            said = {"organisation": key, "kind": form.get("kind"), "name": form.get("name")}
            found = await of_office(visit, lambda office: people.add_organisation(office, **said, actor=by))
        case "suspend" | "resume" as way:
            found = await of_office(
                visit,
                lambda office: people.suspend_organisation(office, key, suspended=way == "suspend", actor=by),
            )
        case _:
            return Refusal(HttpFault.REQUEST_UNREADABLE)
    if not isinstance(found, Refusal):
        return done(visit, *BODIES, what=f"body_{form.get('do')}")
    return await _again(visit, found)


async def _again(visit: Visit, fault: Refusal | None) -> Reply | Refusal:
    """The list with the form as it was filled in: what was refused, or what waited for a sign-in."""
    shown = await visit.ask(lambda sight: LIST.page(sight, visit))
    if not isinstance(shown, Shown):
        return shown
    return Shown(shown.template, {**shown.facts, "fault": fault}, status=200 if fault is None else 422, kept=False)
