"""Whatever stands in a pack, it is read or refused with a line; nothing ends in an exception."""

import re
import zlib
from pathlib import Path

import pytest

from counterfoil.domain.policy.pack import Pack
from counterfoil.packs.shelf import packs_in
from tests.packs.exampleland import read

OURS = Path(__file__).parents[2] / "src" / "counterfoil" / "packs" / "jurisdictions" / "idn"
ODD = ("5", "-1", '"x"', '""', "[1]", "[]", "{ a = 1 }", "true", "2025-01-01", "1.5", '"999999999999 %"')
TRIED = 4
KEY = re.compile(r"^([\w.]+) = .*$", re.MULTILINE)


def spoilt(folder: Path, name: str, key: str, odd: str) -> Path:
    """A copy of a real pack in which every value of one key in one file is an odd one."""
    place = folder / "idn"
    for path in OURS.rglob("*.toml"):
        target = place / path.relative_to(OURS)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        if path.name == name:
            text = re.sub(rf"^{re.escape(key)} = .*$", f"{key} = {odd}", text, flags=re.MULTILINE)
        target.write_text(text, encoding="utf-8")
    return place


def keys() -> list[tuple[str, str]]:
    files = sorted(path for path in OURS.rglob("*.toml") if "statistics" not in path.name)
    return sorted({(path.name, found[1]) for path in files for found in KEY.finditer(path.read_text("utf-8"))})


@pytest.mark.parametrize(("name", "key"), keys())
def test_an_odd_value_is_read_or_refused_with_its_line(tmp_path: Path, name: str, key: str) -> None:
    # A few odd values for each key, other ones for the next: all of them stand at every kind of key many times.
    start = zlib.crc32(f"{name}{key}".encode()) % len(ODD)
    for odd in (ODD + ODD)[start : start + TRIED]:
        found = read(spoilt(tmp_path, name, key, odd))
        if not isinstance(found, Pack):
            assert found
            for refusal in found:
                assert refusal.facts["file"] and int(str(refusal.facts["line"])) >= 1


@pytest.mark.parametrize(
    "text",
    ["", "rule = 5", "rule = [1]", "value = { a = 1 }", "fact = { a = 1 }", "rule = { a = { dated = [1] } }", "\0"],
)
def test_a_file_of_odd_shape_is_refused(tmp_path: Path, text: str) -> None:
    place = spoilt(tmp_path, "-", "-", "-")
    (place / "law" / "odd.toml").write_text(text, encoding="utf-8")
    (place / "cases" / "odd.toml").write_text(text.replace("rule", "case"), encoding="utf-8")
    assert isinstance(read(place), Pack if not text else list)


def test_the_pack_that_is_spoilt_here_is_one_of_ours() -> None:
    assert isinstance(read(OURS), Pack)
    assert [place.name for place in packs_in(OURS)] == ["idn"]
