"""A proof bundle: entries, their audit paths and one signed checkpoint, checkable by anybody with the public key alone.

For a unit the bundle holds every entry that touched it, and beside them every entry that those name in `follows`. So a
step in the middle cannot be left out: the entry after it names it. What no bundle shows is that nothing came later.
A log that changed its key adds its handovers, so that a reader who knows any of its keys can go on to the one that
signed. A reader with a witness policy asks for its quorum beside.
Source: RFC 6962 section 2.1.1; C2SP tlog-checkpoint, signed-note and tlog-policy; ADR-0005; ADR-0018.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.cosignature import WitnessPolicy, witnessed
from counterfoil.domain.ledger.entry import FactChange, JournalEntry, Move, from_leaf
from counterfoil.domain.ledger.handover import Handover, followed, read_handover
from counterfoil.domain.ledger.merkle import includes, leaf_hash
from counterfoil.domain.ledger.note import Note, NoteKey, Verify, read_note, read_note_key
from counterfoil.domain.ledger.policy_file import TrustPolicy
from counterfoil.domain.units.identifier import identifier, unit_identifier

T = TypeVar("T")
FORMAT: Final = "counterfoil-proof/1"
HANDOVERS: Final = "handovers"
_MEMBERS: Final = frozenset(("format", "origin", "keys", "subject", "checkpoint", "entries"))
_HASH_DIGITS: Final = 64


class BundleFault(StrEnum):
    UNREADABLE = "proof.unreadable"
    KEY_UNREADABLE = "proof.key_unreadable"
    OTHER_KEY = "proof.other_key"
    NOT_SIGNED = "proof.not_signed"
    NOT_WITNESSED = "proof.not_witnessed"
    NOT_INCLUDED = "proof.not_included"
    ENTRY_UNFIT = "proof.entry_unfit"
    GAP = "proof.gap"
    BESIDE_THE_POINT = "proof.beside_the_point"


@dataclass(frozen=True, slots=True)
class ProvenLeaf:
    """An entry's number, its canonical leaf, and the hashes from it up to the root."""

    seq: int
    leaf: str
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A proof about one unit (`subject` is its identifier) or one entry (its number).

    `keys` is the log's key history, the first key first; `handovers` has one step for each key after the first.
    """

    origin: str
    keys: tuple[str, ...]
    subject: str | int
    checkpoint: str
    entries: tuple[ProvenLeaf, ...]
    handovers: tuple[Handover, ...] = ()

    def json(self) -> dict[str, JSON]:
        return {
            "format": FORMAT,
            "origin": self.origin,
            "keys": list(self.keys),
            "subject": {"unit": self.subject} if isinstance(self.subject, str) else {"entry": self.subject},
            "checkpoint": self.checkpoint,
            "entries": [
                {"seq": each.seq, "leaf": each.leaf, "path": [node.hex() for node in each.path]}
                for each in self.entries
            ],
            **({HANDOVERS: [each.json() for each in self.handovers]} if self.handovers else {}),
        }


@dataclass(frozen=True, slots=True)
class Deed:
    """A proven act: what, on which legal day, recorded when, and where it moved the unit (source, target)."""

    seq: int
    act: str
    on: str
    recorded_at: str
    because: str | None
    backdated: str | None
    assumed: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """What a bundle shows. `beside` counts entries that only show that no step is missing.

    `key` signed; `witnesses` signed beside it, each with the time in seconds since 1970, when a policy was asked for.
    """

    subject: str | int
    key: str
    checkpoint: Checkpoint
    deeds: tuple[Deed, ...]
    beside: int
    unchecked_signatures: int
    keys: tuple[str, ...] = ()
    witnesses: tuple[tuple[str, int], ...] = ()


def read_bundle(value: Any) -> Bundle | Refusal:
    """The bundle in parsed JSON. Its own JSON must be the same again: nothing may be there that nobody reads."""
    try:
        if value["format"] != FORMAT or set(value) - {HANDOVERS} != _MEMBERS:
            return _unreadable("format")
        ((kind, about),) = value["subject"].items()
        bundle = Bundle(
            origin=_as(str, value["origin"]),
            keys=tuple(_as(str, key) for key in value["keys"]),
            subject=_as(str, about) if kind == "unit" else _as(int, about),
            checkpoint=_as(str, value["checkpoint"]),
            entries=tuple(
                ProvenLeaf(_as(int, each["seq"]), _as(str, each["leaf"]), tuple(_hash(node) for node in each["path"]))
                for each in value["entries"]
            ),
            handovers=tuple(read_handover(each) for each in value.get(HANDOVERS, ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as unfit:
        return _unreadable(f"{type(unfit).__name__}: {unfit}"[:120])
    numbers = [each.seq for each in bundle.entries]
    if bundle.json() != value or not numbers or numbers != sorted(set(numbers)):
        return _unreadable("members")
    return bundle


def check(
    bundle: Bundle,
    *,
    key: NoteKey,
    verify: Verify,
    decode: Callable[[str], Any],
    policy: TrustPolicy | None = None,
) -> Proven | Refusal:
    """What the bundle proves to someone who trusts `key`, and nothing else.

    The order of the checks: the keys, the signature, the witnesses, each entry in the tree, its content, the thread.

    Args:
        key: Any key of the log's history that had signed when the checkpoint was made.
        decode: Reads the JSON of a leaf; raises ValueError.
        policy: The witnesses that must have signed; None when the reader asks for none.
    """
    note = read_note(bundle.checkpoint)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if note is None or checkpoint is None:
        return _unreadable("checkpoint")
    signer = _signer(bundle, checkpoint, key, verify, decode)
    if isinstance(signer, Refusal):
        return signer
    if not note.signed_by(signer, verify=verify):
        return Refusal(BundleFault.NOT_SIGNED, {"origin": bundle.origin, "key": str(signer)})
    witnesses = _witnesses(note, policy, verify)
    if isinstance(witnesses, Refusal):
        return witnesses
    entries: dict[int, JournalEntry] = {}
    for each in bundle.entries:
        entry = _entry(each, checkpoint, decode)
        if isinstance(entry, Refusal):
            return entry
        entries[each.seq] = entry
    deeds = _deeds(bundle.subject, entries)
    if isinstance(deeds, Refusal):
        return deeds
    unchecked = len(note.signatures) - len(note.of(signer)) - len(witnesses)
    beside = len(entries) - len(deeds)
    return Proven(bundle.subject, str(signer), checkpoint, deeds, beside, unchecked, bundle.keys, witnesses)


def _signer(
    bundle: Bundle, checkpoint: Checkpoint, key: NoteKey, verify: Verify, decode: Callable[[str], Any]
) -> NoteKey | Refusal:
    """The key that must have signed the checkpoint: the last of a history to which the trusted key leads."""
    other = Refusal(BundleFault.OTHER_KEY, {"origin": bundle.origin, "key": str(key)})
    if str(key) not in bundle.keys or not bundle.origin == checkpoint.origin == key.name:
        return other
    history = followed(bundle.keys, bundle.handovers, origin=bundle.origin, verify=verify, decode=decode)
    if isinstance(history, Refusal):
        return history
    signer = read_note_key(bundle.keys[-1])
    # A key that is only named yet has signed nothing: the history must end with the key that signs at this size.
    if signer is None or history.until(checkpoint.size) != history:
        return other
    return signer


def _witnesses(note: Note, policy: TrustPolicy | None, verify: Verify) -> tuple[tuple[str, int], ...] | Refusal:
    """Who of a policy signed, by the names in its file. Refuses too few, and a false line of any of them."""
    if policy is None:
        return ()
    names = {str(key): name for name, key in policy.witnesses.items()}
    found = [
        (names[str(key)], witnessed(note, WitnessPolicy((key,), 0), verify=verify)) for key in policy.witnesses.values()
    ]
    signed = tuple((name, each.signed[0][1]) for name, each in found if each.signed)
    if any(each.false for _, each in found) or not policy.met(frozenset(name for name, _ in signed)):
        facts = {"signed": ", ".join(name for name, _ in signed) or "-", "quorum": policy.quorum}
        return Refusal(BundleFault.NOT_WITNESSED, facts)
    return signed


def touches(unit_class: str, serial: int, entry: JournalEntry) -> bool:
    """True when an entry moved a unit or set facts about it."""
    rows: tuple[Move | FactChange, ...] = (*entry.entry.moves, *entry.entry.facts)
    return any(row.unit_class == unit_class and row.first <= serial <= row.last for row in rows)


def _entry(each: ProvenLeaf, checkpoint: Checkpoint, decode: Callable[[str], Any]) -> JournalEntry | Refusal:
    """The entry of a leaf that stands in the tree at its number."""
    leaf = leaf_hash(each.leaf.encode())
    if not includes(root=checkpoint.root, size=checkpoint.size, index=each.seq, leaf=leaf, proof=each.path):
        return Refusal(BundleFault.NOT_INCLUDED, {"entry": each.seq, "origin": checkpoint.origin})
    try:
        entry = from_leaf(decode(each.leaf))
    except (KeyError, TypeError, ValueError, AttributeError) as unfit:
        return Refusal(BundleFault.ENTRY_UNFIT, {"entry": each.seq, "detail": f"{type(unfit).__name__}: {unfit}"[:120]})
    if entry.seq != each.seq:
        return Refusal(BundleFault.ENTRY_UNFIT, {"entry": each.seq, "detail": f"seq {entry.seq}"})
    return entry


def _deeds(subject: str | int, entries: Mapping[int, JournalEntry]) -> tuple[Deed, ...] | Refusal:
    if isinstance(subject, int):
        if set(entries) != {subject}:
            return Refusal(BundleFault.BESIDE_THE_POINT, {"subject": str(subject)})
        entry = entries[subject].entry
        moves = [(move.source, move.target) for move in entry.moves]
        return (_deed(entries[subject], moves),)
    read = unit_identifier(subject)
    if isinstance(read, Refusal):
        return read
    of, serial = read
    if identifier(of.key, serial) != subject:
        return _unreadable("subject")
    touching = [entry for _, entry in sorted(entries.items()) if touches(of.key, serial, entry)]
    broken = _thread_fault(subject, of.key, serial, entries, touching)
    if broken is not None:
        return broken
    return tuple(_deed(entry, _moves(of.key, serial, entry)) for entry in touching)


def _thread_fault(
    subject: str, unit_class: str, serial: int, entries: Mapping[int, JournalEntry], touching: list[JournalEntry]
) -> Refusal | None:
    """Why these entries are not the whole thread up to the last of them; None when they are.

    Every entry that touched a unit is either its birth or names its predecessor among those it follows. All that it
    follows are here, so the predecessor is the newest of them that touched the unit, and cannot have been left out.
    """
    wanted = {entry.seq for entry in touching}
    for entry in touching:
        wanted.update(entry.follows)
    absent = sorted(wanted - set(entries))
    if absent:
        return Refusal(BundleFault.GAP, {"subject": subject, "entry": absent[0]})
    if not touching or wanted != set(entries):
        return Refusal(BundleFault.BESIDE_THE_POINT, {"subject": subject})
    before: int | None = None
    for entry in touching:
        born = any(role(source) is AccountRole.SOURCE for source, _ in _moves(unit_class, serial, entry))
        if not born and before not in entry.follows:
            return Refusal(BundleFault.GAP, {"subject": subject, "entry": entry.seq})
        before = entry.seq
    return None


def _moves(unit_class: str, serial: int, entry: JournalEntry) -> list[tuple[str, str]]:
    return [
        (move.source, move.target)
        for move in entry.entry.moves
        if move.unit_class == unit_class and move.first <= serial <= move.last
    ]


def _deed(entry: JournalEntry, moves: list[tuple[str, str]]) -> Deed:
    act = entry.entry
    assumed = act.details.get("assumed", ())
    return Deed(
        seq=entry.seq,
        act=act.act.value,
        on=act.effective_on.isoformat(),
        recorded_at=entry.recorded_at,
        because=act.because,
        backdated=None if act.backdated is None else act.backdated.value,
        assumed=tuple(str(each) for each in assumed) if isinstance(assumed, list | tuple) else (),
        moves=tuple(moves),
    )


def _unreadable(detail: str) -> Refusal:
    return Refusal(BundleFault.UNREADABLE, {"detail": detail})


def _as(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(f"not {kind.__name__}: {value}"[:80])
    return value


def _hash(text: Any) -> bytes:
    if len(_as(str, text)) != _HASH_DIGITS:
        raise ValueError(f"no hash: {text[:80]}")
    return bytes.fromhex(text)
