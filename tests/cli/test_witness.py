"""Witnesses on the command line: the registry asks, an institution signs, the registry publishes, a reader checks."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import UNIT, Counterfoil, ndjson, program


@pytest.fixture
def log(issued: Path, counterfoil: Counterfoil) -> str:
    """The log's key as its readers know it."""
    key: str = counterfoil("key", "list", "--dir", issued, "--json").json[0]["key"]
    return key


class Institution:
    """A witness: its key, its memory, and the command with which it signs."""

    def __init__(self, folder: Path, name: str, log: str, counterfoil: Counterfoil) -> None:
        self.name, self.log = name, log
        self.key_file, self.state = folder / f"{name}.key", folder / f"{name}.state"
        self.counterfoil = counterfoil
        made = counterfoil("witness", "key", "--name", name, "--out", self.key_file, "--json")
        assert made.status == 0, made.out
        self.key: str = made.json["key"]

    def arguments(self) -> tuple[str | Path, ...]:
        return ("--key", self.key_file, "--state", self.state, "--log", self.log)

    def sign(self, request: str, *options: str) -> Any:
        return self.counterfoil("witness", "sign", "-", *self.arguments(), *options, stdin=request)


@pytest.fixture
def witnesses(tmp_path: Path, log: str, counterfoil: Counterfoil, issued: Path) -> list[Institution]:
    made = [Institution(tmp_path, f"w{number}.example", log, counterfoil) for number in (1, 2, 3)]
    policy = {"command": "SetWitnessPolicy", "witnesses": [each.key for each in made], "quorum": 2, "reason": "agreed"}
    assert counterfoil("do", "--dir", issued, stdin=ndjson(policy)).status == 0
    return made


def asked(folder: Path, counterfoil: Counterfoil, name: str) -> str:
    result = counterfoil("witness", "request", "--dir", folder, "--witness", name)
    assert result.status == 0, result.err
    return str(result.out)


def witnessed(folder: Path, counterfoil: Counterfoil, witness: Institution) -> None:
    signed = witness.sign(asked(folder, counterfoil, witness.name))
    assert signed.status == 0, signed.err
    taken = counterfoil("witness", "add", "-", "--dir", folder, "--json", stdin=signed.out)
    assert taken.status == 0 and taken.json["new"] == 1, taken.out


def test_what_is_published_waits_for_the_quorum(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil, tmp_path: Path
) -> None:
    out = tmp_path / "log"
    result = counterfoil("tiles", "--dir", issued, "--out", out, "--json")
    assert (result.status, result.json["entries"], result.json["waiting"]) == (0, 8, 1)
    assert (out / "checkpoint").read_text().count("\u2014 ") == 1, "it was signed before the policy"
    status = counterfoil("witness", "status", "--dir", issued, "--json").json
    assert (status["published"], status["waiting"]) == (8, 1)
    refused = counterfoil("prove", "8", "--dir", issued, "--out", tmp_path / "x.json", "--json")
    assert (refused.status, refused.json["code"]) == (1, "prove.not_published")
    assert counterfoil("prove", UNIT, "--dir", issued, "--out", tmp_path / "early.json").status == 0
    for witness in witnesses[:2]:
        witnessed(issued, counterfoil, witness)
    status = counterfoil("witness", "status", "--dir", issued, "--json").json
    assert (status["published"], status["waiting"], status["quorum"]) == (9, 0, 2)
    assert [each["seen"] for each in status["witnesses"]] == [9, 9, 0]
    assert counterfoil("tiles", "--dir", issued, "--out", out).status == 0
    assert (out / "checkpoint").read_text().count("\u2014 ") == 3


def test_a_reader_requires_the_witnesses_of_a_policy_file(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil, tmp_path: Path, log: str
) -> None:
    for witness in witnesses[1:]:
        witnessed(issued, counterfoil, witness)
    file, policy = tmp_path / "unit.json", tmp_path / "policy.txt"
    assert counterfoil("prove", UNIT, "--dir", issued, "--out", file).status == 0
    policy.write_text(counterfoil("witness", "policy", "--dir", issued).out)
    good = counterfoil("check-proof", file, "--key", log, "--witnesses", policy, "--json")
    assert good.status == 0 and [each["name"] for each in good.json["witnesses"]] == ["w2.example", "w3.example"]
    strict = tmp_path / "strict.txt"
    strict.write_text(policy.read_text().replace("quorum 2 w1", "quorum 3 w1"))
    result = counterfoil("check-proof", file, "--key", log, "--witnesses", strict, "--json")
    assert (result.status, result.json["code"]) == (1, "proof.not_witnessed")
    strict.write_text("nonsense\n")
    result = counterfoil("check-proof", file, "--key", log, "--witnesses", strict, "--json")
    assert (result.status, result.json["code"]) == (2, "policy.unreadable")


def test_a_witness_remembers_and_refuses_a_log_that_shrank(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil
) -> None:
    witness = witnesses[0]
    first = asked(issued, counterfoil, witness.name)
    assert witness.sign(first).status == 0
    again = witness.sign(first, "--json")
    assert (again.status, again.json["code"], again.json["facts"]["seen"]) == (1, "witness.other_size", 9)
    account = {"command": "OpenAccount", "account": "tha:new", "holder": "x"}
    assert counterfoil("do", "--dir", issued, stdin=ndjson(account)).status == 0
    grown = counterfoil("witness", "request", "--dir", issued, "--old", "9").out
    assert witness.sign(grown).status == 0
    back = witness.sign(first.replace("old 0", "old 10"), "--json")
    assert (back.status, back.json["code"]) == (1, "witness.other_size")


def test_a_memory_that_cannot_be_read_is_never_taken_for_an_empty_one(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil
) -> None:
    witness = witnesses[0]
    request = asked(issued, counterfoil, witness.name)
    for content in (b"", b"nonsense", b"\xff" * 100):
        witness.state.write_bytes(content)
        result = witness.sign(request, "--json")
        assert (result.status, result.json["code"]) == (2, "witness.state_unreadable")


def test_a_witness_that_is_killed_never_signs_what_it_does_not_remember(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.domain.ledger import cosignature

    witness = witnesses[0]
    request = asked(issued, counterfoil, witness.name)

    def killed(*_: Any, **__: Any) -> Any:
        assert witness.state.exists(), "it must be on the disk before anything is signed"
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cosignature, "cosigned", killed)
        assert witness.sign(request).status == 130
    same = counterfoil("witness", "request", "--dir", issued, "--old", "9").out
    assert witness.sign(same).status == 0


def test_two_processes_of_a_witness_sign_one_after_the_other(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil, tmp_path: Path
) -> None:
    witness = witnesses[0]
    file = tmp_path / "request.txt"
    file.write_text(asked(issued, counterfoil, witness.name))
    running = [program("witness", "sign", file, *witness.arguments()) for _ in range(3)]
    ended = [(process.communicate(timeout=60), process.returncode)[1] for process in running]
    assert sorted(ended) == [0, 1, 1]


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "x" * 121])
def test_a_witness_has_a_name_that_notes_can_carry(counterfoil: Counterfoil, tmp_path: Path, name: str) -> None:
    result = counterfoil("witness", "key", "--name", name, "--out", tmp_path / "w.key", "--json")
    assert result.status == 2 and not (tmp_path / "w.key").exists()


def test_a_key_of_another_kind_signs_for_nobody(
    issued: Path, witnesses: list[Institution], counterfoil: Counterfoil
) -> None:
    request = asked(issued, counterfoil, "w1.example")
    own = issued / "keys" / "registry.key"
    state = witnesses[0].state
    options = ("--key", own, "--state", state, "--log", witnesses[0].log, "--json")
    result = counterfoil("witness", "sign", "-", *options, stdin=request)
    assert (result.status, result.json["code"]) == (2, "witness.key_unfit")
    assert not state.exists()
