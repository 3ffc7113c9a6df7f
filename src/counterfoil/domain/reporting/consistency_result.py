"""The secretariat's answer to annual information: its status, and the serials that it found inconsistent.

Source: 4/CMA.6 paras. 29-33, 39-40; 6/CMA.4 annex I paras. 37-39.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.domain.reporting.finding import CheckStatus

CONSISTENCY_RESULT: Final = "consistency_result"
RANGES_MAX: Final = 100
"""Ranges of one part of a result: more of them would not fit into one entry."""


@dataclass(frozen=True, slots=True)
class FlaggedRange:
    """Units of one class, both ends included, that a finding of the secretariat names."""

    unit_class: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyResult:
    """One part of a result about one version of a Party's annual information. `sha256` is the hash of its file."""

    result: str
    part: int
    party: str
    year: int
    version: str
    status: CheckStatus
    told_on: date
    sha256: str
    findings: int
    ranges: tuple[FlaggedRange, ...]

    def flags(self, unit_class: str, first: int, last: int) -> bool:
        """Whether every unit from `first` to `last` lies within one flagged range."""
        return any(each.unit_class == unit_class and each.first <= first and last <= each.last for each in self.ranges)


def result_key(result: str, part: int) -> str:
    """The record's key: the result's own name, and the number of the part from the second on."""
    return result if part == 1 else f"{result}:{part}"
