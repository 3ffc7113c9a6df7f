"""The auditor's bundle: whole, signed, checked by a stranger without this program, and empty of names."""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from counterfoil.application.documents.keeping import Brought, Filing, keep
from counterfoil.application.office import people
from counterfoil.domain.people.document import Access, AccessLevel
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.cli.verify_auditor import signed
from counterfoil.entrypoints.document_room import document_room
from tests.notices.post_room import ANNA, BELA, Room
from tests.notices.test_telling import transferred
from tests.office.stage import MAIL


@pytest.fixture
def bundle(room: Room, tmp_path: Path) -> Path:
    people.suspend(room.stage.office, BELA, actor=f"person:{ANNA}")
    transferred(room, 1, 2)
    access = Access(AccessLevel.CONFIDENTIAL, basis="agreement")
    keep(document_room(room.stage.office), Filing("LOA", "A-1", access), Brought("a.txt", b"secret paper", "local"))
    out = tmp_path / "bundle"
    assert run(["export", "auditor", "--out", str(out), "--dir", str(room.folder.path)]) == 0
    return out


def checked(bundle: Path, key: str) -> subprocess.CompletedProcess[str]:
    """What the bundle's own checker says, in a Python that sees nothing of ours."""
    program = [sys.executable, "-I", str(bundle / "verify_auditor.py"), str(bundle), key]
    return subprocess.run(program, capture_output=True, text=True, check=False, timeout=60, cwd="/")


def key_of(room: Room) -> str:
    return room.folder.public_key.read_text().strip()


def test_a_stranger_finds_that_everything_fits(room: Room, bundle: Path) -> None:
    done = checked(bundle, key_of(room))
    assert (done.returncode, done.stdout) == (0, "Everything fits.\n"), done.stderr
    held = {path.name for path in bundle.iterdir()}
    assert {"journal.ndjson", "trail.ndjson", "audit.csv", "documents.ndjson", "SHA256SUMS.sig"} <= held
    digest = sha256(b"secret paper").hexdigest()
    assert (bundle / "documents" / digest).read_bytes() == b"secret paper"
    assert json.loads((bundle / "documents.ndjson").read_text())["versions"][0]["sha256"] == digest
    assert "person.suspended" in (bundle / "audit.csv").read_text()


def test_no_name_and_no_address_is_in_it(bundle: Path) -> None:
    for path in bundle.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert b"@example.org" not in data and MAIL.encode() not in data, path


def resealed(bundle: Path) -> None:
    """What a forger can do without the key: a new list of hashes."""
    names = sorted(path for path in bundle.rglob("*") if path.is_file() and not path.name.startswith("SHA256SUMS"))
    lines = [f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bundle)}\n" for path in names]
    (bundle / "SHA256SUMS").write_text("".join(lines))


def test_every_change_is_found(room: Room, bundle: Path, tmp_path: Path) -> None:
    key = key_of(room)
    for number, name in enumerate(
        ("journal.ndjson", "trail.ndjson", "documents.ndjson", "blocks.csv", "SHA256SUMS.sig")
    ):
        for reseal in (False, True):
            copy = tmp_path / f"copy{number}{reseal}"
            shutil.copytree(bundle, copy)
            data = (copy / name).read_bytes()
            if name.endswith(".sig"):
                changed = bytes([data[0] ^ 1]) + data[1:]
            else:
                changed = data.replace(b"1", b"2", 1)
            (copy / name).write_bytes(changed)
            if reseal:
                resealed(copy)
            assert checked(copy, key).returncode in (1, 2), (name, reseal)
    (bundle / "more.txt").write_text("x")
    assert "more.txt is not in SHA256SUMS" in checked(bundle, key).stdout


def test_a_row_cut_out_of_the_trail_is_found_even_where_the_list_would_fit(room: Room, bundle: Path) -> None:
    lines = (bundle / "trail.ndjson").read_text().splitlines(keepends=True)
    (bundle / "trail.ndjson").write_text("".join(lines[1:]))
    resealed(bundle)
    said = checked(bundle, key_of(room)).stdout
    assert "row 1 of the trail" in said and "not signed by this key" in said


def test_another_key_or_no_key_is_no_proof(bundle: Path) -> None:
    import base64

    other = base64.b64encode(SigningKey.generate().verify_key.encode()).decode()
    assert checked(bundle, other).returncode == 1
    assert checked(bundle, "nonsense!").returncode == 2


@given(st.binary(max_size=80), st.integers(0, 511))
def test_the_checker_agrees_with_the_library_about_signatures(message: bytes, flip: int) -> None:
    key = SigningKey(sha256(message).digest())
    mark = key.sign(message).signature
    assert signed(key.verify_key.encode(), message, mark)
    bad = bytearray(mark)
    bad[flip // 8] ^= 1 << flip % 8
    assert not signed(key.verify_key.encode(), message, bytes(bad))
