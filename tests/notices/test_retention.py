"""Erasure yields to a duty to keep, to the day; and what was never anybody's account is never kept."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from counterfoil.application.office.retention import Retention, erase_on_request
from counterfoil.application.office.trail import broken_row
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.retention_rules import retention_rules
from tests.notices.post_room import CARO, Room
from tests.office.stage import DAY, code_of, invited

RULES = (Retention(date(2020, 1, 1), 9_999, "old act"), Retention(date(2026, 1, 1), 2, "act, section 22"))


def test_the_time_runs_from_the_last_day_of_the_last_role_and_its_last_day_is_included(room: Room) -> None:
    office = room.stage.office
    held = office.store.memberships.of(CARO)[0]
    refused = erase_on_request(office, RULES, CARO, actor="local")
    assert isinstance(refused, Refusal) and refused.code == "person.must_be_kept"
    assert refused.facts["until"] == "2026-06-03" and refused.facts["basis"] == "act, section 22"
    with office.store.change():
        office.store.memberships.end(held.number, "2026-06-01")
    room.stage.later(2 * DAY)
    assert code_of(erase_on_request(office, RULES, CARO, actor="local")) == "person.must_be_kept"
    room.stage.later(DAY)
    assert not isinstance(erase_on_request(office, RULES, CARO, actor="local"), Refusal)
    assert broken_row(office.store) is None


def test_without_a_rule_in_force_and_for_who_never_enrolled_nothing_is_kept(room: Room) -> None:
    future = (Retention(date(2030, 1, 1), 2, "act"),)
    assert not isinstance(erase_on_request(room.stage.office, future, CARO, actor="local"), Refusal)
    guest = invited(room.stage, "guest@example.org").person.person
    assert not isinstance(erase_on_request(room.stage.office, RULES, guest, actor="local"), Refusal)


def test_nothing_of_an_erased_person_is_left_in_the_office_or_its_log(room: Room) -> None:
    erase_on_request(room.stage.office, (), CARO, actor="local")
    with sqlite3.connect(room.folder.path / "office.db") as connection:
        left = "\n".join(connection.iterdump())
    assert CARO.lower() + "@example.org" not in left and CARO in left
    for path in room.folder.path.glob("office.db*"):
        assert f"{CARO.lower()}@example.org".encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "[[",
        "person = 1",
        "[[person]]\nfrom = 2026-01-01\ndays = 5\n",
        '[[person]]\nfrom = 2026-01-01\ndays = -1\nbasis = "a"\n',
        '[[person]]\nfrom = 2026-01-01T00:00:00\ndays = 1\nbasis = "a"\n',
        '[[person]]\nfrom = 2026-01-01\ndays = true\nbasis = "a"\n',
        '[[person]]\nfrom = 2026-01-01\ndays = 1\nbasis = " "\n',
    ],
)
def test_rules_that_cannot_be_used_stop_an_erasure(tmp_path: Path, text: str) -> None:
    (tmp_path / "retention.toml").write_text(text)
    with pytest.raises(Outage, match=r"retention\.settings_unreadable"):
        retention_rules(tmp_path)


def test_the_command_line_asks_the_rules(room: Room) -> None:
    rule = '[[person]]\nfrom = 2020-01-01\ndays = 9999\nbasis = "act"\n'
    (room.folder.path / "retention.toml").write_text(rule)
    place = ("--dir", str(room.folder.path))
    assert run(["people", "erase", CARO, *place]) == 1
    (room.folder.path / "retention.toml").unlink()
    assert run(["people", "erase", CARO, *place]) == 0
