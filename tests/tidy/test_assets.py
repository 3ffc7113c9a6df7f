"""What set-up fetches: pinned by hash, complete, unchanged, with licences; a failure is told twice."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.tidy.tree import ROOT
from tools.assets import __main__ as setting_up
from tools.assets import kept
from tools.assets.npm import CannotFetch

LOCK = ROOT / "package-lock.json"


def test_every_package_is_pinned_by_hash_and_no_address_is_named() -> None:
    text = LOCK.read_text("utf-8")
    packages = {name: each for name, each in json.loads(text)["packages"].items() if name}
    assert packages and all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert "resolved" not in text and "://" not in text
    manifest = json.loads((ROOT / "package.json").read_text("utf-8"))
    for name, version in {**manifest["dependencies"], **manifest["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version
        assert not re.search(r"[^0-9.]", version), f"{name} is asked for by a range"
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8")
    assert "://" not in (ROOT / ".npmrc").read_text("utf-8")


@pytest.mark.parametrize("shelf", kept.SHELVES, ids=lambda shelf: shelf.place.name)
def test_each_kept_file_is_the_one_that_the_manifest_names(shelf: kept.Shelf) -> None:
    listed = dict(reversed(line.split("  ")) for line in (shelf.place / kept.COMPLETE).read_text("utf-8").splitlines())
    assert listed.keys() == shelf.files.keys()
    assert {each.name for each in shelf.place.iterdir()} == {*shelf.files, kept.COMPLETE}
    for name, digest in listed.items():
        assert hashlib.sha256((shelf.place / name).read_bytes()).hexdigest() == digest, name


def test_only_what_pages_load_goes_into_built_packages_and_each_with_its_licence() -> None:
    artifacts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["artifacts"]
    for shelf in (kept.FONTS, kept.WEB):
        assert f"{shelf.place.relative_to(ROOT).as_posix()}/*" in artifacts
    assert not kept.CHECKER.place.is_relative_to(ROOT / "src")
    families = {re.split(r"[-.]", name)[0] for shelf in kept.SHELVES for name in shelf.files}
    licensed = {name.split("-")[0] for shelf in kept.SHELVES for name in shelf.files if name.endswith("LICENSE.txt")}
    assert families == licensed
    for shelf in kept.SHELVES:
        for name in shelf.files:
            if name.endswith("LICENSE.txt"):
                assert len((shelf.place / name).read_text("utf-8")) > 500


def test_the_map_tells_the_licences_of_what_its_build_has_taken_in() -> None:
    text = (kept.WEB.place / "maplibre-gl-LICENSE.txt").read_text("utf-8")
    packages = json.loads(LOCK.read_text("utf-8"))["packages"]
    apart = {"htmx.org", "world-atlas", "axe-core", "maplibre-gl"}
    named = {name.removeprefix("node_modules/") for name in packages if name} - apart
    for name in named:
        assert (f"\n{name} " in text) == (not name.startswith("@expo-google-fonts/")), name


def test_a_package_without_a_file_leaves_no_half_made_folder(tmp_path: Path) -> None:
    shelf = kept.Shelf(tmp_path / "fonts", kept.FONTS.files)
    with pytest.raises(CannotFetch, match=r"NotoSans-Regular\.ttf"):
        kept.kept(tmp_path / "fetched", shelf)
    assert not shelf.place.exists()


def test_a_set_up_that_was_cut_short_begins_again_and_a_stranger_leaves(tmp_path: Path) -> None:
    (tmp_path / "from").write_bytes(b"new")
    shelf = kept.Shelf(tmp_path / "shelf", {"one.txt": Path("from"), "two.txt": lambda _: b"made"})
    shelf.place.mkdir()
    (shelf.place / "old.txt").write_bytes(b"of a former version")
    assert not kept.stands(shelf, since=0)
    kept.kept(tmp_path, shelf)
    assert {each.name: each.read_bytes() for each in shelf.place.iterdir() if each.name != kept.COMPLETE} == {
        "one.txt": b"new",
        "two.txt": b"made",
    }
    filled = (shelf.place / kept.COMPLETE).stat().st_mtime
    assert kept.stands(shelf, since=filled) and not kept.stands(shelf, since=filled + 1)


def test_a_failure_is_told_in_both_languages_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(folder: Path, npm: str) -> None:
        raise CannotFetch("the cable is cut")

    monkeypatch.setattr(kept, "stands", lambda shelf, since: False)
    monkeypatch.setattr(setting_up, "npm_here", lambda: "npm")
    monkeypatch.setattr(setting_up, "fetched", failing)
    assert setting_up.main() == 2
    told = capsys.readouterr().err
    assert told.count("the cable is cut") == 2 and "make setup" in told and re.search(r"字型", told)
