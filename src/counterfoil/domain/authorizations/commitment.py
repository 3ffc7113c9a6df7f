"""The host's commitment to apply corresponding adjustments: without it nobody may count what it authorizes."""

from enum import StrEnum

from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.kernel.refusal import Refusal


class CommitmentFault(StrEnum):
    MISSING = "authorization.commitment_missing"


def committed(authorization: Authorization) -> Refusal | None:
    """Refuses a letter that was asked for the commitment and does not state it; older letters were not asked (None).

    Source: 2/CMA.3 annex paras. 8, 18(g).
    """
    if authorization.adjustment_commitment or authorization.adjustment_commitment is None:
        return None
    return Refusal(CommitmentFault.MISSING, {"authorization": authorization.id, "host": authorization.host})
