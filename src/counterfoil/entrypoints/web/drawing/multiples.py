"""Small pictures of the same shape beside each other: one for each thing, all with one scale, so that they compare."""

from collections.abc import Sequence
from typing import Final

from counterfoil.entrypoints.web.drawing.picture import LINE, WIDTH, Picture, Scale, cut, ticks
from counterfoil.entrypoints.web.drawing.years import Series, Words
from counterfoil.entrypoints.web.parts import Drawing

COLUMNS: Final = 3
HEIGHT: Final = 64
GAP: Final = 14
PICTURES_MAX: Final = 60


def multiples(title: str, labels: Sequence[str], series: Sequence[Series], words: Words) -> Drawing:
    """Bars by label for each series in a picture of its own. Below zero hangs from the line; None is left empty."""
    shown = series[:PICTURES_MAX]
    picture = Picture(title, "; ".join(each.name for each in shown))
    known = [value for each in shown for value in each.values if value is not None] or [0]
    marks = ticks(min(known), max(known))
    wide = (WIDTH - GAP * (COLUMNS - 1)) // COLUMNS
    step = HEIGHT + 2 * LINE + GAP
    for number, each in enumerate(shown):
        left = number % COLUMNS * (wide + GAP)
        top = number // COLUMNS * step
        picture.text(left, top + 13, cut(each.name, wide))
        told = [
            f"{each.name}, {label}: {words.unknown if value is None else words.number(value)}"
            for label, value in zip(labels, each.values, strict=True)
        ]
        _small(picture, each, told, Scale(marks, top + LINE, top + LINE + HEIGHT), (left, wide))
        if labels:
            below = top + LINE + HEIGHT + 14
            picture.text(left, below, labels[0], kind="soft")
            picture.text(left + wide, below, labels[-1], anchor="end", kind="soft")
    rows = [(each.name, *(words.unknown if value is None else value for value in each.values)) for each in shown]
    height = -(-len(shown) // COLUMNS) * step
    return Drawing(title, picture.svg(max(height, LINE)), (words.label, *labels), rows)


def _small(picture: Picture, series: Series, told: Sequence[str], scale: Scale, place: tuple[int, int]) -> None:
    left, wide = place
    zero = scale.at(0)
    each = max(wide // max(len(told), 1), 1)
    picture.add('<line class="zero" x1="{}" x2="{}" y1="{}" y2="{}"/>', left, left + wide, zero, zero)
    for number, value in enumerate(series.values):
        if value is None:
            continue
        ends = sorted((zero, scale.at(value)))
        height = max(ends[1] - ends[0], 1 if value else 0)
        picture.add(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
            "s1" if value >= 0 else "s2",
            left + number * each,
            ends[0],
            max(each - 1, 1),
            height,
            told[number],
        )
