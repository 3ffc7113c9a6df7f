"""Objections and delays, as an officer reads them."""

from pathlib import Path

from tests.cli.conftest import Counterfoil, ndjson

OBJECTION = {
    "command": "RecordObjection",
    "objection": "O-1",
    "kind": "activity",
    "about": "THA-BUS",
    "party": "CHE",
    "reason": "the period is another one",
    "answer_by": "2023-04-30",
    "on": "2023-04-01",
}
ANSWER = {"command": "RespondToObjection", "objection": "O-1", "step": "answer", "by": "THA", "text": "corrected"}


def test_objections_are_listed_with_their_state_and_steps(issued: Path, counterfoil: Counterfoil) -> None:
    assert "no objections" in counterfoil("objections", "--dir", issued).out
    assert counterfoil("do", "--dir", issued, stdin=ndjson(OBJECTION)).status == 0
    (standing,) = counterfoil("objections", "--open", "--dir", issued, "--json").json["objections"]
    assert (standing["state"], standing["closed_on"]) == ("overdue", None)
    assert counterfoil("do", "--dir", issued, stdin=ndjson({**ANSWER, "on": "2023-04-11"})).status == 0
    assert counterfoil("objections", "--open", "--dir", issued, "--json").json["objections"] == []
    (answered,) = counterfoil("objections", "--dir", issued, "--json").json["objections"]
    assert (answered["state"], answered["closed_on"], answered["days"]) == ("answer", "2023-04-11", 10)
    assert "corrected" in counterfoil("objections", "--dir", issued).out
    assert "已答覆" in counterfoil("objections", "--dir", issued, "--lang", "zh-Hant").out


def test_delays_are_shown_by_gate_in_both_languages(issued: Path, counterfoil: Counterfoil) -> None:
    rows = counterfoil("delays", "--dir", issued, "--on", "2023-03-31", "--json").json["delays"]
    # The letter of the fixture names no activity; the units issued under it do.
    assert [(row["gate"], row["passed"], row["median_days"], row["waiting"]) for row in rows] == [
        ("registration_to_authorization", 1, 147, 0),
        ("authorization_to_issuance", 1, 273, 0),
    ]
    assert "registration to authorization" in counterfoil("delays", "--dir", issued).out
    assert "登錄至授權" in counterfoil("delays", "--dir", issued, "--lang", "zh-Hant").out
