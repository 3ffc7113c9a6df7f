"""The one question that the engine asks of a law: does it permit this act on this day, and by which rules?"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counterfoil.domain.policy.applying import Kind, applying
from counterfoil.domain.policy.asked import Asked
from counterfoil.domain.policy.kinds.account_guard import ACCOUNT_TERM, MOVE_DELAYS, MOVE_LIMITS
from counterfoil.domain.policy.kinds.agreement import AGREEMENT
from counterfoil.domain.policy.kinds.arrangement import ARRANGEMENT
from counterfoil.domain.policy.kinds.benefit_share import BENEFIT_SHARE
from counterfoil.domain.policy.kinds.charge import CHARGE
from counterfoil.domain.policy.kinds.compliance_use import COMPLIANCE_USE
from counterfoil.domain.policy.kinds.conversion import CONVERSION_KIND
from counterfoil.domain.policy.kinds.criterion import CRITERION
from counterfoil.domain.policy.kinds.cycle import CYCLE
from counterfoil.domain.policy.kinds.eligibility import ELIGIBILITY
from counterfoil.domain.policy.kinds.export_gate import EXPORT_GATE
from counterfoil.domain.policy.kinds.export_quota import EXPORT_QUOTA
from counterfoil.domain.policy.kinds.fee import FEE
from counterfoil.domain.policy.kinds.first_transfer import FIRST_TRANSFER
from counterfoil.domain.policy.kinds.four_eyes import FOUR_EYES
from counterfoil.domain.policy.kinds.levy import LEVY, SHARING
from counterfoil.domain.policy.kinds.method import METHOD
from counterfoil.domain.policy.kinds.party import PARTY
from counterfoil.domain.policy.kinds.pathway import PATHWAY
from counterfoil.domain.policy.kinds.presentation import PRESENTATION
from counterfoil.domain.policy.kinds.price_floor import PRICE_FLOOR
from counterfoil.domain.policy.kinds.publication import PUBLICATION
from counterfoil.domain.policy.kinds.recognition import RECOGNITION
from counterfoil.domain.policy.kinds.requirement import REQUIREMENT
from counterfoil.domain.policy.kinds.role import ROLE
from counterfoil.domain.policy.kinds.suitability import SUITABILITY
from counterfoil.domain.policy.kinds.tier import TIER
from counterfoil.domain.policy.kinds.unit_type import UNIT_TYPE_KIND
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling

ORDER: Final[tuple[Kind, ...]] = (
    PARTY,
    ROLE,
    FOUR_EYES,
    ACCOUNT_TERM,
    MOVE_DELAYS,
    MOVE_LIMITS,
    CYCLE,
    REQUIREMENT,
    TIER,
    UNIT_TYPE_KIND,
    AGREEMENT,
    RECOGNITION,
    CONVERSION_KIND,
    EXPORT_GATE,
    EXPORT_QUOTA,
    ELIGIBILITY,
    COMPLIANCE_USE,
    CHARGE,
    LEVY,
    SHARING,
    BENEFIT_SHARE,
    FEE,
    PRICE_FLOOR,
    FIRST_TRANSFER,
    METHOD,
    PUBLICATION,
    PRESENTATION,
    PATHWAY,
    SUITABILITY,
    CRITERION,
    ARRANGEMENT,
)
"""Every kind, in the order in which they answer: who, whether at all, with whom, how much, what is taken, what is told.

The first refusal is the one that a user sees, so the order is part of the contract.
"""

KINDS: Final = {kind.name: kind for kind in ORDER}


def permits(law: Law, asked: Asked, on: date) -> tuple[Ruling, ...]:
    """Every ruling of a law about an act on its legal day, in the fixed order. `ruling.verdict` sums them up.

    The same law, act and day give the same rulings for ever. Facts that are missing are asked for, never assumed.
    """
    return tuple(_rulings(law, asked, on))


def _rulings(law: Law, asked: Asked, on: date) -> Iterator[Ruling]:
    for kind in ORDER:
        if asked.act in kind.acts:
            clauses, questions = applying(law, kind.name, asked, on)
            yield from questions
            yield from kind.decide(clauses, asked, law, on)
