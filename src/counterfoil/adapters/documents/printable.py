"""Text that a page can show. What has no shape of its own is shown by its number, such as ‹U+202E›, never left out.

A mark that turns the direction of writing, a character of no width or a control character could make a printed text
say something else than its bytes do. So whoever reads the page sees that such a character is there.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

NUMBERED_MAX: Final = 100
"""Characters of one text that are shown by their number; any further ones share one sign, so that no text explodes."""
REPLACEMENT: Final = "\ufffd"
_PLAIN: Final = re.compile(r"[\n -~]*")
_SHAPELESS: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    """The text with one kind of line end, tabs as spaces, and every shapeless character shown by its number."""
    if _PLAIN.fullmatch(text):
        return text
    numbered = Numbering()
    return "".join(numbered(each) if shapeless(each) else each for each in plain_lines(text))


def plain_lines(text: str) -> str:
    return _LINE_ENDS.sub("\n", text).replace("\t", "    ")


@lru_cache(maxsize=65_536)
def shapeless(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in _SHAPELESS


class Numbering:
    """Shows the characters of one text by their numbers, as long as there are few."""

    def __init__(self) -> None:
        self._left = NUMBERED_MAX

    def __call__(self, character: str) -> str:
        self._left -= 1
        return f"‹U+{ord(character):04X}›" if self._left >= 0 else REPLACEMENT
