"""Drawings: heights in proportion, signs to the right side, nothing over anything else, and hostile names as text."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from counterfoil.entrypoints.web.drawing.flows import HEIGHT, SLOT_MIN, Flow, places, sankey
from counterfoil.entrypoints.web.drawing.multiples import multiples
from counterfoil.entrypoints.web.drawing.picture import WIDTH, ticks
from counterfoil.entrypoints.web.drawing.years import Series, Words, bars, lines
from counterfoil.entrypoints.web.parts import Drawing

WORDS = Words("year", "cannot be determined", lambda value: f"{value:,}")
YEARS = ["2021", "2022", "2023"]
HEADS = ("from", "to", "units")
_NAME = "{http://www.w3.org/2000/svg}"


def parts(drawing: Drawing, name: str) -> list[ElementTree.Element]:
    """The elements of that name, from a picture that must be whole XML with integers as coordinates."""
    root = ElementTree.fromstring(str(drawing.svg))
    assert root.get("role") == "img" and root.findtext(f"{_NAME}title") == drawing.title
    assert root.get("viewBox", "").split()[:3] == ["0", "0", str(WIDTH)]
    for each in root.iter():
        assert not {"style", "onclick"} & set(each.keys())
        for key in ("x", "y", "width", "height", "cx", "cy", "x1", "x2", "y1", "y2"):
            assert re.fullmatch(r"-?\d+", each.get(key, "0")), (each.tag, key)
    return list(root.iter(f"{_NAME}{name}"))


def boxes(drawing: Drawing, of: str = "s") -> list[tuple[int, int, int, int, str]]:
    """The bars with a told number: left, top, width, height and what they tell."""
    found = []
    for each in parts(drawing, "rect"):
        told = each.findtext(f"{_NAME}title")
        if told is not None and each.get("class", "").startswith(of):
            left, top, width, height = (int(each.get(key, "0")) for key in ("x", "y", "width", "height"))
            found.append((left, top, width, height, told))
    return found


def zero_of(drawing: Drawing) -> int:
    return next(int(each.get("y1", "0")) for each in parts(drawing, "line") if each.get("class") == "zero")


@pytest.mark.parametrize(
    "low, high", [(0, 0), (0, 1), (-1, 0), (0, 999_999_999), (-88_200, 63_366), (5, 9), (-7, -3), (0, 2_000_000)]
)
def test_the_ticks_are_few_round_and_hold_zero_and_both_ends(low: int, high: int) -> None:
    marks = ticks(low, high)
    assert 2 <= len(marks) <= 7 and 0 in marks and marks[0] <= low and marks[-1] >= high
    steps = {second - first for first, second in pairwise(marks)}
    assert len(steps) == 1 and re.fullmatch(r"[125]0*", str(steps.pop()))


def test_bars_are_as_high_as_their_numbers_and_stand_on_the_side_of_their_sign() -> None:
    drawing = bars("A", YEARS, [Series("up", [100, 200, 400]), Series("down", [-50, 0, -400])], WORDS)
    found, zero = boxes(drawing), zero_of(drawing)
    heights = {told: height for _, _, _, height, told in found}
    assert abs(heights["2023, up: 400"] - 2 * heights["2022, up: 200"]) <= 2
    assert abs(heights["2023, up: 400"] - heights["2023, down: -400"]) <= 1
    assert heights["2022, down: 0"] == 0
    for _, top, _, height, told in found:
        if "up" in told:
            assert top + height == zero, "what is above zero ends at the line"
        elif height:
            assert top == zero, "what is below zero begins at the line"


def test_no_bar_stands_on_another_and_all_are_inside_the_picture() -> None:
    years = [str(year) for year in range(2013, 2036)]
    drawing = bars("A", years, [Series(name, [7] * len(years)) for name in "abc"], WORDS)
    found = sorted(boxes(drawing))
    assert len(found) == 3 * len(years)
    for (left, _, width, _, _), (following, *_) in pairwise(found):
        assert left + width <= following
    assert found[-1][0] + found[-1][2] <= WIDTH


def test_stacked_bars_add_up_and_never_cover_each_other() -> None:
    drawing = bars("A", ["2022"], [Series("a", [300]), Series("b", [100]), Series("c", [-200])], WORDS, stacked=True)
    (_, a_top, _, a, _), (_, b_top, _, b, _), (_, c_top, _, c, _) = boxes(drawing)
    zero = zero_of(drawing)
    assert a_top + a == zero and b_top + b == a_top and c_top == zero
    assert abs(a - 3 * b) <= 3 and abs(c - 2 * b) <= 2


def test_what_is_not_known_is_marked_and_never_drawn_as_zero() -> None:
    drawing = bars("A", YEARS, [Series("a", [1, None, 3])], WORDS)
    assert [told for *_, told in boxes(drawing)] == ["2021, a: 1", "2023, a: 3"]
    assert [each.text for each in parts(drawing, "text")].count("?") == 1
    assert list(drawing.rows) == [("2021", 1), ("2022", "cannot be determined"), ("2023", 3)]


def test_a_small_number_is_seen_beside_a_large_one() -> None:
    drawing = bars("A", ["1", "2"], [Series("a", [1, 10_000_000])], WORDS)
    assert boxes(drawing)[0][3] == 1


def test_a_line_breaks_where_a_value_is_not_known() -> None:
    drawing = lines("A", ["1", "2", "3", "4", "5"], [Series("a", [1, 2, None, 4, 5])], WORDS)
    runs = [len((each.get("points") or "").split()) for each in parts(drawing, "polyline")]
    assert runs == [2, 2] and len(parts(drawing, "circle")) == 4


def test_flows_are_as_wide_as_their_units_and_fill_their_bars_exactly() -> None:
    flows = [Flow("THA", "CHE", 51_633), Flow("THA", "JPN", 1_009), Flow("GHA", "CHE", 11_733), Flow("X", "Y", 0)]
    drawing = sankey("A", flows, WORDS, heads=HEADS)
    spans: dict[str, list[tuple[int, int]]] = {}
    for each in parts(drawing, "path"):
        numbers = [int(number) for number in re.findall(r"-?\d+", each.get("d", ""))]
        told = (each.findtext(f"{_NAME}title") or "").partition(":")[0].split(" → ")
        spans.setdefault(f"from {told[0]}", []).append((numbers[1], numbers[-1]))
        spans.setdefault(f"to {told[1]}", []).append((numbers[7], numbers[9]))
    assert spans.keys() == {"from THA", "from GHA", "to CHE", "to JPN"}, "a flow of nothing is not drawn"
    for name, found in spans.items():
        ordered = sorted(found)
        assert all(end <= start for (_, end), (start, _) in pairwise(ordered)), f"flows at {name} cover each other"
    total = sum(flow.quantity for flow in flows)
    tha = places([("THA", 52_642), ("GHA", 11_733)], total)["THA"]
    assert tha.height == 52_642 * HEIGHT // total
    assert min(start for start, _ in spans["from THA"]) == tha.top
    assert abs(max(end for _, end in spans["from THA"]) - (tha.top + tha.height)) <= 1
    assert sum(int(row[2]) for row in drawing.rows) == total, "the table has every unit"


def test_places_have_room_for_their_names_however_small_they_are() -> None:
    found = list(places([(f"P{number}", 10 ** (number % 7)) for number in range(30)], 30 * 10**6).values())
    for one, following in pairwise(found):
        assert one.top + max(one.height, SLOT_MIN) < following.top


def test_flows_of_one_pair_are_joined() -> None:
    drawing = sankey("A", [Flow("A", "B", 2), Flow("A", "B", 3), Flow("B", "A", 4)], WORDS, heads=HEADS)
    assert list(drawing.rows) == [("A", "B", 5), ("B", "A", 4)]


def test_small_pictures_share_one_scale() -> None:
    drawing = multiples("A", YEARS, [Series("a", [10, 20, 40]), Series("b", [None, -40, 0])], WORDS)
    heights = {told: height for _, _, _, height, told in boxes(drawing)}
    assert heights["a, 2023: 40"] == heights["b, 2022: -40"] and "b, 2021: cannot be determined" not in heights
    assert list(drawing.rows) == [("a", 10, 20, 40), ("b", "cannot be determined", -40, 0)]


def test_hostile_names_are_text_and_nothing_else() -> None:
    name = '"><script>alert(1)</script>\u202e' + "長" * 10_000
    for drawing in (
        bars(name, [name], [Series(name, [1])], WORDS),
        lines(name, [name, "b"], [Series(name, [1, 2])], WORDS),
        sankey(name, [Flow(name, "B", 1)], WORDS, heads=HEADS),
        multiples(name, [name], [Series(name, [1])], WORDS),
    ):
        assert not parts(drawing, "script") and "<script" not in str(drawing.svg)


def test_nothing_to_draw_is_drawn_without_failing() -> None:
    for drawing in (
        bars("A", [], [], WORDS),
        lines("A", [], [Series("a", [])], WORDS),
        sankey("A", [], WORDS, heads=HEADS),
        multiples("A", [], [], WORDS),
    ):
        assert parts(drawing, "title") and not drawing.rows
