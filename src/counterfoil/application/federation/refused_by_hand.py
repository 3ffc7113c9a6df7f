"""A transfer that a person of the target refused: how the target says so, and what its source keeps of it.

Source: 6/CMA.4 annex I para. 10; ADR-0032.
"""

from collections.abc import Mapping
from typing import Any

from counterfoil.application.commands.abroad import TransferRecord
from counterfoil.application.commands.consent import REASON_MAX, ConsentFault
from counterfoil.domain.kernel.refusal import Refusal


def refused_by_hand(transfer: TransferRecord) -> Refusal:
    """What a person here answered to a transfer that waited for consent."""
    return Refusal(ConsentFault.REFUSED, {"transfer": transfer.id, "reason": transfer.reason})


def in_words(code: str, facts: Any) -> str:
    """The reason that a person of the partner gave, as its message tells it; empty where no person did."""
    if code != ConsentFault.REFUSED or not isinstance(facts, Mapping):
        return ""
    return str(facts.get("reason", ""))[:REASON_MAX]
