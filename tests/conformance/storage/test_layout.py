"""A guard that was taken away, changed or added by hand is found: when the registry is opened, and by `verify`."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from counterfoil.adapters.storage.sqlite import schema
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.commands.found import Found
from counterfoil.application.ports import Outage
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_writing, verify_folder
from tests.conformance.storage.batches import batch
from tests.conformance.storage.conftest import POSTGRES, Home, Servers, home_in


class Registry(NamedTuple):
    """A founded registry that is closed, and a hand at the prompt of its engine."""

    folder: Folder
    execute: Callable[[str], None]

    def opened(self) -> str:
        """What opening it for writing answers."""
        try:
            writable = open_for_writing(self.folder, "test")
        except Outage as outage:
            return f"{outage.code} {outage.facts.get('part', '')}".strip()
        assert not isinstance(writable, Refusal)
        writable.close()
        return "open"

    def verified(self) -> list[tuple[str, str, str]]:
        return [(found.table, found.code, str(found.facts["part"])) for found in verify_folder(self.folder).findings]


def founded(path: Path, engine: str = "") -> Folder:
    folder = Folder(path)
    path.mkdir()
    if engine:
        (path / "engine.toml").write_text(engine)
    signer = create_key(folder, name="registry.example/xaa")
    writable = open_for_writing(folder, "test", create=True)
    assert not isinstance(writable, Refusal)
    with writable:
        public_key = folder.public_key.read_text().strip()
        command = Found(registry="XAA01", party=Party("XAA"), name="A", origin=signer.name, public_key=public_key)
        (outcome,) = writable.driver.do([Submission(command, "test")])
        assert not isinstance(outcome, Refusal | Outage), outcome
    return folder


@pytest.fixture
def in_file(tmp_path: Path) -> Registry:
    folder = founded(tmp_path / "registry")

    def execute(statements: str) -> None:
        with contextlib.closing(sqlite3.connect(folder.ledger, isolation_level=None)) as connection:
            connection.executescript(statements)

    return Registry(folder, execute)


@pytest.fixture(params=POSTGRES)
def in_server(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Registry]:
    for home in home_in(servers(request.param)):
        engine = f'engine = "postgresql"\nconninfo = "{home.conninfo}"\nschema = "{home.schema}"\n'
        yield Registry(founded(tmp_path / "registry", engine), by_hand(home))


def by_hand(home: Home) -> Callable[[str], None]:
    def execute(statements: str) -> None:
        with home.connect() as stranger:
            stranger.execute(statements)

    return execute


EVIL = "CREATE TRIGGER helpful AFTER INSERT ON journal BEGIN DELETE FROM opening; END"
WEAK = """PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'amount <= 0', 'amount <= 9') WHERE name = 'balance'"""


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("DROP TRIGGER journal_is_never_updated", "trigger journal_is_never_updated"),
        ("DROP TRIGGER block_comes_apart", "trigger block_comes_apart"),
        (EVIL, "trigger helpful"),
        (WEAK, "table balance"),
        ("CREATE INDEX quick ON block (account)", "index quick"),
        ("CREATE TABLE notes (text)", "table notes"),
    ],
)
def test_a_file_is_refused_and_found_unsound_after(change: str, part: str, in_file: Registry) -> None:
    assert (in_file.opened(), in_file.verified()) == ("open", [])
    in_file.execute(change)
    assert in_file.opened() == f"storage.schema_differs {part}"
    assert in_file.verified() == [("schema", "storage.schema_differs", part)]


def test_statistics_in_a_file_are_let_be(in_file: Registry) -> None:
    in_file.execute("ANALYZE")
    assert (in_file.opened(), in_file.verified()) == ("open", [])


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("ALTER TABLE journal DISABLE TRIGGER USER", "trigger journal_is_never_changed"),
        ("ALTER TABLE journal ENABLE TRIGGER journal_is_never_changed", "trigger journal_is_never_changed"),
        ("ALTER TABLE cosignature DISABLE TRIGGER ALL", "reference cosignature"),
        ("DROP TRIGGER grown_blocks_stand_apart ON block", "function refuse_grown_overlap"),
        ("ALTER TABLE balance DROP CONSTRAINT balance_gives_only", "constraint balance_gives_only"),
        ("ALTER TABLE journal SET UNLOGGED", "table journal"),
        ("ALTER TABLE record ENABLE ROW LEVEL SECURITY", "table record"),
        ("CREATE RULE quiet AS ON INSERT TO opening DO INSTEAD NOTHING", "rule quiet"),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "function refuse_change",
        ),
        ("ALTER FUNCTION refuse_new_overlap() SET search_path TO public", "function refuse_new_overlap"),
        (
            "CREATE TRIGGER helpful AFTER INSERT ON record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            "trigger helpful",
        ),
    ],
)
def test_a_schema_is_refused_and_found_unsound_after(change: str, part: str, in_server: Registry) -> None:
    assert (in_server.opened(), in_server.verified()) == ("open", [])
    in_server.execute(change)
    assert in_server.opened() == f"storage.schema_differs {part}"
    assert in_server.verified() == [("schema", "storage.schema_differs", part)]


def test_what_an_administrator_adds_beside_the_tables_is_let_be(in_server: Registry) -> None:
    in_server.execute("CREATE VIEW sizes AS SELECT max(size) FROM checkpoint; GRANT SELECT ON sizes TO PUBLIC; ANALYZE")
    assert (in_server.opened(), in_server.verified()) == ("open", [])


class TestTheLogOfTheFile:
    """Readers beside the writer rest on the write-ahead log; a hand may have taken it away."""

    def test_it_is_asked_for_again(self, sqlite_store: SqliteStore, path: Path) -> None:
        sqlite_store.commit(batch())
        sqlite_store.close()
        with contextlib.closing(sqlite3.connect(path)) as hand:
            assert hand.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        again = SqliteStore(path, create=False)
        assert again._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        again.close()

    def test_a_file_that_cannot_have_one_is_refused(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        SqliteStore(tmp_path / "ledger.db", create=True).close()
        with contextlib.closing(sqlite3.connect(tmp_path / "ledger.db")) as hand:
            hand.execute("PRAGMA journal_mode = DELETE").fetchone()

        class Stubborn(sqlite3.Connection):
            def execute(self, sql: str, *facts: object) -> sqlite3.Cursor:
                return super().execute("PRAGMA journal_mode" if "journal_mode" in sql else sql, *facts)

        connected = schema.connected
        monkeypatch.setattr(
            schema,
            "connected",
            lambda uri, path: (
                sqlite3.connect(uri, uri=True, isolation_level=None, factory=Stubborn)
                if "mode=rw" in uri
                else connected(uri, path)
            ),
        )
        with pytest.raises(Outage) as raised:
            SqliteStore(tmp_path / "ledger.db", create=False)
        assert raised.value.code == StorageFault.IO_ERROR
        assert "delete" in str(raised.value.facts["detail"])
