"""The book of refused double sales, as an officer reads it."""

from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters import incident_file
from counterfoil.adapters.incident_file import IncidentFile, read_incidents
from counterfoil.application.incidents import Incident
from tests.cli.conftest import Counterfoil, ndjson

USED = {"unit_class": "CA9001-THA01-THA-#-2022", "first": 1, "last": 100}
CANCEL = {"command": "Cancel", "units": USED, "account": "tha:dev", "purpose": "OMGE", "reason": "test"}


def attempt(number: int = 0, **changes: Any) -> Incident:
    facts = {
        "at": "2026-01-05T00:00:00.000Z",
        "by": "token:a",
        "act": "Transfer",
        "command": "",
        "code": "units.left",
        "units": f"X {number}..{number}",
        "serials": "",
        "account": "tha:dev",
        "found": "to:CHE",
    }
    return Incident(**{**facts, **changes})


def test_a_second_sale_is_refused_and_listed_and_the_journal_does_not_grow(
    issued: Path, counterfoil: Counterfoil
) -> None:
    assert counterfoil("incidents", "--dir", issued, "--json").json["incidents"] == []
    assert counterfoil("do", "--dir", issued, stdin=ndjson(CANCEL)).status == 0
    before = counterfoil("verify", "--dir", issued, "--json").json
    retire = {"command": "Retire", "units": {**USED, "first": 100}, "account": "tha:dev", "beneficiary": "x"}
    again = {**CANCEL, "units": {**USED, "first": 90, "last": 110}}
    assert counterfoil("do", "--dir", issued, stdin=ndjson(again, retire)).status == 1
    told = counterfoil("incidents", "--dir", issued, "--json").json["incidents"]
    assert [(each["act"], each["by"], each["code"], each["account"], each["found"]) for each in told] == [
        ("Cancel", "local", "cancellation.already_cancelled", "tha:dev", "cancelled:omge"),
        ("Retire", "local", "units.spent", "tha:dev", "cancelled:omge"),
    ]
    assert told[0]["units"].endswith("90..110")
    assert counterfoil("verify", "--dir", issued, "--json").json == before
    assert "units.spent" in counterfoil("incidents", "--dir", issued).out
    assert "實際所在" in counterfoil("incidents", "--dir", issued, "--lang", "zh-Hant").out
    assert counterfoil("incidents", "--dir", issued, "--month", "1999-01", "--json").json["incidents"] == []


def test_the_same_attempt_is_noted_once_while_a_process_runs(tmp_path: Path) -> None:
    book = IncidentFile(tmp_path)
    for at in ("2026-01-05T00:00:00.000Z", "2026-01-06T00:00:00.000Z", "2026-02-01T00:00:00.000Z"):
        book.note([attempt(at=at), attempt(at=at)])
    assert [each.at[:7] for each in read_incidents(tmp_path).incidents] == ["2026-01", "2026-02"]
    assert len(read_incidents(tmp_path, month="2026-02").incidents) == 1


def test_a_flood_fills_its_month_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incident_file, "BYTES_MAX", 20_000)
    book = IncidentFile(tmp_path)
    for start in range(0, 1_000, 10):
        book.note([attempt(number) for number in range(start, start + 10)])
    book.note([attempt(at="2026-02-01T00:00:00.000Z")])
    noted = read_incidents(tmp_path)
    assert (tmp_path / "incidents" / "2026-01.jsonl").stat().st_size <= 20_000
    assert noted.full == ("2026-01",)
    assert noted.incidents[-1].at.startswith("2026-02")


def test_a_line_that_was_cut_off_swallows_no_other(tmp_path: Path) -> None:
    IncidentFile(tmp_path).note([attempt(1)])
    path = tmp_path / "incidents" / "2026-01.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at": "2026')
    IncidentFile(tmp_path).note([attempt(2)])
    noted = read_incidents(tmp_path)
    assert [each.units for each in noted.incidents] == ["X 1..1", "X 2..2"]
    assert noted.unreadable == 1


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "incidents").write_text("no folder")
    IncidentFile(tmp_path).note([attempt()])
