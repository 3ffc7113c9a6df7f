"""`aef check` and `aef diff` on files of every kind: each answers in JSON, with a status that says how bad it is."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.domain.reporting.aef_json import submission_values
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.packs.loader import load_aef_format
from tests.cli.conftest import Counterfoil
from tests.domain.reporting.recorded import whole_history
from tests.domain.reporting.submissions import acquisition, holding, itmo, swapped

KEYS = "check aliases severity file party sheet cell first_id last_id message fix".split()


def workbook(folder: Path, one: Submission, profile: str = "checker-2025") -> Path:
    path = folder / f"aef-{one.party}-{one.reported_year}-v{one.version}.xlsx"
    assert write_workbook(aef_layout(one, load_aef_format(profile=profile)), path, created=one.submitted_on) is None
    return path


def as_json(folder: Path, one: Submission) -> Path:
    path = folder / f"aef-{one.party}-{one.reported_year}-v{one.version}.json"
    path.write_text(json.dumps(submission_values(one)))
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> list[Path]:
    """The consistent world, but the acquirer reports one unit less."""
    short: dict[str, Any] = {"actions": (acquisition(1, 999),), "holdings": (holding(1, 999),)}
    return [workbook(tmp_path, one) for one in swapped(whole_history(), 4, **short)]


def test_workbooks_and_json_files_are_checked_together(tmp_path: Path, counterfoil: Counterfoil) -> None:
    reports = whole_history()
    files = [workbook(tmp_path, one) for one in reports[:4]] + [as_json(tmp_path, one) for one in reports[4:]]
    result = counterfoil("aef", "check", *files, "--json")
    assert (result.status, result.json) == (0, {"status": "CONSISTENT", "findings": []})


def test_a_contradiction_has_its_place_and_proposes_a_hold(wrong: list[Path], counterfoil: Counterfoil) -> None:
    result = counterfoil("aef", "check", *wrong, "--json")
    assert (result.status, result.json["status"]) == (1, "INCONSISTENT")
    (lost,) = [one for one in result.json["findings"] if one["check"] == "C62"]
    assert list(lost) == KEYS
    assert (lost["party"], lost["sheet"], lost["cell"]) == ("XAA", "Table 3 Actions", "I5")
    assert (lost["first_id"], lost["last_id"]) == (itmo(1), itmo(1000))
    (hold,) = result.json["proposed_holds"]
    assert (hold["first_id"], hold["last_id"]) == (itmo(1000), itmo(1000))
    told = counterfoil("aef", "check", *wrong, "--lang", "zh-Hant")
    assert "C62" in told.out and "未申報於 2024 年取得序號 1000 至 1000" in told.out


def test_the_order_of_the_files_changes_nothing(wrong: list[Path], counterfoil: Counterfoil) -> None:
    def found(files: list[Path]) -> list[str]:
        findings = counterfoil("aef", "check", *files, "--json").json["findings"]
        return sorted(json.dumps(one, sort_keys=True) for one in findings)

    assert found(wrong) == found(wrong[::-1])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"Party,Version\n"),
        ("a.xlsx", b""),
        ("a.json", b"{"),
        ("a.json", b"\xff"),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"format": "another"}'),
        ("a.json", b"9" * 10_000),
        ("missing.xlsx", None),
        ("missing.json", None),
    ],
)
def test_a_file_that_cannot_be_read_is_a_blocking_finding_and_status_2(
    name: str, content: bytes | None, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    good = workbook(tmp_path, whole_history()[0])
    result = counterfoil("aef", "check", path, good, "--json")
    assert (result.status, result.json["status"]) == (2, "INCONSISTENT")
    (one,) = result.json["findings"]
    assert list(one) == KEYS
    assert (one["check"], one["severity"], one["file"]) == ("C01", "B", str(path))


def test_records_are_joined_and_what_is_still_missing_is_said(tmp_path: Path, counterfoil: Counterfoil) -> None:
    files = [workbook(tmp_path, one) for one in whole_history()]
    documents, approaches = tmp_path / "d.json", tmp_path / "a.json"
    documents.write_text('{"authorization_documents": []}')
    approaches.write_text('{"cooperative_approaches": [{"id": "CA9001", "parties": ["XAA", "XBB"]}]}')
    result = counterfoil("aef", "check", *files, "--records", documents, "--records", approaches, "--json")
    assert (result.status, result.json["status"]) == (0, "NOT_AVAILABLE")
    assert [one["check"] for one in result.json["findings"]] == ["C23"]
    assert not {"C23", "C67"} & set(result.json["not_made"])
    documents.write_text('{"documents": []}')
    refused = counterfoil("aef", "check", *files, "--records", documents)
    assert (refused.status, "[records.unreadable]" in refused.err) == (2, True)


def test_a_workbook_is_read_under_the_profile_that_wrote_it(tmp_path: Path, counterfoil: Counterfoil) -> None:
    files = [workbook(tmp_path, one, "nomenclature-2026") for one in whole_history()]
    named = counterfoil("aef", "check", *files, "--profile", "nomenclature-2026", "--json")
    assert (named.status, named.json["findings"]) == (0, [])
    assert counterfoil("aef", "check", *files, "--json").status == 1


def test_a_difference_is_told_in_words_and_in_json(tmp_path: Path, counterfoil: Counterfoil) -> None:
    old = whole_history()[4]
    new = replace(old, version="1.1", actions=(acquisition(quantity_co2=999),), holdings=())
    files = (workbook(tmp_path, old), as_json(tmp_path, new))
    result = counterfoil("aef", "diff", *files, "--json")
    assert result.status == 0
    assert [(one["table"], one["change"]) for one in result.json["changes"]] == [
        (1, "changed"),
        (3, "changed"),
        (4, "removed"),
    ]
    assert result.json["changes"][1]["fields"] == [{"field": "quantity_co2", "old": 1000, "new": 999}]
    told = counterfoil("aef", "diff", *files)
    assert "Quantity (t CO2 eq): 1000 → 999" in told.out
    assert "No changes." in counterfoil("aef", "diff", files[0], files[0]).out


def test_what_cannot_be_read_in_full_is_not_compared(tmp_path: Path, counterfoil: Counterfoil) -> None:
    good = workbook(tmp_path, whole_history()[4])
    odd = workbook(tmp_path, replace(whole_history()[4], version="1.2"), "nomenclature-2026")
    refused = counterfoil("aef", "diff", good, odd, "--profile", "nomenclature-2026")
    assert (refused.status, "[aef.reading.not_in_full]" in refused.err) == (2, True)
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no")
    assert counterfoil("aef", "diff", good, bad).status == 2


def test_the_profiles_that_can_be_asked_for_are_those_of_the_pack() -> None:
    from counterfoil.entrypoints.cli.aef_files import WORKBOOK_PROFILES
    from counterfoil.entrypoints.cli.report_aef import INTERNAL, PROFILES

    assert PROFILES == (*WORKBOOK_PROFILES, INTERNAL)
    assert [load_aef_format(profile=profile).profile for profile in WORKBOOK_PROFILES] == list(WORKBOOK_PROFILES)
    assert load_aef_format().profile == WORKBOOK_PROFILES[0]
