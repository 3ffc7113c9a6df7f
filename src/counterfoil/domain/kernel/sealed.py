"""Confidential fields: the journal carries a salted hash, the opening lies beside it and may be erased.

Source: 2/CMA.3 annex para. 24 (confidential information); ADR-0005.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from counterfoil.domain.kernel.canonical import JSON, canonical

SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one sealed field: its salt and its value."""

    field: str
    salt: bytes
    value: JSON

    def seal(self) -> str:
        """The hash that the public leaf carries: SHA-256 over salt, then the canonical field and value, in hex."""
        return hashlib.sha256(self.salt + canonical([self.field, self.value])).hexdigest()
