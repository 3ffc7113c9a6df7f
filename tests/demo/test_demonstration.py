"""The demonstration: the figures that are public, the books that agree, and the assumptions that are shown as such."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from counterfoil.application.queries.balance import awaiting_by_units
from counterfoil.application.queries.calendar import calendar
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import filed_of
from counterfoil.application.queries.trace import trace
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading, verify_folder
from counterfoil.entrypoints.demo.play import check_reports, play
from counterfoil.entrypoints.language import LANGUAGES, Texts

PARTIES = ("THA", "CHE", "GHA", "JPN", "MDV", "PLW", "MNG", "NOR", "SWE", "IDN", "SGP")
WITH_NDC = ("THA", "CHE", "IDN", "JPN", "SGP", "GHA", "MNG")
YEARS = (2023, 2024, 2025, 2026)
TEXTS = {language: Texts(language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("demo")
    summary = play(out, TEXTS)
    assert not isinstance(summary, Refusal), summary
    return out, summary


@pytest.fixture
def sights(demo: tuple[Path, dict[str, Any]]) -> Iterator[dict[str, Sight]]:
    opened = {party: open_for_reading(Folder(demo[0] / party)) for party in PARTIES}
    yield {party: Sight(each.reading, each.codec, each.evidence) for party, each in opened.items()}
    for each in opened.values():
        each.reading.close()


def test_the_public_figures_come_out(demo: tuple[Path, dict[str, Any]]) -> None:
    parties = demo[1]["parties"]
    assert parties["CHE"]["acquired_t"] == 1_916 + 11_733 + 49_717 == 63_366
    assert parties["JPN"]["acquired_t"] == 1_009 + 433 + 194 + 86_564 == 88_200
    assert parties["THA"]["first_transferred_t"] == 1_916 + 1_009 + 49_717 == 52_642
    assert {party: totals["held_t"] for party, totals in parties.items()} == dict.fromkeys(PARTIES, 0)


def test_the_world_sum_is_zero_and_hosts_are_adjusted_in_the_years_of_the_vintages(
    demo: tuple[Path, dict[str, Any]],
) -> None:
    summary = demo[1]
    assert summary["world_adjustment_t"] == 0
    assert summary["no_net_increase"] == {"verdict": "pass", "found": []}
    assert summary["parties"]["THA"]["adjustments_t"] == {"2021": 1_009, "2022": 1_916, "2023": 21_217, "2024": 28_500}
    assert summary["parties"]["CHE"]["adjustments_t"] == {"2023": -1_916, "2025": -11_733, "2026": -49_717}
    assert json.loads((demo[0] / "summary.json").read_text("utf-8")) == summary


def test_undisclosed_quantities_stay_unknown(demo: tuple[Path, dict[str, Any]], sights: dict[str, Sight]) -> None:
    assert [each["quantity_t"] for each in demo[1]["undisclosed"]] == [None, None]
    for party in ("NOR", "SWE"):
        assert list(sights[party].all_holdings()) == []
        (agreed,) = [value for _, value in sights[party].records("agreed_transfer")]
        assert agreed["quantity"] is None


def test_every_book_is_sound_and_awaits_what_its_units_say(
    demo: tuple[Path, dict[str, Any]], sights: dict[str, Sight]
) -> None:
    for party in PARTIES:
        assert verify_folder(Folder(demo[0] / party)).findings == ()
    assert sum(sum(awaiting_by_units(sight).values()) for sight in sights.values()) == 0


def test_all_parties_report_every_year_and_the_workbooks_agree(demo: tuple[Path, dict[str, Any]]) -> None:
    out = demo[0]
    expected = {out / party / "reports" / f"aef-{party}-{year}-v1.0.xlsx" for party in PARTIES for year in YEARS}
    assert set(out.glob("*/reports/*")) == expected
    report = check_reports(out, aef_format())
    assert (report.status.value, report.findings) == ("CONSISTENT", ())


def test_a_used_unit_is_traced_to_supposed_readings_with_every_assumption_named(sights: dict[str, Sight]) -> None:
    found = trace(sights["CHE"], "CA9001-THA01-THA-1916-2022")
    assert not isinstance(found, Refusal)
    assert found["steps"][0]["act"] == "UsedTowardsNdc"
    assert found["steps"][-1]["act"] == "Issued"
    assert found["steps"][-1]["evidence"][0]["first_lines"][0].startswith("# Demonstration: assumed readings")
    assert {"readings", "serial numbers", "vintages = 1916 of 2022", "verifier"} <= set(found["assumed"])


def test_no_registry_knows_anothers_key_or_folder(demo: tuple[Path, dict[str, Any]]) -> None:
    secrets = {party: (demo[0] / party / "keys" / "registry.key").read_text() for party in PARTIES}
    assert len(set(secrets.values())) == len(PARTIES)
    for party in PARTIES:
        ledger = sqlite3.connect(demo[0] / party / "ledger.db")
        leaves = b"".join(row[0] for row in ledger.execute("SELECT leaf FROM journal"))
        ledger.close()
        assert str(demo[0]).encode() not in leaves


def test_a_folder_that_is_not_a_demonstration_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    refused = play(tmp_path, TEXTS)
    assert isinstance(refused, Refusal) and refused.code == "demo.folder_not_ours"
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("party", WITH_NDC)
def test_each_summary_is_complete_in_lines_and_honest_in_numbers(demo: tuple[Path, dict[str, Any]], party: str) -> None:
    out, summary = demo
    told = summary["structured_summaries"][party]
    assert (told["lines"], told["of"], told["complete"]) == (20, 20, False)
    table = json.loads((out / told["files"][0]).read_text("utf-8"))
    assert {line["line"] for line in table["lines"]} == set(range(1, 21))
    lines = {(line["line"], line["unit"], line.get("part", "")): line for line in table["lines"]}
    covered, balance = (lines[number, "tCO2e", ""]["years"] for number in (3, 13))
    assert list(balance) == ["2021", "2022", "2023", "2024", "2025", "2026"]
    assert all(set(figure) == {"not_available"} for figure in (*covered.values(), *balance.values()))
    assert table["demonstration"] and table["assumed"] and table["method_locked_on"]
    net = summary["parties"][party]["adjustments_t"]
    assert told["cumulative_net"] == sum(net.values()) == lines[12, "tCO2e", ""]["years"]["2026"]


def test_a_total_of_another_scope_is_told_apart_from_a_year_without_an_inventory(
    demo: tuple[Path, dict[str, Any]],
) -> None:
    for party, first in (("CHE", "outside_scope"), ("JPN", "outside_scope"), ("THA", "inventory_missing")):
        table = json.loads((demo[0] / "summaries" / f"summary-{party}-2026.json").read_text("utf-8"))
        covered = next(line for line in table["lines"] if line["line"] == 3)["years"]
        assert covered["2021"] == {"not_available": first}
        assert covered["2022"] == {"not_available": "inventory_missing"}


def test_the_workbooks_of_the_summaries_open_and_are_no_submissions(demo: tuple[Path, dict[str, Any]]) -> None:
    out, summary = demo
    written = {name for told in summary["structured_summaries"].values() for name in told["files"]}
    assert {str(path.relative_to(out)) for path in (out / "summaries").iterdir()} == written
    assert len(written) == 3 * len(WITH_NDC)
    for name in written:
        if name.endswith(".xlsx"):
            book = openpyxl.load_workbook(out / name, read_only=True)
            assert len(book.sheetnames) == 5
            numbers = {row[1] for row in book.worksheets[0].iter_rows(values_only=True) if len(row) > 1}
            assert set(range(1, 21)) <= numbers


def test_nothing_is_recorded_before_it_was_communicated_or_read(sights: dict[str, Sight]) -> None:
    for party in WITH_NDC:
        recorded = {each.entry.act: each.entry.effective_on.isoformat() for each in sights[party].entries()}
        ((_, ndc),) = sights[party].records("ndc")
        ((_, inventory),) = sights[party].records("inventory")
        assert recorded[Act.NDC_RECORDED] >= ndc["communicated_on"]
        assert recorded[Act.INVENTORY_RECORDED] == inventory["source"]["read_on"]
    assert list(sights["MDV"].records("ndc")) == []


def test_what_the_ndc_files_suppose_is_listed_with_every_other_assumption(demo: tuple[Path, dict[str, Any]]) -> None:
    named = {(each["name"], str(each["value"])) for each in demo[1]["assumed"]}
    assert {(f"ndc.{party}", "method = averaging") for party in WITH_NDC} <= named


REPORTING = {
    "THA": ("CA9001", "CA9004"),
    "CHE": ("CA9001", "CA9003"),
    "GHA": ("CA9003",),
    "JPN": ("CA9004", "CA9005", "CA9007", "CA9008"),
    "MDV": ("CA9005",),
    "PLW": ("CA9007",),
    "MNG": ("CA9008",),
}
"""The cooperative approaches of each host and each acquirer, in the order in which it reports on them."""


def test_every_host_and_acquirer_reports_initially_on_each_approach_before_its_annual_information(
    demo: tuple[Path, dict[str, Any]], sights: dict[str, Sight]
) -> None:
    told = demo[1]["initial_reports"]
    first = [each for each in told if each["version"] == "1.0"]
    found = {party: tuple(each["approach"] for each in first if each["party"] == party) for party in PARTIES}
    assert {party: approaches for party, approaches in found.items() if approaches} == REPORTING
    for party in PARTIES:
        covered: set[str] = set()
        reported: list[int] = []
        for each in sights[party].entries():
            assert each.entry.act is not Act.AEF_SUBMITTED
            if each.entry.act is Act.REPORT_FILED:
                filing = dict(each.entry.records[0].value)
                if filing["kind"] == "aef":
                    assert set(filing["approaches"]) <= covered
                    reported.append(filing["year"])
                covered |= set(filing["approaches"])
        assert (reported, covered) == (list(YEARS), set(REPORTING.get(party, ())))


def test_what_an_initial_report_lacks_is_what_the_play_has_no_source_for(demo: tuple[Path, dict[str, Any]]) -> None:
    gaps = {(each["party"], each["version"]): each["gaps"] for each in demo[1]["initial_reports"] if each["gaps"]}
    assert gaps == {(party, "1.0"): ["III.B.1"] for party in ("CHE", "MDV", "PLW")}
    (again,) = [each for each in demo[1]["initial_reports"] if each["version"] == "1.1"]
    assert (again["party"], again["filed_on"], again["complete"]) == ("CHE", "2024-11-14", True)


def test_what_was_filed_lies_whole_in_evidence_and_says_that_it_is_assumed(
    demo: tuple[Path, dict[str, Any]], sights: dict[str, Sight]
) -> None:
    out, summary = demo
    for each in summary["initial_reports"]:
        named = "*" if each["kind"] == "initial" else each["approach"]
        filed = filed_of(sights[each["party"]], f"{each['kind']}:{each['party']}:{named}", each["version"])
        assert not isinstance(filed, Refusal)
        assert {f"initial-reports/{name}" for name in filed.files} == set(each["files"])
        for name, data in filed.files.items():
            assert (out / "initial-reports" / name).read_bytes() == data
        report = json.loads(filed.files[filed.content.main])
        assert report["demonstration"] and report["assumed"]
    annual = filed_of(sights["CHE"], "aef:CHE:2025")
    assert not isinstance(annual, Refusal)
    assert annual.files == {"aef-CHE-2025-v1.0.xlsx": (out / "CHE" / "reports" / "aef-CHE-2025-v1.0.xlsx").read_bytes()}
    # Alone, without the counterparties' workbooks, some checks have nothing to compare with.
    assert (annual.filing.checked, annual.filing.known_issues) == ("NOT_AVAILABLE", ())


def test_the_calendar_shows_initial_reports_and_annual_information_done_in_time(sights: dict[str, Sight]) -> None:
    for party in PARTIES:
        dues = []
        for year in (2024, 2025, 2026, 2027):
            told = calendar(sights[party], party=party, on=date(year, 12, 31), years=1)
            assert not isinstance(told, Refusal)
            dues += [due for due in told["due"] if due["duty"] in ("initial_report", "annual_information")]
        wanted = [due for due in dues if due["duty"] == "initial_report" or due["about"] in YEARS]
        assert {due["about"] for due in wanted} >= set(YEARS)
        assert {(due["state"], due["late"]) for due in wanted} == {("done", False)}
