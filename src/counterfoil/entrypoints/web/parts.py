"""What templates draw, as values: a drawing with its numbers, and a happening on a timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, or will: its day or moment, and where to read on. `tone`: warn, bad, future."""

    on: str
    title: str
    text: str = ""
    href: str = ""
    tone: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG picture and the same as a table: who cannot see the one reads the other. The first cell of a row heads it.

    The picture has no style of its own: classes of the style sheet colour it, in light, dark and print.
    """

    title: str
    svg: "Markup"
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]
