"""No unit may stand in the books of two sections at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.tenancy.cross_section import HeldTwice, held_twice, in_two, standing_in
from counterfoil.entrypoints.tenancy.installation import Installation, SectionState
from tests.cli.conftest import Counterfoil
from tests.http.desk import act, block
from tests.tenancy.house import installed


def holding(folder: Path, *numbers: int) -> None:
    """Blocks of a thousand units that an import brings into a book."""
    opened = open_for_writing(Folder(folder), "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, *(block(number) for number in numbers))


@pytest.fixture
def two(tmp_path: Path) -> Installation:
    installation = installed(tmp_path / "hosted", "THA", "GHA")
    holding(installation.folder_of("THA"), 0, 1, 2)
    return installation


def test_neighbours_are_joined_and_other_books_with_other_units_agree(two: Installation) -> None:
    holding(two.folder_of("GHA"), 3, 5)
    assert standing_in(two.folder_of("THA")) == {"BR-#": [(1, 3_000)]}
    assert standing_in(two.folder_of("GHA")) == {"BR-#": [(3_001, 4_000), (5_001, 6_000)]}
    assert held_twice(two) == ()


def test_units_that_two_books_have_are_told_with_their_serials(two: Installation, counterfoil: Counterfoil) -> None:
    check = ("installation", "check", "--dir", two.directory)
    assert counterfoil(*check).status == 0
    holding(two.folder_of("GHA"), 1, 7)
    assert held_twice(two) == (HeldTwice("BR-#", 1_001, 2_000, ("GHA", "THA")),)
    told = counterfoil(*check)
    assert (told.status, told.out) == (1, "✗ BR-# 1001-2000 stands in the books of GHA, THA\n")
    assert counterfoil(*check, "--json").json["held_twice"] == [
        {"unit_class": "BR-#", "first": 1_001, "last": 2_000, "parties": ["GHA", "THA"]}
    ]


def test_what_was_handed_over_is_not_looked_at_any_more(two: Installation) -> None:
    holding(two.folder_of("GHA"), 1)
    gone = replace(two.sections[1], state=SectionState.HANDED_OVER)
    assert held_twice(two.changed(gone)) == ()


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([(1, 10)], [(11, 20)], []),
        ([(1, 10)], [(10, 20)], [(10, 10)]),
        ([(1, 100)], [(20, 30), (40, 50)], [(20, 30), (40, 50)]),
        ([(20, 30), (40, 50)], [(1, 100)], [(20, 30), (40, 50)]),
        ([(1, 5), (7, 9)], [(5, 7)], [(5, 5), (7, 7)]),
        ([(1, 1)], [(1, 1)], [(1, 1)]),
    ],
)
def test_overlaps_are_found_at_both_ends_and_within(
    one: list[tuple[int, int]], other: list[tuple[int, int]], found: list[tuple[int, int]]
) -> None:
    books = {"THA": {"X": one, "Y": [(1, 9)]}, "GHA": {"X": other, "Z": [(1, 9)]}}
    assert [(each.first, each.last) for each in in_two(books)] == found
