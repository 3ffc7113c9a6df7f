"""Checkpoints: the signed statement that a tree of so many leaves has this root.

The text follows the C2SP `tlog-checkpoint` form, so that public tools read it: origin, size, root, then our extension
lines (number, time, writer's epoch), an empty line, and the signature line of a signed note.
Source: C2SP tlog-checkpoint and signed-note; ADR-0005.
"""

import base64
from dataclasses import dataclass

from counterfoil.domain.ledger.note import Note, NoteKey, NoteSignature, Verify, read_note


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed after every batch. `recorded_at` is UTC; `number` counts checkpoints from 1 without a gap."""

    origin: str
    size: int
    root: bytes
    number: int
    recorded_at: str
    epoch: int

    def text(self) -> str:
        """The text that is signed, up to and with its last newline."""
        root = base64.b64encode(self.root).decode()
        return (
            f"{self.origin}\n{self.size}\n{root}\n"
            f"checkpoint {self.number}\nrecorded {self.recorded_at}\nepoch {self.epoch}\n"
        )


def key_hash(name: str, public_key: bytes) -> bytes:
    """The four bytes that tell keys of one name apart. Source: C2SP signed-note."""
    return NoteKey(name, public_key).hash


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as the text that note verifiers take: `name+hash+base64`."""
    return str(NoteKey(name, public_key))


def signed_note(text: str, *, name: str, public_key: bytes, signature: bytes) -> str:
    """A note with one signature line, the registry's own."""
    return str(Note(text, (NoteSignature(name, key_hash(name, public_key), signature),)))


def signed_checkpoint(note: str, *, name: str, public_key: bytes, verify: Verify) -> Checkpoint | None:
    """The checkpoint of a note that has this key's good signature line and no other; None for any other note.

    Every byte counts: another spelling of the same signature, or another key hash, is another note.
    """
    read = read_note(note)
    if read is None or len(read.signatures) != 1 or not read.signed_by(NoteKey(name, public_key), verify=verify):
        return None
    checkpoint = read_checkpoint(read.text)
    return checkpoint if checkpoint is not None and checkpoint.origin == name else None


def read_checkpoint(text: str) -> Checkpoint | None:
    """The checkpoint in a signed text; None when it is not one of ours."""
    lines = text.split("\n")
    try:
        origin, size, root, number, recorded, epoch, rest = lines
        checkpoint = Checkpoint(
            origin=origin,
            size=int(size),
            root=base64.b64decode(root, validate=True),
            number=int(number.removeprefix("checkpoint ")),
            recorded_at=recorded.removeprefix("recorded "),
            epoch=int(epoch.removeprefix("epoch ")),
        )
    except ValueError:
        return None
    return checkpoint if rest == "" and checkpoint.text() == text else None
