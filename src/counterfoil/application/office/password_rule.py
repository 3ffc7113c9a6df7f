"""Which passwords are taken: long ones that do not say who one is. Nothing about capitals and digits.

Source: NIST SP 800-63B-4 section 3.1.1.2 (length, no rules of composition, NFKC or NFC before the hash).
"""

import unicodedata
from typing import Final

from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Person
from counterfoil.domain.kernel.refusal import Refusal

LENGTH_MIN: Final = 12
"""Characters. A second factor is always asked for, so less than for a password alone."""
LENGTH_MAX: Final = 200
_DIFFERENT_MIN: Final = 5
_PART_MIN: Final = 4


def normal(text: str) -> str:
    """The spelling that is hashed: the same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", text)


def new_password(text: str, person: Person, issuer: str) -> str | Refusal:
    """The password as it is hashed, or why it is not taken."""
    plain = normal(text)
    if len(plain) < LENGTH_MIN:
        return Refusal(OfficeFault.PASSWORD_SHORT, {"characters_min": LENGTH_MIN})
    if len(plain) > LENGTH_MAX:
        return Refusal(OfficeFault.PASSWORD_LONG, {"characters_max": LENGTH_MAX})
    own = [person.name or "", (person.mail or "").partition("@")[0], issuer]
    rest = plain.casefold()
    for word in (word for text in own for word in text.casefold().split() if len(word) >= _PART_MIN):
        rest = rest.replace(word, "")
    if len(set(rest)) < _DIFFERENT_MIN or rest in "0123456789" * 2 or rest in "abcdefghijklmnopqrstuvwxyz":
        return Refusal(OfficeFault.PASSWORD_GUESSABLE)
    return plain
