"""Metrics: t CO2 eq with a set of GWP values, or a non-GHG metric in a book of its own.

Source: 2/CMA.3 annex paras. 1(c), 9, 22(d); 18/CMA.1 annex para. 37 and 5/CMA.3 para. 25 (AR5 values).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal

GWP_AR5: Final = "AR5"
"""100-year values of AR5 table 8.A.1 without the fossil methane value."""


_DECIMAL: Final = re.compile(r"(?=[0-9.]*[1-9])\d{1,9}(?:\.\d{1,9})?\Z", re.ASCII)


class MetricKind(StrEnum):
    GHG = "GHG"
    NON_GHG = "non-GHG"


@dataclass(frozen=True, slots=True)
class Metric:
    """What one unit measures. `name` is the non-GHG metric's unit, such as `MWh`, and empty for t CO2 eq.

    `conversion` is the t CO2 eq of one such unit as a decimal, such as `0.45`; an authorization must state it.
    """

    kind: MetricKind = MetricKind.GHG
    name: str = ""
    gwp: str = GWP_AR5
    conversion: str = ""

    @property
    def factor(self) -> Fraction | None:
        """The t CO2 eq of one unit; None where a non-GHG metric does not say. Source: 2/CMA.3 annex para. 22(d)."""
        if self.kind is MetricKind.GHG:
            return Fraction(1)
        return Fraction(self.conversion) if _DECIMAL.match(self.conversion) else None

    @property
    def commodity(self) -> str:
        """The commodity of the adjustment book: GHG and non-GHG are never netted."""
        return "tCO2e" if self.kind is MetricKind.GHG else f"metric:{self.name}"


def unfit_metric(metric: Metric) -> Refusal | None:
    """Refuses a non-GHG metric whose name cannot be a commodity of the adjustment book."""
    return None if metric.kind is MetricKind.GHG else unfit("metric.name", metric.name)
