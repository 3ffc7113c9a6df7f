"""Cosignatures handed in to the registry: which lines it keeps beside a checkpoint, and which it refuses.

Every line of a witness of the policy must be good: a false one is an error of the witness or a forgery, and worth
knowing. Lines of others are passed over, as the form demands.
Source: C2SP tlog-cosignature; tlog-witness, section add-checkpoint.
"""

from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.cosignature import WitnessPolicy, witnessed
from counterfoil.domain.ledger.note import Note, NoteSignature, Verify

CLOCK_SKEW_S: Final = 300
"""Seconds by which a witness's clock and ours may differ."""


class CosignatureFault(StrEnum):
    NO_POLICY = "witness.no_policy"
    UNKNOWN = "witness.unknown"
    FALSE = "witness.signature_false"
    TIME_UNFIT = "witness.time_unfit"
    OTHER_CHECKPOINT = "witness.other_checkpoint"
    UNREADABLE = "witness.lines_unreadable"


def accepted_lines(
    note: Note, policy: WitnessPolicy, *, recorded_s: int, now_s: int, verify: Verify
) -> tuple[tuple[str, NoteSignature], ...] | Refusal:
    """The lines to keep, each with its witness's name: the latest one of each.

    Args:
        recorded_s: When the checkpoint was recorded, in seconds since 1970; nobody can have seen it much earlier.
        now_s: The registry's time, in the same count.
    """
    found = witnessed(note, policy, verify=verify)
    if found.false:
        return Refusal(CosignatureFault.FALSE, {"witness": found.false[0]})
    for name, timestamp in found.signed:
        if not recorded_s - CLOCK_SKEW_S <= timestamp <= now_s + CLOCK_SKEW_S:
            return Refusal(CosignatureFault.TIME_UNFIT, {"witness": name, "timestamp": timestamp})
    if not found.signed:
        return Refusal(CosignatureFault.UNKNOWN)
    keys = {key.name: key for key in policy.witnesses}
    # The time stands first in a line's bytes, so the greatest line is the latest.
    return tuple((name, max(note.of(keys[name]), key=_bytes)) for name, _ in found.signed)


def _bytes(line: NoteSignature) -> bytes:
    return line.signature
