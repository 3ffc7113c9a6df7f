"""A backup or a restore that is killed at any moment leaves nothing that looks whole, and can be started again."""

import fcntl
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import done, everything, lived, step, writable

TRANSFERS = 1_200


@pytest.fixture(scope="module")
def long_registry(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Many entries under many checkpoints, so that there are moments to be killed at."""
    folder = lived(tmp_path_factory.mktemp("killed") / "registry", transfers=0)
    with writable(folder) as opened:
        for start in range(0, TRANSFERS, 4):
            done(opened, *map(step, range(start, start + 4)))
    return folder


@pytest.fixture(scope="module")
def long_backup(long_registry: Folder) -> Path:
    path = long_registry.path.with_name("long.backup.tar")
    back_up(long_registry, path)
    return path


def killed(words: list[str], chance: Random, *, commit: int = 0) -> bool:
    """Run a command in a process of its own and kill it at some moment; whether it had ended by itself before."""
    code = (
        "import sys; from counterfoil.application.backup import parts, rebuilding; "
        f"parts.PART_BYTES = 8192; rebuilding.COMMIT = {commit} or rebuilding.COMMIT; "
        "from counterfoil.entrypoints.cli.main import main; print(flush=True); main(sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        time.sleep(chance.random() * 0.5)
        process.kill()
        process.wait()
    return process.returncode == 0


def kill_backups(registry: Folder, tmp_path: Path, *, seed: int, rounds: int) -> int:
    """How many of the backups were killed before their end."""
    chance = Random(seed)
    unended = 0
    for number in range(rounds):
        path = tmp_path / f"{number}.backup.tar"
        ended = killed(["backup", str(registry.path), "--to", str(path)], chance)
        unended += not ended
        if path.exists():  # then it is whole, killed or not
            assert isinstance(restore(path, Folder(tmp_path / f"again{number}")), Restored), (seed, number)
        else:
            assert not ended
        back_up(registry, path)
        assert path.exists()
        assert not list(tmp_path.glob(f".{path.name}*")), "what a killed backup left goes with the next one"
    return unended


def kill_restores(registry: Folder, backup: Path, tmp_path: Path, *, seed: int, rounds: int) -> int:
    """Kill a restore, start it again, kill it again; how often it was killed before its end."""
    chance = Random(seed)
    whole = backup.read_bytes()
    unended = 0
    for number in range(rounds):
        again = Folder(tmp_path / f"restored{number}")
        for _ in range(3):
            if killed(["restore", str(backup), "--to", str(again.path), "--key", str(registry.key)], chance, commit=64):
                break
            unended += 1
        if again.unfinished.exists() or not again.founded:
            restored = restore(backup, again, key=registry.key, audited=True)
            assert isinstance(restored, Restored), (seed, number, restored)
            assert restored.sound
        assert everything(again) == everything(registry), (seed, number)
    assert backup.read_bytes() == whole
    return unended


def test_a_killed_backup_leaves_nothing_that_looks_whole(long_registry: Folder, tmp_path: Path) -> None:
    assert kill_backups(long_registry, tmp_path, seed=1, rounds=6)


def test_a_killed_restore_ends_as_if_it_had_not_been(long_registry: Folder, long_backup: Path, tmp_path: Path) -> None:
    assert kill_restores(long_registry, long_backup, tmp_path, seed=2, rounds=4)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 120))
def test_killed_backups_and_restores_at_many_moments(
    seed: int, long_registry: Folder, long_backup: Path, tmp_path: Path
) -> None:
    kill_backups(long_registry, tmp_path, seed=seed, rounds=10)
    kill_restores(long_registry, long_backup, tmp_path, seed=seed, rounds=5)


def test_a_backup_that_is_being_written_is_not_cleared_away_by_another(registry: Folder, tmp_path: Path) -> None:
    running, left = tmp_path / ".b.tar.0123.draft", tmp_path / ".b.tar.4567.draft"
    left.write_text("killed")
    with running.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        back_up(registry, tmp_path / "b.tar")
        assert running.exists()
        assert not left.exists()
