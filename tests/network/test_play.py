"""What a network plays: real transfers over HTTP, with endings that both books tell alike."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.network.ending import down
from counterfoil.entrypoints.network.launching import up
from counterfoil.entrypoints.network.playing import Played, play
from counterfoil.entrypoints.network.scenario import play_over_http
from counterfoil.entrypoints.network.script import Ending
from counterfoil.entrypoints.scenarios.play import Status
from counterfoil.entrypoints.scenarios.script import all_scenarios

SECONDS = 180
OVER_HTTP = ("SC-01", "SC-02", "SC-09", "SC-10")
"""Scenarios between registries that are played over HTTP here; the first two stand for the kinds of agreement."""
SCENARIOS = {scenario.id: scenario for scenario in all_scenarios()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("networks") / "two"
    found = up(path, ["GHA", "SGP"], seconds=SECONDS)
    assert not isinstance(found, Refusal), found
    yield path
    down(path)


@pytest.fixture(scope="module")
def played(place: Path) -> Played:
    found = play(place)
    assert isinstance(found, Played), found
    return found


def test_every_move_ends_as_its_file_says(played: Played) -> None:
    wrong = [(each.move.step.words["en"], each.ending, each.code) for each in played.results if not each.right]
    assert not wrong
    endings = {each.ending for each in played.results}
    assert endings == {Ending.FINAL, Ending.REFUSED, Ending.EXPIRED, Ending.NOT_BEGUN, Ending.FORGED}


def test_nothing_is_in_flight_after_a_play_and_the_books_agree(played: Played) -> None:
    told = played.json()
    assert told["right"] is True
    assert told["transfers"] == {"final": 1, "in_flight": 0, "refused": 1, "expired": 1}
    assert told["inconsistencies"] == 0 and told["in_flight"] == []


def test_the_journals_of_a_played_network_can_be_audited(played: Played, place: Path) -> None:
    assert played.results
    for party in ("GHA", "SGP"):
        assert not verify_folder(Folder(place / party)).findings


def test_a_network_can_be_played_again(played: Played, place: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    before = played.status.transfers.states["final"]
    assert run(["network", "play", "--dir", str(place), "--json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["transfers"]["final"] == 2 * before and told["inconsistencies"] == 0


def test_a_move_that_comes_out_otherwise_is_told_and_fails_the_play(played: Played) -> None:
    first = played.results[0]
    other = Played((replace(first, ending=Ending.EXPIRED),), played.status)
    assert first.right and not other.right
    assert other.json()["right"] is False


def test_registries_without_a_transfer_between_them_have_nothing_to_play(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "net"
    found = up(path, ["JPN"], seconds=60)
    assert not isinstance(found, Refusal)
    try:
        assert run(["network", "play", "--dir", str(path), "--json"]) == 1
        assert json.loads(capsysbinary.readouterr().out)["code"] == "network.nothing_to_play"
    finally:
        down(path)


@pytest.mark.parametrize("name", OVER_HTTP)
def test_a_scenario_between_registries_ends_over_http_as_its_file_says(name: str, tmp_path: Path) -> None:
    found = play_over_http(tmp_path / name, SCENARIOS[name])
    assert not isinstance(found, Refusal), found
    assert not [step for step in found.steps if not step.right]
    assert not [figure for figure in found.end if not figure.right]
    assert found.status is Status.PASSED


def test_a_scenario_that_waits_for_a_module_starts_no_process(tmp_path: Path) -> None:
    waiting = next(scenario for scenario in SCENARIOS.values() if scenario.missing)
    found = play_over_http(tmp_path / "waiting", waiting)
    assert not isinstance(found, Refusal) and found.status is Status.NOT_YET
    assert not (tmp_path / "waiting").exists()
