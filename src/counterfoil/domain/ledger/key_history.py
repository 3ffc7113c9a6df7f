"""The keys of a log, one after the other, and which of them signs the checkpoint of a given size.

An entry names the new key. The checkpoint that ends with that entry is still signed by the old key, which so vouches
for the new one; every larger checkpoint is signed by the new key. So size alone tells the key, and nobody has to trust
a list: each key is named in the log under a signature of the key before.
Read next: `domain/ledger/handover.py`.
Source: ADR-0018.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.domain.ledger.note import KEY_BYTES, decoded

KEY: Final = "key"
"""The kind of the records that name keys. Its keys count from 2: the first key stands in the founding."""
KEYS_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A public key, and the size above which checkpoints are signed by it: `after` is 0 for the first key."""

    public_key: bytes
    after: int


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """The keys of one log in order. There is always one; `after` rises."""

    terms: tuple[KeyTerm, ...]

    @property
    def first(self) -> bytes:
        return self.terms[0].public_key

    @property
    def current(self) -> bytes:
        """The key that signs the next checkpoint."""
        return self.terms[-1].public_key

    @property
    def public_keys(self) -> tuple[bytes, ...]:
        return tuple(term.public_key for term in self.terms)

    def at(self, size: int) -> bytes:
        """The key that signs a checkpoint of so many entries.

        >>> history = KeyHistory((KeyTerm(b"old", 0),)).rotated(b"new", seq=7)
        >>> history.at(8), history.at(9)
        (b'old', b'new')
        """
        return self._term(size).public_key

    def until(self, size: int) -> "KeyHistory":
        """The keys that have signed at a checkpoint of this size: without one that was only named yet."""
        return KeyHistory(tuple(term for term in self.terms if term.after < size) or self.terms[:1])

    def vouches(self, trusted: bytes, *, size: int) -> bool:
        """True when a reader who trusts a key may rely on a checkpoint of this size.

        The key itself or a later one signs it. An earlier one does not do: who stole it could name any key after it.
        """
        signing = self._term(size)
        return any(term.public_key == trusted and term.after <= signing.after for term in self.terms)

    def rotated(self, public_key: bytes, *, seq: int) -> "KeyHistory":
        """The history after entry `seq` named a new key."""
        assert seq + 1 > self.terms[-1].after
        return KeyHistory((*self.terms, KeyTerm(public_key, seq + 1)))

    def _term(self, size: int) -> KeyTerm:
        return next((term for term in reversed(self.terms) if term.after < size), self.terms[0])


def key_value(*, public_key: str, replaces: str) -> dict[str, Any]:
    """The value of a record of the kind `key`: both keys in base64."""
    return {"public_key": public_key, "replaces": replaces}


def key_history(rotations: Iterable[tuple[int, Mapping[str, Any]]], *, first: bytes) -> KeyHistory | None:
    """The history from the records of the kind `key`, as (entry that set it, value), in any order.

    Args:
        first: The only key of a log that has no such records. With records, the first key is the one they begin with.

    Returns:
        None when the records are no chain: each must replace the one before.
    """
    history = KeyHistory((KeyTerm(first, 0),))
    for number, (seq, value) in enumerate(sorted(rotations, key=_by_entry)):
        new, old = read_key(value.get("public_key")), read_key(value.get("replaces"))
        if new is None or old is None or number + 2 > KEYS_MAX or seq + 1 <= history.terms[-1].after:
            return None
        if number == 0:
            history = KeyHistory((KeyTerm(old, 0),))
        if old != history.current or new in history.public_keys:
            return None
        history = history.rotated(new, seq=seq)
    return history


def read_key(text: object) -> bytes | None:
    """The 32 bytes of a public key in base64, or None."""
    raw = decoded(text) if isinstance(text, str) else None
    return raw if raw is not None and len(raw) == KEY_BYTES else None


def key_text(public_key: bytes) -> str:
    return base64.b64encode(public_key).decode()


def _by_entry(rotation: tuple[int, Mapping[str, Any]]) -> int:
    return rotation[0]
