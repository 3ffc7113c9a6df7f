"""People by the command line: the first administrator, and nothing secret shown twice."""

import json
from pathlib import Path

import pytest

from counterfoil.entrypoints.cli.main import run

FOUND = ("--party", "XAA", "--registry", "XAA01", "--name", "Registry of XAA", "--ndc-period", "2021-2030")


@pytest.fixture
def xaa(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["init", "--dir", str(tmp_path / "xaa"), *FOUND]) == 0
    capsys.readouterr()
    return str(tmp_path / "xaa")


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> object:
    """What a command answers as JSON."""
    assert run([*arguments, "--json"]) == status
    told = capsys.readouterr()
    return json.loads(told.out or told.err)


def test_the_first_administrator_is_invited_with_a_secret_that_is_shown_once(
    xaa: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = asked(capsys, "admin", "invite", "ada@example.org", "--name", "Ada", "--dir", xaa)
    assert isinstance(made, dict) and len(made["invitation"]) == 43
    shown = asked(capsys, "people", "list", "--dir", xaa)
    assert shown == [
        {
            "person": made["person"],
            "name": "Ada",
            "mail": "ada@example.org",
            "state": "invited",
            "roles": "administrator",
            "enrolled": None,
        }
    ]
    trail = asked(capsys, "people", "trail", "--dir", xaa)
    assert made["invitation"] not in json.dumps([shown, trail]) and "Ada" not in json.dumps(trail)


def test_bodies_and_people_are_entered_suspended_and_erased(xaa: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked(capsys, "admin", "invite", "ada@example.org", "--name", "Ada", "--dir", xaa)
    assert run(["organisation", "add", "D1", "--kind", "developer", "--name", "Solar", "--dir", xaa]) == 0
    capsys.readouterr()
    guest = ("bo@example.org", "--name", "Bo", "--role", "developer", "--organisation", "D1", "--until", "2199-12-31")
    made = asked(capsys, "people", "invite", *guest, "--dir", xaa)
    assert isinstance(made, dict)
    refused = asked(capsys, "people", "suspend", made["person"], "--dir", xaa, status=1)
    assert isinstance(refused, dict) and refused["code"] == "person.state"
    assert run(["people", "erase", made["person"], "--dir", xaa, "--lang", "zh-Hant"]) == 0
    assert run(["organisation", "suspend", "D1", "--dir", xaa]) == 0
    capsys.readouterr()
    assert run(["organisation", "list", "--dir", xaa]) == 0
    assert "D1" in capsys.readouterr().out
    people = asked(capsys, "people", "list", "--dir", xaa)
    assert isinstance(people, list)
    assert {"state": "erased", "name": None, "mail": None}.items() <= next(
        each for each in people if each["person"] == made["person"]
    ).items()


def test_a_token_has_the_roles_of_its_organisations_kind(xaa: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["organisation", "add", "D1", "--kind", "developer", "--name", "Solar", "--dir", xaa]) == 0
    capsys.readouterr()
    bound = ("--organisation", "D1", "--role")
    refused = asked(capsys, "token", "new", "a", *bound, "administrator", "--dir", xaa, status=1)
    assert isinstance(refused, dict) and refused["code"] == "organisation.role_not_of_kind"
    refused = asked(capsys, "token", "new", "a", "--organisation", "D1", "--dir", xaa, status=1)
    assert isinstance(refused, dict) and refused["code"] == "organisation.role_not_of_kind"
    made = asked(capsys, "token", "new", "a", *bound, "developer", "--dir", xaa)
    assert isinstance(made, dict) and made["organisation"] == "D1" and made["roles"] == ["developer"]


def test_a_changed_trail_is_told_and_ends_with_status_one(xaa: str, capsys: pytest.CaptureFixture[str]) -> None:
    import sqlite3

    asked(capsys, "admin", "invite", "ada@example.org", "--name", "Ada", "--dir", xaa)
    with sqlite3.connect(Path(xaa) / "office.db") as connection:
        connection.execute("DROP TRIGGER trail_is_never_updated")
        connection.execute("UPDATE trail SET actor = 'somebody' WHERE number = 1")
    connection.close()
    assert run(["people", "trail", "--dir", xaa]) == 1


def test_without_a_registry_there_is_no_office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = asked(capsys, "admin", "invite", "a@example.org", "--name", "A", "--dir", str(tmp_path), status=2)
    assert isinstance(refused, dict) and refused["code"] == "registry.not_founded"
    assert list(tmp_path.iterdir()) == []
