"""What stands beside the workbooks: initial reports, the lists of the CARP, structured summaries, inventories.

A list that nobody gave is None, which is not an empty list: a check that needs it is then not made, and says so.
Structured summaries have their own shape in `structured_summary.py`.

Source: rulebook 5.3, checks C10, C13, C23, C35, C67, C70 to C78.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from counterfoil.domain.reporting.structured_summary import StructuredSummary

Row = TypeVar("Row")


class AdjustmentMethod(StrEnum):
    """How a Party applies corresponding adjustments. Source: 2/CMA.3 annex para. 7."""

    TRAJECTORY = "trajectory"
    AVERAGING = "averaging"
    MULTI_YEAR = "multi_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialReport:
    """An initial or updated initial report. `factors` are t CO2 eq per unit of each non-GHG metric.

    Source: 2/CMA.3 annex paras. 18-19, 22(d).
    """

    party: str
    submitted_on: date
    approaches: tuple[str, ...]
    ndc_first_year: int
    ndc_last_year: int
    method: str
    metrics: tuple[str, ...] = ("GHG",)
    factors: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedApproach:
    """A cooperative approach in the list of the CARP, with its participating Parties."""

    id: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithdrawnUnits:
    """Units that were cancelled in their own programme for another claim."""

    registry: str
    first_unit: str
    last_unit: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Each field is None when nobody gave it. `documents` are (Party, authorization id) of which a document is filed;
    `inventories` are t CO2 eq of the sectors and gases of the NDC, by Party and year."""

    initial_reports: Sequence[InitialReport] | None = None
    approaches: Sequence[ListedApproach] | None = None
    documents: frozenset[tuple[str, str]] | None = None
    summaries: Sequence[StructuredSummary] | None = None
    inventories: Mapping[tuple[str, int], Fraction] | None = None
    withdrawn_units: Sequence[WithdrawnUnits] | None = None

    def joined(self, other: "Records") -> "Records":
        """Both together. A list that only one of them gives is that list."""
        documented = self.documents is not None or other.documents is not None
        measured = self.inventories is not None or other.inventories is not None
        return Records(
            initial_reports=_both(self.initial_reports, other.initial_reports),
            approaches=_both(self.approaches, other.approaches),
            documents=frozenset({*(self.documents or ()), *(other.documents or ())}) if documented else None,
            summaries=_both(self.summaries, other.summaries),
            inventories={**(self.inventories or {}), **(other.inventories or {})} if measured else None,
            withdrawn_units=_both(self.withdrawn_units, other.withdrawn_units),
        )

    def reports_of(self, party: str) -> list[InitialReport]:
        """The initial reports of a Party, oldest first."""
        mine = (report for report in self.initial_reports or () if report.party == party)
        return sorted(mine, key=lambda report: report.submitted_on)

    def factor(self, party: str, metric: str) -> Fraction | None:
        """The latest declared factor of a Party for a non-GHG metric."""
        if self.initial_reports is None or not metric:
            return None
        stated = [report.factors[metric] for report in self.reports_of(party) if metric in report.factors]
        return stated[-1] if stated else None


def _both(one: Sequence[Row] | None, other: Sequence[Row] | None) -> Sequence[Row] | None:
    return one if other is None else [*(one or ()), *other]
