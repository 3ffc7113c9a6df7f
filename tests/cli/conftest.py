"""Run the command line, inside this process or as a program of its own, on registries in temporary folders."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from counterfoil.entrypoints.cli.main import run
from tests.worlds import played_world


@dataclass(frozen=True)
class Result:
    """What a run left: its exit status and both outputs."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Counterfoil = Callable[..., Result]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COUNTERFOIL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def counterfoil(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Counterfoil:
    """Run one command in this process."""

    def call(*arguments: str | Path, stdin: str | bytes = b"") -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        status = run([str(argument) for argument in arguments])
        sys.stdout.flush()
        captured = capsysbinary.readouterr()
        return Result(status, captured.out.decode(), captured.err.decode())

    return call


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `counterfoil demo` leaves."""
    return played_world(tmp_path_factory)


def program(*arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> "subprocess.Popen[bytes]":
    """Start the command line as a program."""
    environment = {name: value for name, value in os.environ.items() if name not in ("COUNTERFOIL_DIR", "COLUMNS")}
    return subprocess.Popen(
        [sys.executable, "-m", "counterfoil", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, **(env or {})},
        **options,
    )


INIT = ("--party", "THA", "--registry", "THA01", "--name", "Thailand", "--ndc-period", "2021-2030", "--demonstration")

STATEMENT = "5d2a" * 16
HISTORY: tuple[Mapping[str, Any], ...] = (
    {"command": "OpenAccount", "account": "tha:dev", "holder": "Energy Absolute", "on": "2022-01-05"},
    {
        "command": "RegisterCooperativeApproach",
        "approach": "CA9001",
        "title": "Switzerland and Thailand",
        "participants": ["THA", "CHE"],
        "on": "2022-01-05",
    },
    {
        "command": "RegisterActivity",
        "activity": "THA-BUS",
        "title": "Electric buses 電動巴士",
        "mitigation_type": "reduction",
        "sector": "Transportation",
        "activity_type": "Transport",
        "cooperative_approach": "CA9001",
        "on": "2022-01-05",
        "assumed": ["activity type = Transport"],
    },
    {
        "command": "Authorize",
        "authorization": "THA-LOA-1",
        "cooperative_approach": "CA9001",
        "purposes": ["NDC"],
        "vintages": [2022, 2023],
        "last_use_on": "2032-12-31",
        "underlying_references": ["letter of 2022"],
        "sectors": ["Transportation"],
        "gases": ["CO2"],
        "adjustment_commitment": "Corresponding adjustments are applied to what is first transferred.",
        "any_party": True,
        "on": "2022-06-01",
        "confidential": {"price": "CHF 30"},
    },
    {
        "command": "SubmitMonitoring",
        "monitoring": "M1",
        "activity": "THA-BUS",
        "first_day": "2022-01-01",
        "last_day": "2022-12-31",
        "monitored": [{"vintage": 2022, "quantity": 2000}],
        "evidence": [STATEMENT],
        "on": "2023-01-05",
    },
    {
        "command": "Verify",
        "verification": "V1",
        "monitoring": "M1",
        "verifier": "TGO",
        "verified": [{"vintage": 2022, "quantity": 1916}],
        "statement": STATEMENT,
        "on": "2023-02-05",
    },
    {
        "command": "Issue",
        "activity": "THA-BUS",
        "verification": "V1",
        "vintage": 2022,
        "quantity": 1916,
        "account": "tha:dev",
        "authorization": "THA-LOA-1",
        "on": "2023-03-01",
    },
)
UNIT = "CA9001-THA01-THA-71-2022"


def ndjson(*commands: Mapping[str, Any]) -> str:
    return "".join(json.dumps(command) + "\n" for command in commands)


@pytest.fixture
def registry(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """A founded registry without further entries."""
    folder = tmp_path / "tha"
    assert counterfoil("init", "--dir", folder, *INIT).status == 0
    return folder


@pytest.fixture
def issued(registry: Path, counterfoil: Counterfoil) -> Path:
    """A registry in which 1,916 authorized units stand in `tha:dev`."""
    result = counterfoil("do", "--dir", registry, stdin=ndjson(*HISTORY))
    assert result.status == 0, result.err
    return registry
