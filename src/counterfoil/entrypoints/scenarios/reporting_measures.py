"""What a scenario may measure of reports and their review."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Final

from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.review import findings, lessons_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import REPORT_VERSION
from counterfoil.domain.reporting.review import ReviewState

FIRST_TRANSFER: Final = "First transfer"


def report_versions(sight: Sight, report: str) -> int:
    """How many versions of a report are kept."""
    return sum(1 for key, _ in sight.records(REPORT_VERSION) if key.startswith(f"{report}:"))


def findings_closed(sight: Sight, report: str) -> int:
    """Findings on a report that are closed; an open one counts against it."""
    states = [found["state"] == ReviewState.CLOSED.value for found in findings(sight, report)]
    return sum(states) if all(states) else -1


def lessons_told(sight: Sight, _: str) -> int:
    """Lessons of the review that others may read: none that names somebody or something of the register."""
    return len(lessons_view(sight)["lessons"])


def aef_first_transferred(sight: Sight, year: str) -> int:
    """Units first transferred in a year, as the annual information says it."""
    day = date(int(year) + 1, 4, 15)
    told = aef_submission(sight, party=sight.registry.party, year=int(year), version="9.0", submitted_on=day)
    rows = () if isinstance(told, Refusal) else told.actions
    return int(sum(row.quantity_co2 for row in rows if row.action_type == FIRST_TRANSFER))


REPORTING_MEASURES: Final = MappingProxyType[str, Callable[[Sight, str], int]](
    {
        "report_versions": report_versions,
        "findings_closed": findings_closed,
        "lessons": lessons_told,
        "aef_first_transferred": aef_first_transferred,
    }
)
