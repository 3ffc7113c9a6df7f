"""A registry founded with its pack; a fee paid in part with units, and proven to a stranger."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Counterfoil, ndjson

CYCLE = {"cycle": "voluntary_reduction", "done": ["validation", "registration", "monitoring_report", "verification"]}
YEAR = {"first_day": "2025-01-01", "last_day": "2025-12-31"}
ACTS: tuple[dict[str, Any], ...] = (
    {"command": "OpenAccount", "account": "twn:firm", "holder": "Firm"},
    {
        "command": "RegisterActivity", "activity": "SOLAR", "title": "Solar", "mitigation_type": "reduction",
        "sector": "Energy generation", "activity_type": "Solar",
        "answers": {**CYCLE, "additional": True, "no_double_counting": True},
    },
    {
        "command": "SubmitMonitoring", "monitoring": "M-1", "activity": "SOLAR", **YEAR,
        "monitored": [{"vintage": 2025, "quantity": 12_000}], "evidence": ["0" * 64],
    },
    {
        "command": "Verify", "verification": "V-1", "monitoring": "M-1", "verifier": "body",
        "verified": [{"vintage": 2025, "quantity": 12_000}], "statement": "As monitored.",
    },
    {
        "command": "Issue", "activity": "SOLAR", "verification": "V-1", "vintage": 2025, "quantity": 12_000,
        "account": "twn:firm", "unit_type": "domestic", "scheme": "TWN_REDUCTION", "answers": CYCLE,
    },
    {
        "command": "FileLiability", "liability": "FEE-2025", "entity": "Firm", "account": "twn:firm",
        "scheme": "TWN-FEE", "year": 2025, "emissions_t": 125_000, "base_t": 100_000,
        "answers": {"high_leakage_risk": False},
    },
    {
        "command": "DeclareUnits", "surrender": "S-1", "liability": "FEE-2025", "effect": "none",
        "units": {"unit_class": "TWN01-TWN_REDUCTION-#-2025", "first": 1, "last": 12_000},
    },
    {
        "command": "RecordVoluntaryUnits", "voluntary": "VCS-1", "holder": "Firm", "programme": "VCS",
        "block": "VCU-7", "first": 1, "last": 5_000, "source": "the firm's report",
    },
)  # fmt: skip


@pytest.fixture
def newcomer(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """Taiwan's registry, founded with nothing but its code, and its first acts."""
    folder = tmp_path / "twn"
    assert counterfoil("init", "--dir", folder, "--jurisdiction", "twn").status == 0
    return folder


def test_a_registry_founded_by_its_jurisdiction_knows_who_it_is_and_obeys_its_pack(
    newcomer: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    told = counterfoil("init", "--dir", tmp_path / "tha", "--jurisdiction", "THA", "--json").json
    assert (told["party"], told["registry"], told["pack"]) == ("THA", "THA01", "tha")
    silent = {name: value for name, value in ACTS[1].items() if name != "answers"}
    assert "policy.fact_missing" in counterfoil("do", "--dir", newcomer, "--json", stdin=ndjson(silent)).out
    assert counterfoil("show", "registry", "--dir", newcomer, "--json").json["is_party"] is False


def test_a_jurisdiction_without_a_pack_leaves_nothing_behind(tmp_path: Path, counterfoil: Counterfoil) -> None:
    refused = counterfoil("init", "--dir", tmp_path / "x", "--jurisdiction", "XQX", "--json")
    assert refused.json["code"] == "pack.absent"
    other = counterfoil("init", "--dir", tmp_path / "x", "--party", "THA", "--jurisdiction", "SGP", "--json")
    assert other.json["code"] == "pack.other_jurisdiction"
    bare = counterfoil("init", "--dir", tmp_path / "x", "--json")
    assert bare.json["code"] == "usage.option_missing"
    assert not (tmp_path / "x").exists()


def test_a_surrender_is_shown_and_its_certificate_is_proven_offline(
    newcomer: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    done = counterfoil("do", "--dir", newcomer, stdin=ndjson(*ACTS))
    assert done.status == 0, done.out + done.err
    (row,) = counterfoil("compliance", "list", "--dir", newcomer, "--json").json["liabilities"]
    assert (row["accepted_t"], row["deducted_t"]) == (10_000, 12_000)
    text = counterfoil("compliance", "show", "FEE-2025", "--dir", newcomer).out
    assert "2,000 t (10001..12000)" in text
    assert "逾上限" in counterfoil("compliance", "show", "FEE-2025", "--dir", newcomer, "--lang", "zh-Hant").out
    paper = counterfoil("compliance", "certificate", "S-1", "--dir", newcomer, "--json").json
    assert paper["charge"] == {"currency": "TWD", "before": 3_000_000_000, "after": 2_640_000_000}
    assert paper["identifiers"]["last"] == "TWN01-TWN_REDUCTION-10000-2025"
    bundle = tmp_path / "proof.json"
    counterfoil("prove", str(paper["proof"]["entry"]), "--dir", newcomer, "--out", bundle)
    key = newcomer / "keys" / "registry.pub"
    proven = counterfoil("check-proof", bundle, "--key", key, "--json").json
    assert proven["status"] == "proven"
    assert proven["subject"] == paper["proof"]["entry"]


def test_what_was_never_filed_or_declared_has_no_page(newcomer: Path, counterfoil: Counterfoil) -> None:
    assert "No liability" in counterfoil("compliance", "list", "--dir", newcomer).out
    unknown = counterfoil("compliance", "show", "L", "--dir", newcomer, "--json")
    assert unknown.json["code"] == "compliance.liability_unknown"
    unknown = counterfoil("compliance", "certificate", "S", "--dir", newcomer, "--json")
    assert unknown.json["code"] == "compliance.surrender_unknown"
    assert "empty" in counterfoil("compliance", "voluntary", "--dir", newcomer).out


def test_the_voluntary_register_shows_compliance_value_nought(newcomer: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("do", "--dir", newcomer, stdin=ndjson(*ACTS)).status == 0
    (row,) = counterfoil("compliance", "voluntary", "--dir", newcomer, "--json").json["voluntary"]
    assert (row["quantity_t"], row["compliance_value"], row["counts_to_ndc"]) == (5_000, 0, False)
    assert "履約價值為零" in counterfoil("compliance", "voluntary", "--dir", newcomer, "--lang", "zh-Hant").out
