"""From a survey to a case and its decision, on the command line in both languages."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Counterfoil
from tests.geometry.files import polygon, square


@pytest.fixture
def folder(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """A registry with two activities whose boundaries share a quarter of the second."""
    place = tmp_path / "xaa"
    assert counterfoil("init", "--dir", place, "--party", "XAA", "--registry", "XAA01", "--name", "X").status == 0
    lines = []
    for name, west in (("FIELD", 121.0), ("WOOD", 121.075)):
        file = tmp_path / f"{name}.geojson"
        file.write_bytes(square(west, 24, 0.1))
        kept = counterfoil("evidence", "add", file, "--dir", place, "--json").json["evidence"][0]["sha256"]
        facts = {"activity": name, "title": name, "mitigation_type": "reduction", "sector": "Farms", "boundary": kept}
        lines.append(json.dumps({"command": "RegisterActivity", "activity_type": "Rice", **facts}))
    assert counterfoil("do", "--dir", place, stdin="\n".join(lines)).status == 0
    return place


def recorded(counterfoil: Counterfoil, folder: Path, *names: str) -> None:
    for name in names:
        done = counterfoil("overlaps", "check", "--activity", name, "--record", "--dir", folder)
        assert done.status == 0, done.err


def test_a_conflict_is_shown_before_anything_is_recorded(
    folder: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    recorded(counterfoil, folder, "FIELD")
    wood = tmp_path / "WOOD.geojson"
    told = counterfoil("overlaps", "check", wood, "--sector", "Farms", "--dir", folder)
    assert told.status == 1
    assert "FIELD (FIELD): 28,163,897 m2, 25.00 % of this area; conflict." in told.out
    other = counterfoil("overlaps", "check", wood, "--sector", "Roofs", "--dir", folder, "--json")
    assert (other.status, other.json["overlaps"][0]["ground"]) == (0, "other_source")
    unsaid = counterfoil("overlaps", "check", wood, "--dir", folder, "--json")
    assert (unsaid.status, unsaid.json["overlaps"][0]["ground"]) == (0, None)
    later = counterfoil("overlaps", "check", "--activity", "WOOD", "--dir", folder, "--json")
    assert later.status == 1
    assert later.json["command"]["overlaps"][0]["other"] == "FIELD"


def test_a_recorded_check_opens_a_case_that_can_be_decided_and_measured_again(
    folder: Path, counterfoil: Counterfoil
) -> None:
    recorded(counterfoil, folder, "FIELD", "WOOD")
    (case,) = counterfoil("overlaps", "list", "--open", "--dir", folder, "--json").json["items"]
    assert (case["activity"], case["other"], case["share_ppm"], case["state"]) == ("WOOD", "FIELD", 250_000, "open")
    assert "未決" in counterfoil("overlaps", "list", "--dir", folder, "--lang", "zh-Hant").out
    assert counterfoil("overlaps", "verify", "--dir", folder).status == 0
    decided = {"command": "DecideOverlap", "case": case["id"], "upheld": False, "authority": "A", "reason": "Other."}
    assert counterfoil("do", "--dir", folder, stdin=json.dumps(decided)).status == 0
    assert counterfoil("overlaps", "list", "--open", "--dir", folder, "--json").json["items"] == []
    recorded(counterfoil, folder, "WOOD")
    assert counterfoil("overlaps", "list", "--dir", folder, "--json").json["items"][0]["state"] == "cleared"
    assert counterfoil("verify", folder).status == 0


def test_a_check_that_leaves_an_overlap_out_is_found(folder: Path, counterfoil: Counterfoil) -> None:
    recorded(counterfoil, folder, "FIELD")
    command = counterfoil("overlaps", "check", "--activity", "WOOD", "--dir", folder, "--json").json["command"]
    recorded(counterfoil, folder, "WOOD")
    silent = {**command, "overlaps": [], "after": 2}
    assert counterfoil("do", "--dir", folder, stdin=json.dumps(silent)).status == 0
    found = counterfoil("overlaps", "verify", "--dir", folder, "--json")
    assert found.status == 1
    expected = {"activity": "WOOD", "other": "FIELD", "recorded_m2": None, "computed_m2": 28_163_897}
    assert found.json["differences"] == [expected]


@pytest.mark.parametrize(
    ("why", "data", "code"),
    [
        ("crosses itself", polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "boundary.self_crossing"),
        ("has 100 MB", b" " * 100_000_000, "input.too_large"),
    ],
)
def test_a_file_is_refused_when_it(why: str, data: bytes, code: str, folder: Path, counterfoil: Counterfoil) -> None:
    file = folder.parent / "wrong.geojson"
    file.write_bytes(data)
    told = counterfoil("overlaps", "check", file, "--dir", folder, "--json")
    assert told.status == 2, why
    assert code in told.out + told.err


def test_a_check_names_a_file_or_an_activity(folder: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("overlaps", "check", "--dir", folder).status == 2
    assert counterfoil("overlaps", "check", "a.geojson", "--activity", "WOOD", "--dir", folder).status == 2
    assert counterfoil("overlaps", "check", "--activity", "ROOF", "--dir", folder).status == 1


def test_an_area_is_held_against_the_shape_of_the_country(
    tmp_path: Path, data_folder: Path, counterfoil: Counterfoil
) -> None:
    place = tmp_path / "twn"
    assert counterfoil("init", "--dir", place, "--party", "TWN", "--registry", "TWN01", "--name", "T").status == 0
    shapes = data_folder / "geo" / "countries-50m.json"
    here, abroad = tmp_path / "here.geojson", tmp_path / "abroad.geojson"
    here.write_bytes(square(121, 24, 0.1))
    abroad.write_bytes(square(100, 14, 0.1))
    within = counterfoil("overlaps", "check", here, "--countries", shapes, "--dir", place, "--json")
    assert within.json["country"]["within"] is True
    told = counterfoil("overlaps", "check", abroad, "--countries", shapes, "--dir", place)
    assert "100.00 % of it lies outside TWN" in told.out
