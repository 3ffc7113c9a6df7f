"""The desk of who compiles reports: what is due, the drafts of each year with their check, what was filed, the review.

Read next: `aef_precheck.py`, `report_draft.py`, `filed_desk.py`, `review_room.py`.
Source: 2/CMA.3 annex paras. 18-23; 4/CMA.6 paras. 14, 26-44.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.calendar import calendar
from counterfoil.application.queries.filing_view import filings
from counterfoil.application.queries.party_accounts import elapsed_year
from counterfoil.application.queries.review import findings
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.review import ReviewState
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.web.desk import (
    aef_precheck,
    filed_desk,
    filing_desk,
    report_answer,
    report_draft,
    review_room,
)
from counterfoil.entrypoints.web.desk.report_states import DUTIES, once_of, states_of
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/reports"
YEARS_AHEAD: Final = 2
DUES_SHOWN: Final = 60
FILED_SHOWN: Final = 50
ACTS: Final = (
    "AttestParticipation",
    "RecordStatement",
    "RecordNdc",
    "ChooseMethod",
    "RecordInventory",
    "FileReport",
    "SubmitAef",
    "RecordSent",
    "AcknowledgeSubmission",
    "FreezePeriod",
)
"""The acts by which a report comes to be, in the order in which they are done."""


def rows() -> tuple[PageRow, ...]:
    desks = (aef_precheck, filing_desk, report_answer, report_draft, filed_desk, review_room)
    return (PageRow(PATH, _desk), *(row for each in desks for row in each.rows()))


async def _desk(visit: Visit) -> Reply | Refusal:
    party = await visit.ask(lambda sight: sight.registry.party)
    day = visit.today
    answered = await visit.ground.slow.ask(
        visit.ground.room,
        f"calendar/{party}/{day}",
        lambda sight: calendar(sight, party=party, on=day, years=YEARS_AHEAD),
    )
    found = answered.value

    def drawn(sight: Sight) -> Reply | Refusal:
        filed = filings(sight)
        still = [each for each in findings(sight) if each["state"] != ReviewState.CLOSED.value]
        facts = {
            "party": party,
            "dues": [] if isinstance(found, Refusal) else [_due(visit, each) for each in _open(found)][:DUES_SHOWN],
            "no_calendar": found if isinstance(found, Refusal) else None,
            "years": states_of(party, _years(sight, visit), filed=filed, findings=still, on=visit.today),
            "kinds": [kind.value for kind in DUTIES],
            "filed": filed[:FILED_SHOWN],
            "once": once_of(party, report_draft.approaches_of(sight), sight=sight),
            "this_year": visit.today.year,
            "open_findings": len(still),
            "acts": [name for name in ACTS if visit.may(name)],
        }
        page: Reply = visit.rendered(Shown("desk/reports/desk.html", facts, kept=False), sight)
        return page

    return await visit.ask(drawn)


def _open(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in found["due"] if each["state"] not in ("done", "passed")]


def _due(visit: Visit, due: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "on": due["on"],
        "state": due["state"],
        "text": visit.texts(f"duty.{due['duty']}", about=str(due["about"])),
        "provision": provision_text(due["provision"], visit.texts),
    }


def _years(sight: Sight, visit: Visit) -> list[int]:
    """The years of the NDC periods that have begun, the newest first."""
    registry = sight.registry
    last = elapsed_year(visit.today) + 1
    years = {year for period in registry.ndc_periods for year in range(period.first, min(period.last, last) + 1)}
    return sorted(years, reverse=True)
