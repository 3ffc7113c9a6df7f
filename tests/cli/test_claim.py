"""Statements about units at their end, as an officer draws them up."""

from pathlib import Path
from typing import Any

from tests.cli.conftest import Counterfoil, ndjson

UNITS = {"unit_class": "CA9001-THA01-THA-#-2022", "first": 1, "last": 100}
UNIT = "CA9001-THA01-THA-50-2022"


def cancelled(counterfoil: Counterfoil, folder: Path, **changes: Any) -> None:
    act = {"command": "Cancel", "units": UNITS, "account": "tha:dev", "purpose": "OMGE", "reason": "a gift"}
    result = counterfoil("do", "--dir", folder, stdin=ndjson({**act, **changes}))
    assert result.status == 0, result.err


def test_units_that_are_held_get_no_statement(issued: Path, counterfoil: Counterfoil) -> None:
    result = counterfoil("claim", UNIT, "--dir", issued, "--json")
    assert (result.status, result.json["code"]) == (1, "letter.not_a_retirement")


def test_cancelled_units_say_what_they_may_and_may_not_in_both_languages(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    cancelled(counterfoil, issued)
    out = tmp_path / "out"
    view = counterfoil("claim", UNIT, "--dir", issued, "--out", out, "--json").json
    assert (view["status"], view["quantity"], view["compliance_value_t"]) == ("omge", 100, 0)
    assert view["may_say"] == ["overall_mitigation"]
    assert {"towards_ndc", "carbon_neutral", "further_use"} <= set(view["may_not_say"])
    assert view["sovereign"]["authorized"] and view["sovereign"]["first_transferred"]
    assert view["demonstration"] is True
    names = sorted(path.name for path in out.iterdir())
    stem = f"claim-{view['proof']['entry']}"
    assert names == [f"{stem}.en.pdf", f"{stem}.json", f"{stem}.zh-Hant.pdf"]
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert first[f"{stem}.en.pdf"].startswith(b"%PDF")
    assert counterfoil("claim", str(view["proof"]["entry"]), "--dir", issued, "--out", out).status == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first, "the same entry gives the same bytes"
    assert "This may not be said" in counterfoil("claim", UNIT, "--dir", issued).out
    assert "不得為之主張" in counterfoil("claim", UNIT, "--dir", issued, "--lang", "zh-Hant").out


def test_a_stronger_statement_is_refused_with_the_one_they_carry(issued: Path, counterfoil: Counterfoil) -> None:
    cancelled(counterfoil, issued)
    assert counterfoil("claim", UNIT, "--dir", issued, "--says", "overall_mitigation").status == 0
    result = counterfoil("claim", UNIT, "--dir", issued, "--says", "carbon_neutral", "--json")
    assert (result.status, result.json["code"]) == (1, "claim.not_allowed")
    assert result.json["facts"]["allowed"] == "overall_mitigation"


def test_credits_of_the_voluntary_register_get_no_statement(registry: Path, counterfoil: Counterfoil) -> None:
    recorded = {
        "command": "RecordVoluntaryUnits",
        "voluntary": "VCS-1",
        "holder": "A firm",
        "programme": "VCS",
        "block": "B",
        "first": 1,
        "last": 9,
        "source": "its report",
    }
    assert counterfoil("do", "--dir", registry, stdin=ndjson(recorded)).status == 0
    result = counterfoil("claim", "VCS-1", "--dir", registry, "--json")
    assert (result.status, result.json["code"]) == (1, "claim.voluntary_register")


def test_a_label_that_is_missing_is_shown_beside_the_authorization(issued: Path, counterfoil: Counterfoil) -> None:
    site = {"command": "RegisterActivity", "activity": "X", "title": "X", "mitigation_type": "reduction"}
    site |= {
        "sector": "Energy",
        "activity_type": "Solar",
        "standard": "Gold Standard",
        "cooperative_approach": "CA9001",
    }
    site |= {"answers": {"icvcm_label": False}, "on": "2022-01-05"}
    report = {"command": "SubmitMonitoring", "monitoring": "M2", "activity": "X", "evidence": ["5d2a" * 16]}
    report |= {"first_day": "2022-01-01", "last_day": "2022-12-31", "monitored": [{"vintage": 2022, "quantity": 5}]}
    verified = {"command": "Verify", "monitoring": "M2", "verification": "V2", "verifier": "TGO"}
    verified |= {"verified": [{"vintage": 2022, "quantity": 5}], "statement": "5d2a" * 16}
    letter = {"command": "Authorize", "authorization": "LOA-X", "cooperative_approach": "CA9001", "purposes": ["NDC"]}
    letter |= {"vintages": [2022], "last_use_on": "2032-12-31", "underlying_references": ["x"], "sectors": ["Energy"]}
    letter |= {"gases": ["CO2"], "adjustment_commitment": "They are applied.", "any_party": True, "on": "2022-06-01"}
    units = {"command": "Issue", "activity": "X", "verification": "V2", "vintage": 2022, "quantity": 5}
    units |= {"account": "tha:dev", "authorization": "LOA-X"}
    result = counterfoil("do", "--dir", issued, stdin=ndjson(site, report, verified, letter, units))
    assert result.status == 0, result.err
    cancelled(counterfoil, issued, units={**UNITS, "first": 1917, "last": 1921})
    view = counterfoil("claim", "CA9001-THA01-THA-1917-2022", "--dir", issued, "--json").json
    assert view["labels"]["X"] == {
        "standard": "Gold Standard",
        "methodology": "",
        "answers": {"icvcm_label": False},
    }
    assert (view["sovereign"]["authorized"], view["may_say"]) == (True, ["overall_mitigation"])
