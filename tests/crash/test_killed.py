"""A load that is killed at any moment leaves sound books, everything it acknowledged, and a run that can be resumed."""

import sqlite3
from pathlib import Path
from random import Random

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bootstrap import Folder, create_key, verify_folder
from tests.crash.loading import RUN, killed, require_sound, start
from tests.imports.desk import blocks, held, load


def kill_and_resume(folder: Folder, uninterrupted: Folder, *, seed: int, rounds: int) -> None:
    chance = Random(seed)
    acknowledged = 0
    for _ in range(rounds):
        acknowledged = max(acknowledged, killed(folder.path, RUN, chance))
        require_sound(folder, acknowledged)
    summary = load(folder, resume=RUN)
    assert [each["code"] for each in summary["refusals"]] == ["import.unit_type_unknown"]
    assert held(folder) == held(uninterrupted)
    assert blocks(folder) == blocks(uninterrupted)
    assert not verify_folder(folder).findings


@pytest.mark.parametrize("seed", [1, 2])
def test_a_load_that_is_killed_again_and_again_ends_as_if_it_had_not_been(
    seed: int, tmp_path: Path, uninterrupted: Folder
) -> None:
    kill_and_resume(Folder(tmp_path / "registry"), uninterrupted, seed=seed, rounds=4)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 140))
def test_a_load_that_is_killed_at_many_moments_ends_as_if_it_had_not_been(
    seed: int, tmp_path: Path, uninterrupted: Folder
) -> None:
    kill_and_resume(Folder(tmp_path / "registry"), uninterrupted, seed=seed, rounds=12)


@pytest.mark.parametrize(
    "left", ["nothing", "a key", "an empty file", "a key and an empty file", "a file without tables"]
)
def test_what_a_founding_that_was_killed_leaves_behind_is_founded_again(
    left: str, tmp_path: Path, uninterrupted: Folder
) -> None:
    folder = Folder(tmp_path / "registry")
    if left != "nothing":
        create_key(folder, name="xcd/cdm-archive")
    if "empty file" in left:
        folder.ledger.touch()
    if left == "an empty file":
        folder.public_key.unlink()
    if left == "a file without tables":
        connection = sqlite3.connect(folder.ledger)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    load(folder, resume=RUN)
    assert blocks(folder) == blocks(uninterrupted)
    assert not verify_folder(folder).findings


def test_another_programs_file_is_never_founded_over(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with sqlite3.connect(folder.ledger) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = folder.ledger.read_bytes()
    with pytest.raises(Outage, match=r"storage\.not_ours"):
        load(folder)
    assert folder.ledger.read_bytes() == before


def test_of_two_processes_the_second_is_refused_by_the_name_of_the_first(tmp_path: Path, uninterrupted: Folder) -> None:
    first = start(tmp_path / "registry", RUN, pause=True)
    assert first.stdout is not None
    assert first.stdin is not None
    with first.stdin, first.stdout:
        while first.stdout.readline().strip() != "done 4":
            pass
        second = start(tmp_path / "registry", "cdm-second")
        told, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert "registry.locked" in told
        assert f"process {first.pid} " in told
        assert "import cdm" in told
        first.stdin.write("\n")
        first.stdin.flush()
        first.stdout.read()
        assert first.wait(timeout=60) == 0
    assert blocks(Folder(tmp_path / "registry")) == blocks(uninterrupted)


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    first = start(tmp_path / "registry", RUN, pause=True)
    assert first.stdout is not None
    assert first.stdin is not None
    with first.stdin, first.stdout:
        while first.stdout.readline().strip() != "done 4":
            pass
        first.kill()
        first.wait()
    second = start(tmp_path / "registry", RUN)
    second.communicate(timeout=60)
    assert second.returncode == 0
