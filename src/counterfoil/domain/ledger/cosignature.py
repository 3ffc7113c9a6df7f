"""Witnesses: others who saw the log grow, and say so with a line on its checkpoint.

A witness signs that, at a time, this was the largest consistent tree of this origin that it had seen. Enough witnesses
of a policy make it impossible to show different logs to different people. What is here makes and checks the lines and
counts them; asking witnesses, keeping their lines and requiring them is for the edge, which stores a note as it is.
Source: C2SP tlog-cosignature (Ed25519, `cosignature/v1`) and tlog-policy (a group of k of n).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.note import Algorithm, Note, NoteKey, NoteSignature, Verify

TIMESTAMP_MAX: Final = 2**63 - 1
_SIGNATURE_BYTES: Final = 64


class WitnessFault(StrEnum):
    KEY_UNFIT = "witness.key_unfit"
    NAMED_TWICE = "witness.named_twice"
    QUORUM_UNFIT = "witness.quorum_unfit"


@dataclass(frozen=True, slots=True)
class Cosignature:
    """When a witness signed, in seconds since 1970, and its Ed25519 signature."""

    timestamp: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """The witnesses that count, and how many of them must have signed. Made by `witness_policy`."""

    witnesses: tuple[NoteKey, ...]
    quorum: int


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Who of a policy signed a note and when (its latest good line), who did not, and whose line is false."""

    signed: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    false: tuple[str, ...]
    quorum: int

    @property
    def enough(self) -> bool:
        """A false line of a known key spoils the note, however many others are good."""
        return not self.false and len(self.signed) >= self.quorum


def cosigned_message(text: str, *, timestamp: int) -> bytes:
    """What a witness signs: a header, the time, and the whole text of the checkpoint, extension lines included."""
    assert 0 <= timestamp <= TIMESTAMP_MAX
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def cosigned(note: Note, *, witness: NoteKey, timestamp: int, sign: Callable[[bytes], bytes]) -> Note:
    """The note with the line of a witness at its end. The witness has checked before that the tree only grew."""
    assert witness.algorithm is Algorithm.COSIGNATURE
    signature = sign(cosigned_message(note.text, timestamp=timestamp))
    line = NoteSignature(witness.name, witness.hash, struct.pack(">Q", timestamp) + signature)
    return Note(note.text, (*note.signatures, line))


def read_cosignature(line: NoteSignature) -> Cosignature | None:
    """The time and signature in a witness's line; None when it has another form."""
    if len(line.signature) != struct.calcsize(">Q") + _SIGNATURE_BYTES:
        return None
    (timestamp,) = struct.unpack_from(">Q", line.signature)
    return Cosignature(timestamp, line.signature[8:]) if timestamp <= TIMESTAMP_MAX else None


def witness_policy(witnesses: tuple[NoteKey, ...], *, quorum: int) -> WitnessPolicy | Refusal:
    """A policy, or why it is none: a key of another kind, a key or name twice, more required than there are.

    Source: C2SP tlog-policy, sections Defining a witness and Defining a witness group.
    """
    seen: set[object] = set()
    for witness in witnesses:
        if witness.algorithm is not Algorithm.COSIGNATURE:
            return Refusal(WitnessFault.KEY_UNFIT, {"witness": witness.name})
        # The signed message does not hold the witness's name, so one key under two names would count twice.
        if witness.public_key in seen or witness.name in seen:
            return Refusal(WitnessFault.NAMED_TWICE, {"witness": witness.name})
        seen |= {witness.public_key, witness.name}
    if not 0 <= quorum <= len(witnesses):
        return Refusal(WitnessFault.QUORUM_UNFIT, {"quorum": quorum, "witnesses": len(witnesses)})
    return WitnessPolicy(witnesses, quorum)


def witnessed(note: Note, policy: WitnessPolicy, *, verify: Verify) -> Witnessed:
    """Which witnesses of a policy signed this note. Lines of others are passed over, as the form demands."""
    signed: list[tuple[str, int]] = []
    missing: list[str] = []
    false: list[str] = []
    for witness in policy.witnesses:
        times = [_time(note, line, witness, verify) for line in note.of(witness)]
        if not times:
            missing.append(witness.name)
        elif None in times:
            false.append(witness.name)
        else:
            signed.append((witness.name, max(time for time in times if time is not None)))
    return Witnessed(tuple(signed), tuple(missing), tuple(false), policy.quorum)


def _time(note: Note, line: NoteSignature, witness: NoteKey, verify: Verify) -> int | None:
    """When the witness made this line; None when the line is not its own."""
    cosignature = read_cosignature(line)
    if cosignature is None:
        return None
    message = cosigned_message(note.text, timestamp=cosignature.timestamp)
    good = verify(public_key=witness.public_key, message=message, signature=cosignature.signature)
    return cosignature.timestamp if good else None
