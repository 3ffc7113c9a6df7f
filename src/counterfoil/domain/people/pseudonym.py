"""The only name of a person that the journal and the trail keep: random, and derived from nothing."""

import re
from typing import Final

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are mistaken for each other on paper."""
LENGTH: Final = 8
PERSON: Final = re.compile(rf"P-[{_LETTERS}]{{{LENGTH}}}\Z")


def pseudonym(chance: bytes) -> str:
    """The pseudonym that eight random bytes make; each gives one of 32 letters, so all are equally likely.

    >>> pseudonym(bytes(range(8)))
    'P-ABCDEFGH'
    """
    assert len(chance) == LENGTH
    return "P-" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance)
