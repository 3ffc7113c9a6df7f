"""Prove, check and publish: what strangers can check, and that nothing changed is passed over."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import FileSigner, verify
from counterfoil.application.queries.prove import check
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import Proven
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note, verifier_key
from counterfoil.domain.ledger.merkle import leaf_hash, root_of
from counterfoil.entrypoints.bootstrap import Folder
from tests.cli.conftest import UNIT, Counterfoil, ndjson

CLASS = "CA9001-THA01-THA-#-2022"


def moved(first: int, last: int, source: str, target: str) -> dict[str, Any]:
    units = {"unit_class": CLASS, "first": first, "last": last}
    return {"command": "Transfer", "units": units, "source": source, "target": target}


@pytest.fixture
def lived(issued: Path, counterfoil: Counterfoil) -> Path:
    """A registry in which unit 71 was issued, moved with its neighbours, and moved once more with a wider range."""
    acts = (
        {"command": "OpenAccount", "account": "tha:b", "holder": "B"},
        moved(50, 100, "tha:dev", "tha:b"),
        moved(101, 120, "tha:dev", "tha:b"),
        moved(60, 110, "tha:b", "tha:dev"),
    )
    result = counterfoil("do", "--dir", issued, stdin=ndjson(*acts))
    assert result.status == 0, result.err
    return issued


@pytest.fixture
def bundle(lived: Path, counterfoil: Counterfoil, tmp_path: Path) -> Path:
    file = tmp_path / "unit-71.json"
    assert counterfoil("prove", UNIT, "--dir", lived, "--out", file).status == 0
    return file


def key_of(folder: Path) -> str:
    return Folder(folder).public_key.read_text().strip()


def checked(data: bytes, folder: Path) -> Proven | Refusal:
    return check(data, key=key_of(folder), codec=JsonCodec(), verify=verify)


def rewritten(value: Any) -> bytes:
    return JsonCodec().encode(value) + b"\n"


def test_a_units_life_is_proven_with_the_public_key_alone(bundle: Path, lived: Path, counterfoil: Counterfoil) -> None:
    key = key_of(lived)
    shutil.move(lived, lived.with_name("gone"))
    result = counterfoil("check-proof", bundle, "--key", key, "--json")
    assert result.status == 0, result.out
    assert [act["act"] for act in result.json["acts"]] == ["Issued", "Transferred", "Transferred"]
    assert [act["seq"] for act in result.json["acts"]] == [7, 9, 11]
    assert result.json["acts"][1]["moves"] == [["tha:dev", "tha:b"]]
    # Entry 10 did not touch unit 71. It is there because entry 11 follows it: so 9 is seen to be the step before.
    assert result.json["beside"] == 1 and result.json["entries"] == 12
    assert set(result.json["proven"]) == set(result.json["not_proven"]) == {"en", "zh-Hant"}


@pytest.mark.parametrize("language, word", [("en", "existed in this log"), ("zh-Hant", "曾存在於此日誌")])
def test_what_is_proven_is_said_in_plain_words(
    bundle: Path, lived: Path, counterfoil: Counterfoil, language: str, word: str
) -> None:
    result = counterfoil("check-proof", bundle, "--key", Folder(lived).public_key, "--lang", language)
    assert result.status == 0 and word in result.out and UNIT in result.out and "2023-03-01" in result.out


def test_the_key_may_be_given_with_its_name_or_alone_and_another_one_is_refused(
    bundle: Path, lived: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    raw = base64.b64decode(key_of(lived))
    named = verifier_key("tha/tha01", raw)
    assert counterfoil("check-proof", bundle, "--key", named).status == 0
    assert counterfoil("check-proof", bundle, "--key", key_of(lived)).status == 0
    bare = base64.b64encode(bytes(32)).decode()
    for other in (verifier_key("che/che01", raw), verifier_key("tha/tha01", bytes(32)), bare):
        refused = counterfoil("check-proof", bundle, "--key", other, "--json")
        assert (refused.status, refused.json["code"]) == (1, "proof.other_key")
    padded = f"{bare[:-2]}B="  # the same bytes, with padding bits that no encoder sets
    misspelt = named[:-1] + ("B" if named.endswith("A") else "A")
    for unfit in ("", "no key", padded, misspelt, str(tmp_path / "absent")):
        refused = counterfoil("check-proof", bundle, "--key", unfit, "--json")
        assert (refused.status, refused.json["code"]) == (2, "proof.key_unreadable")


def test_an_entry_is_proven_by_its_number(lived: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    for number in (0, 4, 11):
        file = tmp_path / f"{number}.json"
        assert counterfoil("prove", number, "--dir", lived, "--out", file).status == 0
        result = counterfoil("check-proof", file, "--key", key_of(lived), "--json")
        assert result.status == 0 and result.json["subject"] == number and len(result.json["acts"]) == 1


@pytest.mark.parametrize(
    "about, code",
    [
        ("12", "show.not_found"),
        ("007", "show.not_found"),
        ("9" * 30, "show.not_found"),
        ("nothing", "identifier.unreadable"),
        ("CA9001-THA01-THA-1917-2022", "show.unit_unknown"),
    ],
)
def test_what_is_not_there_is_not_proven(
    lived: Path, counterfoil: Counterfoil, tmp_path: Path, about: str, code: str
) -> None:
    result = counterfoil("prove", about, "--dir", lived, "--out", tmp_path / "x.json", "--json")
    assert (result.status, result.json["code"]) == (1, code)
    assert not (tmp_path / "x.json").exists()


def test_a_file_that_exists_is_not_written_over(bundle: Path, lived: Path, counterfoil: Counterfoil) -> None:
    before = bundle.read_bytes()
    result = counterfoil("prove", 0, "--dir", lived, "--out", bundle, "--json")
    assert (result.status, result.json["code"]) == (1, "prove.file_exists")
    assert bundle.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]\n", b"{}\n", b'{"format":"counterfoil-proof/1"}\n', b"1.5\n"]
)
def test_another_file_is_no_proof(counterfoil: Counterfoil, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    result = counterfoil("check-proof", file, "--key", base64.b64encode(bytes(32)).decode(), "--json")
    assert (result.status, result.json["code"]) == (2, "proof.unreadable")
    assert counterfoil("check-proof", tmp_path / "absent", "--key", "x").status == 2


def test_every_changed_byte_of_a_bundle_is_refused(bundle: Path, lived: Path) -> None:
    """Each byte in turn: leaves, paths, note, keys, names and punctuation. Only the subject may name a neighbour."""
    data = bundle.read_bytes()
    assert isinstance(checked(data, lived), Proven)
    place = data.index(UNIT.encode(), data.index(b'"subject"'))
    subject = range(place, place + len(UNIT))
    for at in range(len(data)):
        for bit in (0x01, 0x02, 0x20):
            changed = bytearray(data)
            changed[at] ^= bit
            found = checked(bytes(changed), lived)
            if isinstance(found, Proven):
                # The subject is a question, not evidence: the same entries may well prove the life of unit 70 or 73.
                assert at in subject and found.subject != UNIT


def test_the_same_content_in_another_spelling_is_refused(bundle: Path, lived: Path) -> None:
    data = bundle.read_bytes()
    again = data.replace(b'{"checkpoint"', b'{"checkpoint":"","checkpoint"', 1)
    spaced = json.dumps(json.loads(data), indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    for other in (spaced, again, data[:-1], data + b"\n", b" " + data, data.replace(b"\n", b"\r\n")):
        found = checked(other, lived)
        assert isinstance(found, Refusal) and found.code == "proof.unreadable"


def test_the_log_is_the_one_that_a_named_key_pins(bundle: Path, lived: Path) -> None:
    value = json.loads(bundle.read_bytes())
    named = verifier_key("tha/tha01", base64.b64decode(key_of(lived)))
    for change in ({"origin": "tha/tha02"}, {"keys": []}, {"keys": [named, named]}):
        found = check(rewritten({**value, **change}), key=named, codec=JsonCodec(), verify=verify)
        assert isinstance(found, Refusal) and found.code in ("proof.other_key", "handover.keys_unfit"), change


@pytest.mark.parametrize("drop", [0, 1, 2, 3])
def test_no_step_can_be_left_out_but_later_ones(bundle: Path, lived: Path, drop: int) -> None:
    value = json.loads(bundle.read_bytes())
    assert len(value["entries"]) == 4
    del value["entries"][drop]
    found = checked(rewritten(value), lived)
    if drop == 3:
        # Without the last act, entry 10 proves nothing about the unit any more.
        assert isinstance(found, Refusal) and found.code == "proof.beside_the_point"
    else:
        assert isinstance(found, Refusal) and found.code == "proof.gap"


def test_entries_of_another_subject_are_refused(bundle: Path, lived: Path) -> None:
    value = json.loads(bundle.read_bytes())
    for subject, code in (
        ({"unit": "CA9001-THA01-THA-1-2022"}, "proof.beside_the_point"),
        ({"unit": "CA9001-THA01-THA-1,071-2022"}, "proof.unreadable"),
        ({"unit": "CA9002-THA01-THA-71-2022"}, "proof.beside_the_point"),
        ({"entry": 7}, "proof.beside_the_point"),
        ({"unit": "x"}, "identifier.unreadable"),
    ):
        found = checked(rewritten({**value, "subject": subject}), lived)
        assert isinstance(found, Refusal) and found.code == code, subject


def test_a_witness_beside_the_log_is_counted_and_not_believed(bundle: Path, lived: Path) -> None:
    value = json.loads(bundle.read_bytes())
    line = base64.b64encode(bytes(4 + 72)).decode()
    found = checked(rewritten({**value, "checkpoint": f"{value['checkpoint']}\u2014 witness {line}\n"}), lived)
    assert isinstance(found, Proven) and found.unchecked_signatures == 1
    own = value["checkpoint"].splitlines()[-1].split(" ")
    false = base64.b64encode(base64.b64decode(own[2])[:4] + bytes(64)).decode()
    spoiled = checked(rewritten({**value, "checkpoint": f"{value['checkpoint']}\u2014 {own[1]} {false}\n"}), lived)
    assert isinstance(spoiled, Refusal) and spoiled.code == "proof.not_signed"


def test_a_leaf_that_is_in_the_log_but_is_no_entry_is_refused(lived: Path) -> None:
    """Only the holder of the key could make this one."""
    signer = FileSigner.open(Folder(lived).key)
    moved_leaf = (
        b'{"act":"AccountOpened","at":"2026-01-01T00:00:00.000Z","by":"x","command":"c","content":"",'
        b'"on":"2026-01-01","seq":1}'
    )
    for leaf in (b"{}", b"no json", moved_leaf, moved_leaf.replace(b":1}", b":0}").replace(b"AccountOpened", b"Newer")):
        root = root_of([leaf_hash(leaf)])
        text = Checkpoint(signer.name, 1, root, 1, "2026-01-01T00:00:00.000Z", 1).text()
        signature = signer.sign(text.encode())
        value = {
            "format": "counterfoil-proof/1",
            "origin": signer.name,
            "keys": [verifier_key(signer.name, signer.public_key)],
            "subject": {"entry": 0},
            "checkpoint": signed_note(text, name=signer.name, public_key=signer.public_key, signature=signature),
            "entries": [{"seq": 0, "leaf": leaf.decode(), "path": []}],
        }
        found = checked(rewritten(value), lived)
        assert isinstance(found, Refusal) and found.code == "proof.entry_unfit"


def test_a_store_that_does_not_fit_its_checkpoint_proves_nothing(
    lived: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    import sqlite3

    with sqlite3.connect(Folder(lived).ledger) as base:
        for trigger in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger[0]}"')
        base.execute("UPDATE journal SET leaf_hash = zeroblob(32) WHERE seq = 3")
    base.close()
    result = counterfoil("prove", UNIT, "--dir", lived, "--out", tmp_path / "x.json", "--json")
    assert (result.status, result.json["code"]) == (1, "prove.store_unsound")
    result = counterfoil("tiles", "--dir", lived, "--out", tmp_path / "log", "--json")
    assert (result.status, result.json["code"]) == (1, "tiles.store_unsound")
    assert not (tmp_path / "log" / "checkpoint").exists()


def test_an_unfounded_folder_has_nothing_to_prove_or_publish(counterfoil: Counterfoil, tmp_path: Path) -> None:
    for arguments in (("prove", "0", "--out", tmp_path / "x"), ("tiles", "--out", tmp_path / "y")):
        result = counterfoil(*arguments, "--dir", tmp_path, "--json")
        assert (result.status, result.json["code"]) == (2, "registry.not_founded")
