"""The charge of a year before and after units were deducted, as the law's ruling named it: nothing is computed here.

Source: requirement R-CMP-01; the computation is the law's (`domain/policy/kinds/charge.py` and `compliance_use.py`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Charge:
    """Minor units of a currency, such as cents. A part of one is rounded up, in favour of the authority."""

    currency: str
    before: int
    after: int
