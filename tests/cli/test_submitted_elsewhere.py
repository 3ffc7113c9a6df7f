"""Annual information of which only the hash was recorded stands beside the reports that were filed here."""

import hashlib

from tests.cli.conftest import ndjson
from tests.cli.house import KEY, House, aef, annual, filing, house, initial, printed

__all__ = ["annual", "filing", "house", "initial"]


def test_annual_information_that_was_submitted_elsewhere_is_listed_and_shown(house: House) -> None:
    digest = hashlib.sha256(b"a workbook").hexdigest()
    act = {"command": "SubmitAef", "party": "THA", "year": 2022, "version": "1.0", "sha256": digest}
    done = house.run("do", "--dir", house.folder, stdin=ndjson(act))
    assert done.status == 0, done.err
    (row,) = [
        each
        for each in house.run("submission", "list", "--dir", house.folder, "--json").json["items"]
        if each["report"] == "aef:THA:2022"
    ]
    assert (row["version"], row["state"], row["sha256"]) == ("1.0", "recorded", digest)
    assert "submitted elsewhere" in house.run("submission", "list", "--dir", house.folder).out
    shown = house.run("submission", "show", "aef:THA:2022", "--dir", house.folder, "--json").json
    assert (shown["versions"], shown["files"]) == (["1.0"], [])
    assert house.run("submission", "show", "aef:THA:2021", "--dir", house.folder, "--json").status == 1


def test_a_filed_version_after_one_that_was_submitted_elsewhere_stands_in_its_place(house: House) -> None:
    act = {"command": "SubmitAef", "party": "THA", "year": 2023, "version": "1.0", "sha256": "0a" * 32}
    assert house.run("do", "--dir", house.folder, stdin=ndjson(act)).status == 0
    again = aef(house.file, house.annual)
    assert (again.status, again.json["code"], again.json["facts"]["known"]) == (1, "report.version_not_higher", "1.0")
    newer = printed(house.run, house.folder, house.tmp / "newer", "1.1")
    assert aef(house.file, newer, version="1.1").status == 0
    shown = house.run("submission", "show", KEY, "--dir", house.folder, "--json").json
    assert (shown["version"], shown["state"], shown["versions"]) == ("1.1", "sent", ["1.0", "1.1"])
    (row,) = [
        each
        for each in house.run("submission", "list", "--dir", house.folder, "--json").json["items"]
        if each["report"] == KEY
    ]
    assert row["version"] == "1.1"
