"""The paper on which drawings are made: escaped SVG parts, integer coordinates, and axes with round numbers.

A picture is 440 wide, so that its texts can be read on a phone and are not huge on a desk. Colours are classes of the
style sheet (s1..s6 fill, l1..l6 stroke), so that light, dark and print each have their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from unicodedata import east_asian_width

from markupsafe import Markup

WIDTH: Final = 440
COLOURS: Final = 6
LINE: Final = 18
"""Height of a line of text."""
_WIDE: Final = 13
_NARROW: Final = 9
TICKS_MAX: Final = 6


@dataclass(slots=True)
class Picture:
    """A picture while it is drawn. Every text goes through `Markup.format`, which escapes it."""

    title: str
    description: str
    parts: list[Markup] = field(default_factory=list)

    def add(self, markup: str, *values: object) -> None:
        self.parts.append(Markup(markup).format(*values))  # noqa: S704  our own template; the values are escaped

    def text(self, x: int, y: int, text: str, *, anchor: str = "start", kind: str = "") -> None:
        self.add('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>', x, y, anchor, kind, text)

    def svg(self, height: int) -> Markup:
        """The whole picture, with its name and description for who hears it."""
        head = Markup(
            '<svg class="drawn" role="img" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">'
            "<title>{}</title><desc>{}</desc>"
        ).format(WIDTH, height, self.title, self.description)
        return head + Markup("").join(self.parts) + Markup("</svg>")


def text_width(text: str) -> int:
    """About how wide a text stands, in pixels of the picture."""
    return sum(_WIDE if east_asian_width(each) in "WF" else _NARROW for each in text)


def cut(text: str, width: int) -> str:
    """The text, or so much of it as fits, with an ellipsis."""
    if text_width(text) <= width:
        return text
    kept = ""
    for each in text:
        if text_width(kept + each) > width - _WIDE:
            break
        kept += each
    return f"{kept}…"


def ticks(low: int, high: int) -> list[int]:
    """Round numbers from at most `low` to at least `high`, zero among them: steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0, 88_200), ticks(-30, 51), ticks(0, 0)
    ([0, 20000, 40000, 60000, 80000, 100000], [-40, -20, 0, 20, 40, 60], [0, 1])
    """
    low, high = min(low, 0), max(high, 0)
    step = 1
    while -(low // step) + -(-high // step) >= TICKS_MAX:
        step = _next_step(step)
    first, last = low // step, -(-high // step)
    return [number * step for number in range(first, max(last, first + 1) + 1)]


def _next_step(step: int) -> int:
    return step * 5 // 2 if str(step).startswith("2") else step * 2


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a number stands between the first and the last tick; `top` and `bottom` are pixels."""

    marks: Sequence[int]
    top: int
    bottom: int

    def at(self, value: int) -> int:
        low, high = self.marks[0], self.marks[-1]
        return self.bottom - (value - low) * (self.bottom - self.top) // (high - low)


def legend(picture: Picture, names: Sequence[str], y: int) -> int:
    """The names of the series with their colours, in as many rows as they need; the y below them."""
    x = 0
    for number, name in enumerate(names):
        shown = cut(name, WIDTH - 20)
        width = text_width(shown) + 32
        if x and x + width > WIDTH:
            x, y = 0, y + LINE
        picture.add('<rect class="s{}" x="{}" y="{}" width="11" height="11"/>', number % COLOURS + 1, x, y)
        picture.text(x + 16, y + 10, shown)
        x += width
    return y + LINE + 6
