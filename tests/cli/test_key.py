"""Keys on the command line: rotation, its interruption at every point, and what strangers can follow."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.signing.key_folder import NEXT, next_key, old_keys
from counterfoil.entrypoints.bootstrap import Folder
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
    before = len(keys(issued, counterfoil))
    rotated(issued, counterfoil)
    assert len(keys(issued, counterfoil)) >= before
    sound(issued, counterfoil)
    assert counterfoil("key", "forget", "--dir", issued).status == 0
    assert sum(row["private_half_here"] for row in keys(issued, counterfoil)) == 1


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
