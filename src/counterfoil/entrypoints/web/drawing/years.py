"""Numbers by year: bars side by side or on each other, and lines; below zero too, with a mark where one is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.entrypoints.web.drawing.picture import (
    COLOURS,
    LINE,
    WIDTH,
    Picture,
    Scale,
    cut,
    legend,
    text_width,
    ticks,
)
from counterfoil.entrypoints.web.parts import Drawing

HEIGHT: Final = 190
"""Of the field in which the numbers stand."""
GAP: Final = 6
UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each label; None where it is not known, which is never drawn as zero."""

    name: str
    values: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Words:
    """What a drawing says besides numbers: the head of the labels, what stands for None, how a number is written."""

    label: str
    unknown: str
    number: Callable[[int], str]


def bars(
    title: str, labels: Sequence[str], series: Sequence[Series], words: Words, *, stacked: bool = False
) -> Drawing:
    """Bars for each label. Stacked: above zero they grow upwards, below zero downwards, so that sums are seen."""
    field = _Field.of(title, labels, series, words, stacked=stacked)
    for place, label in enumerate(labels):
        left, width = field.slot(place)
        values = [each.values[place] for each in series]
        draw = field.stack if stacked else field.side_by_side
        draw(left, width, values, [f"{label}, {each.name}" for each in series])
    return field.drawing(title, labels, series, words)


def lines(title: str, labels: Sequence[str], series: Sequence[Series], words: Words) -> Drawing:
    """A line for each series; it breaks where a value is not known."""
    field = _Field.of(title, labels, series, words, stacked=False)
    for number, each in enumerate(series):
        field.line(number, each)
    return field.drawing(title, labels, series, words)


@dataclass(frozen=True, slots=True)
class _Field:
    """The field with its axis: where the slot of a label stands, and the scale of the numbers."""

    picture: Picture
    scale: Scale
    left: int
    slots: int
    words: Words

    @classmethod
    def of(
        cls, title: str, labels: Sequence[str], series: Sequence[Series], words: Words, *, stacked: bool
    ) -> "_Field":
        picture = Picture(title, _told(labels, series, words))
        top = legend(picture, [each.name for each in series], 0) + 4
        low, high = _reach(series, stacked=stacked)
        marks = ticks(low, high)
        left = max(text_width(words.number(mark)) for mark in marks) + 8
        scale = Scale(marks, top, top + HEIGHT)
        for mark in marks:
            y = scale.at(mark)
            kind = "zero" if mark == 0 else "axis"
            picture.add('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, left, WIDTH, y, y)
            picture.text(left - 6, y + 4, words.number(mark), anchor="end", kind="soft")
        return cls(picture, scale, left, max(len(labels), 1), words)

    def slot(self, place: int) -> tuple[int, int]:
        """Where the slot of a label begins, and how wide it is."""
        wide = (WIDTH - self.left) // self.slots
        return self.left + place * wide + GAP // 2, max(wide - GAP, 1)

    def side_by_side(self, left: int, width: int, values: Sequence[int | None], names: Sequence[str]) -> None:
        each = max(width // max(len(values), 1), 1)
        for number, value in enumerate(values):
            x = left + number * each
            if value is None:
                self.picture.text(x + each // 2, self.scale.at(0) - 3, UNKNOWN, anchor="middle", kind="soft")
            else:
                self._bar(number, (x, max(each - 1, 1)), (0, value), f"{names[number]}: {self.words.number(value)}")

    def stack(self, left: int, width: int, values: Sequence[int | None], names: Sequence[str]) -> None:
        up = down = 0
        for number, value in enumerate(values):
            if value is None:
                self.picture.text(left + width // 2, self.scale.at(0) - 3, UNKNOWN, anchor="middle", kind="soft")
                continue
            base = up if value >= 0 else down
            self._bar(number, (left, width), (base, base + value), f"{names[number]}: {self.words.number(value)}")
            up, down = (base + value, down) if value >= 0 else (up, base + value)

    def _bar(self, number: int, place: tuple[int, int], span: tuple[int, int], told: str) -> None:
        (x, width), (start, end) = place, span
        ends = sorted((self.scale.at(start), self.scale.at(end)))
        # What is not zero is seen, however small it is.
        height = max(ends[1] - ends[0], 1 if start != end else 0)
        self.picture.add(
            '<rect class="s{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
            number % COLOURS + 1,
            x,
            ends[0],
            width,
            height,
            told,
        )

    def line(self, number: int, series: Series) -> None:
        colour = number % COLOURS + 1
        run: list[str] = []
        for place, value in enumerate((*series.values, None)):
            if value is None:
                if len(run) > 1:
                    self.picture.add('<polyline class="line l{}" points="{}"/>', colour, " ".join(run))
                run = []
                continue
            left, width = self.slot(place)
            x, y = left + width // 2, self.scale.at(value)
            run.append(f"{x},{y}")
            told = f"{series.name}: {self.words.number(value)}"
            self.picture.add('<circle class="s{}" cx="{}" cy="{}" r="3"><title>{}</title></circle>', colour, x, y, told)

    def drawing(self, title: str, labels: Sequence[str], series: Sequence[Series], words: Words) -> Drawing:
        below = self.scale.bottom + LINE
        wide = (WIDTH - self.left) // self.slots
        skip = max(1, -(-max((text_width(each) for each in labels), default=1) // max(wide, 1)))
        for place, label in enumerate(labels):
            if place % skip == 0:
                left, width = self.slot(place)
                self.picture.text(
                    left + width // 2, below, cut(label, max(wide * skip, 20)), anchor="middle", kind="soft"
                )
        rows = [
            (label, *(words.unknown if each.values[place] is None else each.values[place] or 0 for each in series))
            for place, label in enumerate(labels)
        ]
        return Drawing(title, self.picture.svg(below + 8), (words.label, *(each.name for each in series)), rows)


def _reach(series: Sequence[Series], *, stacked: bool) -> tuple[int, int]:
    """The lowest and the highest number that must fit."""
    known = [[value or 0 for value in each.values] for each in series]
    if not stacked:
        every = [value for values in known for value in values] or [0]
        return min(every), max(every)
    columns = list(zip(*known, strict=True)) or [(0,)]
    downs = [sum(value for value in column if value < 0) for column in columns]
    ups = [sum(value for value in column if value > 0) for column in columns]
    return min(downs), max(ups)


def _told(labels: Sequence[str], series: Sequence[Series], words: Words) -> str:
    """In one sentence what the picture shows: the last label's numbers."""
    if not labels:
        return ""
    said = (
        f"{each.name}: {words.unknown if each.values[-1] is None else words.number(each.values[-1])}" for each in series
    )
    return f"{labels[0]}–{labels[-1]}. {labels[-1]}: {'; '.join(said)}"
