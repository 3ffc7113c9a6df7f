"""Ed25519 keys in files, one line each, as the signers of C2SP notes keep them: `PRIVATE+KEY+name+hash+base64`.

Source: RFC 8032 (Ed25519); C2SP signed-note; ADR-0005.
"""

import base64
import binascii
import os
import stat
from enum import StrEnum
from pathlib import Path
from typing import Final

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from counterfoil.adapters.durable import written_once
from counterfoil.application.ports import Outage
from counterfoil.domain.ledger.note import Algorithm, NoteKey

_PREFIX: Final = "PRIVATE+KEY+"
_SEED_BYTES: Final = 32
_FILE_BYTES_MAX: Final = 1_024


class KeysFault(StrEnum):
    ABSENT = "keys.absent"
    OTHER = "keys.other"
    EXISTS = "keys.exists"
    TOO_OPEN = "keys.too_open"
    UNREADABLE = "keys.unreadable"
    BUSY = "keys.busy"
    FOREIGN = "keys.foreign"


class FileSigner:
    """One signing key, read once from its file: a registry's, or (of the other algorithm) a witness's."""

    __slots__ = ("_algorithm", "_key", "_name")

    def __init__(self, name: str, key: SigningKey, algorithm: Algorithm = Algorithm.ED25519) -> None:
        # The name stands in notes between spaces, and in keys between plus signs.
        assert name and not any(sign.isspace() or sign == "+" for sign in name), name
        self._name = name
        self._key = key
        self._algorithm = algorithm

    @classmethod
    def create(cls, path: Path, name: str, algorithm: Algorithm = Algorithm.ED25519) -> "FileSigner":
        """Make a new key and keep it in a file that only its owner can read.

        Raises:
            Outage: the file exists, or cannot be written.
        """
        signer = cls(name, SigningKey.generate(), algorithm)
        try:
            written_once(path, signer._line().encode(), mode=0o600)
        except FileExistsError as error:
            raise Outage(KeysFault.EXISTS, {"path": str(path)}) from error
        return signer

    @classmethod
    def open(cls, path: Path) -> "FileSigner":
        """Read the key of a file.

        Raises:
            Outage: the file is absent, is readable by others than its owner, or holds no key.
        """
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if mode & 0o077:
                    raise Outage(KeysFault.TOO_OPEN, {"path": str(path), "mode": f"{mode:04o}"})
                line = file.read(_FILE_BYTES_MAX)
        except FileNotFoundError as error:
            raise Outage(KeysFault.ABSENT, {"path": str(path)}) from error
        except OSError as error:
            raise Outage(KeysFault.UNREADABLE, {"path": str(path)}) from error
        signer = _read(line)
        if signer is None:
            raise Outage(KeysFault.UNREADABLE, {"path": str(path)})
        return signer

    @property
    def name(self) -> str:
        return self._name

    @property
    def public_key(self) -> bytes:
        return bytes(self._key.verify_key)

    @property
    def note_key(self) -> NoteKey:
        """The public half with its name, as readers of notes know it."""
        return NoteKey(self._name, self.public_key, self._algorithm)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message).signature

    def holds(self, public_key: bytes) -> bool:
        return public_key == self.public_key

    def turn_to(self, public_key: bytes) -> None:
        assert self.holds(public_key)

    def _line(self) -> str:
        secret = base64.b64encode(bytes([self._algorithm]) + bytes(self._key)).decode()
        return f"{_PREFIX}{self._name}+{self.note_key.hash.hex()}+{secret}\n"


def verify(*, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """True when the signature is that key's over the message; a key or signature of a wrong length is merely false."""
    try:
        VerifyKey(public_key).verify(message, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def _read(line: bytes) -> FileSigner | None:
    """The key in a file's one line; None when it is not one, or its hash does not fit."""
    try:
        prefix, rest, name, digest, secret = line.decode().removesuffix("\n").split("+", 4)
        raw = base64.b64decode(secret, validate=True)
        signer = FileSigner(name, SigningKey(raw[1:]), Algorithm(raw[0]))
    except (ValueError, IndexError, binascii.Error, CryptoError, AssertionError, TypeError):
        return None
    fits = (f"{prefix}+{rest}+", len(raw)) == (_PREFIX, 1 + _SEED_BYTES)
    return signer if fits and signer.note_key.hash.hex() == digest else None
