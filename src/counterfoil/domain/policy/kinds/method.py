"""How the country applies corresponding adjustments. Source: 2/CMA.3 annex para. 7."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, noted


class AdjustmentMethod(StrEnum):
    AVERAGING = "averaging"
    TRAJECTORY = "trajectory"
    MULTI_YEAR = "multi_year"
    ANNUAL = "annual"
    NOT_CHOSEN = "not_chosen"


@dataclass(frozen=True, slots=True)
class MethodRule:
    method: AdjustmentMethod


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Told beside the acts that lead to an adjustment."""
    del asked, law, on
    for clause in clauses:
        yield noted("method", clause.basis, notes=(("method", clause.content.method.value),))


METHOD: Final = Kind("method", MethodRule, frozenset({Act.FIRST_TRANSFER, Act.USE, Act.REPORT}), decide)
