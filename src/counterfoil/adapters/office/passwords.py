"""Passwords as Argon2id hashes.

Source: RFC 9106 section 4, second choice (64 MiB, three passes), with one lane, because a small server has few cores
and a hash runs in one thread of a bounded pool.
"""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

MEMORY_KIB: Final = 64 * 1024
PASSES: Final = 3
LANES: Final = 1
SALT_BYTES: Final = 16
HASH_BYTES: Final = 32


class Argon2Passwords:
    """Each question costs one hash, whether or not there is an account: an answer's time tells nothing."""

    __slots__ = ("_hasher", "_nobody")

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        """Tests may take less memory; nothing else should."""
        self._hasher = PasswordHasher(
            time_cost=passes,
            memory_cost=memory_kib,
            parallelism=LANES,
            hash_len=HASH_BYTES,
            salt_len=SALT_BYTES,
            type=Type.ID,
        )
        # A well-formed hash with the same parameters, of which nobody knows a password: it is made of zeros.
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={passes},p={LANES}${'A' * 22}${'A' * 43}"

    def made(self, text: str) -> str:
        return self._hasher.hash(text)

    def matches(self, kept: str | None, text: str) -> bool:
        try:
            return self._hasher.verify(self._nobody if kept is None else kept, text) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        return self._hasher.check_needs_rehash(kept)
