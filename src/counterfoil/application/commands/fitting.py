"""Whether what is offered can be acquired in one entry: asked before it is accepted, for after that the units leave.

An entry has a bound. A proposal of many parts with many facts may fit into the entry that accepts it, and not into the
one that acquires it: the units would then have left one book and could never arrive in the other.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.commands.abroad import TransferRecord
from counterfoil.application.commands.offered import AcquireFault, OfferedPart
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import LEAF_BYTES_MAX

_REST_BYTES: Final = 1_536
"""What stands in the entry once: its numbers, moments, digests, references, and the transfer's own names."""
_SIGNS_OF_FACTS: Final = 8
_SIGNS_OF_RECORD: Final = 42
_SIGNS_OF_MOVE: Final = 13
"""Brackets, quotes, commas and names of members around a part, where it stands."""
_LONGEST: Final = max((trigger.value for trigger in Trigger), key=len)


def acquirable(parts: tuple[OfferedPart, ...], accepted: TransferRecord) -> Refusal | None:
    """Refuses an offer whose acquisition could be larger than an entry may be. A use on arrival moves each part again.

    Each part stands in the facts, in the transfer's record, and in a move or two.
    Source: ADR-0007 (what has left one book arrives in the other).
    """
    moves = 1 if accepted.retire is None else 2
    accounts = len(f"{accepted.source}{accepted.target}".encode())
    signs = _SIGNS_OF_FACTS + _SIGNS_OF_RECORD + moves * (_SIGNS_OF_MOVE + accounts)
    size = _REST_BYTES
    known: Mapping[str, Any] = {}
    told = 0
    for part in parts:
        if not told or part.facts != known:
            known, told = part.facts, _facts_bytes(part.facts)
        place = len(f"{part.unit_class}{part.first}{part.last}".encode())
        size += told + (2 + moves) * place + signs
    if size <= LEAF_BYTES_MAX:
        return None
    return Refusal(AcquireFault.TOO_LARGE, {"parts": len(parts), "bytes": size, "bytes_max": LEAF_BYTES_MAX})


def _facts_bytes(facts: Mapping[str, Any]) -> int:
    """The bytes of a part's facts as they arrive, with what a first transfer adds."""
    arriving = {**facts, "first_transferred_on": "2000-01-01", "first_transfer_trigger": _LONGEST}
    return len(canonical(arriving))
