"""What comes from outside: the platform's answers and results, and other Parties' published submissions."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from counterfoil.application.queries import aef_check
from counterfoil.entrypoints.submitting import stored
from tests.cli.conftest import UNIT, Counterfoil, ndjson
from tests.cli.house import KEY, House, aef, annual, filing, house, initial

__all__ = ["annual", "filing", "house", "initial"]


def received(counterfoil: Counterfoil, folder: Path, carp: Path, **files: Any) -> Any:
    inbox = carp / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        (inbox / f"{name}.json").write_text(value if isinstance(value, str) else json.dumps(value))
    return counterfoil("submission", "receive", "--carp", carp, "--dir", folder, "--json")


RANGE = ("CA9001-THA01-THA-1900-2022", "CA9001-THA01-THA-2500-2022")
ANSWER = {
    "format": "carp-answer/1", "report": KEY, "version": "1.0", "id": "CARP-7", "day": "2024-04-02",
    "outcome": "acknowledged", "text": "Received.",
}  # fmt: skip
RESULT = {
    "format": "carp-consistency-result/1", "id": "CC-7", "party": "THA", "year": 2023, "version": "1.0",
    "status": "INCONSISTENT", "day": "2024-05-02",
    "findings": [
        {"check": "II02", "first_id": RANGE[0], "last_id": RANGE[1], "text": "Twice."},
        {"check": "C12", "first_id": None, "last_id": None, "text": "Late."},
    ],
}  # fmt: skip


def test_answers_and_results_are_taken_in_once_and_hold_exactly_the_flagged_serials(house: House) -> None:
    aef(house.file, house.annual)
    first = received(house.run, house.folder, house.tmp / "carp", answer=ANSWER, result=RESULT)
    assert (first.status, len(first.lines)) == (0, 3)
    assert received(house.run, house.folder, house.tmp / "carp").lines == []
    shown = house.run("submission", "show", KEY, "--dir", house.folder, "--json").json
    assert (shown["state"], shown["answers"][0]["acknowledgement"]) == ("acknowledged", "CARP-7")
    (hold,) = house.run("list", "hold", "--dir", house.folder, "--json").json["items"]
    assert (hold["first"], hold["last"], hold["source"]) == (1900, 1916, "CC-7")
    assert "II02" in hold["reason"]
    unit = house.run("show", "unit", UNIT.replace("-71-", "-1899-"), "--dir", house.folder, "--json").json
    assert unit["holds"] == []
    released = {"command": "ReleaseHold", "hold": hold["key"], "authority": "DNA", "reason": "Version 1.1 corrects it."}
    assert house.run("do", "--dir", house.folder, stdin=ndjson(released)).status == 0
    assert received(house.run, house.folder, house.tmp / "carp").lines == []


def test_a_result_of_many_findings_is_taken_in_in_parts(house: House) -> None:
    aef(house.file, house.annual)
    rows = [
        {"check": "C50", "first_id": f"CA9001-THA01-THA-{serial}-2022", "last_id": f"CA9001-THA01-THA-{serial}-2022"}
        for serial in range(1, 500, 2)
    ]
    told = received(house.run, house.folder, house.tmp / "carp", result={**RESULT, "findings": rows})
    assert told.status == 0
    assert sum(line["act"] == "ConsistencyResultRecorded" for line in told.lines) == 3
    assert sum(line["act"] == "Held" for line in told.lines) == 250


@pytest.mark.parametrize(
    "value",
    [
        "", "{", "[]", "null", '{"format": "carp-answer/1"}', {**ANSWER, "outcome": "fine"}, {**ANSWER, "id": "a b"},
        {**ANSWER, "more": 1}, {**ANSWER, "day": "2024-02-30"}, {**RESULT, "status": "GOOD"}, {**RESULT, "year": "x"},
        {**RESULT, "party": "TH"}, {**RESULT, "findings": [{"check": "C50", "first_id": "X", "last_id": "Y"}]},
        {**RESULT, "findings": [7]}, {**RESULT, "findings": 7}, {**RESULT, "version": "1"}, "[" * 100_000,
    ],
)  # fmt: skip
def test_a_file_of_the_inbox_that_cannot_be_read_does_nothing_and_stops_no_other(value: Any, house: House) -> None:
    aef(house.file, house.annual)
    told = received(house.run, house.folder, house.tmp / "carp", a_bad=value, b_good=ANSWER)
    assert told.status == 2
    assert [line.get("code") or line["act"] for line in told.lines] == ["carp.unreadable", "SubmissionAcknowledged"]


def test_a_foreign_submission_is_kept_and_checked_with_our_own(house: House) -> None:
    che = house.tmp / "che"
    period = ("--ndc-period", "2021-2030")
    house.run(
        "init", "--dir", che, "--party", "CHE", "--registry", "CHE01", "--name", "CHE", "--demonstration", *period
    )
    out = ("--year", "2023", "--submitted-on", "2024-03-30", "--out", house.tmp / "foreign")
    assert house.run("report", "aef", "--dir", che, "--party", "CHE", *out).status == 0
    (foreign,) = (house.tmp / "foreign").iterdir()
    aef(house.file, house.annual)
    told = house.run("aef", "import", foreign, "--dir", house.folder, "--json")
    assert (told.status, told.json["party"], told.json["status"]) == (0, "CHE", "CONSISTENT")
    assert house.run("aef", "import", foreign, "--dir", house.folder).status == 0
    assert house.run("aef", "check", "--imported", "--dir", house.folder, "--json").json["status"] == "CONSISTENT"
    (kept,) = house.run("list", "submission", "--dir", house.folder, "--json").json["items"]
    assert (kept["key"], kept["version"]) == ("CHE:2023", "1.0")
    again = house.tmp / "changed.xlsx"
    book = load_workbook(foreign)
    book.save(again)
    refused = house.run("aef", "import", again, "--dir", house.folder, "--json")
    assert (refused.status, refused.json["code"]) == (1, "import.version_not_higher")


def test_what_is_no_submission_is_not_imported(counterfoil: Counterfoil, issued: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK")
    assert counterfoil("aef", "import", bad, "--dir", issued, "--json").status == 2
    other = tmp_path / "other.json"
    other.write_text("{}")
    assert counterfoil("aef", "import", other, "--dir", issued, "--json").status == 2
    assert counterfoil("list", "submission", "--dir", issued, "--json").json["items"] == []


def test_nothing_to_check_is_asked_for(counterfoil: Counterfoil) -> None:
    assert counterfoil("aef", "check", "--json").json["code"] == "usage.option_missing"


def test_the_result_of_who_did_not_resubmit_flips_when_the_counterparty_reports(
    counterfoil: Counterfoil, demo: Path
) -> None:
    folder, file = ("--dir", demo / "NOR"), demo / "CHE" / "reports" / "aef-CHE-2024-v1.0.xlsx"
    assert counterfoil("aef", "import", file, *folder, "--json").json["status"] == "NOT_AVAILABLE"
    theirs = [demo / "THA" / "reports" / f"aef-THA-{year}-v1.0.xlsx" for year in (2023, 2024)]
    told = counterfoil("aef", "import", *theirs, *folder, "--json").lines
    (flipped,) = told[0]["touched"]
    assert flipped["party"] == "CHE"
    assert flipped["before"]["N"] > flipped["after"]["N"]
    assert flipped["after"]["I"] == 0


def test_kept_workbooks_are_opened_one_after_another(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(house)
    events: list[str] = []
    opened, parsed = stored._opened, aef_check.read_submission

    def opening(evidence: Any, name: str, *rest: Any) -> Any:
        events.append(f"open {name}")
        return opened(evidence, name, *rest)

    def reading(raw: Any, form: Any, name: str) -> Any:
        events.append(f"read {name}")
        return parsed(raw, form, name)

    monkeypatch.setattr(stored, "_opened", opening)
    monkeypatch.setattr(aef_check, "read_submission", reading)
    assert house.run("aef", "check", "--imported", "--dir", house.folder, "--json").json["status"] == "CONSISTENT"
    names = ["aef-CHE-2023-v1.0.xlsx", "aef-THA-2023-v1.0.xlsx"]
    assert events == [f"{act} {name}" for name in names for act in ("open", "read")]


def test_a_kept_workbook_that_is_lost_is_a_finding(house: House) -> None:
    foreign = imported(house)
    digest = hashlib.sha256(foreign.read_bytes()).hexdigest()
    (lost,) = (house.folder / "evidence").rglob(f"*{digest[2:]}*")
    lost.unlink()
    told = house.run("aef", "check", "--imported", "--dir", house.folder, "--json")
    assert (told.status, told.json["status"]) == (2, "INCONSISTENT")
    (finding,) = [one for one in told.json["findings"] if one["severity"] == "B"]
    assert (finding["check"], finding["file"]) == ("C01", "aef-CHE-2023-v1.0.xlsx")


def imported(house: House) -> Path:
    """CHE's annual information without acts, kept beside the registry's own filed one."""
    che = house.tmp / "che"
    names = ("--party", "CHE", "--registry", "CHE01", "--name", "CHE", "--demonstration", "--ndc-period", "2021-2030")
    house.run("init", "--dir", che, *names)
    out = ("--year", "2023", "--submitted-on", "2024-03-30", "--out", house.tmp / "foreign")
    assert house.run("report", "aef", "--dir", che, "--party", "CHE", *out).status == 0
    (foreign,) = (house.tmp / "foreign").iterdir()
    aef(house.file, house.annual)
    assert house.run("aef", "import", foreign, "--dir", house.folder).status == 0
    return foreign
