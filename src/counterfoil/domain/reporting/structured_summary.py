"""CTF table 4 as typed values: the lines on Article 6 of one Party's structured summary, year by year.

Whoever computes the table (`domain/accounting`) and whoever reads one from a file give the same shape to the checks.

Source: 5/CMA.3 annex II, CTF table 4; 2/CMA.3 annex para. 23; rulebook 4.4 (numbers of the lines).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from fractions import Fraction
from typing import Final

Amounts = Mapping[int, Fraction]
"""Year → t CO2 eq. A year that is not available is not in it."""


class Line(IntEnum):
    """Numbers of the lines that checks ask for."""

    TRAJECTORY = 1
    BUDGET = 2
    EMISSIONS = 3
    FIRST_TRANSFERRED = 6
    OIMP = 7
    USED = 8
    NET = 9
    AVERAGE = 10
    ADJUSTMENT = 11
    CUMULATIVE = 12
    BALANCE = 13


SPLIT_LINES: Final = (Line.FIRST_TRANSFERRED, Line.OIMP, Line.USED)


class YearBasis(IntEnum):
    """By which year lines 6 and 7 count. The decision leaves it open. Source: 2/CMA.3 annex para. 23, chapeau."""

    VINTAGE = 1
    FIRST_TRANSFER_YEAR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitAmount:
    """One row of the tables of paragraph 23(j): a part of line 6, 7 or 8 of one year, t CO2 eq."""

    line: Line
    year: int
    amount: Fraction
    cooperative_approach_id: str
    sector: str = ""
    transferring_party: str = ""
    using_party: str = ""
    vintage: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalAssessment:
    """Lines 16 to 20 of the report on the end of the period: what was compared with the target, t CO2 eq.

    `target_year` is the year of a single-year target; None where the table does not say it: then the period's last.
    """

    compared: Fraction
    target: Fraction
    achieved: bool
    target_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredSummary:
    """One Party's table as reported. `lines` holds lines 1 to 13; `adaptation_t` and `omge_t` are the narrative totals.

    `running_average` says that line 11 under averaging keeps the average of each year instead of the newest one.
    """

    file: str
    party: str
    submitted_on: date
    ndc_first_year: int
    ndc_last_year: int
    method: str
    metrics: tuple[str, ...] = ("GHG",)
    lines: Mapping[int, Amounts] = field(default_factory=dict)
    splits: tuple[SplitAmount, ...] = ()
    final: FinalAssessment | None = None
    year_basis: YearBasis = YearBasis.VINTAGE
    running_average: bool = False
    adaptation_t: Fraction | None = None
    omge_t: Fraction | None = None

    def amounts(self, line: Line) -> Amounts:
        """The amounts of a line; none when the line is not given."""
        return self.lines.get(line, {})

    def years(self) -> list[int]:
        """Every year of which some line says something."""
        return sorted({year for amounts in self.lines.values() for year in amounts})
