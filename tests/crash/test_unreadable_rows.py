"""A row that cannot be read is damage of the store, said by its name, and no mistake of the program."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, open_for_writing
from counterfoil.entrypoints.cli.main import run
from tests.imports.desk import load

TEXT = {"record": "value", "term": "text"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "registry")
    load(folder, batch=100)
    writable = open_for_writing(folder, "test")
    assert not isinstance(writable, Refusal)
    with writable:
        holding = next(iter(writable.driver.writer.books.all_holdings()))
        units = Units(holding.unit_class, holding.serials.first, holding.serials.first)
        hold = PlaceHold(hold="H-1", units=units, authority="DNA", reason="review")
        assert not isinstance(writable.driver.do([Submission(hold, "test")])[0], Refusal | Outage)
    return folder


def change(folder: Folder, table: str, text: str, where: str) -> None:
    with closing(sqlite3.connect(folder.ledger, isolation_level=None)) as connection:
        statement = f"UPDATE {table} SET {TEXT[table]} = ? WHERE {where}"
        assert connection.execute(statement, (text,)).rowcount == 1


TEXTS = ("{", "5", "[]", '{"public_key":5}')
PLACES = {
    "record registry self": ("record", "kind = 'registry'"),
    "record hold": ("record", "kind = 'hold'"),
    "term lot 1": ("term", "kind = 'lot' AND number = 1"),
}


@pytest.mark.parametrize("text", TEXTS[:3])
@pytest.mark.parametrize("row", PLACES)
def test_it_is_named_when_the_registry_is_opened(
    row: str, text: str, folder: Folder, capfd: pytest.CaptureFixture[str]
) -> None:
    table, where = PLACES[row]
    change(folder, table, text, where)
    with pytest.raises(Outage) as raised:
        open_for_writing(folder, "test")
    assert raised.value.code == "storage.corrupt"
    assert row in raised.value.facts["detail"]
    assert run(["serve", "--dir", str(folder.path), "--port", "0", "--for", "5", "--json"]) == 2
    assert json.loads(capfd.readouterr().out)["code"] == "storage.corrupt"


@pytest.mark.parametrize("text", TEXTS)
def test_a_look_at_the_registry_names_its_record(text: str, folder: Folder) -> None:
    change(folder, "record", text, "kind = 'registry'")
    with open_for_reading(folder) as readable:
        for look in (
            lambda: readable.registry,
            lambda: Sight(readable.reading, readable.codec, readable.evidence).registry,
        ):
            with pytest.raises(Outage) as raised:
                look()
            assert (raised.value.code, raised.value.facts["detail"]) == ("storage.corrupt", "record registry self")


def test_a_look_at_a_record_names_it(folder: Folder) -> None:
    change(folder, "record", "{", "kind = 'hold'")
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        for look in (lambda: sight.record("hold", "H-1"), lambda: list(sight.records("hold"))):
            with pytest.raises(Outage) as raised:
                look()
            assert (raised.value.code, raised.value.facts["detail"]) == ("storage.corrupt", "record hold H-1")


def test_a_look_at_the_keys_names_them(folder: Folder, capfd: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(folder.ledger, isolation_level=None)) as connection:
        connection.execute("INSERT INTO record (kind, key, value, seq) VALUES ('key', '1', '{', 1)")
    assert run(["key", "list", "--dir", str(folder.path), "--json"]) == 2
    told = json.loads(capfd.readouterr().out)
    assert (told["code"], told["facts"]["detail"] if "facts" in told else "record key") == (
        "storage.corrupt",
        "record key",
    )
