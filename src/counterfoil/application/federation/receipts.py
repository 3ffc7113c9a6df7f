"""The receipts behind units: what the books have signed through which they came, to be shown to who gets them next.

Read next: `custody.py`. Source: 6/CMA.4 annex I paras. 9-10; ADR-0032.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from counterfoil.application.ports import Reading, World
from counterfoil.application.provenance import LEAVES_MAX, RECEIPT
from counterfoil.application.thread import Span, thread
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.entry import Act

RECEIPTS: Final = "receipts"
"""The member of a proposal: proofs of the entries by which partners let the units go to its sender."""
RECEIPTS_MAX: Final = 32
_LEFT: Final = (Act.FIRST_TRANSFERRED.value, Act.TRANSFERRED_ABROAD.value)


def receipts_behind(reading: Reading, world: World, seq: int, spans: Sequence[Span], *, target: str) -> list[JSON]:
    """What all books have signed through which acquired units came, other than the one that is to get them.

    Each is a proof with the Party of its book (`party`), the newest first.

    Args:
        seq: The entry that proposes the units.
        target: The Party that is to get them: its own departure it knows.
    """
    found: dict[str, JSON] = {}
    for leaf in islice(thread(reading, world.codec, seq, spans), LEAVES_MAX):
        if leaf["act"] != Act.ACQUIRED.value:
            continue
        kept = world.evidence.get(str(leaf["details"].get("provenance", "")))
        came = {} if kept is None else world.codec.decode(kept)
        own = [{**came[RECEIPT], "party": leaf["details"]["partner"]}] if RECEIPT in came else []
        for receipt in (*own, *came.get(RECEIPTS, ())):
            if receipt["party"] != target:
                found.setdefault(f"{receipt['party']}:{receipt['seq']}", receipt)
    return list(found.values())[:RECEIPTS_MAX]
