"""What `verify` says of a finding: in the language of the screen, with values beside labels; for machines, as data."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.cli.conftest import Counterfoil
from tests.imports.desk import load

WORDS = re.compile(r"[a-z]{2,}(?: [a-z]{2,})+")
"""Two words of English in a row."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "registry")
    load(folder, batch=100)
    return folder


def by_hand(folder: Folder, *statements: str) -> None:
    with closing(sqlite3.connect(folder.ledger, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


CHANGES = {
    "verify.block": ("UPDATE block SET account = account + 1 WHERE first = (SELECT min(first) FROM block)",),
    "verify.entry_missing": ("UPDATE journal SET seq = 999999 WHERE seq = 3",),
    "verify.leaf_hash": ("UPDATE journal SET leaf_hash = zeroblob(32) WHERE seq = 3",),
    "verify.checkpoint_unreadable": ("UPDATE checkpoint SET note = 'x' WHERE number = 2",),
    "verify.checkpoint_columns": ("UPDATE checkpoint SET frontier = zeroblob(32) WHERE number = 2",),
    "verify.signature": ("UPDATE checkpoint SET note = replace(note, 'epoch 1', 'epoch 2') WHERE number = 2",),
    "verify.columns": ("UPDATE journal SET command = 'other' WHERE seq = 3",),
    "verify.opening": ("INSERT INTO opening VALUES (3, 'price', zeroblob(32), '1')",),
    "storage.schema_differs": (),
}


@pytest.mark.parametrize("code", CHANGES)
def test_a_finding_is_told_in_chinese_throughout(code: str, folder: Folder, counterfoil: Counterfoil) -> None:
    by_hand(folder, *CHANGES[code])
    told = counterfoil("verify", folder.path, "--lang", "zh-Hant")
    assert told.status == 1
    assert f"[{code}]" in told.out
    # A trigger is named as the database names it.
    assert not [line for line in told.out.splitlines() if WORDS.search(re.sub("部分：.*", "", line))], told.out
    assert "verify.fact" not in told.out


def test_a_finding_gives_machines_its_facts(folder: Folder, counterfoil: Counterfoil) -> None:
    by_hand(folder, *CHANGES["verify.checkpoint_columns"])
    (finding,) = counterfoil("verify", folder.path, "--json").json["findings"]
    assert finding["facts"] == {"checkpoint": 2}
    assert finding["detail"] == "checkpoint: 2"
    english = counterfoil("verify", folder.path).out
    assert "  Checkpoint: 2\n" in english
