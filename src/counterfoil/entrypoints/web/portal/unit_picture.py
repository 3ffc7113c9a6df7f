"""The life of a unit as a picture: seven stations from the sensor to the end, drawn wide for desks and tall for phones.

Both drawings say the same; the style sheet shows the one that fits. Who sees neither reads the table below them.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from counterfoil.application.queries.unit_life import Passed, Stop
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.language import said
from counterfoil.entrypoints.web.escaped import escaped
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.visit import Visit

WIDE, COLUMN, WIDE_LINE = 1_008, 144, 42
TALL, ROW, TALL_LINE = 360, 92, 28
RADIUS: Final = 15
EM: Final = 13
"""The size of letters in the drawing's own measure, as the style sheet sets it."""
Told = tuple[str, str, str, str]
"""A station in words: its name, what there was, when, and which entry says so."""


def life_picture(visit: Visit, stops: Sequence[Stop], *, unit: str) -> Drawing:
    texts = visit.texts
    title = texts("web.unit.picture", unit=unit)
    heads = (texts("web.unit.station"), texts("web.unit.what"), texts("field.on"), texts("field.entry"))
    rows = [(_title(visit, stop), _what(visit, stop), _days(visit, stop), _entry(stop)) for stop in stops]
    return Drawing(title, _wide(stops, rows, title) + _tall(stops, rows, title), heads, rows)


def _title(visit: Visit, stop: Stop) -> str:
    return visit.texts(f"web.unit.station.{stop.station.value}")


def _what(visit: Visit, stop: Stop) -> str:
    match stop.passed:
        case Passed.NOT:
            return visit.texts("web.unit.not_passed")
        case Passed.ELSEWHERE:
            return visit.texts("web.unit.elsewhere", registry=stop.what)
        case _:
            names = country_names().get(stop.what)
            return stop.what if names is None else said(names, visit.language, f"country.{stop.what}")


def _days(visit: Visit, stop: Stop) -> str:
    first, stroke, last = stop.on.partition("/")
    if stroke:
        return f"{visit.wording.day(first)} – {visit.wording.day(last)}"
    return visit.wording.day(first) if first else ""


def _entry(stop: Stop) -> str:
    return "" if stop.entry is None else f"{stop.registry} #{stop.entry:,}".strip()


def _lines(told: Told, width: int) -> list[str]:
    """What stands beside a station, in lines that fit, its name first."""
    return [told[0], *(line for part in told[1:] for line in wrapped(part, width, lines=2))]


def wrapped(text: str, width: int, *, lines: int) -> list[str]:
    """A text in so many lines of a width in the drawing's measure; what does not fit ends with an ellipsis.

    >>> wrapped("energy absolute", 70, lines=2), wrapped("x" * 40, 65, lines=1)
    (['energy', 'absolute'], ['xxxxxxxx…'])
    """
    found: list[str] = []
    line, used = "", 0
    for piece in _pieces(text, width):
        room = _width(piece)
        if line and used + room > width:
            found.append(line.rstrip())
            line, used = "", 0
        line, used = line + piece, used + room
    if line.strip():
        found.append(line.rstrip())
    if len(found) > lines:
        found = [*found[: lines - 1], f"{found[lines - 1][:-1]}…"]
    return found


def _pieces(text: str, width: int) -> list[str]:
    """Where a line may break: after a blank, around each wide letter, and inside what is longer than a line."""
    most = max(1, width // (EM * 6 // 11))
    pieces = [""]
    for letter in text[:400]:
        if ord(letter) > 0x2E7F or pieces[-1][-1:] in (" ", "-", ":") or len(pieces[-1]) >= most:
            pieces.append("")
        pieces[-1] += letter
        if ord(letter) > 0x2E7F:
            pieces.append("")
    return [each for each in pieces if each]


def _width(text: str) -> int:
    return sum(EM if ord(letter) > 0x2E7F else EM * 6 // 11 for letter in text)


def _wide(stops: Sequence[Stop], rows: Sequence[Told], title: str) -> Markup:
    parts, deepest = [_rail(stops, across=True)], 0
    for number, (stop, told) in enumerate(zip(stops, rows, strict=True)):
        x = number * COLUMN + COLUMN // 2
        parts.append(_dot(stop, x, WIDE_LINE))
        lines = _lines(told, COLUMN - 12)
        parts += [_text(x, WIDE_LINE + 40, place, line, ' text-anchor="middle"') for place, line in enumerate(lines)]
        deepest = max(deepest, len(lines))
    return _svg("wide", WIDE, WIDE_LINE + 40 + deepest * 18, title, parts)


def _tall(stops: Sequence[Stop], rows: Sequence[Told], title: str) -> Markup:
    parts = [_rail(stops, across=False)]
    for number, (stop, told) in enumerate(zip(stops, rows, strict=True)):
        y = number * ROW + 24
        parts.append(_dot(stop, TALL_LINE, y))
        parts += [_text(60, y + 5, place, line) for place, line in enumerate(_lines(told, TALL - 70)[:4])]
    return _svg("tall", TALL, len(stops) * ROW, title, parts)


def _text(x: int, y: int, place: int, line: str, anchor: str = "") -> str:
    """One of the lines beside a station; the first is its name."""
    kind = "soft" if place else "name"
    return f'<text x="{x}" y="{y + place * 18}"{anchor} class="{kind}">{escaped(line)}</text>'


def _svg(name: str, width: int, height: int, title: str, parts: Sequence[str]) -> Markup:
    """The drawing; a template for each of its hundred parts took longer than all the rest of the page."""
    head = f'<svg class="life {name}" viewBox="0 0 {width} {height}" role="img" aria-label="{escaped(title)}">'
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704  every text in it went through `escaped`


def _rail(stops: Sequence[Stop], *, across: bool) -> str:
    """The way between the stations; where the unit has not come, or another book knows, it is dashed."""
    parts = []
    for number, (one, other) in enumerate(pairwise(stops)):
        sure = Passed.NOT not in (one.passed, other.passed) and Passed.ELSEWHERE not in (one.passed, other.passed)
        kind = "rail" if sure else "rail open"
        if across:
            x = number * COLUMN + COLUMN // 2
            ends = (x, WIDE_LINE, x + COLUMN, WIDE_LINE)
        else:
            y = number * ROW + 24
            ends = (TALL_LINE, y, TALL_LINE, y + ROW)
        parts.append('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>'.format(kind, *ends))
    return "".join(parts)


def _dot(stop: Stop, x: int, y: int) -> str:
    sign = {Passed.DONE: "✓", Passed.HERE: "●", Passed.ELSEWHERE: "…", Passed.NOT: "–"}[stop.passed]
    ring = f'<circle class="ring" cx="{x}" cy="{y}" r="{RADIUS + 5}"/>' if stop.passed is Passed.HERE else ""
    kind = stop.passed.value
    circle = f'<circle class="stop {kind}" cx="{x}" cy="{y}" r="{RADIUS}"/>'
    return f'{ring}{circle}<text class="sign {kind}" x="{x}" y="{y + 5}" text-anchor="middle">{sign}</text>'
