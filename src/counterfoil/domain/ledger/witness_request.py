"""What a log sends to a witness, and what a witness decides before it signs.

The request is the `add-checkpoint` body of C2SP tlog-witness: the size that the witness saw last, the consistency proof
from there, an empty line, and the checkpoint. A witness signs only what grew from its own last checkpoint: never two
trees of one size, never a smaller tree.
Source: C2SP tlog-witness, section add-checkpoint.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.consistency import consistent
from counterfoil.domain.ledger.merkle import EMPTY_ROOT
from counterfoil.domain.ledger.note import NOTE_CHARACTERS_MAX, Note, NoteKey, Verify, decoded, read_note

PROOF_LINES_MAX: Final = 63
REQUEST_CHARACTERS_MAX: Final = NOTE_CHARACTERS_MAX + 4_096
HASH_BYTES: Final = 32
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})\Z")


class RequestFault(StrEnum):
    UNREADABLE = "witness.request_unreadable"
    LOG_UNKNOWN = "witness.log_unknown"
    NOT_SIGNED = "witness.log_not_signed"
    OTHER_SIZE = "witness.other_size"
    FORKED = "witness.forked"
    NOT_CONSISTENT = "witness.not_consistent"


@dataclass(frozen=True, slots=True)
class WitnessRequest:
    """The size that the witness is believed to have seen last, the proof from there, and the new checkpoint's note."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        lines = [f"old {self.old}", *(base64.b64encode(node).decode() for node in self.proof), "", str(self.note)]
        return "\n".join(lines)


def read_request(text: str) -> WitnessRequest | Refusal:
    """The request in a text, byte for byte; `witness.request_unreadable` for everything else."""
    head, separator, rest = text.partition("\n\n")
    first, *lines = head.split("\n")
    match = _OLD.match(first)
    note = read_note(rest) if separator and len(text) <= REQUEST_CHARACTERS_MAX else None
    nodes = [decoded(line) for line in lines]
    proof = tuple(node for node in nodes if node is not None and len(node) == HASH_BYTES)
    if match is None or note is None or len(proof) != len(lines) or len(lines) > PROOF_LINES_MAX:
        return Refusal(RequestFault.UNREADABLE, {"detail": first[:80]})
    return WitnessRequest(int(match[1]), proof, note)


def cosignable(
    request: WitnessRequest, last: Checkpoint | None, *, logs: Sequence[NoteKey], verify: Verify
) -> Checkpoint | Refusal:
    """The checkpoint that a witness may sign now, or why it must not.

    The order of the checks is that of the specification: the log, its signature, the size seen last, the growth.

    Args:
        last: The checkpoint that this witness signed last for the log; None before the first.
        logs: The keys of the logs that it watches.
    """
    checkpoint = read_checkpoint(request.note.text)
    if checkpoint is None:
        return Refusal(RequestFault.UNREADABLE, {"detail": request.note.text[:80]})
    keys = [key for key in logs if key.name == checkpoint.origin]
    if not keys or (last is not None and last.origin != checkpoint.origin):
        return Refusal(RequestFault.LOG_UNKNOWN, {"origin": checkpoint.origin[:120]})
    if not any(request.note.signed_by(key, verify=verify) for key in keys):
        return Refusal(RequestFault.NOT_SIGNED, {"origin": checkpoint.origin})
    seen, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
    if request.old != seen or checkpoint.size < seen:
        return Refusal(RequestFault.OTHER_SIZE, {"old": request.old, "size": checkpoint.size, "seen": seen})
    if checkpoint.size == seen and checkpoint.root != root:
        return Refusal(RequestFault.FORKED, {"origin": checkpoint.origin, "size": seen})
    if not consistent(old=seen, old_root=root, size=checkpoint.size, root=checkpoint.root, proof=request.proof):
        return Refusal(RequestFault.NOT_CONSISTENT, {"origin": checkpoint.origin, "old": seen, "size": checkpoint.size})
    return checkpoint
