"""Signed checkpoints in the form that public tools read."""

import dataclasses

import pytest

from counterfoil.domain.ledger.checkpoint import (
    Checkpoint,
    read_checkpoint,
    signed_checkpoint,
    signed_note,
    verifier_key,
)

CHECKPOINT = Checkpoint("xa.example/registry", 42, bytes(range(32)), 7, "2026-01-01T00:00:00.000Z", 3)
NOTE = signed_note(CHECKPOINT.text(), name="xa.example/registry", public_key=bytes(32), signature=b"\x05" * 64)


def opened(note: str) -> Checkpoint | None:
    """The checkpoint of a note under a key whose every signature is the one above."""

    def verify(*, public_key: bytes, message: bytes, signature: bytes) -> bool:
        return (public_key, message, signature) == (bytes(32), CHECKPOINT.text().encode(), b"\x05" * 64)

    return signed_checkpoint(note, name="xa.example/registry", public_key=bytes(32), verify=verify)


def test_a_checkpoint_is_read_back_from_its_text() -> None:
    assert read_checkpoint(CHECKPOINT.text()) == CHECKPOINT
    assert CHECKPOINT.text().split("\n")[:2] == ["xa.example/registry", "42"]


def test_a_note_gives_back_its_text_and_signature() -> None:
    assert opened(NOTE) == CHECKPOINT


@pytest.mark.parametrize("old, new", [("42", "042"), ("42", "+42"), ("42", " 42"), ("7\n", "7\n\n"), ("epoch", "epok")])
def test_another_spelling_is_no_checkpoint(old: str, new: str) -> None:
    assert read_checkpoint(CHECKPOINT.text().replace(old, new, 1)) is None


@pytest.mark.parametrize("text", ["", "\n", "a\nb\nc\nd\ne\nf\n", CHECKPOINT.text() + "more\n", CHECKPOINT.text()[:-1]])
def test_another_text_is_no_checkpoint(text: str) -> None:
    assert read_checkpoint(text) is None


@pytest.mark.parametrize("note", ["", CHECKPOINT.text(), NOTE[:-1], NOTE + "more", NOTE.replace("\u2014", "-"), "\n\n"])
def test_another_text_is_no_note(note: str) -> None:
    assert opened(note) is None


def test_every_byte_of_a_note_counts_its_key_hash_and_the_padding_of_its_signature_too() -> None:
    for place in range(len(NOTE)):
        for other in ("A" if NOTE[place] != "A" else "B", "x", "\n"):
            changed = NOTE[:place] + other + NOTE[place + 1 :]
            assert changed == NOTE or opened(changed) != CHECKPOINT, place


def test_a_second_signature_line_makes_another_note() -> None:
    assert opened(NOTE + NOTE[NOTE.index("\u2014") :]) is None


def test_every_field_is_signed() -> None:
    changes = {"origin": "xb", "size": 43, "root": bytes(32), "number": 8, "recorded_at": "2027", "epoch": 4}
    texts = {dataclasses.replace(CHECKPOINT, **{name: value}).text() for name, value in changes.items()}
    assert len(texts | {CHECKPOINT.text()}) == len(dataclasses.fields(Checkpoint)) + 1


def test_a_verifier_key_is_the_one_that_the_go_tools_publish() -> None:
    # The example in the documentation of Go's sumdb/note package.
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    public_key = bytes.fromhex("1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6")
    assert verifier_key("PeterNeumann", public_key) == known
