"""Whether a partner agreed to what is proposed here now: units, account, entity, and what becomes of them there.

A name says which transfer is meant, not what was proposed under it: a source that was restored may have proposed other
terms under the same name before, and the partner may still hold its acceptance of those. A digest of the proposal
would not do: sent again, the same proposal carries a newer proof.
Source: 6/CMA.4 annex I paras. 9-10; ADR-0032; ADR-0033.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from counterfoil.application.commands.abroad import TRANSFER, TransferRecord
from counterfoil.application.thread import Span
from counterfoil.domain.kernel.record import from_json


def same_terms(leaf: Mapping[str, Any], proposed: TransferRecord) -> bool:
    """Whether the partner's entry keeps the transfer as it is proposed here; False where it keeps none.

    Raises:
        LookupError, TypeError or ValueError: what the entry keeps cannot be read.
    """
    kept = next((row[2] for row in leaf.get("records", ()) if (row[0], row[1]) == (TRANSFER, proposed.id)), None)
    if kept is None:
        return False
    agreed = from_json(TransferRecord, kept)
    return _terms(agreed) == _terms(proposed)


def _terms(transfer: TransferRecord) -> tuple[object, ...]:
    parts = (Span(part.unit_class, part.first, part.last) for part in transfer.parts)
    return _joined(parts), transfer.target, transfer.entity, transfer.retire


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Adjacent ranges as one: the partner keeps a part for each lot of what was proposed in one range."""
    whole: list[Span] = []
    for each in sorted(spans):
        if whole and whole[-1].unit_class == each.unit_class and whole[-1].last + 1 == each.first:
            whole[-1] = Span(each.unit_class, whole[-1].first, each.last)
        else:
            whole.append(each)
    return whole
