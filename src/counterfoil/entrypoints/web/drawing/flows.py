"""Flows between two columns of places, such as transfers from one Party to another: a Sankey diagram."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.entrypoints.web.drawing.picture import COLOURS, WIDTH, Picture, cut
from counterfoil.entrypoints.web.drawing.years import Words
from counterfoil.entrypoints.web.parts import Drawing

HEIGHT: Final = 220
"""Of all flows together, without the gaps between places."""
SLOT_MIN: Final = 34
"""A place has room for its name and its number, however small its flows are."""
GAP: Final = 8
LABEL: Final = 112
BAR: Final = 8


@dataclass(frozen=True, slots=True)
class Flow:
    """So many units from one place to another; places are named as people read them."""

    source: str
    target: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Place:
    """A node as it is drawn: where it begins, how high its bar is."""

    name: str
    top: int
    height: int
    quantity: int


def sankey(title: str, flows: Sequence[Flow], words: Words, *, heads: tuple[str, str, str]) -> Drawing:
    """The flows, widest first, and their table: source, target, quantity. Flows of nothing are left out."""
    joined: Counter[tuple[str, str]] = Counter()
    for flow in flows:
        joined[flow.source, flow.target] += flow.quantity
    known = [Flow(*pair, quantity) for pair, quantity in joined.most_common() if quantity > 0]
    total = sum(each.quantity for each in known)
    sources = places([(each.source, each.quantity) for each in known], total)
    targets = places([(each.target, each.quantity) for each in known], total)
    picture = Picture(title, "; ".join(f"{f.source} → {f.target}: {words.number(f.quantity)}" for f in known[:20]))
    _ribbons(picture, known, sources, targets, words)
    for place in sources.values():
        _place(picture, place, "end", words)
    for place in targets.values():
        _place(picture, place, "start", words)
    below = max((each.top + max(each.height, SLOT_MIN) for each in (*sources.values(), *targets.values())), default=20)
    rows = [(each.source, each.target, each.quantity) for each in known]
    return Drawing(title, picture.svg(below + 4), heads, rows)


def places(shares: Sequence[tuple[str, int]], total: int) -> dict[str, Place]:
    """One column of places from top to bottom, none touching the next; heights in proportion to what flows there."""
    sums: Counter[str] = Counter()
    for name, quantity in shares:
        sums[name] += quantity
    found: dict[str, Place] = {}
    top = 4
    for name, quantity in sums.most_common():
        height = max(quantity * HEIGHT // max(total, 1), 1)
        found[name] = Place(name, top, height, quantity)
        top += max(height, SLOT_MIN) + GAP
    return found


def _ribbons(
    picture: Picture,
    flows: Sequence[Flow],
    sources: dict[str, Place],
    targets: dict[str, Place],
    words: Words,
) -> None:
    """Bands from bar to bar. At each end they lie under each other, in the order of the flows."""
    colours = {name: number % COLOURS + 1 for number, name in enumerate(sources)}
    left, right = LABEL + BAR, WIDTH - LABEL - BAR
    middle = (left + right) // 2
    done_left: Counter[str] = Counter()
    done_right: Counter[str] = Counter()
    for flow in flows:
        one, other = sources[flow.source], targets[flow.target]
        y1, y2 = _span(one, done_left[flow.source], flow.quantity)
        z1, z2 = _span(other, done_right[flow.target], flow.quantity)
        done_left[flow.source] += flow.quantity
        done_right[flow.target] += flow.quantity
        told = f"{flow.source} → {flow.target}: {words.number(flow.quantity)}"
        path = (
            f"M{left} {y1}C{middle} {y1} {middle} {z1} {right} {z1}"
            f"L{right} {z2}C{middle} {z2} {middle} {y2} {left} {y2}Z"
        )
        picture.add('<path class="flow s{}" d="{}"><title>{}</title></path>', colours[flow.source], path, told)


def _span(place: Place, before: int, quantity: int) -> tuple[int, int]:
    """Where a flow stands at the bar of a place, after what stands above it; never of no height."""
    start = place.top + before * place.height // place.quantity
    end = place.top + (before + quantity) * place.height // place.quantity
    return start, max(end, start + 1)


def _place(picture: Picture, place: Place, anchor: str, words: Words) -> None:
    """A bar with its name and number in the margin beside it: `end` of the left margin, `start` of the right one."""
    bar_x, text_x = (LABEL, LABEL - 6) if anchor == "end" else (WIDTH - LABEL - BAR, WIDTH - LABEL + 6)
    picture.add('<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>', bar_x, place.top, BAR, place.height)
    middle = place.top + max(place.height, SLOT_MIN) // 2
    picture.text(text_x, middle - 3, cut(place.name, LABEL - 8), anchor=anchor)
    picture.text(text_x, middle + 13, words.number(place.quantity), anchor=anchor, kind="soft")
