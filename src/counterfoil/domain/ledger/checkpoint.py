"""Checkpoints: the signed statement that a tree of so many leaves has this root.

The text follows the C2SP `tlog-checkpoint` form, so that public tools read it: origin, size, root, then our extension
lines (number, time, writer's epoch), an empty line, and the signature line of a signed note.
Source: C2SP tlog-checkpoint and signed-note; ADR-0005.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

ED25519: Final = b"\x01"
_SIGNATURE: Final = re.compile(r"\u2014 (?P<name>\S+) (?P<signature>[A-Za-z0-9+/=]+)\n\Z")


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
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as the text that note verifiers take: `name+hash+base64`."""
    return f"{name}+{key_hash(name, public_key).hex()}+{base64.b64encode(ED25519 + public_key).decode()}"


def signed_note(text: str, *, name: str, public_key: bytes, signature: bytes) -> str:
    line = base64.b64encode(key_hash(name, public_key) + signature).decode()
    return f"{text}\n\u2014 {name} {line}\n"


def opened_note(note: str) -> tuple[str, str, bytes, bytes] | None:
    """The signed text, the signer's name, the key's hash and the signature of a note; None when it is not one."""
    text, separator, signatures = note.rpartition("\n\n")
    match = _SIGNATURE.match(signatures)
    if not separator or match is None:
        return None
    try:
        raw = base64.b64decode(match["signature"], validate=True)
    except ValueError:
        return None
    return f"{text}\n", match["name"], raw[:4], raw[4:]


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
