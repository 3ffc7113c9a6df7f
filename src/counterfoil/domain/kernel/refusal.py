"""A refusal is an expected answer: a value with a code, never an exception.

The code is for ever; the texts in both languages and the way out live in `catalogue/faults.toml`.
Read next: `domain/units/serials.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from counterfoil.domain.kernel.canonical import JSON

NO_FACTS: Final[Mapping[str, JSON]] = {}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act was not done. `facts` fill the placeholders of the catalogue's texts."""

    code: str
    facts: Mapping[str, JSON] = field(default_factory=lambda: NO_FACTS)
