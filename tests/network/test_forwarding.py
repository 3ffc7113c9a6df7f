"""Forwarding between processes: the mechanism's registry, the buyer's and the host's, over real HTTP."""

import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.commands.notifying import NOTICES
from counterfoil.application.queries.balance import balance_of
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from counterfoil.entrypoints.network.ending import down
from counterfoil.entrypoints.network.kept import Network, read_network, tell
from counterfoil.entrypoints.network.launching import up
from counterfoil.entrypoints.network.playing import Played, play
from counterfoil.entrypoints.network.script import Ending, Move, plays
from counterfoil.entrypoints.network.stage import NetworkStage

PARTIES = ["GHA", "CHE", "XUN"]
SECONDS = 180
SHARES = 7_000
"""What the mechanism's law takes of 100,000 t: 5 % for adaptation, 2 % for overall mitigation."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("networks") / "three"
    found = up(path, PARTIES, seconds=SECONDS)
    assert not isinstance(found, Refusal), found
    yield path
    down(path)


@pytest.fixture(scope="module")
def played(place: Path) -> Played:
    found = play(place)
    assert isinstance(found, Played), found
    return found


def forwarding() -> Move:
    [move] = [move for move in plays(date.fromisoformat(utc_text(SystemClock().now_ms())[:10])).moves if move.host]
    return move


def added(network: Network, party: str) -> int:
    """All that a Party's own book has added to its balance for units of the mechanism."""
    stage = NetworkStage(network)
    sight = stage.sight(party)
    try:
        balance = balance_of(sight, party)
        assert not isinstance(balance, Refusal)
        counted = sight.record("first_transferred_quantity", "GH-SOLAR-LOA")
        assert balance["commodities"]["tCO2e"]["years"]["2025"]["added"] >= int(counted)
        return int(counted)
    finally:
        sight.reading.close()


def test_the_host_s_own_book_adds_what_was_forwarded_between_two_others(played: Played, place: Path) -> None:
    [result] = [each for each in played.results if each.move.host]
    assert (result.ending, result.added, result.right) == (Ending.FINAL, 1_000, True)
    assert result.json()["host"] == "GHA" and played.right
    network = read_network(place)
    assert not isinstance(network, Refusal)
    assert added(network, "GHA") == SHARES + 1_000


def test_a_host_whose_registry_stands_still_adds_once_it_goes_on(played: Played, place: Path) -> None:
    """Nobody waits for it: the units are the buyer's, and the notice is owed until it is taken."""
    assert played.right
    network = read_network(place)
    assert not isinstance(network, Refusal)
    stage, move = NetworkStage(network), forwarding()
    tell(network, "GHA", signal.SIGSTOP)
    try:
        answer = stage.act(move.step, transfer="offline-1")
        assert answer["status"] == "accepted", answer
        assert stage.ended("XUN", "CHE", "offline-1")[0] is Ending.FINAL
        assert stage.added("GHA", "XUN", "offline-1") == 0
    finally:
        tell(network, "GHA", signal.SIGCONT)
    assert stage.told("XUN")
    assert stage.added("GHA", "XUN", "offline-1") == 1_000
    assert added(network, "GHA") == SHARES + 2_000


def test_the_final_entry_of_the_mechanism_names_the_notice_that_it_owes(played: Played, place: Path) -> None:
    assert played.right
    with open_for_reading(Folder(place / "XUN")) as readable:
        [result] = [each for each in played.results if each.move.host]
        seq = readable.reading.commands([f"{result.transfer}:settle"])[f"{result.transfer}:settle"]
        row = readable.reading.row(seq)
        assert row is not None
        leaf = readable.codec.decode(row.leaf)
    assert leaf["act"] == "FirstTransferred" and leaf["details"][NOTICES] == ["N:UN01:GHA:2"]
    assert "posts" not in leaf, "the mechanism is no Party: no balance moves in its book"


def test_the_journals_of_all_three_can_be_audited(played: Played, place: Path) -> None:
    assert played.results
    for party in PARTIES:
        assert not verify_folder(Folder(place / party)).findings
