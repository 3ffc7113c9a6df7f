"""Witnesses at the registry's side: what is published, what is asked of them, and what they hand in.

Acts go on while witnesses lag: what waits is publication. The published checkpoint is the newest that carries the
quorum of the policy in force; without a policy it is the newest. A new policy takes nothing back: what was published
before it stays, until there is a newer one with the new quorum.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from counterfoil.application.covering import checkpoint_of_size, checkpoint_over, frontier_of
from counterfoil.application.ports import CheckpointRow, Codec, CosignatureRow, Reading, Store, Verifier
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.consistency import consistency_proof
from counterfoil.domain.ledger.cosignature import WitnessPolicy, witnessed
from counterfoil.domain.ledger.handed_in import CosignatureFault, accepted_lines
from counterfoil.domain.ledger.merkle import Frontier
from counterfoil.domain.ledger.note import Note, NoteSignature, Verify, read_note, read_signatures
from counterfoil.domain.ledger.witness_record import POLICY, WITNESSES, number_of, policy_of_record
from counterfoil.domain.ledger.witness_request import RequestFault, WitnessRequest

SEARCHED_MAX: Final = 512
"""Checkpoints, from the newest back, among which bare lines of a witness look for their own."""
_NO_LINES: Final[tuple[int, Mapping[str, str]]] = (0, {})


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest checkpoint, the published one with its cosignature lines (None when none has the quorum yet)."""

    last: CheckpointRow
    published: CheckpointRow | None
    note: str
    policy: WitnessPolicy | None

    @property
    def behind(self) -> int:
        """How many entries wait for witnesses."""
        return self.last.size - (0 if self.published is None else self.published.size)


def read_policy_record(reading: Reading, codec: Codec) -> WitnessPolicy | None:
    """The policy in force; None when no witness is required."""
    row = reading.record(WITNESSES, POLICY)
    return policy_of_record(None if row is None else codec.decode(row.value))


def standing(reading: Reading, codec: Codec, *, verify: Verifier) -> Standing:
    """What is published now. Lines are read from the newest checkpoint back, to the first with a quorum."""
    last = reading.last_checkpoint()
    assert last is not None, "a founded registry has a checkpoint"
    policy = read_policy_record(reading, codec)
    if policy is None:
        return Standing(last, last, last.note, None)
    found = _published(reading, codec, verify)
    return Standing(last, None, "", policy) if found is None else Standing(last, *found, policy)


@dataclass(frozen=True, slots=True)
class _Reign:
    """A policy (None: no witness required), and the number of the last checkpoint before it; 0 when there is none."""

    policy: WitnessPolicy | None
    after: int


def _reigns(reading: Reading, codec: Codec) -> Iterator[_Reign]:
    """The policy in force, and what was in force before it, the newest first."""
    row = reading.record(WITNESSES, POLICY)
    while row is not None:
        value = codec.decode(row.value)
        covering = checkpoint_over(reading, row.seq + 1)
        yield _Reign(policy_of_record(value), 0 if covering is None else covering.number - 1)
        number = number_of(value)
        if number == 1:
            break
        # One that was set before policies were counted is not known any more: nothing is published by it.
        row = None if number is None else reading.record(WITNESSES, str(number - 1))
        if row is None:
            return
    yield _Reign(None, 0)


def _published(reading: Reading, codec: Codec, verify: Verifier) -> tuple[CheckpointRow, str] | None:
    """The newest checkpoint that was ever published, with its lines.

    That is one with the quorum of the policy under which it was signed, or of a later one. Of those that were signed
    while no witness was required it is the last.
    """
    policies: list[WitnessPolicy] = []
    lines = _by_checkpoint(reading.cosignatures(newest_first=True))
    number, signed = next(lines, _NO_LINES)
    top = 0
    for reign in _reigns(reading, codec):
        if reign.policy is None:
            row = reading.checkpoint(top)
            return None if row is None else (row, row.note)
        policies.append(reign.policy)
        while number > reign.after:
            found = _witnessed(reading, number, signed, policies, verify)
            if found is not None:
                return found
            number, signed = next(lines, _NO_LINES)
        top = reign.after
        if top == 0:
            break
    return None


def _by_checkpoint(rows: Iterable[CosignatureRow]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, lines in groupby(rows, attrgetter("number")):
        yield number, {row.name: row.line for row in lines}


def _witnessed(
    reading: Reading, number: int, lines: Mapping[str, str], policies: Iterable[WitnessPolicy], verify: Verifier
) -> tuple[CheckpointRow, str] | None:
    """A checkpoint with its lines, when they are the quorum of one of the policies."""
    row = None
    for policy in policies:
        if sum(key.name in lines for key in policy.witnesses) < policy.quorum:
            continue
        row = row or reading.checkpoint(number)
        note = None if row is None else _cosigned(row, lines, policy)
        if row is not None and note is not None and witnessed(note, policy, verify=verify).enough:
            return row, str(note)
    return None


def _cosigned(row: CheckpointRow, lines: Mapping[str, str], policy: WitnessPolicy) -> Note | None:
    """The checkpoint's note with the lines of the policy's witnesses, in the policy's order."""
    known = [lines[key.name] for key in policy.witnesses if key.name in lines]
    return read_note(row.note + "".join(known))


def request_for(reading: Reading, *, old: int) -> WitnessRequest | Refusal:
    """What a witness that saw `old` entries needs to sign the newest checkpoint. The cost is that of the growth."""
    last = reading.last_checkpoint()
    assert last is not None, "a founded registry has a checkpoint"
    seen = checkpoint_of_size(reading, old) if old else None
    note = read_note(last.note)
    if (old and seen is None) or old > last.size or note is None:
        return Refusal(RequestFault.OTHER_SIZE, {"old": old, "size": last.size, "seen": old})
    before = Frontier() if seen is None else frontier_of(seen)
    hashes = [row.leaf_hash for row in reading.journal(old, last.size - 1)] if 0 < old < last.size else []
    return WitnessRequest(old, consistency_proof(before, hashes), note)


def last_seen(reading: Reading, name: str) -> int:
    """The size of the newest checkpoint that carries a witness's line; 0 when none does."""
    number = next((row.number for row in reading.cosignatures(newest_first=True) if row.name == name), None)
    row = None if number is None else reading.checkpoint(number)
    return 0 if row is None else row.size


def handed_in(
    reading: Reading, codec: Codec, data: bytes, *, now_ms: int, verify: Verify
) -> tuple[CosignatureRow, ...] | Refusal:
    """The rows to keep of what a witness handed in: a note with its lines, or its bare lines.

    Bare lines are the answer to an `add-checkpoint` request and do not name their checkpoint: it is looked for among
    the newest ones. Each of a witness's keys may have one, as every line costs a check for every checkpoint looked at.
    """
    policy = read_policy_record(reading, codec)
    if policy is None:
        return Refusal(CosignatureFault.NO_POLICY)
    text = data.decode("utf-8", "replace")
    note = read_note(text)
    if note is not None:
        own = _row_of(reading, note)
        found = None if own is None else (own, note)
    else:
        lines = read_signatures(text)
        if lines is None:
            return Refusal(CosignatureFault.UNREADABLE)
        known = tuple(line for line in lines if any(line.is_of(key) for key in policy.witnesses))
        if not known:
            return Refusal(CosignatureFault.UNKNOWN)
        if len({line.key_hash + line.name.encode() for line in known}) < len(known):
            return Refusal(CosignatureFault.UNREADABLE)
        found = _sought(reading, known, policy, verify)
    if found is None:
        return Refusal(CosignatureFault.OTHER_CHECKPOINT)
    row, note = found
    accepted = accepted_lines(note, policy, recorded_s=_recorded_s(note), now_s=now_ms // 1000, verify=verify)
    if isinstance(accepted, Refusal):
        return accepted
    return tuple(CosignatureRow(row.number, name, line.line()) for name, line in accepted)


def keep(store: Store, rows: tuple[CosignatureRow, ...]) -> int:
    """Keep lines beside their checkpoint; how many were new. Those that are there already stay as they are."""
    return sum(store.cosign(row) for row in rows)


def _row_of(reading: Reading, note: Note) -> CheckpointRow | None:
    checkpoint = read_checkpoint(note.text)
    row = None if checkpoint is None else reading.checkpoint(checkpoint.number)
    own = None if row is None else read_note(row.note)
    return row if own is not None and own.text == note.text else None


def _sought(
    reading: Reading, lines: tuple[NoteSignature, ...], policy: WitnessPolicy, verify: Verify
) -> tuple[CheckpointRow, Note] | None:
    last = reading.last_checkpoint()
    assert last is not None, "a founded registry has a checkpoint"
    for number in range(last.number, max(0, last.number - SEARCHED_MAX), -1):
        row = reading.checkpoint(number)
        own = None if row is None else read_note(row.note)
        if row is None or own is None:
            return None
        note = Note(own.text, (*own.signatures, *lines))
        if witnessed(note, policy, verify=verify).signed:
            return row, note
    return None


def _recorded_s(note: Note) -> int:
    checkpoint = read_checkpoint(note.text)
    assert checkpoint is not None, "the note is the registry's own"
    return int(datetime.fromisoformat(checkpoint.recorded_at).timestamp())
