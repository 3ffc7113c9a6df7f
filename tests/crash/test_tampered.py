"""Nothing in the file is uncovered: any change by hand of any column of any table is found, and its table is named."""

import base64
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.command import Units
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.ports import Outage
from counterfoil.application.verification import Audit
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash
from counterfoil.entrypoints.bootstrap import (
    Folder,
    create_key,
    open_for_reading,
    open_for_writing,
    verify_folder,
)
from tests.imports.desk import load
from tests.witnesses import cosign

TABLES = {
    "journal": ("seq", "command", "leaf_hash", "leaf"),
    "checkpoint": ("number", "size", "frontier", "note"),
    "term": ("kind", "number", "text"),
    "block": ("class", "first", "last", "account", "lot", "seq"),
    "record": ("kind", "key", "value", "seq"),
    "balance": ("book", "commodity", "account", "amount"),
    "opening": ("seq", "field", "salt", "value"),
    "cosignature": ("number", "name", "line"),
}
COLUMNS = [(table, column) for table, columns in TABLES.items() for column in columns]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A registry with rows in every table."""
    folder = Folder(tmp_path_factory.mktemp("sound") / "registry")
    load(folder, batch=100)
    writable = open_for_writing(folder, "test")
    assert not isinstance(writable, Refusal)
    with writable:
        account = OpenAccount(account="xcd:buyer", holder="A buyer", confidential={"person": "N. N.", "price": 1200})
        holding = next(item for item in writable.driver.writer.books.all_holdings() if "cdm:" in item.account)
        units = Units(holding.unit_class, holding.serials.first, holding.serials.first)
        moved = Transfer(units=units, source=holding.account, target="xcd:buyer")
        outcomes = writable.driver.do([Submission(account, "test"), Submission(moved, "test")])
        assert not any(isinstance(outcome, Refusal | Outage) for outcome in outcomes), outcomes
        cosign(writable, 7, 8, 9)
    assert not verify_folder(folder).findings
    return folder


@pytest.fixture
def folder(sound: Folder, tmp_path: Path) -> Folder:
    shutil.copytree(sound.path, tmp_path / "registry")
    return Folder(tmp_path / "registry")


@pytest.fixture
def by_hand(folder: Folder) -> Iterator[sqlite3.Connection]:
    """The file at an SQL prompt, with its guards taken away."""
    connection = sqlite3.connect(folder.ledger, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()


def found(folder: Folder) -> tuple[str, int | None]:
    """The table and the entry of the first finding."""
    audit = verify_folder(folder)
    assert audit.findings, "the change was not found"
    return audit.findings[0].table, audit.findings[0].entry


def other(value: Any) -> Any:
    """A value of the same kind that is not the same, and that no other row has."""
    match value:
        case int():
            return value + 1_000_003
        case str():
            return f"{value[:-1]}~"
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case _:
            raise AssertionError(value)


def test_the_tables_are_all_there_and_none_is_empty(sound: Folder) -> None:
    with sqlite3.connect(sound.ledger) as connection:
        named = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        assert {name for (name,) in named} == set(TABLES), "a new table needs its columns here, and its audit"
        for table, columns in TABLES.items():
            described = connection.execute(f"PRAGMA table_info({table})").fetchall()
            assert tuple(column[1] for column in described) == columns
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()


def test_every_byte_of_a_signature_line_counts_its_key_hash_and_its_padding_too(
    folder: Folder, by_hand: sqlite3.Connection
) -> None:
    number, note = by_hand.execute("SELECT number, note FROM checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    for place in range(note.index("\u2014"), len(note)):
        changed = f"{note[:place]}{'A' if note[place] != 'A' else 'B'}{note[place + 1 :]}"
        by_hand.execute("UPDATE checkpoint SET note = ? WHERE number = ?", (changed, number))
        assert found(folder)[0] == "checkpoint", place


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[".".join(pair) for pair in COLUMNS])
def test_a_changed_column_is_found(
    table: str, column: str, place: str, folder: Folder, by_hand: sqlite3.Connection
) -> None:
    keys = ", ".join(TABLES[table])
    rows = by_hand.execute(f"SELECT {keys} FROM {table} ORDER BY {keys}").fetchall()
    row = rows[{"first": 0, "middle": len(rows) // 2, "last": -1}[place]]
    where = " AND ".join(f"{name} IS ?" for name in TABLES[table])
    changed = other(row[TABLES[table].index(column)])
    assert by_hand.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (changed, *row)).rowcount == 1
    at, entry = found(folder)
    assert at == table
    if table == "journal":
        # A row that was taken out of the order is missed at its place.
        assert entry == row[0]
    elif table in ("block", "record", "opening", "checkpoint"):
        assert entry is not None


# An opening may be erased: its seal stays in the journal. A witness's line may never have come.
@pytest.mark.parametrize("table", [table for table in TABLES if table not in ("opening", "cosignature")])
def test_a_deleted_row_is_found(table: str, folder: Folder, by_hand: sqlite3.Connection) -> None:
    keys = ", ".join(TABLES[table])
    rows = by_hand.execute(f"SELECT {keys} FROM {table} ORDER BY {keys}").fetchall()
    where = " AND ".join(f"{name} IS ?" for name in TABLES[table])
    by_hand.execute(f"DELETE FROM {table} WHERE {where}", rows[len(rows) // 2])
    # An entry without its checkpoint is noticed where the next one is numbered.
    assert found(folder)[0] == table


@pytest.mark.parametrize("table", ["journal", "checkpoint"])
def test_a_shortened_table_is_found(table: str, folder: Folder, by_hand: sqlite3.Connection) -> None:
    key = TABLES[table][0]
    by_hand.execute(f"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})")
    assert found(folder)[0] == "checkpoint"


@pytest.mark.parametrize("table", TABLES)
def test_an_inserted_row_is_found(table: str, folder: Folder, by_hand: sqlite3.Connection) -> None:
    columns = TABLES[table]
    row = list(by_hand.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1 DESC").fetchone())
    row[0] = other(row[0]) if table not in ("term", "record", "balance") else row[0]
    row[1] = other(row[1]) if table != "block" else row[1]
    by_hand.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", row)
    assert found(folder)[0] == table


@pytest.mark.parametrize(
    ("table", "key", "columns"),
    [
        ("journal", "seq", ("command", "leaf_hash", "leaf")),
        ("journal", "seq", ("leaf_hash", "leaf")),
        ("checkpoint", "number", ("note",)),
        ("block", "first", ("account",)),
        ("record", "key", ("value",)),
        ("balance", "commodity", ("amount",)),
    ],
)
def test_two_rows_that_changed_places_are_found(
    table: str, key: str, columns: tuple[str, ...], folder: Folder, by_hand: sqlite3.Connection
) -> None:
    listed = ", ".join(("rowid" if table in ("journal", "checkpoint") else key, *columns))
    scope = {
        "record": "WHERE kind = 'account'",
        "balance": "WHERE account = 'imported:cdm'",
        "block": "WHERE class = 0",
    }
    rows = by_hand.execute(f"SELECT {listed} FROM {table} {scope.get(table, '')} ORDER BY {key}").fetchall()
    one = rows[3]
    two = next(row for row in rows[4:] if row[1:] != one[1:])
    setting = ", ".join(f"{column} = ?" for column in columns)
    within = scope.get(table, "WHERE true")
    if table == "journal":
        by_hand.execute("UPDATE journal SET command = 'aside' WHERE seq = ?", (two[0],))
    for values, row in ((two, one), (one, two)):
        by_hand.execute(f"UPDATE {table} SET {setting} {within} AND {key} = ?", (*values[1:], row[0]))
    at, entry = found(folder)
    assert at == table
    if table == "journal":
        assert entry == one[0]


def test_a_journal_that_was_written_anew_lacks_the_signature(folder: Folder, by_hand: sqlite3.Connection) -> None:
    """Somebody who can compute everything but has not the key: leaves, hashes, frontiers and roots all fit."""
    forger = create_key(Folder(folder.path / "forger"), name=signer_of(folder).name)
    rewrite(by_hand, lambda leaf: leaf | {"by": "nobody"}, forger, public_key=signer_of(folder).public_key)
    with open_for_reading(folder) as readable:
        assert readable.reading.row(1) is not None
    audit = verify_folder(folder)
    assert [(finding.table, finding.code) for finding in audit.findings] == [("checkpoint", "verify.signature")]


def test_a_journal_that_breaks_the_ledgers_laws_is_found_even_when_it_is_signed(
    folder: Folder, by_hand: sqlite3.Connection
) -> None:
    def doubled(leaf: dict[str, Any]) -> dict[str, Any]:
        moves = leaf.get("moves", [])
        return leaf | {"moves": moves + moves} if moves else leaf

    signer = signer_of(folder)
    rewrite(by_hand, doubled, signer, public_key=signer.public_key)
    audit = verify_folder(folder)
    assert [(finding.table, finding.code) for finding in audit.findings] == [("journal", "verify.breaks_ledger")]


def without_its_past(leaf: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in leaf.items() if name != "follows"}


def recorded_before_its_elder(leaf: dict[str, Any]) -> dict[str, Any]:
    return leaf | {"at": "1999-12-31T23:59:59.999Z"} if leaf["seq"] == 2 else leaf


def recorded_after_its_checkpoint(leaf: dict[str, Any]) -> dict[str, Any]:
    return leaf | {"at": "2999-01-01T00:00:00.000Z"}


@pytest.mark.parametrize(
    ("change", "table", "code"),
    [
        (without_its_past, "journal", "verify.follows"),
        (recorded_before_its_elder, "journal", "verify.clock"),
        (recorded_after_its_checkpoint, "checkpoint", "verify.checkpoint_columns"),
    ],
)
def test_an_entry_that_misstates_its_place_or_its_time_is_found_even_when_it_is_signed(
    change: Callable[[dict[str, Any]], dict[str, Any]],
    table: str,
    code: str,
    folder: Folder,
    by_hand: sqlite3.Connection,
) -> None:
    signer = signer_of(folder)
    rewrite(by_hand, change, signer, public_key=signer.public_key)
    assert [(finding.table, finding.code) for finding in verify_folder(folder).findings] == [(table, code)]


def test_adjustments_that_no_units_stand_behind_are_found_even_when_they_are_signed(
    folder: Folder, by_hand: sqlite3.Connection
) -> None:
    """The books balance and the tables are folds of the journal; only the units say otherwise."""
    posted = [("adjustments", "tCO2e", "awaiting-use", -5), ("adjustments", "tCO2e", "ndc:XCD:2023:added", 5)]

    def invented(leaf: dict[str, Any]) -> dict[str, Any]:
        return leaf | {"posts": [list(row) for row in posted]} if leaf["seq"] == 1 else leaf

    signer = signer_of(folder)
    rewrite(by_hand, invented, signer, public_key=signer.public_key)
    by_hand.execute("DELETE FROM cosignature")
    by_hand.executemany("INSERT INTO balance (book, commodity, account, amount) VALUES (?, ?, ?, ?)", posted)
    findings = verify_folder(folder).findings
    assert [(finding.table, finding.code) for finding in findings] == [("balance", "verify.awaiting_use")]


def test_guards_that_were_taken_away_are_found_when_nothing_else_is(
    folder: Folder, by_hand: sqlite3.Connection
) -> None:
    """Each other test here takes them away too; what was done meanwhile comes first."""
    assert by_hand.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").fetchone() == (0,)
    (finding,) = verify_folder(folder).findings
    assert (finding.table, finding.code) == ("schema", "storage.schema_differs")


def signer_of(folder: Folder) -> FileSigner:
    return FileSigner.open(folder.key)


def rewrite(
    connection: sqlite3.Connection,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    signer: FileSigner,
    *,
    public_key: bytes,
) -> None:
    """Change every leaf but the founding, and recompute all hashes and checkpoints, signed by `signer`."""
    codec = JsonCodec()
    hashes: list[bytes] = []
    moments: list[str] = []
    origin = ""
    for seq, data in connection.execute("SELECT seq, leaf FROM journal ORDER BY seq").fetchall():
        leaf = codec.decode(data)
        origin = origin or leaf["records"][0][2]["origin"]
        written = codec.encode(change(leaf) if seq else leaf)
        hashes.append(leaf_hash(written))
        moments.append(leaf["at"])
        connection.execute("UPDATE journal SET leaf = ?, leaf_hash = ? WHERE seq = ?", (written, hashes[-1], seq))
    for number, size in connection.execute("SELECT number, size FROM checkpoint ORDER BY number").fetchall():
        frontier = Frontier().extended(hashes[:size])
        text = Checkpoint(origin, size, frontier.root(), number, moments[size - 1], 1).text()
        note = signed_note(text, name=signer.name, public_key=public_key, signature=signer.sign(text.encode()))
        connection.execute(
            "UPDATE checkpoint SET frontier = ?, note = ? WHERE number = ?", (b"".join(frontier.roots), note, number)
        )


def test_another_public_key_verifies_nothing(folder: Folder) -> None:
    stranger = create_key(Folder(folder.path / "stranger"), name="stranger")
    folder.public_key.write_text(f"{base64.b64encode(stranger.public_key).decode()}\n")
    with pytest.raises(Outage) as raised:
        verify_folder(folder)
    assert raised.value.code == "keys.foreign"


@pytest.mark.parametrize("seed", range(40))
def test_bytes_changed_in_the_file_are_found_or_change_nothing_that_is_read(
    seed: int, folder: Folder, sound: Folder
) -> None:
    """An outage that names the file, or a finding; or else the bytes lie where no row is, and the audit is the same."""
    data = bytearray(folder.ledger.read_bytes())
    chance = Random(seed)
    for _ in range(chance.choice((1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    folder.ledger.write_bytes(data)
    try:
        audit = verify_folder(folder)
    except Outage as outage:
        assert outage.code.startswith(("storage.", "registry."))
        return
    assert isinstance(audit, Audit)
    assert audit.findings or audit == verify_folder(sound)


@pytest.mark.parametrize("share", [0, 1, 50, 99])
def test_a_file_that_was_cut_is_an_outage_or_a_finding(share: int, folder: Folder) -> None:
    data = folder.ledger.read_bytes()
    folder.ledger.write_bytes(data[: len(data) * share // 100])
    try:
        audit = verify_folder(folder)
    except Outage as outage:
        assert outage.code.startswith("storage.")
        return
    assert audit.findings
