"""Signed notes: a text, and one line for each key that signed it. Here notes are read strictly, with all their lines.

A registry signs its checkpoints with one line (`checkpoint.py`); witnesses add theirs (`cosignature.py`). Signatures
are told apart by name and key hash; those of keys that a reader does not know are passed over, those of keys that it
knows must all be good. Every byte counts: base64 with other padding bits is no signature.
Read next: `domain/ledger/bundle.py`.
Source: C2SP signed-note, sections Format and Signatures.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

NOTE_CHARACTERS_MAX: Final = 64 * 1024
SIGNATURES_MAX: Final = 64
KEY_BYTES: Final = 32
_SIGNATURE: Final = re.compile(r"\u2014 (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+=*)\Z")
_KEY: Final = re.compile(r"(?P<name>[^\s+]+)\+(?P<hash>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+=*)\Z")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Algorithm(IntEnum):
    """The byte that says how a key signs. Source: C2SP signed-note, section Signature types."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


class Verify(Protocol):
    """Checks an Ed25519 signature under a raw public key."""

    def __call__(self, *, public_key: bytes, message: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public key with its name. The name is not secret and not proven: who trusts a key pins both."""

    name: str
    public_key: bytes
    algorithm: Algorithm = Algorithm.ED25519

    @property
    def hash(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        text = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public_key
        return hashlib.sha256(text).digest()[:4]

    def __str__(self) -> str:
        """The text that note verifiers take: `name+hash+base64`."""
        key = base64.b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.hash.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the name, the key's hash, and what the key made, in its algorithm's form."""

    name: str
    key_hash: bytes
    signature: bytes

    def line(self) -> str:
        return f"\u2014 {self.name} {base64.b64encode(self.key_hash + self.signature).decode()}\n"

    def is_of(self, key: NoteKey) -> bool:
        return self.name == key.name and self.key_hash == key.hash


@dataclass(frozen=True, slots=True)
class Note:
    """A text, with its last newline, and its signature lines in order."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}"

    def of(self, key: NoteKey) -> tuple[NoteSignature, ...]:
        return tuple(signature for signature in self.signatures if signature.is_of(key))

    def signed_by(self, key: NoteKey, *, verify: Verify) -> bool:
        """True when a plain Ed25519 key signed, and every line under its name and hash is good."""
        assert key.algorithm is Algorithm.ED25519
        lines = self.of(key)
        message = self.text.encode()
        return bool(lines) and all(
            verify(public_key=key.public_key, message=message, signature=line.signature) for line in lines
        )


def read_note(text: str) -> Note | None:
    """The note in a text; None when it is not one, byte for byte."""
    body, separator, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    well_formed = separator and body and len(text) <= NOTE_CHARACTERS_MAX and not _CONTROL.search(text)
    if not well_formed or lines.pop() != "" or not 0 < len(lines) <= SIGNATURES_MAX:
        return None
    signatures = [_signature(line) for line in lines]
    note = Note(f"{body}\n", tuple(signature for signature in signatures if signature is not None))
    return note if str(note) == text else None


def read_signatures(text: str) -> tuple[NoteSignature, ...] | None:
    """Signature lines without their note, as a witness answers with; None when there is anything else."""
    note = read_note(f"-\n\n{text}")
    return None if note is None or note.text != "-\n" else note.signatures


def _signature(line: str) -> NoteSignature | None:
    match = _SIGNATURE.match(line)
    raw = b"" if match is None else decoded(match["signature"])
    if match is None or raw is None or len(raw) <= 4:
        return None
    return NoteSignature(match["name"], raw[:4], raw[4:])


def read_note_key(text: str) -> NoteKey | None:
    """The key in a text `name+hash+base64`; None when it is not one, or the hash is not its own."""
    match = _KEY.match(text)
    raw = None if match is None else decoded(match["key"])
    if match is None or raw is None or len(raw) != 1 + KEY_BYTES or raw[0] not in tuple(Algorithm):
        return None
    key = NoteKey(match["name"], raw[1:], Algorithm(raw[0]))
    return key if str(key) == text else None


def decoded(text: str) -> bytes | None:
    """The bytes of base64 in its one spelling, or None. A decoder alone would pass over changed padding bits."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None
