"""A server, or its database, that is killed at any moment under load: all that was answered is there, and is whole.

Each round kills once. After it the books are audited without a server; then the next server is asked every act again:
one that was answered gets the very same answer, byte for byte, and one that was not is done once, now or before.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.application.verification import Audit
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from tests.conformance.storage.postgres_server import PostgresServer
from tests.crash.clients import Heard, load, moves
from tests.crash.engines import drop, on_postgres
from tests.crash.nursery import Child, Nursery
from tests.http.desk import founded, token

CLIENTS = 5
BLOCKS = 40
SPAN = BLOCKS * 1_000 // (CLIENTS * 10)
"""Units that one client of one round may move: a registry serves ten rounds."""
ROUNDS = 10
ANSWERS_MAX = 60


def play(folder: Folder, servers: Nursery, *, seed: int, rounds: int = ROUNDS) -> int:
    """Rounds of load and kill on one registry; how many acts were answered in all."""
    header = token(folder)["authorization"]
    everything = Heard()
    size = 0
    for number in range(rounds):
        chance = Random(f"{seed}/{number}")
        about = f"seed {seed}, round {number}: rerun with COUNTERFOIL_CRASH_SEED={seed}"
        child = servers.serve(folder.path)
        heard = load(child.port, header, sources(number), killing(child, chance))
        assert servers.reap(child) == signal.SIGKILL, about
        size = require_sound(folder, heard, least=size, about=about)
        require_same_answers(folder, servers, header, heard, about=about)
        everything.answers |= heard.answers
    audit = verify_folder(folder)
    assert not audit.findings, f"seed {seed}"
    return len(everything.answers)


def sources(number: int) -> list[Iterator[dict[str, Any]]]:
    first = number * SPAN * CLIENTS + 1
    return [moves(f"r{number}:c{client}", start=first + client, step=CLIENTS) for client in range(CLIENTS)]


def killing(child: Child, chance: Random) -> Callable[[Heard], float]:
    """Kill after so many answers and a moment more, which is about as long as a commit."""
    answers = chance.choice((0, chance.randrange(ANSWERS_MAX)))
    pause = chance.random() * 0.02
    decided = False

    def until(heard: Heard) -> float:
        nonlocal decided
        if decided:
            child.kill()
            return 0
        if len(heard.answers) < answers:
            return -1
        decided = True
        return pause

    return until


def require_sound(folder: Folder, heard: Heard, *, least: int, about: str) -> int:
    """The books as the killed server left them: nothing is found, and each answered act is there as it was answered."""
    audit = verified(folder)
    assert not audit.findings, about
    assert audit.entries >= least, about
    with open_for_reading(folder) as readable:
        there = readable.reading.commands(list(heard.sent))
        lost = [each for each in heard.answers if each not in there]
        assert not lost, f"{about}: {lost[:5]}"
        for command, seq in there.items():
            row = readable.reading.row(seq)
            assert row is not None and row.command == command, about
            if command in heard.answers:
                assert heard.answers[command].startswith(b"201 "), (about, heard.answers[command])
                assert row.leaf_hash.hex().encode() in heard.answers[command], about
    return audit.entries


def verified(folder: Folder) -> Audit:
    """The audit. A database that starts again after it was killed is waited for."""
    end = time.monotonic() + 30
    while True:
        try:
            return verify_folder(folder)
        except Outage as outage:
            assert outage.retry and time.monotonic() < end, outage.facts
            time.sleep(0.05)


def require_same_answers(folder: Folder, servers: Nursery, header: str, heard: Heard, *, about: str) -> None:
    """Ask a new server every act again, the unanswered ones first."""
    acts = [heard.sent[each] for each in (*heard.unanswered, *heard.answers)]
    child = servers.serve(folder.path)
    count = len(acts)
    again = load(child.port, header, [iter(acts)], lambda now: ended(child, done=len(now.answers) >= count))
    servers.reap(child)
    assert len(again.answers) == count, about
    for command, first in heard.answers.items():
        assert again.answers[command] == first, about
    assert all(again.answers[command].startswith(b"201 ") for command in heard.unanswered), about


def ended(child: Child, *, done: bool) -> float:
    if done:
        child.kill()
        return 0
    return -1


def seeds(count: int) -> list[int]:
    """The seeds of a run, or the one that somebody wants to see again."""
    wanted = os.environ.get("COUNTERFOIL_CRASH_SEED")
    return [int(wanted)] if wanted else list(range(1, count + 1))


@pytest.mark.parametrize("seed", seeds(5))
def test_a_server_that_is_killed_loses_nothing_that_it_answered(seed: int, tmp_path: Path, servers: Nursery) -> None:
    assert play(founded(tmp_path / "registry", blocks=BLOCKS), servers, seed=seed) > ROUNDS


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [1_000 + seed for seed in seeds(100)])
def test_a_thousand_killed_servers_lose_nothing_that_they_answered(seed: int, tmp_path: Path, servers: Nursery) -> None:
    assert play(founded(tmp_path / "registry", blocks=BLOCKS), servers, seed=seed) > ROUNDS


def play_on_postgres(path: Path, conninfo: str, servers: Nursery, *, seed: int) -> int:
    folder = on_postgres(path, conninfo, blocks=BLOCKS)
    try:
        return play(folder, servers, seed=seed)
    finally:
        drop(folder)


def test_a_server_on_postgresql_that_is_killed_loses_nothing_that_it_answered(
    tmp_path: Path, servers: Nursery, postgres: PostgresServer
) -> None:
    assert play_on_postgres(tmp_path / "registry", postgres.conninfo, servers, seed=1) > ROUNDS


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2_000, 2_020))
def test_many_killed_servers_on_postgresql_lose_nothing_that_they_answered(
    seed: int, tmp_path: Path, servers: Nursery, postgres: PostgresServer
) -> None:
    assert play_on_postgres(tmp_path / "registry", postgres.conninfo, servers, seed=seed) > ROUNDS


class TestADatabaseThatIsKilled:
    """The server of the database with all its processes, at once; it starts again, and the registry goes on."""

    def rounds(self, path: Path, servers: Nursery, database: PostgresServer, *, seed: int, rounds: int) -> None:
        folder = on_postgres(path, database.conninfo, blocks=BLOCKS, schema="killed")
        header = token(folder)["authorization"]
        size = 0
        for number in range(rounds):
            chance = Random(f"{seed}/{number}")
            about = f"seed {seed}, round {number}"
            child = servers.serve(folder.path)
            heard = load(child.port, header, sources(number), crashing(database, child, chance))
            assert servers.reap(child) == signal.SIGKILL, about
            size = require_sound(folder, heard, least=size, about=about)
            require_same_answers(folder, servers, header, heard, about=about)
        assert not verify_folder(folder).findings

    def test_it_loses_nothing_that_was_answered_and_the_registry_goes_on(
        self, tmp_path: Path, servers: Nursery, database: PostgresServer
    ) -> None:
        self.rounds(tmp_path / "registry", servers, database, seed=1, rounds=3)

    @pytest.mark.nightly
    @pytest.mark.parametrize("seed", range(3_000, 3_003))
    def test_again_and_again(self, seed: int, tmp_path: Path, servers: Nursery, database: PostgresServer) -> None:
        self.rounds(tmp_path / "registry", servers, database, seed=seed, rounds=ROUNDS)


def crashing(database: PostgresServer, child: Child, chance: Random) -> Callable[[Heard], float]:
    """Kill the database and start it again; when the registry has answered more, kill the registry too."""
    answers = chance.randrange(1, ANSWERS_MAX)
    wanted = answers
    crashed = False

    def until(heard: Heard) -> float:
        nonlocal crashed, wanted
        if len(heard.answers) < wanted:
            return -1
        if crashed:
            child.kill()
            return 0
        time.sleep(chance.random() * 0.01)
        kill_at_once(database)
        crashed, wanted = True, len(heard.answers) + CLIENTS * 10
        return -1

    return until


def kill_at_once(database: PostgresServer) -> None:
    """SIGKILL for the server's first process and all its children, as when the machine ends them; then start it."""
    first = int((database.folder / "data" / "postmaster.pid").read_text().split()[0])
    children = [int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
    for pid in (first, *children):
        os.kill(pid, signal.SIGKILL)
    database.kill()  # its keeper ends, and leaves the data
    database.start()
