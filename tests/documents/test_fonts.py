"""The set-up of the fonts: what is fetched is pinned, what is kept is complete, a failure is told twice."""

import json
import re
from pathlib import Path

import pytest

from counterfoil.adapters.documents import pdf
from counterfoil.adapters.documents.font_cover import covered
from tests.tidy.tree import ROOT
from tools import fonts


def test_every_package_is_pinned_by_hash_and_no_address_is_named() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    packages = {name: each for name, each in json.loads(text)["packages"].items() if name}
    assert packages and all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert "resolved" not in text and "://" not in text
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    assert {f"node_modules/{name}": version for name, version in asked.items()} == {
        name: each["version"] for name, each in packages.items()
    }
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8")
    assert "://" not in (ROOT / ".npmrc").read_text("utf-8")


def test_the_fonts_are_where_the_printer_looks_with_their_licences() -> None:
    assert pdf.FONTS == fonts.TARGET
    assert {name for names in pdf.FILES.values() for name in names} <= fonts.KEPT.keys()
    for name in fonts.KEPT:
        assert (fonts.TARGET / name).stat().st_size > 4_000
        if name.endswith(".txt"):
            assert "SIL Open Font License, Version 1.1" in (fonts.TARGET / name).read_text("utf-8")


def test_both_weights_of_a_font_show_the_letters_that_documents_are_written_in() -> None:
    for name in ("Regular", "Bold"):
        chinese = covered(pdf.FONTS / f"NotoSansTC-{name}.ttf")
        assert {ord(letter) for letter in "瑞士依巴黎協定提交之初始報告，。（）「」A1"} <= chinese
        assert {ord(letter) for letter in "Zürich Đặng Łódź Өргөө №"} <= covered(pdf.FONTS / f"NotoSans-{name}.ttf")
        assert 0xE000 not in chinese and 0xFFFF not in chinese


def test_a_package_without_a_font_leaves_no_half_made_folder(tmp_path: Path) -> None:
    with pytest.raises(fonts.CannotFetch, match=r"NotoSans-Regular\.ttf"):
        fonts.kept(tmp_path / "fetched", tmp_path / "fonts")
    assert not (tmp_path / "fonts").exists()


def test_a_failure_is_told_in_both_languages_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(folder: Path, npm: str) -> None:
        raise fonts.CannotFetch("the cable is cut")

    monkeypatch.setattr(fonts, "npm_here", lambda: "npm")
    monkeypatch.setattr(fonts, "fetched", failing)
    assert fonts.main() == 2
    told = capsys.readouterr().err
    assert told.count("the cable is cut") == 2 and "make setup" in told and re.search(r"字型", told)
