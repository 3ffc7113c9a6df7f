"""Which known words are spelt nearly like one that nobody knows: a slip of the pen is told with its remedy."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

CLOSE: Final = 0.6
NEAR_MAX: Final = 3


def likeliest_first(word: str, known: Iterable[str]) -> list[str]:
    """The known words, those spelt nearly alike first.

    >>> likeliest_first("unit type", ["party", "role", "unit_type"])
    ['unit_type', 'party', 'role']
    """
    words = list(known)
    close = get_close_matches(word.lower(), words, NEAR_MAX, CLOSE)
    return [*close, *(each for each in words if each not in close)]


def near(word: str, known: Iterable[str]) -> str:
    """The known words that are spelt nearly alike; a dash where there are none."""
    return ", ".join(get_close_matches(word.lower(), list(known), NEAR_MAX, CLOSE)) or "-"


def as_name(word: str) -> str:
    """A word as a name that a pack may use.

    >>> as_name("National Record")
    'national_record'
    """
    return re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_") or "name"
