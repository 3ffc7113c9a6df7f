"""Inclusion proofs: that an entry stands in the log under a signed checkpoint, for anybody with the public key.

Source: RFC 6962 section 2.1.1; ADR-0005.
"""

from collections.abc import Mapping
from typing import Any

from counterfoil.application.covering import Coverings
from counterfoil.application.key_history import handovers_of, key_texts, read_key_history
from counterfoil.application.ports import Codec, JournalRow, Reading, Verifier
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import HANDOVERS
from counterfoil.domain.ledger.checkpoint import read_checkpoint, signed_checkpoint
from counterfoil.domain.ledger.handover import followed, read_handover
from counterfoil.domain.ledger.key_history import KEY, KeyHistory, KeyTerm
from counterfoil.domain.ledger.merkle import includes, leaf_hash
from counterfoil.domain.ledger.note import read_note


def entry_proof(reading: Reading, seq: int, codec: Codec, coverings: Coverings | None = None) -> dict[str, Any] | None:
    """The proof of an entry under the first checkpoint that covers it; None where there is no such entry.

    The cost is that of one batch: the checkpoint before gives all older subtrees. A registry that changed its key by
    then adds its keys and handovers, so that a partner who knows the first key can follow.
    """
    row = reading.row(seq)
    found = None if row is None else (coverings or Coverings(reading)).path(seq)
    if row is None or found is None:
        return None
    covering, path = found
    return {
        "seq": seq,
        "leaf": row.leaf.decode(),
        "checkpoint": covering.note,
        "proof": [node.hex() for node in path],
        **_keys(reading, covering.size, covering.note, codec),
    }


def _keys(reading: Reading, size: int, note: str, codec: Codec) -> dict[str, Any]:
    """The keys that had signed by then, and how each came after the one before; nothing while there was only one."""
    if next(reading.records(KEY, limit=1), None) is None:
        return {}
    history = read_key_history(reading, codec, otherwise=b"").until(size)
    read = read_note(note)
    checkpoint = None if read is None else read_checkpoint(read.text)
    handovers = handovers_of(reading, history)
    if len(history.terms) == 1 or checkpoint is None or handovers is None:
        return {}
    keys = list(key_texts(history, origin=checkpoint.origin))
    return {"keys": keys, HANDOVERS: [each.json() for each in handovers]}


def proven(
    proof: Mapping[str, Any], *, public_key: bytes, origin: str, verify: Verifier, codec: Codec
) -> JournalRow | None:
    """The entry that a proof shows to stand in the log of `origin`, or None when it does not show it.

    Args:
        public_key: Any key of that log that had signed when the proof was made, or an earlier one.
    """
    try:
        history = _followed(proof, public_key, origin, verify, codec)
        data = str(proof["leaf"]).encode()
        path = [bytes.fromhex(node) for node in proof["proof"]]
        seq = int(proof["seq"])
        note = str(proof["checkpoint"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if history is None or public_key not in history.public_keys:
        return None
    checkpoint = signed_checkpoint(note, name=origin, public_key=history.current, verify=verify)
    if checkpoint is None or history.until(checkpoint.size) != history:
        return None
    leaf = leaf_hash(data)
    shown = includes(root=checkpoint.root, size=checkpoint.size, index=seq, leaf=leaf, proof=path)
    return JournalRow(seq, "", leaf, data) if shown else None


def _followed(
    proof: Mapping[str, Any], public_key: bytes, origin: str, verify: Verifier, codec: Codec
) -> KeyHistory | None:
    if HANDOVERS not in proof:
        return KeyHistory((KeyTerm(public_key, 0),))
    handovers = [read_handover(each) for each in proof[HANDOVERS]]
    history = followed(proof["keys"], handovers, origin=origin, verify=verify, decode=codec.decode)
    return None if isinstance(history, Refusal) else history
