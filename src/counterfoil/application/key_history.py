"""The key history of a registry, read from its records, and the handovers that show it to strangers."""

from collections.abc import Sequence

from counterfoil.application.covering import late_path
from counterfoil.application.damage import UNREADABLE, damaged
from counterfoil.application.ports import Codec, Outage, OutageFault, Reading
from counterfoil.domain.ledger.handover import Handover
from counterfoil.domain.ledger.key_history import KEY, KeyHistory, key_history
from counterfoil.domain.ledger.note import NoteKey


def read_key_history(reading: Reading, codec: Codec, *, otherwise: bytes) -> KeyHistory:
    """The history as the records tell it. `verify` compares the records with the journal.

    Args:
        otherwise: The only key of a registry that never changed it.

    Raises:
        Outage: `storage.checkpoint_broken` when the records are no chain of keys; `storage.corrupt` when one of them
            cannot be read.
    """
    try:
        rotations = [(row.seq, codec.decode(row.value)) for row in reading.records(KEY)]
        history = key_history(rotations, first=otherwise)
    except UNREADABLE as unreadable:
        raise damaged(f"record {KEY}") from unreadable
    if history is None:
        raise Outage(OutageFault.CHECKPOINT_BROKEN, {"number": 0})
    return history


def handovers_of(reading: Reading, history: KeyHistory) -> tuple[Handover, ...] | None:
    """One handover for each key after the first; None where the journal does not hold what the history says.

    The cost of each is that of one batch: the checkpoint before it gives all older subtrees.
    """
    made: list[Handover] = []
    for term in history.terms[1:]:
        seq = term.after - 1
        row, found = reading.row(seq), late_path(reading, seq)
        if row is None or found is None or found[0].size != term.after:
            return None
        covering, path = found
        made.append(Handover(seq, row.leaf.decode(), path, covering.note))
    return tuple(made)


def note_keys(history: KeyHistory, *, origin: str) -> tuple[NoteKey, ...]:
    return tuple(NoteKey(origin, public_key) for public_key in history.public_keys)


def key_texts(history: KeyHistory, *, origin: str) -> Sequence[str]:
    return [str(key) for key in note_keys(history, origin=origin)]
