"""Activities, as an officer reads them."""

from pathlib import Path

from tests.cli.conftest import Counterfoil, ndjson

DAM = {
    "command": "ProposeActivity",
    "activity": "DAM",
    "title": "A small dam",
    "mitigation_type": "reduction",
    "sector": "Energy",
    "activity_type": "Hydro",
    "on": "2023-04-01",
}
STEP = {"command": "AdvanceActivity", "activity": "DAM", "stage": "consultation", "on": "2023-04-11"}
CHANGE = {
    "command": "ChangeActivity",
    "activity": "DAM",
    "title": "A larger dam",
    "reason": "More rain",
    "on": "2023-04-12",
}
FILED = {"command": "FileGrievance", "grievance": "G-1", "activity": "DAM", "letter": "ab" * 32, "on": "2023-04-13"}


def test_activities_are_listed_and_shown_in_both_languages(issued: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("do", "--dir", issued, stdin=ndjson(DAM, STEP, CHANGE, FILED)).status == 0
    listed = counterfoil("activity", "list", "--dir", issued, "--json").json["items"]
    assert [(each["key"], each["state"]) for each in listed] == [("DAM", "consultation"), ("THA-BUS", "registered")]
    found = counterfoil("activity", "list", "--state", "consultation", "--dir", issued).out
    assert "A larger dam" in found and "public comment" in found and "THA-BUS" not in found
    assert "no such activity" in counterfoil("activity", "list", "--sector", "Moon", "--dir", issued).out
    told = counterfoil("activity", "show", "DAM", "--dir", issued).out
    for words in ("A small dam → A larger dam", "Grievance G-1: open, due 2023-06-12", "advanced → public comment"):
        assert words in told
    chinese = counterfoil("activity", "show", "DAM", "--dir", issued, "--lang", "zh-Hant").out
    assert "公開徵求意見" in chinese and "陳情 G-1：未結" in chinese


def test_an_unknown_activity_is_said_to_be_unknown(issued: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("activity", "show", "MOON", "--dir", issued).status != 0


def test_a_letter_of_grievance_is_taken_in_read_answered_and_erased(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("水井乾涸 since the bus lane was built", encoding="utf-8")
    sent = ("--activity", "THA-BUS", "--letter", letter, "--contact", "x@example.org", "--dir", issued)
    number = counterfoil("grievance", "send", *sent, "--json").json["grievance"]
    shown = counterfoil("grievance", "show", number, "--dir", issued, "--json").json
    assert (shown["text"], shown["contact"]) == (letter.read_text(encoding="utf-8"), "x@example.org")
    assert counterfoil("grievance", "file", number, "--dir", issued).status == 0
    (row,) = counterfoil("grievance", "list", "--open", "--dir", issued, "--json").json
    assert (row["grievance"], row["letter"], row["answered_on"]) == (number, True, None)
    answer = ("--outcome", "not_upheld", "--answer", "Built elsewhere.", "--by", "Authority", "--dir", issued)
    assert counterfoil("grievance", "answer", number, *answer).status == 0
    assert counterfoil("grievance", "answer", number, *answer).status == 1, "it is answered once"
    assert counterfoil("grievance", "erase", number, "--dir", issued, "--lang", "zh-Hant").status == 0
    again = counterfoil("grievance", "show", number, "--dir", issued, "--json").json
    assert (again["text"], again["contact"], again["answer"]) == (None, None, "Built elsewhere.")
    assert counterfoil("grievance", "list", "--open", "--dir", issued, "--json").json == []
    assert "G-NONE" in counterfoil("grievance", "show", "G-NONE", "--dir", issued).err


def test_a_letter_about_no_activity_is_refused_and_not_kept(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("My well", encoding="utf-8")
    sent = counterfoil("grievance", "send", "--activity", "NONE", "--letter", letter, "--dir", issued)
    assert sent.status != 0 and "NONE" in sent.err
    assert counterfoil("grievance", "list", "--dir", issued, "--json").json == []
