"""What stands behind the notice of an arrival: the seller's own final entry, which the acquirer keeps with its proof.

Nobody moves units in another book's register by his word: the seller's signature does.
Read before: `noticing.py`, `application/commands/onward.py`. Source: ADR-0032.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.commands.onward import SELLER
from counterfoil.application.federation.opening import partner_of
from counterfoil.application.federation.partner_proof import proven_by
from counterfoil.application.ports import Reading, World
from counterfoil.application.provenance import RECEIPT
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.account import went_to
from counterfoil.domain.ledger.entry import Act

_LEFT: Final = (Act.FIRST_TRANSFERRED.value, Act.TRANSFERRED_ABROAD.value)


def receipt_behind(leaf: Mapping[str, Any], world: World) -> JSON:
    """The proof against which an entry acquired; None where none was kept."""
    kept = world.evidence.get(str(leaf.get("details", {}).get("provenance", "")))
    came: Any = None if kept is None else world.codec.decode(kept)
    proof: JSON = came.get(RECEIPT) if isinstance(came, dict) else None
    return proof


def left_at(body: Mapping[str, Any], content: Mapping[str, Any], *, to: Any, reading: Reading, world: World) -> str:
    """The moment (UTC) at which the seller let all these units go to the Party that tells of them; empty if not proven.

    Raises:
        LookupError, TypeError or ValueError: what is shown cannot be read.
    """
    seller = partner_of(reading, world.codec, str(content[SELLER]))
    proof = body.get(RECEIPT)
    if seller is None or not isinstance(proof, Mapping):
        return ""
    row = proven_by(seller, proof, verify=world.verify, codec=world.codec)
    leaf: Any = {} if row is None else world.codec.decode(row.leaf)
    if leaf.get("act") not in _LEFT or leaf["details"]["partner"] != to:
        return ""
    gone = [move for move in leaf["moves"] if move[4] == went_to(to)]
    whole = all(
        any(of == key and start <= first and last <= end for key, start, end, *_ in gone)
        for of, first, last in content["units"]
    )
    return str(leaf["at"]) if whole else ""
