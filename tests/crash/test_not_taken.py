"""What `serve` does not take: it says so by name, touches nothing, and the next try is answered alike."""

import contextlib
import json
import os
import pwd
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.adapters.storage.sqlite import schema as sqlite_schema
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_writing
from counterfoil.entrypoints.cli.main import run
from tests.crash.engines import Registries
from tests.crash.nursery import Nursery
from tests.http.desk import founded

UNPRIVILEGED = "nobody"
UNUSABLE = 2
KEPT_OUT = ("lock", "socket", "ledger.db-shm", "ledger.postgresql")
"""Files that come and go with every look; the last one counts the openings, as the database itself does."""

Change = Callable[[Folder], None]


def stand(folder: Folder) -> dict[str, Any]:
    """All that a refused command must leave as it is: every file, and every row where the ledger is in a database."""
    files = {str(file.relative_to(folder.path)): file for file in folder.path.rglob("*") if file.is_file()}
    found: dict[str, Any] = {name: file.read_bytes() for name, file in files.items() if name not in KEPT_OUT}
    if not found.get("ledger.db-wal"):
        found.pop("ledger.db-wal", None)  # a log in which nothing is
    engine = folder.engine
    if engine is None:
        return found
    with psycopg.connect(engine.conninfo) as connection:
        listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s"
        tables = [name for (name,) in connection.execute(listed, (engine.schema,)) if name != "mark"]
        for name in tables:
            found[name] = sorted(map(str, connection.execute(f'SELECT * FROM "{engine.schema}"."{name}"')))
    return found


def refusal(folder: Folder, capfd: pytest.CaptureFixture[str]) -> str:
    """The code with which `serve` refuses a registry, twice, and leaves it as it was."""
    before = stand(folder)
    told = []
    for _ in range(2):
        assert run(["serve", "--dir", str(folder.path), "--port", "0", "--for", "5", "--json"]) == UNUSABLE
        out, _ = capfd.readouterr()
        told.append(json.loads(out))
    assert told[0] == told[1]
    assert told[0]["message"]["en"] and told[0]["message"]["zh-Hant"] and told[0]["fix"]["en"]
    assert stand(folder) == before
    assert RegistryLock(folder.path).holder() is None
    return str(told[0]["code"])


def statement(folder: Folder, sqlite: str, postgres: str) -> None:
    """A hand at the prompt of either engine."""
    engine = folder.engine
    if engine is None:
        with contextlib.closing(sqlite3.connect(folder.ledger, isolation_level=None)) as connection:
            connection.execute(sqlite)
        return
    with psycopg.connect(engine.conninfo, options=f"-c search_path={engine.schema}", autocommit=True) as session:
        session.execute(postgres)


def foreign(folder: Folder) -> None:
    statement(folder, "PRAGMA application_id = 7", "UPDATE mark SET application = 'theirs'")


def newer(folder: Folder) -> None:
    statement(folder, "PRAGMA user_version = 4711", "UPDATE mark SET format = 4711")


def another_key(folder: Folder) -> None:
    stranger = Folder(folder.path / "stranger")
    create_key(stranger, name="tha/registry")
    folder.key.write_bytes(stranger.key.read_bytes())


def no_key(folder: Folder) -> None:
    folder.key.unlink()


def open_key(folder: Folder) -> None:
    folder.key.chmod(0o644)


def torn_key(folder: Folder) -> None:
    folder.key.write_bytes(folder.key.read_bytes()[:30])


def no_guard(folder: Folder) -> None:
    statement(folder, "DROP TRIGGER checkpoint_is_never_updated", "ALTER TABLE checkpoint DISABLE TRIGGER USER")


def broken_checkpoint(folder: Folder) -> None:
    """Changed by a hand that puts the guard back."""
    layout = sqlite_schema.LAYOUT
    guard = next(statement for statement in layout if "TRIGGER checkpoint_is_never_updated" in statement)
    no_guard(folder)
    last = "WHERE number = (SELECT max(number) FROM checkpoint)"
    change = f"UPDATE checkpoint SET size = size + 1 {last}"
    statement(folder, change, change)
    statement(folder, guard, "ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_is_never_changed")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (foreign, "storage.not_ours"),
        (newer, "storage.newer_format"),
        (another_key, "keys.other"),
        (no_key, "keys.absent"),
        (open_key, "keys.too_open"),
        (torn_key, "keys.unreadable"),
        (no_guard, "storage.schema_differs"),
        (broken_checkpoint, "storage.checkpoint_broken"),
    ],
)
def test_it_is_refused_by_name_and_left_as_it_is(
    change: Change, fault: str, registries: Registries, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = registries(blocks=2)
    change(folder)
    assert refusal(folder, capfd) == fault


def test_a_file_of_a_newer_program_that_was_killed_keeps_its_log(
    tmp_path: Path, servers: Nursery, capfd: pytest.CaptureFixture[str]
) -> None:
    """Closing a database moves its log into it; one that is not ours must not even be touched so."""
    folder = founded(tmp_path / "registry", blocks=2)
    program = sqlite3.connect(folder.ledger, isolation_level=None)
    program.execute("PRAGMA user_version = 4711")
    kept = shutil.copytree(folder.path, tmp_path / "killed")  # with its log, as a kill leaves it
    program.close()
    killed = Folder(Path(kept))
    assert killed.ledger.with_name("ledger.db-wal").stat().st_size > 0
    assert refusal(killed, capfd) == "storage.newer_format"


def test_an_empty_folder_is_no_registry(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert refusal(Folder(tmp_path), capfd) == "registry.not_founded"


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Folder]:
    """A registry of an unprivileged user, or of ours when we are one, in a place that everybody may enter."""
    place = Path(tempfile.mkdtemp(prefix="counterfoil-rights-"))
    place.chmod(0o755)
    # What a command imports is imported now: who is nobody may not read the libraries of whoever runs the tests.
    import counterfoil.entrypoints.serving  # noqa: F401

    for command in ("serve", "verify"):
        run([command, "--dir", str(place / "nothing"), "--json"])
    folder = founded(place / "registry", blocks=2)
    if os.geteuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED)
        for file in (folder.path, *folder.path.rglob("*")):
            os.chown(file, user.pw_uid, user.pw_gid)
    yield folder
    for file in (folder.path, *folder.path.rglob("*")):
        file.chmod(0o700)
    shutil.rmtree(place)


def unprivileged(*arguments: str) -> tuple[int, dict[str, Any]]:
    """A command as somebody who is not root: its status, and what it wrote."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                user = pwd.getpwnam(UNPRIVILEGED)
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            os.dup2(writing, 1)
            import sys

            sys.stdout = open(1, "w", closefd=False)
            status = run([*arguments, "--json"])
            sys.stdout.flush()
            os._exit(status)
        finally:
            os._exit(99)
    os.close(writing)
    with open(reading) as lines:
        told = lines.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(told) if told else {}


@pytest.mark.parametrize(
    ("name", "mode", "fault"),
    [
        ("ledger.db", 0o000, "storage.io_error"),
        ("ledger.db", 0o400, "storage.io_error"),
        (".", 0o500, "storage.io_error"),
        (".", 0o000, "storage.io_error"),
        ("keys", 0o000, "keys.unreadable"),
        ("keys/registry.key", 0o000, "keys.unreadable"),
    ],
)
def test_without_the_rights_it_is_refused_by_name(name: str, mode: int, fault: str, public: Folder) -> None:
    before = stand(public)
    (public.path / name).chmod(mode)
    status, told = unprivileged("serve", "--dir", str(public.path), "--port", "0", "--for", "5")
    assert (status, told.get("code")) == (UNUSABLE, fault), told
    (public.path / name).chmod(0o700)
    assert stand(public) == before


def test_a_registry_that_was_refused_is_served_once_its_key_is_back(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=2)
    own = folder.key.read_bytes()
    another_key(folder)
    with pytest.raises(Exception, match=r"keys\.other"):
        open_for_writing(folder, "test")
    folder.key.write_bytes(own)
    opened = open_for_writing(folder, "test")
    assert not hasattr(opened, "code")
    opened.close()  # type: ignore[union-attr]
