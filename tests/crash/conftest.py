"""The registry that nobody interrupted, to compare with."""

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from tests.crash.loading import RUN
from tests.imports.desk import load


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("uninterrupted") / "registry")
    load(folder, resume=RUN)
    return folder
