"""What an import of monitoring periods found, counted per project: overlaps, and periods too long to be believed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.commands.import_activities import ImportPeriod
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.imported_period import PeriodFault
from counterfoil.domain.mrv.verification import MonitoringFault
from counterfoil.entrypoints.cdm.rows import Row

_FOUND: Final = {
    MonitoringFault.PERIOD_OVERLAPS: "periods_that_overlap_an_earlier_one",
    PeriodFault.TOO_LONG: "periods_that_are_too_long",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row, and why it was not booked."""

    row: Row
    refusal: Refusal


def findings(refused: Sequence[Refused]) -> Mapping[str, Any]:
    """For each finding how many periods, and how many of which project."""
    told: dict[str, Any] = {}
    for code, name in _FOUND.items():
        projects = Counter(
            each.row.command.activity
            for each in refused
            if each.refusal.code == code and isinstance(each.row.command, ImportPeriod)
        )
        told[name] = {"periods": projects.total(), "projects": dict(sorted(projects.items()))}
    return told
