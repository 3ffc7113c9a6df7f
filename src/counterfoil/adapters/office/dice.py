"""Secrets of the office, from the machine's randomness."""

import secrets
from typing import Final

SECRET_BYTES: Final = 32


class SystemDice:
    __slots__ = ()

    def secret(self) -> str:
        return secrets.token_urlsafe(SECRET_BYTES)

    def bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)
