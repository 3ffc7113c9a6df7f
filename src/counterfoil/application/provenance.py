"""Provenance: the public leaves behind units, from issuance to this book's final entry, with the records they cite.

It travels with a receipt as one document and lies in the receiver's evidence store under its digest, so that a unit can
be traced past a border without asking anybody.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from counterfoil.application.ports import Codec, Evidence, Reading
from counterfoil.application.thread import Span, thread
from counterfoil.domain.federation.message import EVIDENCE_MAX
from counterfoil.domain.ledger.entry import Act

RECORDS: Final = ("activity", "authorization", "approach", "monitoring", "verification")
LEAVES_MAX: Final = 5_000
EVIDENCE_BYTES_MAX: Final = 64 * 1024
RECEIPT: Final = "receipt"
"""The member, where it is kept, that holds the partner's proof of its final entry."""


def provenance_of(reading: Reading, codec: Codec, evidence: Evidence, *, registry: str, seq: int) -> dict[str, Any]:
    """The document for the units of entry `seq`: leaves newest first, the records they cite, small evidence itself.

    `earlier` names the digests of provenance that came with the units from a book before this one.
    """
    leaves = list(islice(thread(reading, codec, seq, _spans(reading, codec, seq)), LEAVES_MAX))
    keys = dict.fromkeys(key for leaf in leaves for key in _cited(leaf))
    records: list[list[Any]] = []
    shown: dict[str, str] = {}
    for kind, key in keys:
        row = reading.record(kind, key)
        if row is None:
            continue
        value = codec.decode(row.value)
        records.append([kind, key, value])
        for digest in value.get("evidence", ()) if kind == "monitoring" else ():
            data = evidence.get(digest)
            if data is not None and len(data) <= EVIDENCE_BYTES_MAX and len(shown) < EVIDENCE_MAX:
                shown[digest] = data.decode("utf-8", "replace")
    earlier = [leaf["details"]["provenance"] for leaf in leaves if leaf["act"] == Act.ACQUIRED.value]
    return {"registry": registry, "leaves": leaves, "records": records, "evidence": shown, "earlier": earlier}


def _spans(reading: Reading, codec: Codec, seq: int) -> list[Span]:
    """The units that an entry moved."""
    row = reading.row(seq)
    moves = () if row is None else codec.decode_unchecked(row.leaf).get("moves", ())
    return [Span(*move[:3]) for move in moves]


def _cited(leaf: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """The records that a leaf rests on, by kind and key."""
    details = leaf.get("details", {})
    for kind in ("activity", "monitoring", "verification"):
        if kind in details:
            yield kind, str(details[kind])
    if leaf.get("because"):
        yield "authorization", str(leaf["because"]).rpartition(" v")[0]
