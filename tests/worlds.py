"""Worlds that take long to make: made once in a run of the tests, whichever process asks first, and copied for each.

A test may then write into its copy, and stop or break it, without anybody else seeing it.
"""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.demo.play import play
from counterfoil.entrypoints.language import LANGUAGES, Texts
from tests.browser.serving import serving

DONE: Final = "made"


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of one run share; pytest removes it with those of older runs."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` filled. Others wait while it is made; where making failed, the next one tries again."""
    place = common_folder(factory) / "worlds" / name
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / DONE).exists():
            shutil.rmtree(place / "world", ignore_errors=True)
            make(place / "world")
            (place / DONE).touch()
    return place / "world"


def own_copy(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A copy that belongs to whoever asks."""
    return Path(shutil.copytree(made_once(factory, name, make), factory.mktemp(name) / "world"))


def played_world(factory: pytest.TempPathFactory) -> Path:
    """An own copy of what `make demo` plays."""
    return own_copy(factory, "played", _play)


def served_world(factory: pytest.TempPathFactory, party: str) -> Path:
    """An own copy of what `serve --demo` makes for a Party before it listens."""
    return own_copy(factory, f"served-{party}", lambda out: _serve(out, party))


def _play(out: Path) -> None:
    summary = play(out, {language: Texts(language) for language in LANGUAGES})
    assert not isinstance(summary, Refusal), summary


def _serve(out: Path, party: str) -> None:
    with serving("--demo", "--party", party, "--out", str(out)) as server:
        server.stop()
