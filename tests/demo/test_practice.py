"""`serve --practice`: sample data beside a real registry, which does not notice it, and its removal without trace."""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.demo.practice import FOLDER, practice_of, remove_practice
from counterfoil.entrypoints.demo.script import DemoFault
from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.keeping.backup import back_up
from tests.http.desk import founded


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A registry that is nobody's practice."""
    monkeypatch.delenv("COUNTERFOIL_DATA", raising=False)
    return founded(tmp_path / "registry", blocks=1)


def digests(folder: Path) -> dict[str, str]:
    """Every file of a registry but those of its practice world, by SHA-256; and every folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
        if path.relative_to(folder).parts[0] != FOLDER
    }


def counterfoil(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "counterfoil", "--dir", str(folder), "serve", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def kept_of(registry: Folder, place: Path) -> list[str]:
    """What a backup has in it. It is taken of a copy, since a look at a ledger leaves files of the engine beside it."""
    shutil.copytree(registry.path, place)
    backup = back_up(Folder(place), place.with_suffix(".tar"))
    assert not isinstance(backup, Refusal), backup
    with tarfile.open(backup.path) as archive:
        return archive.getnames()


def test_sample_data_comes_and_goes_without_trace(real: Folder, tmp_path: Path) -> None:
    before = digests(real.path)
    without = kept_of(real, tmp_path / "without")
    served = counterfoil(real.path, "--practice", "--port", "0", "--for", "1", "--lang", "zh-Hant")
    assert served.returncode == 0, served.stderr
    assert str(real.path / FOLDER) in served.stdout
    assert digests(real.path) == before
    with open_for_reading(Folder(real.path / FOLDER / "THA" / "THA")) as practised:
        assert practised.registry.demonstration
        assert practised.folder.public_key.read_bytes() != real.public_key.read_bytes()
    assert kept_of(real, tmp_path / "beside") == without
    removed = counterfoil(real.path, "--remove-practice", "--json")
    assert removed.returncode == 0 and json.loads(removed.stdout)["removed"] is True
    assert not (real.path / FOLDER).exists()
    assert digests(real.path) == before
    again = counterfoil(real.path, "--remove-practice", "--json")
    assert json.loads(again.stdout)["removed"] is False


def test_a_folder_that_is_no_practice_world_is_never_deleted(real: Folder, tmp_path: Path) -> None:
    mine = real.path / FOLDER
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    for found in (remove_practice(real), practising(real)):
        assert isinstance(found, Refusal) and found.code == DemoFault.PRACTICE_NOT_OURS
    assert (mine / "notes.txt").read_text() == "mine"
    (mine / "notes.txt").unlink()
    mine.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "SERVED").touch()
    mine.symlink_to(elsewhere, target_is_directory=True)
    for found in (remove_practice(real), practising(real)):
        assert isinstance(found, Refusal) and found.code == DemoFault.PRACTICE_NOT_OURS
    assert (elsewhere / "SERVED").exists()


def test_a_practice_world_that_is_served_is_not_removed(real: Folder) -> None:
    mark = real.path / FOLDER / "SERVED"
    inner = real.path / FOLDER / "THA" / "THA"
    inner.mkdir(parents=True)
    mark.touch()
    (inner / "ledger.db").touch()
    lock = RegistryLock(inner).acquire("serve")
    assert not isinstance(lock, Refusal)
    with lock:
        found = remove_practice(real)
        assert isinstance(found, Refusal) and found.code == "registry.locked"
        assert mark.exists()
    assert remove_practice(real) is True


def practising(real: Folder) -> tuple[Folder, ServedDemo] | Refusal:
    return practice_of(real, "THA", progress=lambda done, of, title: None)
