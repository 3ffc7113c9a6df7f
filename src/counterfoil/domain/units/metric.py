"""Metrics: t CO2 eq with a set of GWP values, or a non-GHG metric in a book of its own.

Source: 2/CMA.3 annex paras. 1(c), 9, 22(d); 18/CMA.1 annex para. 37 and 5/CMA.3 para. 25 (AR5 values).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GWP_AR5: Final = "AR5"
"""100-year values of AR5 table 8.A.1 without the fossil methane value."""


class MetricKind(StrEnum):
    GHG = "GHG"
    NON_GHG = "non-GHG"


@dataclass(frozen=True, slots=True)
class Metric:
    """What one unit measures. `name` is the non-GHG metric's unit, such as `MWh`, and empty for t CO2 eq."""

    kind: MetricKind = MetricKind.GHG
    name: str = ""
    gwp: str = GWP_AR5

    @property
    def commodity(self) -> str:
        """The commodity of the adjustment book: GHG and non-GHG are never netted."""
        return "tCO2e" if self.kind is MetricKind.GHG else f"metric:{self.name}"
