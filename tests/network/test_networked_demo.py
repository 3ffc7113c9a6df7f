"""The demonstration with every registry in a process of its own moves what is publicly known, over HTTP."""

import json
from pathlib import Path

import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.demo.script import Script, examples_folder


def test_the_known_transfers_are_played_between_processes(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    out = tmp_path / "demo"
    assert run(["demo", "--network", "--out", str(out), "--json"]) == 0
    summary = json.loads(capsysbinary.readouterr().out)
    known = sum(transfer.fact.quantity_t or 0 for transfer in Script(examples_folder()).transfers)
    parties = summary["parties"].values()
    assert sum(each["first_transferred_t"] for each in parties) == known
    assert sum(each["acquired_t"] for each in parties) == known
    assert summary["no_net_increase"]["verdict"] == "pass"
    # Nobody serves any more, and each book is in its folder.
    assert all(RegistryLock(out / party).holder() is None for party in summary["parties"])
