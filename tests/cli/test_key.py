"""Keys on the command line: rotation, its interruption at every point, and what strangers can follow."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.signing.key_folder import NEXT, next_key, old_keys
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.rotate_key import RotateKey
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.key_history import key_text
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from tests.cli.conftest import UNIT, Counterfoil, ndjson


def rotated(folder: Path, counterfoil: Counterfoil, *options: str) -> Any:
    result = counterfoil("key", "rotate", "--dir", folder, "--reason", "yearly", "--json", *options)
    assert result.status == 0, result.out
    return result.json


def keys(folder: Path, counterfoil: Counterfoil) -> list[dict[str, Any]]:
    result = counterfoil("key", "list", "--dir", folder, "--json")
    assert result.status == 0, result.out
    found: list[dict[str, Any]] = result.json
    return found


def opened(folder: Path, counterfoil: Counterfoil, name: str) -> None:
    account = {"command": "OpenAccount", "account": f"tha:{name}", "holder": "x"}
    result = counterfoil("do", "--dir", folder, stdin=ndjson(account))
    assert result.status == 0, result.out + result.err


def public(folder: Path) -> str:
    return Folder(folder).public_key.read_text().strip()


def sound(folder: Path, counterfoil: Counterfoil) -> None:
    """The log verifies, goes on, and the signing key is the one of the history."""
    opened(folder, counterfoil, f"n{len(list(folder.iterdir()))}{os.urandom(4).hex()}")
    result = counterfoil("verify", "--dir", folder, "--json")
    assert result.status == 0, result.out
    current = [row for row in keys(folder, counterfoil) if row["current"]]
    assert len(current) == 1 and current[0]["private_half_here"]
    own = FileSigner.open(Folder(folder).key)
    assert str(own.note_key) == current[0]["key"]


def test_a_rotation_changes_the_key_and_removes_the_old_private_half(issued: Path, counterfoil: Counterfoil) -> None:
    first = public(issued)
    told = rotated(issued, counterfoil)
    assert told["public_key"] == public(issued) != first
    rows = keys(issued, counterfoil)
    assert [(row["current"], row["private_half_here"]) for row in rows] == [(False, False), (True, True)]
    assert [row["signs_above"] for row in rows] == [0, 9]
    assert not old_keys(Folder(issued).key.parent) and not (Folder(issued).key.parent / NEXT).exists()
    sound(issued, counterfoil)


def test_the_old_private_half_is_kept_when_asked_and_forgotten_when_told(
    issued: Path, counterfoil: Counterfoil
) -> None:
    rotated(issued, counterfoil, "--keep-old")
    assert [row["private_half_here"] for row in keys(issued, counterfoil)] == [True, True]
    assert counterfoil("key", "forget", "--dir", issued).status == 0
    assert [row["private_half_here"] for row in keys(issued, counterfoil)] == [False, True]
    sound(issued, counterfoil)


def test_a_proof_of_today_is_checked_with_the_first_key(issued: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    first = public(issued)
    rotated(issued, counterfoil)
    second = public(issued)
    rotated(issued, counterfoil)
    file = tmp_path / "unit.json"
    assert counterfoil("prove", UNIT, "--dir", issued, "--out", file).status == 0
    for key in (first, second, public(issued)):
        result = counterfoil("check-proof", file, "--key", key, "--json")
        assert result.status == 0 and len(result.json["keys"]) == 3, result.out
    other = base64.b64encode(bytes(32)).decode()
    assert counterfoil("check-proof", file, "--key", other).status == 1
    assert "each handed over" in counterfoil("check-proof", file, "--key", first).out


def test_the_published_log_holds_the_key_history(issued: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    rotated(issued, counterfoil)
    out = tmp_path / "log"
    assert counterfoil("tiles", "--dir", issued, "--out", out).status == 0
    history = json.loads((out / "keys").read_bytes())
    assert (len(history["keys"]), len(history["handovers"])) == (2, 1)
    assert history["keys"] == [row["key"] for row in keys(issued, counterfoil)]


class Killed(Exception):
    """The process ends here."""


STEPS = ("commit", "confirm", "replace 1", "replace 2", "replace 3", "unlink")


@pytest.mark.parametrize("at", STEPS)
def test_a_rotation_that_was_killed_goes_on_where_it_stopped(
    issued: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """At each step the registry stays usable, its key is one of its folder, and the rotation can be run again."""
    with monkeypatch.context() as patch:
        _arm(patch, at)
        with pytest.raises(Killed):
            rotate_or_die(issued, counterfoil)
    sound(issued, counterfoil)
    rotated(issued, counterfoil)
    assert len(keys(issued, counterfoil)) == 2, "it is the same rotation, and no second one"
    sound(issued, counterfoil)
    assert counterfoil("key", "forget", "--dir", issued).status == 0
    assert sum(row["private_half_here"] for row in keys(issued, counterfoil)) == 1


@pytest.mark.parametrize("at", STEPS)
def test_a_rotation_that_is_run_again_at_once_makes_no_second_key(
    issued: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    with monkeypatch.context() as patch:
        _arm(patch, at)
        with pytest.raises(Killed):
            rotate_or_die(issued, counterfoil)
    counterfoil("--version")  # takes what the killed run said
    told = rotated(issued, counterfoil)
    assert told["resumed"] == (at != "commit")
    assert len(keys(issued, counterfoil)) == 2
    assert [row["private_half_here"] for row in keys(issued, counterfoil)] == [False, True]
    assert told["public_key"] == public(issued)
    assert not rotated(issued, counterfoil)["resumed"]
    assert len(keys(issued, counterfoil)) == 3


def test_a_key_that_was_kept_is_no_unfinished_rotation(issued: Path, counterfoil: Counterfoil) -> None:
    rotated(issued, counterfoil, "--keep-old")
    assert not rotated(issued, counterfoil, "--keep-old")["resumed"]
    assert [row["private_half_here"] for row in keys(issued, counterfoil)] == [True, True, True]
    assert counterfoil("key", "forget", "--dir", issued, "--json").json["status"] == "forgotten"
    assert [row["private_half_here"] for row in keys(issued, counterfoil)] == [False, False, True]
    sound(issued, counterfoil)


def secrets_of(folder: Path) -> set[str]:
    """The names of all files that hold a private key, hidden ones too."""
    found = Folder(folder).key.parent.iterdir()
    return {path.name for path in found if path.read_bytes().startswith(b"PRIVATE+KEY+")}


def killed_while_making(folder: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """The new key's file as a kill leaves it: written and not yet linked, or linked and its draft not yet removed."""

    def dying(*_: Any, **__: Any) -> None:
        os._exit(9)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(*((os, "link", dying) if at == "link" else (Path, "unlink", dying)))
        next_key(Folder(folder).key.parent, "tha/tha01")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert any(name.startswith(".next.key.") for name in secrets_of(folder))


@pytest.mark.parametrize("at", ["link", "unlink"])
@pytest.mark.parametrize("then", [("rotate", "--reason", "x"), ("forget",)])
def test_no_private_key_is_left_under_a_hidden_name(
    issued: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch, at: str, then: tuple[str, ...]
) -> None:
    killed_while_making(issued, monkeypatch, at)
    assert counterfoil("key", *then, "--dir", issued).status == 0
    assert secrets_of(issued) <= {"registry.key", "next.key"}
    sound(issued, counterfoil)


def test_settling_takes_away_what_killed_runs_left(issued: Path, counterfoil: Counterfoil) -> None:
    rotated(issued, counterfoil)
    folder = Folder(issued).key.parent
    for name in (f".next.key.{'0' * 16}", f".registry.key.{'a' * 16}", f".registry.pub.{'f' * 16}"):
        (folder / name).write_bytes((folder / "registry.key").read_bytes())
    (folder / ".registry.pub.bak").write_text("mine")
    opened(issued, counterfoil, "settled")
    assert secrets_of(issued) == {"registry.key"}
    assert (folder / ".registry.pub.bak").exists(), "it is not ours"


def test_who_puts_the_key_files_in_order_is_alone(
    issued: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterfoil.adapters.signing import key_folder

    monkeypatch.setattr(key_folder, "_TRIES", 2)
    folder = Folder(issued).key.parent
    with key_folder._alone(folder):
        for command in (("rotate", "--reason", "x"), ("forget",)):
            result = counterfoil("key", *command, "--dir", issued, "--json")
            assert (result.status, result.json["code"]) == (2, "keys.busy")
    assert len(keys(issued, counterfoil)) == 1
    rotated(issued, counterfoil)


def test_a_folder_that_is_in_order_need_not_be_writable(issued: Path, counterfoil: Counterfoil) -> None:
    rotated(issued, counterfoil)
    folder = Folder(issued).key.parent
    (folder / ".lock").unlink()
    opened(issued, counterfoil, "quiet")
    assert not (folder / ".lock").exists()


def test_a_next_key_that_others_can_read_is_not_held_and_harms_no_other_act(issued: Path) -> None:
    made = next_key(Folder(issued).key.parent, "tha/tha01")
    (Folder(issued).key.parent / NEXT).chmod(0o644)
    rotate = RotateKey(public_key=key_text(made.public_key), reason="x")
    writable = open_for_writing(Folder(issued), "test")
    assert isinstance(writable, Writable)
    with writable:
        acts = (OpenAccount(account="tha:before", holder="x"), rotate, OpenAccount(account="tha:after", holder="x"))
        outcomes = writable.driver.do([Submission(act, "test") for act in acts])
    assert isinstance(outcomes[0], Receipt) and isinstance(outcomes[2], Receipt)
    assert isinstance(outcomes[1], Refusal) and outcomes[1].code == "key.not_held"


def test_a_public_key_of_another_registry_is_told_from_a_broken_journal(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    own = Folder(issued).public_key
    (tmp_path / "own.pub").write_bytes(own.read_bytes())
    own.write_text(f"{base64.b64encode(b'k' * 32).decode()}\n")
    for command, status in (
        (("verify", issued), 1),
        (("verify", issued, "--journal-only"), 1),
        (("backup", "--dir", issued, "--to", tmp_path / "a.tar"), 2),
        (("export", "--dir", issued, "--out", tmp_path / "export"), 2),
        (("tiles", "--dir", issued, "--out", tmp_path / "log"), 2),
        (("prove", UNIT, "--dir", issued, "--out", tmp_path / "proof.json"), 2),
        (("key", "rotate", "--reason", "x", "--dir", issued), 2),
    ):
        result = counterfoil(*command, "--json")
        assert (result.status, result.json["code"]) == (status, "keys.foreign"), command
        assert "another registry" in result.json["fix"]["en"] and "somebody else signed" in result.json["fix"]["en"]
    assert not (tmp_path / "export").exists() and not (tmp_path / "log" / "checkpoint").exists()
    own.write_bytes((tmp_path / "own.pub").read_bytes())
    sound(issued, counterfoil)


def test_a_rotated_registry_is_checked_with_any_key_of_its_journal(issued: Path, counterfoil: Counterfoil) -> None:
    first = Folder(issued).public_key.read_bytes()
    rotated(issued, counterfoil)
    Folder(issued).public_key.write_bytes(first)
    assert counterfoil("verify", issued).status == 0
    assert counterfoil("tiles", "--dir", issued, "--out", issued / "tiles").status == 0


def test_a_checked_proof_names_the_key_that_was_given_and_the_one_that_signed(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    first = keys(issued, counterfoil)[0]["key"]
    raw = public(issued)
    second = rotated(issued, counterfoil)["key"]
    file = tmp_path / "unit.json"
    assert counterfoil("prove", UNIT, "--dir", issued, "--out", file).status == 0
    for given in (first, raw):
        result = counterfoil("check-proof", file, "--key", given)
        good, handed = result.out.splitlines()[:2]
        assert first in good and second not in good
        assert second in handed
        said = counterfoil("check-proof", file, "--key", given, "--json").json
        assert (said["key"], said["signed_by"]) == (first, second)


def rotate_or_die(folder: Path, counterfoil: Counterfoil) -> None:
    result = counterfoil("key", "rotate", "--dir", folder, "--reason", "x", "--json")
    raise AssertionError(result.out)


def _arm(patch: pytest.MonkeyPatch, at: str) -> None:
    """Let the process end before a step: the commands' sending, the renaming of files, the removal of the old key."""
    patch.setenv("COUNTERFOIL_DEBUG", "1")
    what, _, number = at.partition(" ")
    left = {"count": int(number or 1)}

    def dying(real: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            left["count"] -= 1
            if left["count"] == 0:
                raise Killed
            return real(*args, **options)

        return call

    if what == "replace":
        from counterfoil.adapters.signing import key_folder

        patch.setattr(key_folder.os, "replace", dying(os.replace))
    elif what == "unlink":
        patch.setattr(Path, "unlink", _unlinking(Path.unlink))
    else:
        from counterfoil.application.commands import rotate_key

        name = {"commit": "RotateKey", "confirm": "ConfirmKey"}[what]
        patch.setattr(rotate_key, name, dying(getattr(rotate_key, name)))


def _unlinking(real: Any) -> Any:
    def call(path: Path, **options: Any) -> None:
        if path.name.startswith("old-"):
            raise Killed
        real(path, **options)

    return call


def test_a_key_that_was_made_and_never_named_is_used_by_the_next_rotation(
    issued: Path, counterfoil: Counterfoil
) -> None:
    made = next_key(Folder(issued).key.parent, "tha/tha01")
    sound(issued, counterfoil)
    assert rotated(issued, counterfoil)["key"] == str(made.note_key)


def test_a_registry_without_its_current_key_is_not_opened(issued: Path, counterfoil: Counterfoil) -> None:
    rotated(issued, counterfoil)
    key = Folder(issued).key
    key.rename(key.with_name("elsewhere"))
    account = {"command": "OpenAccount", "account": "tha:z", "holder": "x"}
    result = counterfoil("do", "--dir", issued, "--json", stdin=ndjson(account))
    assert result.status == 2 and result.json["code"] == "keys.absent"
