"""A trail that lost its end, or was written anew, is noticed by what the journal says of it."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.application.command import Command
from counterfoil.application.office import trail
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.postman import Postman
from tests.cli.conftest import Counterfoil, counterfoil  # noqa: F401  fixtures are found by their names here
from tests.http.desk import founded, served
from tests.office.stage import DAY, Stage, member, staged


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return founded(tmp_path / "registry", blocks=1)


@pytest.fixture
def stage(folder: Folder) -> Iterator[Stage]:
    made = staged(folder.path)
    member(made)
    yield made
    made.at_hand.close()


def open_trail(folder: Folder) -> sqlite3.Connection:
    """The file as somebody who owns it may change it: without the triggers that guard it."""
    connection = sqlite3.connect(folder.path / "office.db", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


@pytest.mark.parametrize("server", [False, True])
def test_an_anchor_is_an_act_of_length_and_digest(
    folder: Folder,
    stage: Stage,
    counterfoil: Counterfoil,  # noqa: F811
    server: bool,
) -> None:
    where = ["--dir", str(folder.path), "--json"]
    last = stage.office.store.trail.last()
    assert last is not None
    if server:
        with served(folder):
            made = counterfoil("trail", "--anchor", *where)
    else:
        made = counterfoil("trail", "--anchor", *where)
    assert made.status == 0, made
    with open_for_reading(folder) as readable:
        row = readable.reading.row(made.json["seq"])
    assert row is not None
    entry = json.loads(row.leaf)
    assert entry["details"] == {"rows": last.number, "digest": last.digest.hex()}
    assert entry["command"] == f"trail:{last.number}"
    told = counterfoil("trail", "--verify", *where)
    assert (told.status, told.json["sound"], told.json["anchored"]) == (0, True, last.number)
    again = counterfoil("trail", "--anchor", *where[:-1])
    assert (again.status, "nothing is new" in again.out) == (0, True)


def test_a_cut_end_is_noticed_though_the_chain_is_whole(
    folder: Folder,
    stage: Stage,
    counterfoil: Counterfoil,  # noqa: F811
) -> None:
    where = ["--dir", str(folder.path)]
    assert counterfoil("trail", "--anchor", *where).status == 0
    with open_trail(folder) as connection:
        connection.execute("DELETE FROM trail WHERE number = (SELECT max(number) FROM trail)")
    assert trail.broken_row(stage.office.store) is None
    told = counterfoil("trail", "--verify", *where, "--json")
    assert (told.status, told.json["broken"], told.json["parted"]["finding"]) == (1, None, "cut")
    assert "cut off" in counterfoil("trail", "--verify", *where).err


def test_another_past_with_a_whole_chain_is_noticed(
    folder: Folder,
    stage: Stage,
    counterfoil: Counterfoil,  # noqa: F811
) -> None:
    where = ["--dir", str(folder.path), "--json"]
    assert counterfoil("trail", "--anchor", *where).status == 0
    rows, before = list(stage.office.store.trail.all()), bytes(32)
    with open_trail(folder) as connection:
        for row in rows:
            before = trail.digest_of(
                before,
                number=row.number,
                at_ms=row.at_ms,
                actor=row.actor,
                act=row.act,
                subject="P-ANOTHER2",
                facts=row.facts,
            )
            values = ("P-ANOTHER2", before, row.number)
            connection.execute("UPDATE trail SET subject = ?, digest = ? WHERE number = ?", values)
    assert trail.broken_row(stage.office.store) is None, "whoever rewrites it can compute the digests"
    told = counterfoil("trail", "--verify", *where)
    assert (told.status, told.json["parted"]["finding"]) == (1, "other_past")


def test_the_worker_of_a_server_anchors_once_a_day_and_only_what_has_grown(folder: Folder, stage: Stage) -> None:
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    made: list[str] = []

    def act(command: Command) -> None:
        made.append(command.id)
        (outcome,) = opened.driver.do([Submission(command, "local")])
        assert isinstance(outcome, Receipt), outcome

    with opened:
        postman = Postman(folder, act)
        postman.anchor_due(stage.office)
        postman.anchor_due(stage.office)
        assert len(made) == 1
        stage.later(400 * DAY)
        postman.anchor_due(stage.office)
        assert len(made) == 1, "nothing new"
        member(stage, "bo@example.org", "operator")
        postman.anchor_due(stage.office)
        assert len(made) == 2
