"""The signing key's file, and signatures that others can check."""

import os
from pathlib import Path

import pytest

from counterfoil.adapters.signing.ed25519 import FileSigner, KeysFault, verify
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Outage


def fault_of_opening(path: Path) -> str:
    with pytest.raises(Outage) as raised:
        FileSigner.open(path)
    return raised.value.code


def test_a_key_is_opened_again_and_signs_alike(tmp_path: Path) -> None:
    made = FileSigner.create(tmp_path / "key", "registry.example/xa")
    opened = FileSigner.open(tmp_path / "key")
    assert (opened.name, opened.public_key) == (made.name, made.public_key) == ("registry.example/xa", made.public_key)
    assert opened.sign(b"message") == made.sign(b"message")
    assert verify(public_key=opened.public_key, message=b"message", signature=made.sign(b"message"))


def test_only_the_owner_can_read_the_key_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        FileSigner.create(tmp_path / "key", "xa")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o620])
def test_a_key_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    FileSigner.create(tmp_path / "key", "xa")
    (tmp_path / "key").chmod(mode)
    assert fault_of_opening(tmp_path / "key") == KeysFault.TOO_OPEN


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    made = FileSigner.create(tmp_path / "key", "xa")
    with pytest.raises(Outage) as raised:
        FileSigner.create(tmp_path / "key", "xa")
    assert raised.value.code == KeysFault.EXISTS
    assert FileSigner.open(tmp_path / "key").public_key == made.public_key


def test_a_key_in_an_absent_folder_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(Outage) as raised:
        FileSigner.create(tmp_path / "nowhere" / "key", "xa")
    assert raised.value.code == StorageFault.ABSENT
    assert fault_of_opening(tmp_path / "nowhere" / "key") == KeysFault.ABSENT


def test_a_changed_key_file_is_unreadable(tmp_path: Path) -> None:
    FileSigner.create(tmp_path / "key", "xa")
    line = (tmp_path / "key").read_bytes()
    for changed in (b"", b"\xff\xfe", line[:-10], line.replace(b"xa", b"xb"), b"X" + line, line + b"more", line[:20]):
        (tmp_path / "key").write_bytes(changed)
        assert fault_of_opening(tmp_path / "key") == KeysFault.UNREADABLE, changed


def test_a_signature_is_checked_under_its_key_and_over_its_message() -> None:
    # RFC 8032 section 7.1, test 2.
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify(public_key=key, message=b"\x72", signature=signature)
    assert not verify(public_key=key, message=b"\x73", signature=signature)
    assert not verify(public_key=key, message=b"\x72", signature=signature[:-1])
    assert not verify(public_key=key, message=b"\x72", signature=b"")
    assert not verify(public_key=key[:-1], message=b"\x72", signature=signature)
    assert not verify(public_key=bytes(32), message=b"\x72", signature=signature)
