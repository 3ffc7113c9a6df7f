"""The receipts behind units: what the books have signed through which they came, to be shown to who gets them next.

Read next: `custody.py`. Source: 6/CMA.4 annex I paras. 9-10; ADR-0032.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from counterfoil.application.ports import World
from counterfoil.application.provenance import RECEIPT
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.entry import Act

RECEIPTS: Final = "receipts"
"""The member of a proposal: proofs of the entries by which partners let the units go to its sender."""
RECEIPTS_MAX: Final = 32
RECEIPT_BYTES_MAX: Final = 48 * 1024
RECEIPTS_BYTES_MAX: Final = 512 * 1024
"""Of all receipts of a message together: half of what a message may have."""


def receipts_behind(leaves: Iterable[Mapping[str, Any]], world: World, *, target: str) -> list[JSON]:
    """What all books have signed through which acquired units came, other than the one that is to get them.

    Each is a proof with the Party of its book (`party`), the newest first. What a partner sent as one and is none, or
    is too large to be one, is left out: it must not keep the units from going on.

    Args:
        leaves: This book's entries behind the units, the newest first.
        target: The Party that is to get them: its own departure it knows.
    """
    found: dict[str, JSON] = {}
    room = RECEIPTS_BYTES_MAX
    for leaf in leaves:
        if leaf["act"] != Act.ACQUIRED.value:
            continue
        kept = world.evidence.get(str(leaf["details"].get("provenance", "")))
        came = {} if kept is None else world.codec.decode(kept)
        own = {**came[RECEIPT], "party": leaf["details"]["partner"]} if RECEIPT in came else None
        further = came.get(RECEIPTS)
        for receipt in (own, *(further[:RECEIPTS_MAX] if isinstance(further, list) else ())):
            name = _name(receipt)
            if name is None or name in found or receipt["party"] == target:
                continue
            size = len(world.codec.encode(receipt))
            if size <= min(RECEIPT_BYTES_MAX, room) and len(found) < RECEIPTS_MAX:
                room -= size
                found[name] = receipt
    return list(found.values())


def _name(receipt: Any) -> str | None:
    """What tells receipts apart: whose book it is, and the entry; None for what has not both."""
    party, seq = (receipt.get("party"), receipt.get("seq")) if isinstance(receipt, dict) else (None, None)
    return f"{party}:{seq}" if isinstance(party, str) and isinstance(seq, int) else None
