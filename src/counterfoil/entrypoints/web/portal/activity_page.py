"""One activity: what it is, where it stands, what happened to it, and what came of it."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.activity_life import life_view
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY, ENTITY
from counterfoil.domain.activities.boundary import BOUNDARY_CHECK
from counterfoil.domain.activities.overlap import OVERLAP, OVERLAPS_OF
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.web.moment import books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.boundary_picture import boundary_picture
from counterfoil.entrypoints.web.portal.entry_page import cited
from counterfoil.entrypoints.web.standings_then import sums
from counterfoil.entrypoints.web.visit import Visit

REPORTS_SHOWN: Final = 50
EVENTS_SHOWN: Final = 200
CASES_SHOWN: Final = 50
PARTICIPANTS_SHOWN: Final = 50
_TONES: Final = {"suspended": "bad", "withdrawn": "bad", "finding_recorded": "warn", "grievance_filed": "warn"}


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/activities/{key:path}", reading(_activity)),)


def _activity(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    row = then.reading.record(ACTIVITY, key)
    if row is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "activity", "key": key[:120]})
    told = life_view(then, key)
    events = told["timeline"]
    value = then.record(ACTIVITY, key)
    check = then.record(BOUNDARY_CHECK, key)
    letters = visit.ground.standings.ask(sight, lambda all_: all_.letters(key))
    issued = _issued(then, visit, key)
    facts = {
        "key": key,
        "activity": value,
        "life": told["life"],
        "life_provision": provision_text(told["life"].get("provision") or "", visit.texts),
        "as_of": as_of,
        "events": [_event(each, visit) for each in events[-EVENTS_SHOWN:]],
        "reports": _reports(then, key),
        "participants": [_entity(then, each) for each in (value.get("participants") or ())[:PARTICIPANTS_SHOWN]],
        "issued": issued,
        "issued_total": sum(each["quantity"] for each in issued),
        "letters": [each for each in letters if then.record(AUTHORIZATION_RECORD, each) is not None],
        "findings": told["findings"],
        "grievances": told["grievances"],
        "consultations": told["consultations"],
        "check": check,
        "picture": None if check is None else boundary_picture(sight, visit, check),
        "overlaps": [then.record(OVERLAP, name) for name in (then.record(OVERLAPS_OF, key) or [])[:CASES_SHOWN]],
        "set_by": row.seq,
    }
    return Shown("portal/activity.html", facts)


def _event(event: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    return {
        **event,
        "title": visit.texts(f"web.event.{event['event']}"),
        "tone": _TONES.get(event["event"], ""),
        "provision": visit.wording.listed(cited((event.get("provision") or "").split("; "), visit)),
    }


def _reports(sight: Sight, key: str) -> list[dict[str, Any]]:
    """The monitoring reports, the newest first, each with its verification and the entries that recorded both."""
    found = []
    for name in reversed((sight.record("monitoring_of", key) or [])[-REPORTS_SHOWN:]):
        row = sight.reading.record("monitoring", name)
        if row is None:
            continue
        # Issuing sets the verification again, so the entry that verified is the one that linked it to its report.
        link = sight.reading.record("verified", name)
        checked = None if link is None else sight.record("verification", sight.codec.decode(link.value))
        found.append(
            {
                "monitoring": sight.codec.decode(row.value),
                "entry": row.seq,
                "verification": checked,
                "verifier": "" if checked is None else _entity(sight, checked["verifier"]),
                "verified_by_entry": None if link is None else link.seq,
            }
        )
    return found


def _entity(sight: Sight, key: str) -> str:
    """An entity by its name on record, with its key; by its key alone where it has none."""
    name = (sight.record(ENTITY, key) or {}).get("name")
    return f"{name} ({key})" if name else key


def _issued(sight: Sight, visit: Visit, key: str) -> list[dict[str, Any]]:
    """The units that were issued here, by class: what its account of birth is below zero."""
    born = sums(sight, visit, lambda all_: dict(all_.of(f"issued:{key}")))
    rows = []
    for name, amount in sorted(born.items()):
        read = unit_class(name)
        vintage = read.vintage if isinstance(read, UnitClass) else None
        rows.append({"unit_class": name, "vintage": vintage, "quantity": -amount})
    return rows
