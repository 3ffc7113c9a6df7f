"""The published log as files: what they hold, step by step, and whatever is in the way of a run."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.merkle import inclusion_proof, leaf_hash, root_of
from counterfoil.domain.ledger.note import read_note
from counterfoil.domain.ledger.tiles import Tile, entries_of, hashes_of, partial_tiles
from counterfoil.entrypoints.publication import held
from tests.cli.conftest import INIT, Counterfoil, ndjson


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def opened(folder: Path, count: int, start: int, counterfoil: Counterfoil) -> None:
    accounts = [{"command": "OpenAccount", "account": f"tha:a{start + n}", "holder": "A"} for n in range(count)]
    assert counterfoil("do", "--dir", folder, stdin=ndjson(*accounts)).status == 0


def test_the_published_log_is_the_whole_journal_and_gives_its_root(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    opened(registry, 600, 0, counterfoil)
    out = tmp_path / "log"
    result = counterfoil("tiles", "--dir", registry, "--out", out, "--json")
    assert result.status == 0 and result.json["entries"] == result.json["added"] == 601
    note = read_note((out / "checkpoint").read_text("utf-8"))
    assert note is not None
    checkpoint = read_checkpoint(note.text)
    assert checkpoint is not None and checkpoint.size == 601
    tiles = [Tile(0, 0), Tile(0, 1), *(tile for tile in partial_tiles(601) if tile.level == 0)]
    leaves = [leaf for tile in tiles for leaf in entries_of((out / tile.entries_path()).read_bytes()) or []]
    hashes = [node for tile in tiles for node in hashes_of((out / tile.path()).read_bytes()) or []]
    assert [leaf_hash(leaf) for leaf in leaves] == hashes
    assert root_of(hashes) == checkpoint.root
    above = hashes_of((out / Tile(1, 0, 2).path()).read_bytes())
    assert above == [root_of(hashes[:256]), root_of(hashes[256:512])]
    assert json.loads(leaves[600])["seq"] == 600
    # A client needs nothing else to make a proof of its own.
    assert len(inclusion_proof(hashes, 300)) == 10


def test_publishing_step_by_step_gives_the_same_files_as_at_once(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    steps = tmp_path / "steps"
    for count, start in ((3, 0), (250, 3), (2, 253), (1, 255), (260, 256), (1, 516)):
        opened(registry, count, start, counterfoil)
        assert counterfoil("tiles", "--dir", registry, "--out", steps).status == 0
    again = counterfoil("tiles", "--dir", registry, "--out", steps, "--json")
    assert (again.status, again.json["added"], again.json["files"]) == (0, 0, 0)
    assert counterfoil("tiles", "--dir", registry, "--out", tmp_path / "once").status == 0
    assert files_of(steps) == files_of(tmp_path / "once")
    partial = {name for name in files_of(steps) if ".p/" in name}
    lowest = {f"tile/{kind}/002.p/{width}" for kind in ("0", "entries") for width in (5, 6)}
    assert partial == lowest | {"tile/1/000.p/1", "tile/1/000.p/2"}


def test_an_interrupted_run_is_taken_up(registry: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    out = tmp_path / "log"
    opened(registry, 300, 0, counterfoil)
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    old = (out / "checkpoint").read_bytes()
    opened(registry, 300, 300, counterfoil)
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    expected = files_of(out)
    (out / "checkpoint").write_bytes(old)
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    assert files_of(out) == expected
    (out / "checkpoint").unlink()
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    assert files_of(out) == expected


def test_a_folder_of_something_else_is_left_alone(registry: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    result = counterfoil("tiles", "--dir", registry, "--out", registry, "--json")
    assert (result.status, result.json["code"]) == (1, "tiles.folder_not_ours")
    other, out = tmp_path / "other", tmp_path / "log"
    assert counterfoil("init", "--dir", other, *INIT).status == 0
    assert counterfoil("tiles", "--dir", other, "--out", out).status == 0
    before = files_of(out)
    result = counterfoil("tiles", "--dir", registry, "--out", out, "--json")
    assert (result.status, result.json["code"]) == (1, "tiles.other_log")
    assert files_of(out) == before


def test_a_run_is_refused_while_another_one_publishes(registry: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    """The other one may have looked at the registry later, and its checkpoint must not be taken back."""
    out = tmp_path / "log"
    with held(out):
        result = counterfoil("tiles", "--dir", registry, "--out", out, "--json")
        assert (result.status, result.json["code"], result.json["retry"]) == (2, "tiles.busy", "later")
        assert result.json["facts"]["folder"] == str(out)
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    assert stat.S_IMODE((out / ".lock").stat().st_mode) == 0o600


def test_the_registry_is_looked_at_after_the_folder_is_held(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look from before could be older than what another run publishes meanwhile."""
    from counterfoil.entrypoints import publication

    out = tmp_path / "log"
    locked = publication._locked

    def late(folder: Path) -> int:
        monkeypatch.setattr(publication, "_locked", locked)
        opened(registry, 1, 0, counterfoil)
        assert counterfoil("tiles", "--dir", registry, "--out", out, "--json").json["entries"] == 2
        return locked(folder)

    monkeypatch.setattr(publication, "_locked", late)
    result = counterfoil("tiles", "--dir", registry, "--out", out, "--json")
    assert (result.status, result.json["entries"], result.json["added"]) == (0, 2, 0)


@pytest.mark.parametrize("at", [1, 2, 3, 7])
def test_what_a_killed_run_left_is_cleared_by_the_next(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    opened(registry, 3, 0, counterfoil)
    opened(registry, 3, 3, counterfoil)
    out, moved, done = tmp_path / "log", Path.replace, []

    def killed(path: Path, target: Path) -> Path:
        done.append(path)
        if len(done) == at:
            raise KeyboardInterrupt
        return moved(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        assert counterfoil("tiles", "--dir", registry, "--out", out).status == 130
    assert done[-1].exists()
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    assert counterfoil("tiles", "--dir", registry, "--out", tmp_path / "once").status == 0
    assert files_of(out) == files_of(tmp_path / "once")


def test_a_full_disk_is_told_by_the_name_of_the_folder(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    result = counterfoil("tiles", "--dir", registry, "--out", tmp_path / "log", "--json")
    assert (result.status, result.json["code"]) == (2, "storage.disk_full")
    assert result.json["facts"]["path"] == str(tmp_path / "log")


def test_a_changed_tile_is_found_before_anything_is_built_on_it(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    out = tmp_path / "log"
    opened(registry, 300, 0, counterfoil)
    assert counterfoil("tiles", "--dir", registry, "--out", out).status == 0
    (out / Tile(1, 0, 1).path()).write_bytes(bytes(32))
    opened(registry, 1, 300, counterfoil)
    result = counterfoil("tiles", "--dir", registry, "--out", out, "--json")
    assert (result.status, result.json["code"]) == (1, "tiles.files_unsound")
