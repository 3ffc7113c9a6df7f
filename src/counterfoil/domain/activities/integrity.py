"""What an activity states of its quality: why it would not happen anyway, its baseline, its goals, its safeguards.

Each is a few short words for lists and filters, and a document for what stands behind them. Whether a statement is
true, a validator says; the register keeps what was stated.
Source: requirement R-A64-13.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal

VALUES_MAX: Final = 17
GOALS: Final = frozenset(str(number) for number in range(1, 18))
"""The Sustainable Development Goals by number. Source: General Assembly resolution 70/1."""
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


class IntegrityFault(StrEnum):
    UNCLEAR = "activity.integrity_unclear"


class IntegrityKind(StrEnum):
    ADDITIONALITY = "additionality"
    BASELINE = "baseline"
    GOALS = "goals"
    SAFEGUARDS = "safeguards"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One statement: short words such as `barrier` or `conservative`, or the numbers of goals, and its document."""

    kind: IntegrityKind
    values: tuple[str, ...]
    document: str | None = None


def integrity_refusal(activity: str, stated: Sequence[Attribute]) -> Refusal | None:
    """Each kind once, with words or goals that can be read, each said once, and a document named by its SHA-256."""
    kinds = [each.kind for each in stated]
    if len(set(kinds)) == len(kinds) and all(_readable(each) for each in stated):
        return None
    return Refusal(IntegrityFault.UNCLEAR, {"activity": activity, "values_max": VALUES_MAX})


def _readable(stated: Attribute) -> bool:
    values = stated.values
    bounded = 0 < len(values) <= VALUES_MAX and len(set(values)) == len(values)
    goals = stated.kind is IntegrityKind.GOALS
    words = GOALS.issuperset(values) if goals else all(_WORD.match(word) for word in values)
    return bounded and words and (stated.document is None or DIGEST.match(stated.document) is not None)
