"""One registry that has lived, one backup of it, for tests that change neither."""

from pathlib import Path

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.keeping.backup import back_up
from tests.backup.registries import lived, writable
from tests.witnesses import cosign


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = lived(tmp_path_factory.mktemp("backup") / "registry")
    with writable(folder) as opened:
        cosign(opened, 7)
    return folder


@pytest.fixture(scope="module")
def backup(registry: Folder) -> Path:
    path = registry.path.with_name("whole.backup.tar")
    taken = back_up(registry, path)
    assert not isinstance(taken, Refusal), taken
    return path


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COUNTERFOIL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
