"""Evidence is kept by its hash, once, and is what it was."""

import hashlib
from pathlib import Path

import pytest

from counterfoil.adapters.evidence.files import BYTES_MAX, EvidenceFault, FileEvidence
from counterfoil.adapters.evidence.memory import MemoryEvidence
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.ports import Evidence, Outage


@pytest.fixture(params=["files", "memory"])
def evidence(request: pytest.FixtureRequest, tmp_path: Path) -> Evidence:
    return FileEvidence(tmp_path / "a" / "b") if request.param == "files" else MemoryEvidence()


@pytest.mark.parametrize("data", [b"", b"a letter of authorization", bytes(range(256)) * 5_000])
def test_evidence_is_found_under_its_hash(evidence: Evidence, data: bytes) -> None:
    digest = evidence.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert evidence.put(data) == digest
    assert evidence.get(digest) == data


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "a/" * 32, "A" * 64, "0" * 63 + "\n"])
def test_what_is_not_there_is_none(evidence: Evidence, digest: str) -> None:
    assert evidence.get(digest) is None


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_several_that_are_kept_together_are_all_there(evidence: Evidence, count: int) -> None:
    documents = [f"document {number}".encode() for number in range(count)]
    evidence.put_all([*documents, *documents[:1]])
    assert [evidence.get(hashlib.sha256(data).hexdigest()) for data in documents] == documents


def test_too_much_among_several_is_an_outage(evidence: Evidence) -> None:
    with pytest.raises(Outage) as raised:
        evidence.put_all([b"1", b"2", bytes(BYTES_MAX + 1), b"4"])
    assert raised.value.code == EvidenceFault.TOO_LARGE


def test_too_much_is_not_kept(evidence: Evidence) -> None:
    with pytest.raises(Outage) as raised:
        evidence.put(bytes(BYTES_MAX + 1))
    assert raised.value.code == EvidenceFault.TOO_LARGE


def test_a_damaged_file_is_never_handed_out(tmp_path: Path) -> None:
    evidence = FileEvidence(tmp_path)
    digest = evidence.put(b"the document")
    kept = tmp_path / digest[:2] / digest[2:]
    kept.write_bytes(b"another document")
    with pytest.raises(Outage) as raised:
        evidence.get(digest)
    assert raised.value.code == EvidenceFault.DAMAGED


def test_nothing_but_the_evidence_is_left_in_the_folder(tmp_path: Path) -> None:
    digest = FileEvidence(tmp_path).put(b"the document")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest[2:]]


def test_a_file_where_the_folder_should_be_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("in the way")
    with pytest.raises(Outage) as raised:
        FileEvidence(tmp_path / "evidence").put(b"the document")
    assert raised.value.code == StorageFault.IO_ERROR
