"""Prove: a bundle that shows strangers a unit's life, or one entry, under the newest signed checkpoint; and its check.

A new checkpoint changes the path of every old leaf, so all leaf hashes are read once: time in proportion to the
journal, memory for the wanted paths only.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

from counterfoil.application.key_history import handovers_of, key_texts, read_key_history
from counterfoil.application.ports import CheckpointRow, Codec, Outage, Verifier
from counterfoil.application.queries.show import ShowFault, unit_view
from counterfoil.application.queries.sight import Sight
from counterfoil.application.witnessing import standing
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.audit_path import audit_paths
from counterfoil.domain.ledger.bundle import Bundle, BundleFault, Proven, ProvenLeaf, read_bundle, touches
from counterfoil.domain.ledger.bundle import check as check_bundle
from counterfoil.domain.ledger.note import KEY_BYTES, NoteKey, decoded, read_note_key
from counterfoil.domain.ledger.policy_file import TrustPolicy
from counterfoil.domain.units.identifier import identifier, unit_identifier

ENTRIES_MAX: Final = 10_000
_STEP: Final = 65_536

Progress = Callable[[int], None]


class ProveFault(StrEnum):
    TOO_LONG = "prove.too_long"
    STORE_UNSOUND = "prove.store_unsound"
    NOT_PUBLISHED = "prove.not_published"


def prove(
    sight: Sight, about: str, *, public_key: bytes, verify: Verifier, progress: Progress = lambda _: None
) -> Bundle | Refusal:
    """The bundle about a unit (by its identifier) or an entry (by its number), under the published checkpoint.

    With a witness policy that is the newest one with the quorum; what came later is refused until enough have signed.
    It is checked here before anybody gets it: a store that does not fit its own checkpoint proves nothing.
    """
    key = NoteKey(sight.registry.origin, public_key)
    try:
        bundle = _bundle(sight, about, key, verify, progress)
    except Outage as outage:
        return Refusal(ProveFault.STORE_UNSOUND, {"detail": str(outage.code)})
    except (KeyError, TypeError, ValueError) as unreadable:
        return Refusal(ProveFault.STORE_UNSOUND, {"detail": f"{type(unreadable).__name__}: {unreadable}"[:120]})
    if isinstance(bundle, Refusal):
        return bundle
    own = read_note_key(bundle.keys[0])
    assert own is not None
    # It must hold for who knows the first key; for who knows a later one it holds with the links from there on.
    checked = check_bundle(bundle, key=own, verify=verify, decode=sight.codec.decode)
    if isinstance(checked, Refusal):
        return Refusal(ProveFault.STORE_UNSOUND, {"detail": str(checked.code)})
    return bundle


def _bundle(sight: Sight, about: str, key: NoteKey, verify: Verifier, progress: Progress) -> Bundle | Refusal:
    reading = sight.reading
    now = standing(reading, sight.codec, verify=verify)
    subject, seqs = _entry_subject(sight, about) if about.isdecimal() else _unit_subject(sight, about)
    if isinstance(seqs, Refusal):
        return seqs
    if now.published is None or seqs[-1] >= now.published.size:
        published = 0 if now.published is None else now.published.size
        return Refusal(ProveFault.NOT_PUBLISHED, {"entry": seqs[-1], "published": published})
    leaves = _proven_leaves(sight, now.published, seqs, progress)
    if isinstance(leaves, Refusal):
        return leaves
    history = read_key_history(reading, sight.codec, otherwise=key.public_key).until(now.published.size)
    handovers = handovers_of(reading, history)
    if handovers is None:
        return Refusal(ProveFault.STORE_UNSOUND, {"detail": "keys"})
    return Bundle(key.name, tuple(key_texts(history, origin=key.name)), subject, now.note, leaves, handovers)


def _entry_subject(sight: Sight, text: str) -> tuple[int, list[int] | Refusal]:
    seq = int(text) if len(text) < 19 else -1
    found = seq >= 0 and str(seq) == text and sight.reading.row(seq) is not None
    return seq, [seq] if found else Refusal(ShowFault.NOT_FOUND, {"what": "entry", "key": text[:40]})


def _unit_subject(sight: Sight, text: str) -> tuple[str, list[int] | Refusal]:
    """A unit's thread: what touched it, and all that those entries follow, so that no step can be left out."""
    view = unit_view(sight, text)
    read = unit_identifier(text)
    if isinstance(view, Refusal) or isinstance(read, Refusal):
        return text, view if isinstance(view, Refusal) else Refusal(ShowFault.UNIT_UNKNOWN, {"identifier": text[:80]})
    of, serial = read
    name = identifier(of.key, serial)
    waiting, seqs = [int(view["last_entry"])], {int(view["last_entry"])}
    while waiting:
        entry = sight.entry(waiting.pop())
        if entry is None or not touches(of.key, serial, entry):
            continue
        new = set(entry.follows) - seqs
        waiting.extend(new)
        seqs |= new
        if len(seqs) > ENTRIES_MAX:
            return name, Refusal(ProveFault.TOO_LONG, {"identifier": name, "entries_max": ENTRIES_MAX})
    return name, sorted(seqs)


def _proven_leaves(
    sight: Sight, last: CheckpointRow, seqs: list[int], progress: Progress
) -> tuple[ProvenLeaf, ...] | Refusal:
    wanted = set(seqs)
    leaves: dict[int, str] = {}

    def hashes() -> Iterator[bytes]:
        for row in sight.reading.journal(0, last.size - 1):
            if row.seq in wanted:
                leaves[row.seq] = row.leaf.decode()
            if row.seq % _STEP == 0:
                progress(row.seq)
            yield row.leaf_hash

    found = audit_paths(hashes(), size=last.size, indices=seqs)
    if found is None:
        return Refusal(ProveFault.STORE_UNSOUND, {"detail": f"not {last.size} entries"})
    _, paths = found
    return tuple(ProvenLeaf(seq, leaves[seq], paths[seq]) for seq in seqs)


def bundle_bytes(bundle: Bundle, codec: Codec) -> bytes:
    """The file of a bundle: canonical JSON on one line, so that one bundle has one spelling."""
    return codec.encode(bundle.json()) + b"\n"


def check(
    data: bytes, *, key: str, codec: Codec, verify: Verifier, policy: TrustPolicy | None = None
) -> Proven | Refusal:
    """What the bytes of a bundle prove to someone who trusts a key.

    Args:
        key: `name+hash+base64`, which pins the log's name as well, or the base64 of the public key alone.
        policy: The witnesses that the reader requires beside the key.
    """
    try:
        value = codec.decode(data)
        canonical = codec.encode(value) + b"\n" == data
    except (ValueError, TypeError) as unreadable:
        return Refusal(BundleFault.UNREADABLE, {"detail": str(unreadable)[:120]})
    if not canonical:
        return Refusal(BundleFault.UNREADABLE, {"detail": "not canonical"})
    bundle = read_bundle(value)
    if isinstance(bundle, Refusal):
        return bundle
    trusted = trusted_key(key, origin=bundle.origin)
    if trusted is None:
        return Refusal(BundleFault.KEY_UNREADABLE, {"key": key[:160]})
    return check_bundle(bundle, key=trusted, verify=verify, decode=codec.decode, policy=policy)


def trusted_key(text: str, *, origin: str) -> NoteKey | None:
    """The key in a text; a bare public key takes the name that the bundle claims, and only the key is pinned."""
    named = read_note_key(text)
    if named is not None:
        return named
    raw = decoded(text)
    return NoteKey(origin, raw) if raw is not None and len(raw) == KEY_BYTES else None
