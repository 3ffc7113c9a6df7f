"""The desk of activities: what each needs next, from its boundary over monitoring and verification to issuance.

Read next: `boundary_page.py`. Source: 2/CMA.3 annex paras. 1, 22(b); 6/CMA.4 para. 5.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.activity_search import Asked
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.boundary import BOUNDARY_CHECK
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import MONITORING, VERIFICATION
from counterfoil.entrypoints.web.desk import boundary_page, issuance_desk, monitoring_page, verification_desk
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.boundary_picture import boundary_picture
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.visit import Visit

LIST: Final = "GET /desk/activities"
REPORTS_MAX: Final = 60
"""Monitoring reports of one activity that are shown, the newest ones."""
ACTS: Final = ("AdvanceActivity", "ChangeActivity", "ChangeParticipants", "RenewActivity", "RecordConsultation")


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        *boundary_page.rows(),
        *monitoring_page.rows(),
        *verification_desk.rows(),
        *issuance_desk.rows(),
        PageRow("/desk/activities/{key:path}", reading(_one)),
    )


def _source(sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """All activities by the index that the server holds; those in which one body takes part by their records."""
    body = own_body(visit, LIST)
    if body is not None:
        wanted = {name: value for name, value in values.items() if name != "text"}
        return sifted(ACTIVITY)(sight, visit, {**wanted, "participants": body}, after, limit)
    found = visit.ground.finding.found(sight, Asked(**values, after=after, limit=limit))
    return Rows(found["items"], found["next"])


def _facts(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    return {
        "begin": [name for name in ("ProposeActivity", "RegisterActivity") if visit.may(name)],
        "may_check": visit.may(f"POST {boundary_page.PATH}"),
        "desks": [name for name in ("verification", "issuance") if visit.may(f"GET /desk/{name}")],
    }


LISTING: Final = Listing(
    "/desk/activities",
    "web.desk_activities",
    (
        Column(
            "title", lambda row: row.get("title") or row["key"], link=lambda row: ("desk", "activities", row["key"])
        ),
        Column("id", lambda row: row["key"], Kind.CODE),
        Column("sector", lambda row: row["sector"], words="word.sector"),
        Column("host", lambda row: row["host"], Kind.COUNTRY),
    ),
    _source,
    (Filter("text"), Filter("sector")),
    template="desk/activities/list.html",
    facts=_facts,
)


def _one(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One activity with each of its reports, what a verifier found, and what may still be issued."""
    key = visit.path["key"]
    value, body = sight.record(ACTIVITY, key), own_body(visit, LIST)
    if value is None or (body is not None and body not in value.get("participants", ())):
        return Refusal(ShowFault.NOT_FOUND, {"what": "activity", "key": key[:120]})
    check = sight.record(BOUNDARY_CHECK, key)
    facts = {
        "activity": {"key": key, **value},
        "check": check,
        "picture": None if check is None else boundary_picture(sight, visit, check),
        "reports": _reports(sight, key),
        "may_monitor": visit.may("SubmitMonitoring"),
        "may_verify": visit.may("Verify"),
        "may_issue": visit.may("Issue"),
        "may_ask": visit.may("RequestIssuance"),
        "acts": [name for name in ACTS if visit.may(name)],
    }
    return Shown("desk/activities/activity.html", facts, kept=False)


def _reports(sight: Sight, key: str) -> list[dict[str, Any]]:
    """The newest reports first."""
    names: Sequence[str] = sight.record("monitoring_of", key) or ()
    return list(islice((_report(sight, name) for name in reversed(names)), REPORTS_MAX))


def _report(sight: Sight, name: str) -> dict[str, Any]:
    monitoring = sight.record(MONITORING, name) or {}
    verification = sight.record("verified", name) or ""
    said = sight.record(VERIFICATION, verification) if verification else None
    return {
        "monitoring": name,
        "first_day": monitoring.get("first_day"),
        "last_day": monitoring.get("last_day"),
        "verification": verification,
        "vintages": list(_vintages(monitoring, said)),
    }


def _vintages(monitoring: Mapping[str, Any], said: Mapping[str, Any] | None) -> Iterator[dict[str, int | None]]:
    """By year: what was monitored, verified and issued, and what is left to issue."""

    def of(value: Mapping[str, Any], name: str) -> dict[int, int]:
        return {each["vintage"]: each["quantity"] for each in value.get(name, ())}

    monitored, verified, issued = of(monitoring, "monitored"), of(said or {}, "verified"), of(said or {}, "issued")
    for year in sorted(monitored.keys() | verified.keys()):
        found = verified.get(year, 0)
        yield {
            "vintage": year,
            "monitored": monitored.get(year, 0),
            "verified": None if said is None else found,
            "issued": issued.get(year, 0),
            "left": max(0, found - issued.get(year, 0)),
        }
