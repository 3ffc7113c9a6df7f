"""Registries to back up, and what there is to compare about one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from counterfoil.application.command import Units
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.ports import Reading
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.cli.main import run
from tests.cli.conftest import HISTORY, INIT

CLASS = "CA9001-THA01-THA-#-2022"
TAKEN = ("ledger.db", "ledger.db-wal", "ledger.db-shm", "lock")


def lived(path: Path, *, transfers: int = 6) -> Folder:
    """A registry with authorized units, a confidential field, evidence, an import's trace, and some transfers."""
    commands = path.with_name(f"{path.name}.ndjson")
    commands.write_text("".join(f"{json.dumps(command)}\n" for command in HISTORY))
    assert run(["init", "--dir", str(path), *INIT]) == 0
    assert run(["do", "--dir", str(path), str(commands)]) == 0
    assert run(["evidence", "add", "--dir", str(path), str(commands)]) == 0
    (path / "imports.ndjson").write_text('{"run": "r1"}\n')
    folder = Folder(path)
    with writable(folder) as opened:
        done(opened, OpenAccount(account="tha:other", holder="Other"))
        for number in range(transfers):
            done(opened, step(number))
    return folder


def writable(folder: Folder) -> Writable:
    opened = open_for_writing(folder, "test")
    assert not isinstance(opened, Refusal), opened
    return opened


def step(number: int) -> Transfer:
    """The transfer of that number: one unit after the other."""
    first = 1 + number
    return Transfer(id=f"step-{number:06d}", units=Units(CLASS, first, first), source="tha:dev", target="tha:other")


def done(opened: Writable, *commands: Any) -> None:
    outcomes = opened.driver.do([Submission(command, "test") for command in commands])
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes


def everything(folder: Folder) -> Mapping[str, Sequence[Any]]:
    """All rows of all tables."""
    with open_for_reading(folder) as readable:
        return rows_of(readable.reading)


def rows_of(reading: Reading) -> Mapping[str, Sequence[Any]]:
    return {
        "journal": list(reading.journal()),
        "checkpoints": list(reading.checkpoints()),
        "cosignatures": list(reading.cosignatures()),
        "terms": list(reading.terms()),
        "blocks": list(reading.blocks()),
        "records": list(reading.records()),
        "balances": list(reading.balances()),
        "openings": list(reading.openings()),
    }


def files(path: Path) -> Mapping[str, bytes]:
    """All files of a folder but the ledger's own."""
    return {
        str(each.relative_to(path)): each.read_bytes()
        for each in sorted(path.rglob("*"))
        if each.is_file() and each.name not in TAKEN
    }
