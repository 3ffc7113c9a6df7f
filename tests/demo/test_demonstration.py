"""The demonstration: the figures that are public, the books that agree, and the assumptions that are shown as such."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.queries.balance import awaiting_by_units
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.trace import trace
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading, verify_folder
from counterfoil.entrypoints.demo.play import check_reports, play

PARTIES = ("THA", "CHE", "GHA", "JPN", "MDV", "PLW", "MNG", "NOR", "SWE")
YEARS = (2023, 2024, 2025, 2026)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("demo")
    summary = play(out)
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
    refused = play(tmp_path)
    assert isinstance(refused, Refusal) and refused.code == "demo.folder_not_ours"
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
