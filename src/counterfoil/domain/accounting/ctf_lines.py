"""The lines of CTF table 4 that tell about Article 6, in their order, with the provision of each.

Texts in both languages are looked up by the line's key. Source: 5/CMA.3 annex II table 4; rulebook 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from counterfoil.domain.accounting.figure import Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, the key of its text, and the provision."""

    number: int
    key: str
    provision: str


LINES: Final = (
    Line(1, "indicative_path", "2/CMA.3 annex para. 7(a)(i)"),
    Line(2, "multi_year_path", "2/CMA.3 annex para. 7(b)"),
    Line(3, "emissions_covered", "2/CMA.3 annex para. 23(a)"),
    Line(4, "emissions_portion", "2/CMA.3 annex para. 23(b)"),
    Line(5, "indicator_level", "2/CMA.3 annex para. 23(i)"),
    Line(6, "first_transferred", "2/CMA.3 annex para. 23(c)"),
    Line(7, "authorized_oimp", "2/CMA.3 annex para. 23(d)"),
    Line(8, "used", "2/CMA.3 annex para. 23(e)"),
    Line(9, "net", "2/CMA.3 annex para. 23(f)"),
    Line(10, "cumulative_over_elapsed", "2/CMA.3 annex para. 7(a)(ii)"),
    Line(11, "total_adjustments", "2/CMA.3 annex para. 23(g)"),
    Line(12, "cumulative", "2/CMA.3 annex para. 23(h)"),
    Line(13, "emissions_balance", "2/CMA.3 annex para. 23(k)(i)"),
    Line(14, "adjusted_indicator", "2/CMA.3 annex para. 23(k)(ii)"),
    Line(15, "other_information", "18/CMA.1 annex para. 77(d)(iii)"),
    Line(16, "target_restated", "18/CMA.1 annex para. 70"),
    Line(17, "reference_values", "18/CMA.1 annex para. 70"),
    Line(18, "final_indicator", "2/CMA.3 annex para. 23(l)"),
    Line(19, "comparison", "18/CMA.1 annex para. 70"),
    Line(20, "achieved", "18/CMA.1 annex para. 70"),
)
BY_NUMBER: Final[Mapping[int, Line]] = {line.number: line for line in LINES}

TONNES: Final = "tCO2e"
NO_UNIT: Final = ""
"""The unit of a line of non-GHG indicators that does not apply."""


class Part(StrEnum):
    """The parts of a line that has several."""

    WHOLE = ""
    ADJUSTMENT = "adjustment"
    ADJUSTED = "adjusted"
    ADAPTATION = "adaptation"
    OMGE = "omge"


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or a part of one, for one unit: a figure for each year, or one figure or statement for the period.

    `about` names the target that lines 16 to 20 speak of. `target`, `target_year` and `progress` are the columns beside
    the years: the level aimed at, its year, and how much is left of it (above zero: room).
    """

    line: Line
    unit: str = TONNES
    part: Part = Part.WHOLE
    about: str = ""
    years: Mapping[int, Figure] = field(default_factory=dict)
    single: Figure | None = None
    statement: str = ""
    target: Figure | None = None
    target_year: int | None = None
    progress: Figure | None = None
