"""Forms as JSON Schema, their versions, and the differences of an activity's versions."""

from pathlib import Path

import pytest

from counterfoil.application.commands.table import BY_NAME
from counterfoil.entrypoints.forms import form_schema, forms
from tests.cli.conftest import Counterfoil, ndjson

COMMON = {"id", "on", "confidential", "assumed", "answers"}


@pytest.mark.parametrize("name", forms())
def test_the_latest_version_of_a_form_asks_every_field_of_its_command_in_both_languages(name: str) -> None:
    said = forms()[name]
    latest = said["version"][max(said["version"], key=int)]["fields"]
    assert set(latest) == set(BY_NAME[said["command"]].__dataclass_fields__) - COMMON
    assert all(set(said["field"][field]) == {"en", "zh-Hant"} for field in latest)
    assert all(each["basis"] for each in said["confidential"].values())
    assert [int(number) for number in said["version"]] == list(range(1, len(said["version"]) + 1))


@pytest.mark.parametrize("name", forms())
def test_a_form_is_a_schema_whose_parts_are_all_in_it(name: str) -> None:
    schema = form_schema(name, "latest", None)
    assert isinstance(schema, dict)
    text = str(schema)
    named = {part.split("'")[0] for part in text.split("#/$defs/")[1:]}
    assert named <= set(schema["$defs"])
    assert set(schema["required"]) <= set(schema["properties"]) and schema["additionalProperties"] is False


def test_a_law_adds_its_own_questions(counterfoil: Counterfoil) -> None:
    plain = counterfoil("form", "show", "activity-registration").json
    asked = counterfoil("form", "show", "activity-registration", "--law", "a64").json
    assert plain["properties"]["answers"]["properties"] == {}
    found = asked["properties"]["answers"]["properties"]["fee_waived"]
    assert (found["type"], set(found["x-labels"])) == ("boolean", {"en", "zh-Hant"})


def test_versions_of_a_form_are_compared(counterfoil: Counterfoil) -> None:
    view = counterfoil("form", "diff", "activity-registration", "1", "2", "--json").json
    assert {each["field"] for each in view["added"]} >= {"boundary", "crediting_periods"}
    assert view["removed"] == []
    unknown = counterfoil("form", "show", "activity-registration", "--version", "9")
    assert unknown.status == 1 and "form.unknown" in unknown.err


def test_an_activitys_versions_are_compared_field_by_field(issued: Path, counterfoil: Counterfoil) -> None:
    activity = counterfoil("list", "activity", "--dir", issued, "--json").json["items"][0]["key"]
    change = {"command": "ChangeActivity", "activity": activity, "title": "Another title", "reason": "A new name"}
    done = counterfoil("do", "--dir", issued, stdin=ndjson(change))
    assert done.status == 0, done.err
    view = counterfoil("activity", "diff", activity, "--dir", issued, "--json").json
    assert [(each["field"], each["after"]) for each in view["differences"]] == [("title", "Another title")]
    first = view["before"]["entry"]
    same = counterfoil("activity", "diff", activity, "--from", str(first), "--to", str(first), "--dir", issued)
    assert same.status == 0 and "Nothing differs" in same.out
    unknown = counterfoil("activity", "diff", activity, "--from", "0", "--dir", issued)
    assert unknown.status == 1 and "record_version.unknown" in unknown.err
