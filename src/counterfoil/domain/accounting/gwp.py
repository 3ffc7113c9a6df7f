"""Tonnes of gases as t CO2 eq, by the 100-year values of AR5 that accounting under Article 6 uses.

The value of methane is the one without the fossil carbon, and none has climate-carbon feedbacks. Of mixtures, such as
HFCs, there is no one value: their totals are given in t CO2 eq by whoever knows the parts.

Source: 2/CMA.3 annex para. 1(c); 18/CMA.1 annex para. 37; 5/CMA.3 para. 25; IPCC AR5 WG I table 8.A.1.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

AR5_VALUES: Final[Mapping[str, int]] = {"CO2": 1, "CH4": 28, "N2O": 265, "SF6": 23_500, "NF3": 16_100}
"""t CO2 eq of one tonne."""


def co2_equivalent(tonnes: Mapping[str, Fraction]) -> Fraction:
    """The sum in t CO2 eq, exactly. Every gas must be one of `AR5_VALUES`.

    >>> co2_equivalent({"CO2": Fraction(1_000), "CH4": Fraction(10), "N2O": Fraction(1, 2)})
    Fraction(2825, 2)
    """
    return sum((AR5_VALUES[gas] * amount for gas, amount in tonnes.items()), Fraction(0))
