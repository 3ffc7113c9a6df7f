"""A letter of grievance from somebody without an account, as the office keeps it until it is erased.

The journal has its number, activity, day and hash (`domain/activities/grievance.py`); what was written and by whom is
here alone. Source: requirement R-A64-14; ADR-0028.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from counterfoil.domain.kernel.refusal import Refusal

LETTER_MAX: Final = 20_000
NAME_MAX: Final = 200
CONTACT_MAX: Final = 300
ACTIVITY_MAX: Final = 80


class LetterFault(StrEnum):
    UNCLEAR = "grievance.letter_unclear"
    WAIT = "grievance.wait"
    SECRET_UNKNOWN = "grievance.secret_unknown"  # noqa: S105  a fault's code, no secret


@dataclass(frozen=True, slots=True)
class GrievanceLetter:
    """`text`, `name` and `contact` are None once erased. `secret` is a digest; the sender alone has the secret.

    `entry` is the number of the journal's entry, None until it is there.
    """

    number: str
    activity: str
    text: str | None
    name: str | None
    contact: str | None
    salt: str
    secret: bytes
    made_ms: int
    entry: int | None = None
    erased_ms: int | None = None
    sha256: str = ""


class GrievanceLetters(Protocol):
    """Every change stands inside the office's `change()`."""

    def add(self, letter: GrievanceLetter) -> bool:
        """False when the number is taken."""
        ...

    def get(self, number: str) -> GrievanceLetter | None: ...
    def listed(self, *, after: str, limit: int) -> Sequence[GrievanceLetter]:
        """In the order of their numbers."""
        ...

    def unfiled(self, *, limit: int) -> Sequence[GrievanceLetter]:
        """Those that are kept and not in the journal yet, oldest first."""
        ...

    def filed(self, number: str, entry: int) -> None: ...
    def remove(self, number: str) -> None: ...
    def erase(self, number: str, at_ms: int) -> None:
        """Take away what was written and by whom; number, activity, hash and days stay."""
        ...


def letter_hash(salt: str, text: str) -> str:
    """SHA-256 of the salt, a line feed, and the text in UTF-8. Who has both proves what was written.

    >>> letter_hash("a", "My well is dry")[:16]
    '6c268b309cc480f3'
    """
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def unclear(activity: str, text: str, name: str, contact: str) -> Refusal | None:
    """Refuses a letter that is empty, a book, or cannot be written down."""
    bounds = ((activity, ACTIVITY_MAX), (text, LETTER_MAX), (name, NAME_MAX), (contact, CONTACT_MAX))
    fits = all(len(each) <= most and _writable(each) for each, most in bounds)
    if fits and activity.strip() and text.strip():
        return None
    facts = {"letter_max": LETTER_MAX, "name_max": NAME_MAX, "contact_max": CONTACT_MAX}
    return Refusal(LetterFault.UNCLEAR, dict(facts))


def _writable(text: str) -> bool:
    """No lone surrogates, which UTF-8 has no bytes for, and no zero bytes."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
