"""The demonstration's world for the pages of the register: units with a whole life, in two countries' books."""

from pathlib import Path

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.demo.play import play
from counterfoil.entrypoints.language import LANGUAGES, Texts
from tests.http.conftest import anyio_backend, folder

__all__ = ["anyio_backend", "folder"]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    summary = play(out, {language: Texts(language) for language in LANGUAGES})
    assert not isinstance(summary, Refusal), summary
    return out


@pytest.fixture(scope="session")
def host(world: Path) -> Folder:
    """The book in which units were issued."""
    return Folder(world / "THA")


@pytest.fixture(scope="session")
def user(world: Path) -> Folder:
    """The book in which they were used."""
    return Folder(world / "CHE")
