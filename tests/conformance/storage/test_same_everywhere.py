"""The same commands make the same book on every engine, byte for byte: answers, notes, roots and tables.

Clock, chance and key are the same; so only the engine can make a difference.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from counterfoil.adapters.chance import SeededChance
from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.signing.ed25519 import FileSigner, verify
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.adapters.storage.sqlite.store import SqliteStore
from counterfoil.application.command import Command, NdcPeriod, Units
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.hold import PlaceHold, ReleaseHold
from counterfoil.application.commands.import_units import ImportCancellation, ImportIssuance
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.draft import Outcome
from counterfoil.application.ports import CosignatureRow, Outage, Store
from counterfoil.application.receipt import Receipt
from counterfoil.application.verification import audit
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.kernel.ids import Party
from counterfoil.entrypoints.bootstrap import memory_world
from tests.conformance.storage.conftest import Home
from tests.conformance.storage.test_every_store import contents

TODAY_MS = 1_767_225_600_000
STEPS = 60
PROJECTS = ("7", "42")
ACCOUNTS = ("tha:a", "tha:b", "tha:c")
FOUNDING = Found(
    registry="THA01",
    party=Party("THA"),
    name="Thailand \u6cf0\u570b",
    origin="tha/registry",
    public_key="x",
    ndc_periods=(NdcPeriod(2021, 2030, 2032),),
)


def history(seed: int) -> list[list[Submission]]:
    """Batches of commands, most of them possible, some not, some repeated with the same or with other content."""
    chance = random.Random(seed)
    opening = [FOUNDING, *(OpenAccount(account=account, holder="a holder") for account in ACCOUNTS)]
    batches: list[list[Command]] = [list(opening)]
    commands: list[Command] = []
    for number in range(STEPS):
        size = chance.choice((1, 3, 40))
        batches.append([replace(_any(chance), id=f"c:{seed}:{number}:{part}") for part in range(size)])
        commands += batches[-1]
        if chance.random() < 0.3:
            again = chance.choice(commands)
            batches[-1] += [again, replace(again, confidential={"price": chance.randrange(9)})]
    return [[Submission(command, "local") for command in batch] for batch in batches]


def _any(chance: random.Random) -> Command:
    # Ten blocks of a hundred serials: each belongs to a project, and most of what is tried stays within one.
    block = chance.randrange(10)
    project = PROJECTS[block % len(PROJECTS)]
    first = block * 100 + chance.randrange(1, 100)
    last = min(first + chance.randrange(30), block * 100 + 100 + chance.choice((0, 0, 0, 5)))
    units = Units("BR-#", first, last)
    sealed = {"price": chance.randrange(1_000), "buyer": "買方"} if chance.random() < 0.2 else {}
    whose = (f"cdm:BR-{project}", f"cdm:BR-{project}", *ACCOUNTS)
    match chance.randrange(10):
        case 0 | 1:
            return ImportIssuance(
                party="BR", project=project, first=block * 100 + 1, last=block * 100 + 100, unit_type="CER",
                commitment_period="1", completed_at="2010-01-01", provenance=f"x:{first}", confidential=sealed,
            )  # fmt: skip
        case 2:
            return ImportCancellation(
                party="BR", project=project, first=first, last=last, unit_type="CER", commitment_period="1",
                completed_at="2011-01-01", provenance=f"y:{first}",
            )  # fmt: skip
        case 3:
            return PlaceHold(hold=f"H-{chance.randrange(9)}", units=units, authority="DNA", reason="review")
        case 4:
            return ReleaseHold(hold=f"H-{chance.randrange(9)}", authority="DNA", reason="cleared")
        case 5:
            return Correct(entry=chance.randrange(4, 200), authority="DNA", reason="a mistake")
        case _:
            return Transfer(
                units=units, source=chance.choice(whose), target=chance.choice(ACCOUNTS), confidential=sealed
            )


class Played:
    """A history played on one store, and everything that can be seen of it."""

    def __init__(self, store: Store, batches: Sequence[Sequence[Submission]]) -> None:
        self._world = memory_world(
            FileSigner("tha/registry", SigningKey(b"k" * 32)),
            clock=PinnedClock(TODAY_MS, step=7),
            chance=SeededChance("everywhere", ms=TODAY_MS),
        )
        self._world = replace(self._world, store=store)
        self.outcomes: list[Outcome] = []
        self.notes: list[str] = []
        half = len(batches) // 2
        for part in (batches[:half], batches[half:]):
            # The second half is taken by a writer that starts from what the first one left in the store.
            writer = Writer(self._world)
            for submissions in part:
                self.outcomes += writer.step(submissions)
                self.notes.append(writer.note)
        self.findings = self._audit()
        assert store.cosign(CosignatureRow(1, "a witness", "a line"))
        self.contents: dict[str, Any] = contents(store)

    def _audit(self) -> tuple[object, ...]:
        reading = self._world.store.reading()
        try:
            found = audit(reading, self._world.codec, verify=verify, public_key=self._world.signer.public_key)
        finally:
            reading.close()
        return found.findings


@pytest.mark.parametrize("seed", range(3))
def test_a_history_is_the_same_book_on_every_engine(home: Home, tmp_path: Path, seed: int) -> None:
    batches = history(seed)
    memory = Played(MemoryStore(), batches)
    sqlite_store = SqliteStore(tmp_path / "registry.db", create=True)
    postgres_store = home.store(create=True)
    try:
        for store in (sqlite_store, postgres_store):
            played = Played(store, batches)
            assert played.outcomes == memory.outcomes
            assert played.notes == memory.notes
            for table, rows in memory.contents.items():
                assert played.contents[table] == rows, table
            assert not played.findings
    finally:
        sqlite_store.close()
        postgres_store.close()


def test_the_histories_reach_what_they_are_for() -> None:
    """Receipts and refusals, blocks that were split, holds, sealed fields, and the same id with other content."""
    memory = Played(MemoryStore(), history(0))
    kinds = {type(outcome) for outcome in memory.outcomes}
    assert Outage not in kinds
    assert sum(isinstance(outcome, Receipt) for outcome in memory.outcomes) > 100
    assert len(memory.contents["blocks"]) > 30
    refused = {getattr(outcome, "code", "") for outcome in memory.outcomes}
    assert len(refused) > 8
    assert all(memory.contents.values()), [name for name, rows in memory.contents.items() if not rows]
