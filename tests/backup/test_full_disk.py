"""A disk that fills: a backup leaves nothing, a restore leaves a marked folder and goes on when there is room."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import everything, lived

ROOM = 512 * 1024
_RUN = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); "
    "from counterfoil.entrypoints.cli.main import main; main(sys.argv[2:])"
)


def with_room_for(file_bytes_max: int, *words: object) -> tuple[int, Any]:
    """Run a command that may write no file larger than this."""
    ended = subprocess.run(
        [sys.executable, "-c", _RUN, str(file_bytes_max), *map(str, words), "--json"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    return ended.returncode, json.loads(ended.stdout)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A registry with evidence that is larger than the room below, while everything else fits."""
    folder = lived(tmp_path_factory.mktemp("large") / "registry")
    FileEvidence(folder.evidence).put(bytes(3 * ROOM))
    return folder


def test_a_backup_without_room_leaves_nothing(large: Folder, tmp_path: Path) -> None:
    status, said = with_room_for(ROOM, "backup", large.path, "--to", tmp_path / "b.tar")
    assert (status, said["code"]) == (2, "storage.disk_full")
    assert list(tmp_path.iterdir()) == []


def test_a_restore_without_room_goes_on_when_there_is_some(large: Folder, tmp_path: Path) -> None:
    assert not isinstance(back_up(large, tmp_path / "b.tar"), Refusal)
    again = Folder(tmp_path / "again")
    status, said = with_room_for(ROOM, "restore", tmp_path / "b.tar", "--to", again.path)
    assert (status, said["code"]) == (2, "storage.disk_full")
    status, said = with_room_for(10**9, "show", "registry", "--dir", again.path)
    assert (status, said["code"]) == (2, "restore.unfinished")
    restored = restore(tmp_path / "b.tar", again, audited=True)
    assert isinstance(restored, Restored)
    assert restored.rebuilt.written == 0, "the ledger was whole already"
    assert everything(again) == everything(large)
