"""What every test may ask for: the data folder, the golden switch, and how hard to search."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

# No deadline: a shared machine is slow at times, and that is no finding. Nightly looks a hundred times harder.
settings.register_profile("everyday", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))
settings.load_profile("everyday")

FOLDER = Path(__file__).parent


LONG = ("browser", "documents", "simulation", "standby", "crash", "network", "demo", "bench", "tenancy")
"""Folders whose files take long though they have few tests: they begin first, so that no process ends alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.relative_to(FOLDER).parts[0] not in LONG)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; read the diff in review")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def _no_registry_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test never writes into the registry that the developer happens to have open."""
    monkeypatch.delenv("COUNTERFOIL_DIR", raising=False)


def required() -> frozenset[str]:
    """Names of outside things that this machine must have: `COUNTERFOIL_REQUIRE=data,chromium`."""
    return frozenset(name for name in os.environ.get("COUNTERFOIL_REQUIRE", "").replace(",", " ").split())


def skip_or_fail(name: str, why: str) -> NoReturn:
    """Skip for want of an outside thing, unless this machine promised to have it."""
    if name in required():
        pytest.fail(f"COUNTERFOIL_REQUIRE names {name}, but {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def do_without() -> Callable[[str, str], NoReturn]:
    """`do_without("chromium", "no browser was found")` skips, or fails where the machine promised to have it."""
    return skip_or_fail


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of public data sets, or a skip that says how to have it."""
    named = os.environ.get("COUNTERFOIL_DATA")
    if not named or not Path(named).is_dir():
        skip_or_fail("data", "COUNTERFOIL_DATA names no folder; set it to the folder of public data sets")
    return Path(named)
