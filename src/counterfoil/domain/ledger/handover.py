"""Handovers: how a reader who knows one key of a log comes to its later keys, offline and one step at a time.

Each step is the entry that names the new key, its audit path, and the checkpoint that ends with it, signed by the key
before. Who trusts any key of the chain can follow it to the end; who trusts none of them gains nothing.
Source: ADR-0018; RFC 6962 section 2.1.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.entry import Act, from_leaf
from counterfoil.domain.ledger.key_history import KEY, KEYS_MAX, KeyHistory, KeyTerm, key_text, key_value
from counterfoil.domain.ledger.merkle import includes, leaf_hash
from counterfoil.domain.ledger.note import Algorithm, NoteKey, Verify, read_note, read_note_key


class HandoverFault(StrEnum):
    UNFIT = "handover.unfit"
    KEYS_UNFIT = "handover.keys_unfit"


@dataclass(frozen=True, slots=True)
class Handover:
    """The entry that names the next key, and the note that the former key signed over the log up to this entry."""

    seq: int
    leaf: str
    path: tuple[bytes, ...]
    checkpoint: str

    def json(self) -> dict[str, JSON]:
        return {
            "seq": self.seq,
            "leaf": self.leaf,
            "path": [node.hex() for node in self.path],
            "checkpoint": self.checkpoint,
        }


def read_handover(value: Any) -> Handover:
    """The handover in parsed JSON. The caller compares its own JSON with the value.

    Raises:
        KeyError, TypeError or ValueError: it is none.
    """
    path = tuple(bytes.fromhex(node) for node in value["path"])
    handover = Handover(int(value["seq"]), str(value["leaf"]), path, str(value["checkpoint"]))
    if handover.json() != value:
        raise ValueError("handover")
    return handover


def followed(
    keys: Sequence[str],
    handovers: Sequence[Handover],
    *,
    origin: str,
    verify: Verify,
    decode: Callable[[str], Any],
) -> KeyHistory | Refusal:
    """The history that a chain of handovers shows. Every link is checked, also those before the key that is trusted.

    Args:
        keys: `name+hash+base64`, the first key first, all of the log's name.
        decode: Reads the JSON of a leaf; raises ValueError.
    """
    read = [read_note_key(text) for text in keys]
    known = [key for key in read if key is not None and key.name == origin and key.algorithm is Algorithm.ED25519]
    if not known or len(known) != len(keys) or len(handovers) + 1 != len(known) or len(known) > KEYS_MAX:
        return Refusal(HandoverFault.KEYS_UNFIT, {"origin": origin[:120]})
    history = KeyHistory((KeyTerm(known[0].public_key, 0),))
    for old, new, handover in zip(known, known[1:], handovers, strict=False):
        fits = handover.seq + 1 > history.terms[-1].after and new.public_key not in history.public_keys
        if not fits or not _vouched(old, new, handover, verify, decode):
            return Refusal(HandoverFault.UNFIT, {"entry": handover.seq, "key": str(new)})
        history = history.rotated(new.public_key, seq=handover.seq)
    return history


def _vouched(old: NoteKey, new: NoteKey, handover: Handover, verify: Verify, decode: Callable[[str], Any]) -> bool:
    """True when the old key signed a log that ends with the entry which names the new one."""
    note = read_note(handover.checkpoint)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if note is None or checkpoint is None or len(note.signatures) != 1 or not note.signed_by(old, verify=verify):
        return False
    if (checkpoint.origin, checkpoint.size) != (old.name, handover.seq + 1):
        return False
    leaf = leaf_hash(handover.leaf.encode())
    if not includes(root=checkpoint.root, size=checkpoint.size, index=handover.seq, leaf=leaf, proof=handover.path):
        return False
    try:
        entry = from_leaf(decode(handover.leaf))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    named = [record.value for record in entry.entry.records if record.kind == KEY]
    value = key_value(public_key=key_text(new.public_key), replaces=key_text(old.public_key))
    return entry.seq == handover.seq and entry.entry.act is Act.KEY_ROTATED and named == [value]
