"""Folders that no careful clerk would write: too much, too deep, elsewhere, not text. Refused, and soon."""

import codecs
from pathlib import Path

import pytest

from counterfoil.domain.policy.pack import Pack
from counterfoil.packs.case_reading import CASES_MAX
from counterfoil.packs.pack_folder import FILES_MAX
from tests.packs.exampleland import PACK, PARTY, read, rule, write

SENTENCE = """\
[[case]]
says = { en = "It is a Party.", zh-Hant = "為締約方。" }
on = 2026-01-01
act = "authorize"
expect = "allowed"
"""
UNITS = "".join(rule(f"u{n}", "unit_type", f'code = "U{n}"\nsize = "1 t"') for n in range(2))


def codes(place: Path) -> list[str]:
    found = read(place)
    assert isinstance(found, list)
    return [str(refusal.code) for refusal in found]


def conversion(name: str, source: str, target: str) -> str:
    content = f'from_types = ["{source}"]\nto_type = "{target}"\neffect = "same_ledger"\nratio = "1:1"'
    return rule(name, "conversion", content)


def test_more_files_than_are_read_are_refused_and_never_left_out_in_silence(tmp_path: Path) -> None:
    place = write(tmp_path)
    for number in range(FILES_MAX):
        (place / "law" / f"more-{number}.toml").write_text("", encoding="utf-8")
    assert codes(place) == ["pack.files_too_many"]
    (place / "law" / "more-0.toml").unlink()
    assert isinstance(read(place), Pack)


def test_more_cases_than_are_played_are_refused_and_never_left_out_in_silence(tmp_path: Path) -> None:
    assert isinstance(read(write(tmp_path, cases=SENTENCE * CASES_MAX)), Pack)
    assert codes(write(tmp_path, cases=SENTENCE * (CASES_MAX + 1))) == ["pack.cases_too_many"]


@pytest.mark.parametrize("name", ["law/other.toml", "cases/other.toml"])
def test_a_link_out_of_the_pack_is_refused_and_its_target_is_not_quoted(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret", encoding="utf-8")
    place = write(tmp_path)
    (place / name).symlink_to(secret)
    found = read(place)
    assert isinstance(found, list)
    assert [str(refusal.code) for refusal in found] == ["pack.file_elsewhere"]
    assert "secret" not in str(found[0].facts)


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    place = write(tmp_path)
    (place / "law" / "other.toml").write_bytes("# one\n# zwei ü\n".encode("latin-1"))
    found = read(place)
    assert isinstance(found, list)
    assert [(str(each.code), each.facts["line"]) for each in found] == [("pack.not_utf8", 2)]


def test_a_mark_that_an_editor_puts_in_front_says_nothing(tmp_path: Path) -> None:
    place = write(tmp_path)
    for name, text in (("pack.toml", PACK), ("law/law.toml", PARTY)):
        (place / name).write_bytes(codecs.BOM_UTF8 + text.encode())
    assert isinstance(read(place), Pack)


@pytest.mark.parametrize("text", ["a" + ".a" * 60_000 + " = 1", "x = 1\n['a'" + ' . "a"' * 30_000 + "]"])
def test_a_name_of_very_many_parts_is_refused_before_it_is_read(tmp_path: Path, text: str) -> None:
    place = write(tmp_path)
    (place / "law" / "other.toml").write_text(text, encoding="utf-8")
    assert codes(place) == ["pack.key_too_deep"]


def test_lists_in_lists_without_end_are_refused(tmp_path: Path) -> None:
    place = write(tmp_path)
    (place / "law" / "other.toml").write_text("a = " + "[" * 100_000, encoding="utf-8")
    assert codes(place) == ["pack.toml_broken"]


def test_a_conversion_of_a_type_into_itself_is_a_circle(tmp_path: Path) -> None:
    assert codes(write(tmp_path, PARTY + UNITS + conversion("c", "U0", "U0"))) == ["pack.conversion_cycle"]


def test_conversions_by_very_many_ways_are_judged_soon(tmp_path: Path) -> None:
    """Thirty layers of two types each have a thousand million ways through them; each edge is looked at once."""
    layers = [
        conversion(f"c{layer}{one}{other}", f"T{layer}{one}", f"T{layer + 1}{other}")
        for layer in range(30)
        for one in "ab"
        for other in "ab"
    ]
    assert isinstance(read(write(tmp_path, PARTY + "".join(layers))), Pack)
    closed = conversion("back", "T30b", "T0a")
    assert "pack.conversion_cycle" in codes(write(tmp_path, PARTY + "".join([*layers, closed])))
