"""Tiles, notes, cosignatures and audit paths against their specifications and against the plain tree."""

import base64
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sets
from nacl.signing import SigningKey

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.audit_path import audit_paths
from counterfoil.domain.ledger.checkpoint import Checkpoint, signed_note, verifier_key
from counterfoil.domain.ledger.cosignature import (
    WitnessFault,
    WitnessPolicy,
    cosigned,
    cosigned_message,
    read_cosignature,
    witness_policy,
    witnessed,
)
from counterfoil.domain.ledger.merkle import EMPTY_ROOT, inclusion_proof, leaf_hash, root_of
from counterfoil.domain.ledger.note import Algorithm, Note, NoteKey, read_note, read_note_key
from counterfoil.domain.ledger.tiles import (
    WIDTH,
    Tile,
    Tiling,
    entries_of,
    entry_bundle,
    hashes_of,
    partial_tiles,
)

SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 513, 1000)


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def tiled(leaves: list[bytes]) -> tuple[Tiling, dict[Tile, bytes]]:
    tiling = Tiling()
    tiles = {tile: data for leaf in leaves for tile, data in tiling.append(leaf)}
    tiles.update((tile, tiling.edge(tile.level)) for tile in partial_tiles(len(leaves)))
    return tiling, tiles


@pytest.mark.parametrize(
    "number, path",
    [
        (0, "tile/0/000"),
        (999, "tile/0/999"),
        (1000, "tile/0/x001/000"),
        (1_234_067, "tile/0/x001/x234/067"),
        (123_456_789, "tile/0/x123/x456/789"),
    ],
)
def test_a_tile_lies_where_the_specification_puts_it(number: int, path: str) -> None:
    assert Tile(0, number).path() == path
    assert Tile(0, number, 112).path() == f"{path}.p/112"
    assert Tile(0, number, 112).entries_path() == f"{path.replace('tile/0', 'tile/entries')}.p/112"


@pytest.mark.parametrize(
    "size, expected",
    [
        (0, []),
        (256, [(1, 0, 1)]),
        # The example of the specification: 273 full tiles and one of 112; one full tile and one of 17; one of 1.
        (70_000, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]),
        (65_536, [(2, 0, 1)]),
    ],
)
def test_a_tree_has_the_partial_tiles_of_the_specification(size: int, expected: list[tuple[int, int, int]]) -> None:
    assert [(tile.level, tile.number, tile.width) for tile in partial_tiles(size)] == expected


@pytest.mark.parametrize("size", SIZES)
def test_every_hash_of_every_tile_is_that_of_its_subtree(size: int) -> None:
    leaves = hashes(size)
    tiling, tiles = tiled(leaves)
    for tile, data in tiles.items():
        span = WIDTH**tile.level
        start = tile.number * WIDTH
        expected = [root_of(leaves[number * span : (number + 1) * span]) for number in range(start, start + tile.width)]
        assert hashes_of(data) == expected
    assert sum(tile.width for tile in tiles if tile.level == 0) == tiling.size == size
    assert tiling.root() == root_of(leaves)


def test_three_levels_of_tiles_give_the_root_of_the_tree() -> None:
    leaves = hashes(70_000)
    tiling, tiles = tiled(leaves)
    assert len(tiles) == 273 + 1 + 1 + 1 + 1
    assert tiling.root() == root_of(leaves)
    assert Tiling().root() == EMPTY_ROOT


@pytest.mark.parametrize("first", [1, 255, 256, 300, 511, 512])
def test_a_tiling_goes_on_from_its_edge_as_if_it_had_never_stopped(first: int) -> None:
    leaves = hashes(700)
    whole, _ = tiled(leaves)
    before, _ = tiled(leaves[:first])
    levels = max(tile.level for tile in partial_tiles(first)) + 1
    after = Tiling([hashes_of(before.edge(level)) or [] for level in range(levels)])
    assert after.size == first and after.root() == root_of(leaves[:first])
    for leaf in leaves[first:]:
        after.append(leaf)
    assert after.root() == whole.root() and after.size == 700


def test_an_entry_bundle_gives_its_entries_back_and_a_cut_one_nothing() -> None:
    leaves = [b"", b"a", b"b" * 65_535]
    data = entry_bundle(leaves)
    assert data[:5] == b"\0\0\0\1a"
    assert entries_of(data) == leaves
    assert entries_of(data[:-1]) is None and entries_of(data + b"\0") is None
    assert hashes_of(b"") is None and hashes_of(b"1" * 33) is None and hashes_of(bytes(32 * 257)) is None


@given(size=integers(1, 600), wanted=sets(integers(0, 599), max_size=6))
def test_audit_paths_of_one_pass_are_those_of_the_tree(size: int, wanted: set[int]) -> None:
    leaves = hashes(size)
    indices = sorted(index % size for index in wanted)
    found = audit_paths(iter(leaves), size=size, indices=indices)
    assert found == (root_of(leaves), {index: inclusion_proof(leaves, index) for index in indices})
    assert audit_paths(iter(leaves[:-1]), size=size, indices=indices) is None
    assert audit_paths(iter([*leaves, leaves[0]]), size=size, indices=indices) is None


# Notes

LOG_KEY = SigningKey(bytes(range(32)))
LOG = NoteKey("example.com/log", bytes(LOG_KEY.verify_key))
TEXT = Checkpoint("example.com/log", 42, bytes(32), 7, "2026-11-22T01:14:18.027Z", 1).text()
SIGNED = signed_note(
    TEXT, name=LOG.name, public_key=LOG.public_key, signature=LOG_KEY.sign(TEXT.encode()).signature
)  # fmt: skip


def a_note() -> Note:
    note = read_note(SIGNED)
    assert note is not None
    return note


def test_our_checkpoints_are_notes_that_keep_to_the_letter_of_the_specification() -> None:
    note = a_note()
    assert str(note) == SIGNED and note.signed_by(LOG, verify=verify)
    origin, size, root, *extensions, end = note.text.split("\n")
    # tlog-checkpoint: extension lines are allowed, none may be empty, and the text ends with a newline.
    assert extensions and all(extensions) and end == ""
    assert (origin, size, base64.b64decode(root)) == (LOG.name, "42", bytes(32))
    assert str(LOG) == verifier_key(LOG.name, LOG.public_key)


def changed_texts() -> Iterator[str]:
    for place in range(len(SIGNED)):
        for bit in (1, 2, 32):
            yield SIGNED[:place] + chr(ord(SIGNED[place]) ^ bit) + SIGNED[place + 1 :]


def test_no_changed_character_of_a_note_is_passed_over() -> None:
    for text in changed_texts():
        note = read_note(text)
        assert note is None or not note.signed_by(LOG, verify=verify), text


@pytest.mark.parametrize(
    "text", ["", TEXT, SIGNED[:-1], SIGNED + "x\n", SIGNED + "\n", "\t" + SIGNED, "\n\n" + SIGNED[-20:]]
)
def test_another_text_is_no_note(text: str) -> None:
    assert read_note(text) is None


def test_a_false_line_of_a_known_key_spoils_the_note_and_an_unknown_one_does_not() -> None:
    note = a_note()
    stranger = NoteKey("example.com/other", bytes(32))
    foreign = Note(note.text, (*note.signatures, *read_lines(stranger)))
    assert foreign.signed_by(LOG, verify=verify)
    false = Note(note.text, (*note.signatures, *read_lines(LOG)))
    assert not false.signed_by(LOG, verify=verify)
    assert not note.signed_by(stranger, verify=verify)


def read_lines(key: NoteKey) -> tuple:  # type: ignore[type-arg]
    note = read_note(signed_note(TEXT, name=key.name, public_key=key.public_key, signature=bytes(64)))
    assert note is not None
    return note.signatures


# Keys that public logs and witnesses use, as their tools print them.
@pytest.mark.parametrize(
    "text, algorithm",
    [
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", Algorithm.ED25519),
        ("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", Algorithm.COSIGNATURE),
    ],
)
def test_keys_of_public_logs_and_witnesses_are_read(text: str, algorithm: Algorithm) -> None:
    key = read_note_key(text)
    assert key is not None and key.algorithm is algorithm and str(key) == text
    for bad in (text[:-1], text.replace("+", " ", 1), text.replace("+d", "+e").replace("+c", "+d"), f"x{text}", ""):
        assert read_note_key(bad) is None


# Cosignatures

WITNESSES = tuple(SigningKey(bytes([number]) * 32) for number in (1, 2, 3))
KEYS = tuple(
    NoteKey(f"witness.example/w{number}", bytes(key.verify_key), Algorithm.COSIGNATURE)
    for number, key in enumerate(WITNESSES, 1)
)
NOON = 1_679_315_147


def with_witnesses(*numbers: int, note: Note | None = None, timestamp: int = NOON) -> Note:
    note = note or a_note()
    for number in numbers:
        key = WITNESSES[number]
        note = cosigned(note, witness=KEYS[number], timestamp=timestamp, sign=lambda m, key=key: key.sign(m).signature)
    return note


def test_a_cosignature_signs_the_header_the_time_and_the_whole_text() -> None:
    # The example of the specification.
    body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(body, timestamp=NOON) == f"cosignature/v1\ntime 1679315147\n{body}".encode()


def test_the_cosignature_in_the_specification_is_read() -> None:
    note = read_note(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 "
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    assert note is not None
    cosignature = read_cosignature(note.signatures[1])
    assert cosignature is not None and cosignature.timestamp == NOON and len(cosignature.signature) == 64
    assert read_cosignature(note.signatures[0]) is None


def policy(quorum: int = 2) -> WitnessPolicy:
    made = witness_policy(KEYS, quorum=quorum)
    assert not isinstance(made, Refusal)
    return made


def test_a_policy_says_who_signed_when_and_whether_that_is_enough() -> None:
    note = with_witnesses(0, 2)
    found = witnessed(note, policy(), verify=verify)
    assert found.signed == (("witness.example/w1", NOON), ("witness.example/w3", NOON))
    assert found.missing == ("witness.example/w2",) and found.false == () and found.enough
    assert not witnessed(note, policy(3), verify=verify).enough
    assert not witnessed(a_note(), policy(1), verify=verify).enough
    assert witnessed(a_note(), policy(0), verify=verify).enough
    # The log's own signature stays good beside them, and the note is read back with all its lines.
    assert note.signed_by(LOG, verify=verify) and read_note(str(note)) == note


def test_a_cosignature_counts_for_its_text_time_and_key_only() -> None:
    line = with_witnesses(0).signatures[-1]
    other = TEXT.replace("\n42\n", "\n43\n")
    assert witnessed(Note(other, (line,)), policy(1), verify=verify).false == ("witness.example/w1",)
    for place in range(4, 12 + 64):
        raw = bytearray(line.key_hash + line.signature)
        raw[place] ^= 1
        changed = Note(TEXT, (type(line)(line.name, bytes(raw[:4]), bytes(raw[4:])),))
        assert not witnessed(changed, policy(1), verify=verify).enough
    renamed = Note(TEXT, (type(line)(KEYS[1].name, line.key_hash, line.signature),))
    assert witnessed(renamed, policy(1), verify=verify).signed == ()


def test_a_false_line_spoils_the_quorum_and_the_latest_good_line_gives_the_time() -> None:
    later = with_witnesses(0, note=with_witnesses(0, 1), timestamp=NOON + 60)
    assert witnessed(later, policy(), verify=verify).signed[0] == ("witness.example/w1", NOON + 60)
    line = later.signatures[-1]
    false = Note(TEXT, (*later.signatures, type(line)(line.name, line.key_hash, bytes(72))))
    found = witnessed(false, policy(1), verify=verify)
    assert found.false == ("witness.example/w1",) and not found.enough


@pytest.mark.parametrize(
    "witnesses, quorum, fault",
    [
        ((KEYS[0], NoteKey("x", KEYS[1].public_key)), 1, WitnessFault.KEY_UNFIT),
        ((KEYS[0], NoteKey("x", KEYS[0].public_key, Algorithm.COSIGNATURE)), 1, WitnessFault.NAMED_TWICE),
        ((KEYS[0], NoteKey(KEYS[0].name, bytes(32), Algorithm.COSIGNATURE)), 1, WitnessFault.NAMED_TWICE),
        (KEYS, 4, WitnessFault.QUORUM_UNFIT),
        (KEYS, -1, WitnessFault.QUORUM_UNFIT),
    ],
)
def test_a_policy_is_refused_when(witnesses: tuple[NoteKey, ...], quorum: int, fault: WitnessFault) -> None:
    refused = witness_policy(witnesses, quorum=quorum)
    assert isinstance(refused, Refusal) and refused.code == fault
