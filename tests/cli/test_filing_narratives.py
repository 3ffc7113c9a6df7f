"""Filing the reports that the register tells: a draft, or one that says something else, takes a public reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.paper import Paper
from tests.cli.conftest import Counterfoil
from tests.cli.test_narrative_reports import answered, papers, report

__all__ = ["papers"]
KINDS = {"initial": "initial-THA-2026", "regular": "regular-THA-2026", "summary": "ctf4-THA-2025"}
ABOUT: dict[str, tuple[str, ...]] = {
    "initial": ("--approach", "CA9001"),
    "regular": ("--year", "2026"),
    "summary": ("--year", "2025"),
}


def made(counterfoil: Counterfoil, folder: Path, kind: str) -> Path:
    """The JSON of a report of the register, which lies alone in its folder."""
    out = folder.parent / f"made-{kind}"
    told = report(counterfoil, folder, kind, out=out)
    assert told.status in (0, 1), told.err
    for path in out.iterdir():
        if path.suffix != ".json":
            path.unlink()
    (path,) = out.iterdir()
    assert path.name == f"{KINDS[kind]}.json"
    return path


def file(counterfoil: Counterfoil, folder: Path, path: Path, kind: str, *more: str) -> Any:
    asked = ("submission", "file", path, "--kind", kind, "--party", "THA", *ABOUT[kind], "--dir", folder, "--json")
    return counterfoil(*asked, *more)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_draft_is_not_filed_without_a_public_reason(
    kind: str, counterfoil: Counterfoil, issued: Path, papers: list[Paper]
) -> None:
    path = made(counterfoil, issued, kind)
    refused = file(counterfoil, issued, path, kind)
    assert (refused.status, refused.json["code"]) == (1, "filing.incomplete")
    assert refused.json["facts"]["count"] > 0 and refused.json["facts"]["elements"]
    assert counterfoil("submission", "list", "--dir", issued, "--json").json == {"items": []}
    filed = file(counterfoil, issued, path, kind, "--despite", "The NDC is not adopted yet.")
    assert filed.json["known_issues"] == ["GAPS"]
    shown = counterfoil("submission", "show", filed.json["report"], "--dir", issued, "--json").json
    assert (shown["checked"], shown["reason"]) == ("NOT_AVAILABLE", "The NDC is not adopted yet.")


@pytest.mark.parametrize("kind", ["initial", "regular"])
def test_a_complete_report_of_the_register_is_filed_without_a_reason(
    kind: str, counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    filed = file(counterfoil, folder, made(counterfoil, folder, kind), kind)
    assert filed.status == 0, filed.out
    shown = counterfoil("submission", "show", filed.json["report"], "--dir", folder, "--json").json
    assert (shown["checked"], shown["known_issues"]) == ("CONSISTENT", [])


@pytest.mark.parametrize("kind", ["initial", "regular"])
def test_a_draft_whose_file_says_that_it_is_complete_is_still_a_draft(
    kind: str, counterfoil: Counterfoil, issued: Path, papers: list[Paper]
) -> None:
    path = made(counterfoil, issued, kind)
    value = json.loads(path.read_text("utf-8"))
    told = {**value, "complete": True, "gaps": [], "elements": [{**each, "gaps": []} for each in value["elements"]]}
    path.write_text(json.dumps(told), "utf-8")
    refused = file(counterfoil, issued, path, kind)
    assert (refused.json["code"], refused.json["facts"]["checks"]) == ("filing.inconsistent", "GAPS, REGISTER")


def test_a_report_that_says_something_else_than_the_register_is_not_filed_without_a_reason(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path, papers: list[Paper]
) -> None:
    folder = answered(counterfoil, issued, tmp_path)
    path = made(counterfoil, folder, "initial")
    value = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**value, "metrics": ["MWh"]}), "utf-8")
    refused = file(counterfoil, folder, path, "initial")
    assert (refused.json["code"], refused.json["facts"]["checks"]) == ("filing.inconsistent", "REGISTER")


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_file_that_was_written_elsewhere_is_not_filed_without_a_reason(
    kind: str, counterfoil: Counterfoil, issued: Path, tmp_path: Path
) -> None:
    path = tmp_path / "i.json"
    path.write_text('{"party": "THA"}')
    refused = file(counterfoil, issued, path, kind)
    assert (refused.json["code"], refused.json["facts"]["checks"]) == ("filing.inconsistent", "REGISTER")
    filed = file(counterfoil, issued, path, kind, "--despite", "It was submitted on paper.")
    assert (filed.status, filed.json["known_issues"]) == (0, ["REGISTER"])


def test_a_report_is_filed_as_what_it_is(counterfoil: Counterfoil, issued: Path, papers: list[Paper]) -> None:
    initial, regular = made(counterfoil, issued, "initial"), made(counterfoil, issued, "regular")
    assert file(counterfoil, issued, regular, "initial", "--despite", "So.").json["code"] == "filing.other_report"
    further = file(counterfoil, issued, initial, "initial", "--despite", "So.", "--approach", "CA9009")
    assert further.json["code"] == "filing.other_report"
    other = initial.parent / "che.json"
    other.write_text('{"party": "CHE"}')
    assert file(counterfoil, issued, other, "initial", "--despite", "So.").json["code"] == "filing.other_report"
