"""A registry of an older format: refused by what would read or write it, and upgraded without touching the book."""

import base64
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from nacl.signing import SigningKey

from counterfoil.adapters.storage.postgres import migrations as postgres_migrations
from counterfoil.adapters.storage.postgres import schema as postgres_schema
from counterfoil.adapters.storage.sqlite import migrations as sqlite_migrations
from counterfoil.adapters.storage.sqlite import schema as sqlite_schema
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.command import Command
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import (
    Folder,
    Writable,
    open_for_reading,
    open_for_writing,
    stored_format,
    verify_folder,
)
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.wire import command_of
from tests.conformance.storage.conftest import POSTGRES, Home, Servers, home_in
from tests.conformance.storage.strangers import fault_of
from tests.witnesses import cosign

ROOT = Path(__file__).parents[3]
FORMAT1 = Path(__file__).parents[2] / "data" / "format1"
EXPECTED: dict[str, Any] = json.loads((FORMAT1 / "expected.json").read_text("utf-8"))


@dataclass(frozen=True)
class Old:
    """A folder with a registry of format 1, and the text by which its engine is told to run SQL on it."""

    folder: Folder
    home: Home | None

    def execute(self, statement: str) -> None:
        """A statement by a hand at the prompt."""
        if self.home is None:
            with contextlib.closing(sqlite3.connect(self.folder.ledger, isolation_level=None)) as connection:
                connection.execute(statement)
        else:
            with self.home.connect() as stranger:
                stranger.execute(statement)

    def writing(self) -> Writable:
        opened = open_for_writing(self.folder, "test")
        assert not isinstance(opened, Refusal)
        return opened


def keyed(path: Path) -> Folder:
    """A folder with the keys of the old registry."""
    folder = Folder(path)
    folder.key.parent.mkdir(parents=True)
    seed = SigningKey(b"k" * 32)
    from counterfoil.adapters.signing.ed25519 import FileSigner

    folder.key.write_bytes(FileSigner("tha/registry", seed)._line().encode())
    folder.key.chmod(0o600)
    folder.public_key.write_text(f"{base64.b64encode(bytes(seed.verify_key)).decode()}\n")
    return folder


@pytest.fixture(params=["sqlite", *POSTGRES])
def old(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Old]:
    folder = keyed(tmp_path / "registry")
    if request.param == "sqlite":
        with contextlib.closing(sqlite3.connect(folder.ledger, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript((FORMAT1 / "sqlite.sql").read_text("utf-8"))
        yield Old(folder, None)
        return
    for home in home_in(servers(request.param)):
        with home.connect() as administrator:
            administrator.execute(f"CREATE SCHEMA {home.schema}")
            administrator.execute(f"SET search_path TO {home.schema}, pg_temp")  # as the program's own sessions
            administrator.execute((FORMAT1 / "postgres.sql").read_text("utf-8"))
        engine = f'engine = "postgresql"\nconninfo = "{home.conninfo}"\nschema = "{home.schema}"\n'
        (folder.path / "engine.toml").write_text(engine)
        folder.mark.touch()
        yield Old(folder, home)


def test_it_is_refused_by_whatever_reads_or_writes(old: Old) -> None:
    for act in (
        lambda: open_for_reading(old.folder),
        lambda: open_for_writing(old.folder, "test"),
        lambda: verify_folder(old.folder),
    ):
        assert fault_of(act) == StorageFault.OLDER_FORMAT
    assert stored_format(old.folder).now() == 1


def test_after_the_upgrade_the_book_is_the_same(old: Old) -> None:
    assert stored_format(old.folder).step() == 2
    audited = verify_folder(old.folder)
    assert (audited.entries, audited.root, audited.findings) == (EXPECTED["entries"], EXPECTED["root"], ())
    with open_for_reading(old.folder) as readable:
        last = readable.reading.last_checkpoint()
        assert last is not None
        assert last.note == EXPECTED["note"]
        assert list(readable.reading.cosignatures()) == []


def test_after_the_upgrade_a_command_that_is_sent_again_has_its_old_receipt(old: Old) -> None:
    stored_format(old.folder).step()
    sent = [Submission(_command(answer["command"]), "local") for answer in EXPECTED["answers"]]
    with old.writing() as writable:
        outcomes = writable.driver.do(sent)
    answered = [json.loads(json.dumps(asdict(each))) for each in outcomes if isinstance(each, Receipt)]
    assert answered == [answer["receipt"] for answer in EXPECTED["answers"]]


def test_after_the_upgrade_it_takes_acts_and_cosignatures(old: Old) -> None:
    stored_format(old.folder).step()
    new = {**EXPECTED["answers"][1]["command"], "id": "c:after", "account": "tha:after"}
    with old.writing() as writable:
        assert isinstance(writable.driver.do([Submission(_command(new), "local")])[0], Receipt)
        cosign(writable, 7)
    assert not verify_folder(old.folder).findings


def _command(value: Any) -> Command:
    command = command_of(value)
    assert not isinstance(command, Refusal)
    return command


def test_an_upgraded_registry_is_laid_out_as_a_new_one(old: Old, tmp_path: Path) -> None:
    stored_format(old.folder).step()
    if old.home is None:
        SqliteStore(tmp_path / "new.db", create=True).close()
        assert _sqlite_layout(old.folder.ledger) == _sqlite_layout(tmp_path / "new.db")
        return
    new = Home(old.home.conninfo, f"{old.home.schema}_new")
    new.store(create=True).close()
    try:
        assert _postgres_layout(old.home) == _postgres_layout(new)
    finally:
        with new.connect() as administrator:
            administrator.execute(f"DROP SCHEMA {new.schema} CASCADE")


def _sqlite_layout(path: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        marks = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
        return marks + sorted(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"), key=str)


def _postgres_layout(home: Home) -> list[object]:
    queries = (
        "SELECT format FROM mark",
        "SELECT relname, relkind, reloptions FROM pg_class WHERE relnamespace = current_schema()::regnamespace",
        "SELECT c.relname, attname, atttypid::regtype, attnotnull, attcollation FROM pg_attribute "
        "JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = current_schema()::regnamespace AND attnum > 0",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = current_schema()::regnamespace",
        "SELECT c.relname, tgname, tgenabled, tgtype FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
    )
    with home.connect() as connection:
        return [sorted(map(str, connection.execute(query).fetchall())) for query in queries]


def test_a_registry_of_this_format_is_left_as_it_is(old: Old) -> None:
    stored_format(old.folder).step()
    assert stored_format(old.folder).step() == 2
    assert stored_format(old.folder).now() == 2


def test_a_newer_format_is_refused_by_the_upgrade_too(old: Old) -> None:
    old.execute("PRAGMA user_version = 9" if old.home is None else "UPDATE mark SET format = 9")
    assert fault_of(stored_format(old.folder).step) == StorageFault.NEWER_FORMAT


def test_rows_that_the_new_format_forbids_stop_the_step_and_nothing_has_changed(old: Old) -> None:
    old.execute("INSERT INTO balance VALUES ('units', 'x', 'issued:x', 1)")
    assert fault_of(stored_format(old.folder).step) == StorageFault.CONFLICT
    assert stored_format(old.folder).now() == 1
    old.execute("DELETE FROM balance WHERE commodity = 'x'")
    assert stored_format(old.folder).step() == 2
    assert not verify_folder(old.folder).findings


def test_the_steps_lead_from_every_older_format_to_this_one() -> None:
    for schema, migrations in ((sqlite_schema, sqlite_migrations), (postgres_schema, postgres_migrations)):
        assert sorted(migrations.STEPS) == list(range(1, schema.FORMAT))


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
import psycopg
from counterfoil.entrypoints.bootstrap import Folder, stored_format

left = int(sys.argv[2])

def one_less(statement):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1

class Killing(sqlite3.Connection):
    def execute(self, statement, *facts):
        one_less(statement)
        return super().execute(statement, *facts)

connect, execute = sqlite3.connect, psycopg.Connection.execute
sqlite3.connect = lambda *facts, **named: connect(*facts, factory=Killing, **named)

def killing(self, statement, *facts, **named):
    one_less(statement)
    return execute(self, statement, *facts, **named)

psycopg.Connection.execute = killing
stored_format(Folder(Path(sys.argv[1]))).step()
print("done")
"""


def test_an_upgrade_that_is_killed_anywhere_is_before_the_step_or_behind_it(old: Old) -> None:
    statements = 0
    while True:
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(old.folder.path), str(statements)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert stored_format(old.folder).now() == 1
        statements += 1
    assert statements >= 8
    assert stored_format(old.folder).now() == 2
    assert verify_folder(old.folder).root == EXPECTED["root"]


def test_a_killed_commit_of_the_step_leaves_one_format_or_the_other(old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails at its last statement is undone whole, and can be taken again."""
    for module in (sqlite_migrations, postgres_migrations):
        monkeypatch.setattr(module, "STEPS", {1: (*module.STEPS[1], "INSERT INTO nothing VALUES (1)")})
    with pytest.raises(Outage):
        stored_format(old.folder).step()
    monkeypatch.undo()
    assert stored_format(old.folder).now() == 1
    assert stored_format(old.folder).step() == 2
    assert verify_folder(old.folder).root == EXPECTED["root"]


class TestTheCommand:
    def test_it_says_what_it_does_keeps_a_copy_and_audits(self, old: Old, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["upgrade", "--lang", "en", str(old.folder.path)]) == 0
        said = capsys.readouterr().out
        assert "Format 1 to 2" in said
        assert EXPECTED["root"] in said
        copy = old.folder.path / "ledger.db.format-1"
        assert copy.exists() == (old.home is None)
        if old.home is None:
            assert copy.stat().st_mode & 0o077 == 0
            with contextlib.closing(sqlite3.connect(copy)) as kept:
                assert kept.execute("PRAGMA user_version").fetchone() == (1,)
                assert kept.execute("SELECT count(*) FROM journal").fetchone() == (EXPECTED["entries"],)

    def test_an_earlier_copy_stays_and_a_later_one_is_numbered(self, old: Old) -> None:
        if old.home is not None:
            pytest.skip("the copies of a database are its server's")
        copy = old.folder.path / "ledger.db.format-1"
        copy.write_bytes(b"an earlier state")
        stored = stored_format(old.folder)
        assert stored.keep() == copy.with_name("ledger.db.format-1.2")
        assert stored.keep() == copy.with_name("ledger.db.format-1.3")
        assert copy.read_bytes() == b"an earlier state"
        assert sorted(path.name for path in copy.parent.glob("ledger.db.format*")) == [
            "ledger.db.format-1",
            "ledger.db.format-1.2",
            "ledger.db.format-1.3",
        ]

    def test_a_second_run_says_that_nothing_has_to_be_done(self, old: Old, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["upgrade", "--no-copy", str(old.folder.path)]) == 0
        capsys.readouterr()
        assert run(["upgrade", "--lang", "en", str(old.folder.path)]) == 0
        assert "already" in capsys.readouterr().out
        assert not (old.folder.path / "ledger.db.format-1").exists()

    def test_a_dry_run_changes_nothing(self, old: Old, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["upgrade", "--dry-run", "--json", str(old.folder.path)]) == 0
        assert json.loads(capsys.readouterr().out) == {"format": 1, "format_now": 2, "steps": 1}
        assert run(["upgrade", "--dry-run", "--lang", "zh-Hant", str(old.folder.path)]) == 0
        assert "第 1 版" in capsys.readouterr().out
        assert stored_format(old.folder).now() == 1

    def test_other_commands_name_the_way_out(self, old: Old, capsys: pytest.CaptureFixture[str]) -> None:
        for words in (["verify"], ["list", "accounts"], ["show", "XA-1-1"], ["tiles", "--out", "x"]):
            assert run([*words, "--lang", "en", "--dir", str(old.folder.path)]) == 2
            said = capsys.readouterr().err
            assert "storage.older_format" in said
            assert "upgrade" in said

    def test_a_registry_that_somebody_writes_is_not_upgraded(
        self, old: Old, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stored_format(old.folder).step()
        with old.writing():
            assert run(["upgrade", str(old.folder.path)]) == 1
        assert "registry.locked" in capsys.readouterr().err

    def test_damage_that_was_there_before_is_named_afterwards(
        self, old: Old, capsys: pytest.CaptureFixture[str]
    ) -> None:
        old.execute("UPDATE record SET value = '{}' WHERE kind = 'registry'")
        assert run(["upgrade", "--lang", "en", str(old.folder.path)]) == 1
        assert "verify.record" in capsys.readouterr().err

    def test_without_the_public_key_nothing_is_changed(self, old: Old, capsys: pytest.CaptureFixture[str]) -> None:
        old.folder.public_key.unlink()
        assert run(["upgrade", str(old.folder.path)]) == 2
        assert "keys.absent" in capsys.readouterr().err
        assert stored_format(old.folder).now() == 1

    def test_a_folder_without_a_registry(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["upgrade", str(tmp_path)]) == 2
        assert "registry.not_founded" in capsys.readouterr().err


def test_an_auditor_of_the_old_schema_may_read_the_cosignatures(old: Old) -> None:
    if old.home is None:
        return
    role = f"{old.home.schema}_auditor"
    with old.home.connect() as administrator:
        administrator.execute(f"CREATE ROLE {role}; GRANT USAGE ON SCHEMA {old.home.schema} TO {role}")
        administrator.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {old.home.schema} TO {role}")
    try:
        stored_format(old.folder).step()
        with old.home.connect() as auditor:
            auditor.execute(f"SET ROLE {role}")
            assert auditor.execute("SELECT count(*) FROM cosignature").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                auditor.execute("DELETE FROM cosignature")
    finally:
        with old.home.connect() as administrator:
            administrator.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_writer_of_the_older_program_is_fenced_by_the_upgrade(old: Old) -> None:
    if old.home is None:
        return
    with old.home.connect() as before:
        epoch = before.execute("SELECT epoch FROM mark").fetchone()
        stored_format(old.folder).step()
        assert before.execute("SELECT epoch - 1 FROM mark").fetchone() == epoch
