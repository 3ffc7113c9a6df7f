"""Backups and drills: what lies beside the ledger, what is under way, and what was found; both begun from here.

The work is done by another process (`keeping/errand.py`). Its progress is asked for anew by the page, with script by
itself and without by a link. A backup opens every confidential field, so no page hands one out.
Source: ADR-0017.
"""

import json
from pathlib import Path
from typing import Any, Final

from counterfoil.application.office import trail
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.keeping.backup import SUFFIX
from counterfoil.entrypoints.keeping.errand import BACKUPS, Errand, ErrandKind, place_of, report_of, reports_in
from counterfoil.entrypoints.web.office.asked import actor, of_office
from counterfoil.entrypoints.web.office.kept import RESUME
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/admin/backups"
SEGMENTS: Final = ("desk", "admin", "backups")
BACKUPS_MAX: Final = 200
REPORTS_SHOWN: Final = 20
OLD_DAYS: Final = 7
DRILL_DAYS: Final = 31
DAY_MS: Final = 24 * 60 * 60 * 1000


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow(PATH, reading(_shown), _begun, resumes=True),
        PageRow(f"{PATH}/reports/{{name}}.json", _file),
        PageRow(f"{PATH}/reports/{{name}}", reading(_report)),
    )


def backups_in(place: Path) -> list[dict[str, Any]]:
    """The backups that lie in a folder, newest first, by when they were written."""
    if not place.is_dir():
        return []
    files = [each for each in place.iterdir() if each.name.endswith(SUFFIX) and each.is_file()]
    stats = [(each.name, each.stat()) for each in files]
    told: list[dict[str, Any]] = [
        {"name": name, "bytes": stat.st_size, "at_ms": int(stat.st_mtime * 1000)} for name, stat in stats
    ]
    return sorted(told, key=lambda each: each["at_ms"], reverse=True)[:BACKUPS_MAX]


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    return _page(visit)


def _page(visit: Visit, fault: Refusal | None = None) -> Shown:
    folder = visit.ground.room.folder
    found, reports = backups_in(place_of(folder)), reports_in(folder, limit=REPORTS_SHOWN)
    drilled = max((each["begun_ms"] for each in reports if _passed_drill(each)), default=None)
    newest = max((each["at_ms"] for each in found), default=None)
    now = visit.ground.errands.now(folder)
    facts = {
        "items": found,
        "reports": reports,
        "days": None if newest is None else (visit.now_ms - newest) // DAY_MS,
        "drill_days": None if drilled is None else (visit.now_ms - drilled) // DAY_MS,
        "old_days": OLD_DAYS,
        "old_drill_days": DRILL_DAYS,
        "place": BACKUPS,
        "now": now,
        "may_begin": visit.may(f"POST {PATH}"),
        "fault": fault,
        "done": visit.query.get("done", ""),
    }
    return Shown("office/backups.html", facts, status=200 if fault is None else 422, kept=False)


def _passed_drill(report: dict[str, Any]) -> bool:
    return bool(report["kind"] == ErrandKind.DRILL and report["status"] == "passed")


async def _begun(visit: Visit) -> Reply | Refusal:
    """Begin a backup or a drill, or take away what was cut off. Whoever comes back from signing in looks first."""
    if RESUME in visit.form:
        return await visit.aside(lambda: _page(visit))
    do, folder = visit.form.get("do"), visit.ground.room.folder
    if do == "forget":
        await visit.aside(lambda: visit.ground.errands.forget(folder))
        return Gone(visit.url(*SEGMENTS))
    if do not in tuple(ErrandKind):
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    errand = Errand(do, actor(visit), _chosen(visit) if do == ErrandKind.DRILL else "", visit.now_ms)
    refused = await visit.aside(lambda: visit.ground.errands.begin(folder, errand))
    if refused is not None:
        return await visit.aside(lambda: _page(visit, refused))

    def noted(office: Office) -> None:
        with office.store.change():
            trail.write(office, errand.by, f"{do}.begun", errand.backup or BACKUPS)

    await of_office(visit, noted)
    return Gone(visit.url(*SEGMENTS, done="begun"))


def _chosen(visit: Visit) -> str:
    """The backup to try, by its name among those that are there; empty for a new one."""
    return Path(visit.form.get("backup")).name[:200]


def _report(_: Sight, visit: Visit) -> Reply | Refusal:
    found = report_of(visit.ground.room.folder, visit.path["name"])
    if found is None:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    fault = found["fault"] and Refusal(found["fault"]["code"], found["fault"]["facts"])
    return Shown("office/errand.html", {"report": found, "failed": fault}, kept=False)


async def _file(visit: Visit) -> Reply | Refusal:
    """The report for the files of an auditor."""
    found = await visit.aside(lambda: report_of(visit.ground.room.folder, visit.path["name"]))
    if found is None:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    body = json.dumps(found, ensure_ascii=False, indent=2).encode()
    return Sent(body, "application/json", f"{found['name']}.json", kept=False)
