"""The body that authorizes is not the one that runs the registry, where the law says so.

Source: requirement R-GOV-02.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.safeguards import Safeguards
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.kinds.four_eyes import GuardedAct

AUTHORITY: Final = "authority"
"""The kind of organisation that authorizes."""
OPERATING: Final = frozenset({GuardedAct.ISSUE, GuardedAct.CONVERT, GuardedAct.ACCOUNT_OPENING, GuardedAct.CORRECT})
"""What only the operator of a registry does."""


class SeparationFault(StrEnum):
    OPERATOR_AUTHORIZES = "separation.operator_authorizes"
    AUTHORITY_OPERATES = "separation.authority_operates"


def apart(
    safeguards: Safeguards, acts: Collection[GuardedAct], actors: Sequence[Standing], *, action: str
) -> Refusal | None:
    """Whether everybody behind an act is of the body whose duty it is. The operator's own people have no organisation.

    Returns:
        None, or the refusal `separation.operator_authorizes` or `separation.authority_operates`.
    """
    basis = safeguards.parted
    if basis is None:
        return None
    facts: dict[str, JSON] = {"action": action, "rule": basis.name, "pack": basis.pack, "provision": basis.provision}
    if GuardedAct.AUTHORIZE in acts and any(not actor.organisation for actor in actors):
        return Refusal(SeparationFault.OPERATOR_AUTHORIZES, facts)
    if OPERATING.intersection(acts) and any(actor.kind == AUTHORITY for actor in actors):
        return Refusal(SeparationFault.AUTHORITY_OPERATES, facts)
    return None
