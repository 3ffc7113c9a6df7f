"""Packs are found inside the package, in outside packages, and in folders; and ours are sound."""

import sys
from pathlib import Path

import pytest

from counterfoil.domain.policy.pack import Pack
from counterfoil.packs.shelf import open_pack, open_shelf
from counterfoil.packs.shelf_laws import ShelfLaws
from counterfoil.packs.skeleton import write as write_skeleton
from counterfoil.packs.toml_file import key_lines
from tests.packs.exampleland import PARTY, read, write


def test_every_pack_that_we_ship_is_sound_and_its_sentences_hold() -> None:
    shelf = open_shelf(with_cases=True)
    assert shelf.problems == {}
    assert {"idn", "tha", "sgp", "jpn", "che", "nor"} <= set(shelf.packs)
    for pack in shelf.packs.values():
        assert pack.cases, f"{pack.id} has no case"
        assert pack.covers and pack.leaves_out, f"{pack.id} does not say what it covers"


def test_a_pack_in_a_named_folder_is_found_with_its_rooms(tmp_path: Path) -> None:
    write(tmp_path / "jurisdictions")
    assert "xaa" in open_shelf([tmp_path]).packs
    assert isinstance(open_pack("XAA", [tmp_path]), Pack)
    assert isinstance(open_pack(str(tmp_path / "jurisdictions" / "xaa")), Pack)


def test_two_packs_of_one_id_are_a_problem_and_the_first_stays(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two", PARTY.replace('status = "party"', 'status = "non_party"'))
    shelf = open_shelf([tmp_path / "one", tmp_path / "two"])
    assert [str(each.code) for found in shelf.problems.values() for each in found] == ["pack.id_twice"]


def test_an_outside_package_offers_packs_and_none_of_its_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "outside_packs_of_a_test"
    write(package / "laws" / "jurisdictions")
    (package / "__init__.py").write_text("raise RuntimeError('this code must not run')\n", encoding="utf-8")
    metadata = tmp_path / "outside_packs_of_a_test-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: outside-packs-of-a-test\nVersion: 1.0\n", encoding="utf-8")
    points = "[counterfoil.packs]\nexample = outside_packs_of_a_test.laws\n"
    (metadata / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "xaa" in open_shelf().packs
    assert "outside_packs_of_a_test" not in sys.modules


def test_a_named_folder_that_is_absent_is_told_and_not_passed_over(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert [str(each.code) for each in open_shelf([gone]).problems[str(gone)]] == ["pack.folder_absent"]
    found = open_pack("idn", [gone])
    assert isinstance(found, list)
    assert str(found[0].code) == "pack.folder_absent"


def test_a_pack_that_is_nowhere_is_named_with_those_that_exist() -> None:
    found = open_pack("atlantis")
    assert isinstance(found, list)
    assert str(found[0].code) == "pack.absent"
    assert "idn" in str(found[0].facts["known"])


def test_the_skeleton_is_sound_and_keeps_export_closed(tmp_path: Path) -> None:
    folder = write_skeleton("XAA", tmp_path)
    assert isinstance(folder, Path)
    assert isinstance(read(folder), Pack)
    assert str(getattr(write_skeleton("XAA", tmp_path), "code", "")) == "pack.folder_taken"


def test_every_key_has_the_line_on_which_it_stands() -> None:
    text = 'a = 1\n\n[t.u]\nb = "x"\n[[t.rows]]\nc = 1\n[[t.rows]]\nd.e = [\n  "q",\n]\nf = """\ng = 1\n"""\nh = 2\n'
    lines = dict(key_lines(text))
    assert lines["a",] == 1
    assert lines["t", "u", "b"] == 4
    assert lines["t", "rows", 0, "c"] == 6
    assert lines["t", "rows", 1, "d", "e"] == 8
    assert ("t", "rows", 1, "g") not in lines
    assert lines["t", "rows", 1, "h"] == 14


@pytest.mark.parametrize("name", ["a" * 5_000, "\x00", "../idn", "./xaa", "xaa", "", "/"])
def test_a_registry_takes_no_law_by_a_path_and_keeps_no_name_that_is_not_on_the_shelf(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    laws = ShelfLaws()
    assert laws.law(name) is None
    assert not laws._read
    assert ShelfLaws([tmp_path]).law("xaa") is not None, "where the operator names the folder, it is there"
