"""Damaged pages: `serve` refuses the registry and leaves it as it is, or `verify` names the place. Never neither."""

import shutil
import sqlite3
from pathlib import Path
from random import Random

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing, verify_folder
from tests.crash.clients import Heard, load, moves
from tests.crash.nursery import Nursery
from tests.crash.pages import content_of, pages_of_tables
from tests.crash.test_tampered import sound  # noqa: F401  a registry with rows in every table
from tests.http.desk import founded, token

PAGE = 4_096
TABLES = ["journal", "checkpoint", "term", "block", "record", "balance", "opening"]


@pytest.fixture
def folder(sound: Folder, tmp_path: Path) -> Folder:  # noqa: F811
    shutil.copytree(sound.path, tmp_path / "registry")
    return Folder(tmp_path / "registry")


def damage(path: Path, *places: int) -> None:
    data = bytearray(path.read_bytes())
    for place in places:
        data[place] ^= 0xFF
    path.write_bytes(data)


def ledger(folder: Folder) -> tuple[bytes, bytes]:
    """The file and its log, byte for byte."""
    log = folder.ledger.with_name("ledger.db-wal")
    return folder.ledger.read_bytes(), log.read_bytes() if log.exists() else b""


def serve_refuses(folder: Folder) -> str:
    """The code with which the registry is not opened for writing; empty when it is opened. Refused, it is untouched."""
    before = ledger(folder)
    try:
        opened = open_for_writing(folder, "test")
    except Outage as outage:
        assert ledger(folder) == before
        return outage.code
    assert isinstance(opened, Writable) and not isinstance(opened, Refusal)
    opened.close()
    return ""


def verify_says(folder: Folder) -> str:
    """The table of the first finding, or the code of the outage; empty when everything fits."""
    before = folder.ledger.read_bytes()
    try:
        audit = verify_folder(folder)
    except Outage as outage:
        return outage.code
    finally:
        assert folder.ledger.read_bytes() == before
    return audit.findings[0].table if audit.findings else ""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_page_of_a_table_is_found(table: str, seed: int, folder: Folder) -> None:
    chance = Random(f"{table}/{seed}")
    number = chance.choice(pages_of_tables(folder.ledger)[table])
    content = content_of(folder.ledger.read_bytes(), PAGE, number)
    # A whole stretch, as when a sector is lost, so that no damage falls between the cells alone.
    start = chance.choice(content)
    damage(folder.ledger, *range(start, min(start + 512, content.stop)))
    refused = serve_refuses(folder)
    assert refused == "" or refused.startswith("storage."), refused
    said = verify_says(folder)
    assert said in TABLES or said.startswith("storage."), (refused, said)


@pytest.mark.parametrize("number", range(2, 8))
def test_a_page_of_zeros_is_found(number: int, folder: Folder) -> None:
    """What a disk gives for a sector that it has lost."""
    data = bytearray(folder.ledger.read_bytes())
    data[(number - 1) * PAGE : number * PAGE] = bytes(PAGE)
    folder.ledger.write_bytes(data)
    serve_refuses(folder)
    assert verify_says(folder)


@pytest.mark.parametrize(
    ("place", "faults"),
    [
        (0, {"storage.not_ours"}),
        (16, {"storage.not_ours", "storage.corrupt"}),
        (60, {"storage.newer_format", "storage.not_ours"}),
        (68, {"storage.not_ours"}),
        (100, {"storage.corrupt"}),
    ],
    ids=["magic", "page size", "format", "application", "schema page"],
)
def test_a_damaged_header_is_refused_by_name(place: int, faults: set[str], folder: Folder) -> None:
    damage(folder.ledger, place)
    assert serve_refuses(folder) in faults
    assert verify_says(folder) in faults


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, servers: Nursery) -> Folder:
    """A registry whose server was killed, with some dozens of commits in its log."""
    folder = founded(tmp_path_factory.mktemp("killed") / "registry", blocks=4)
    child = servers.serve(folder.path)

    def until(heard: Heard) -> float:
        if len(heard.answers) < 40:
            return -1
        child.kill()
        return 0

    # Two clients with one act at a time, and nobody in bulk: then a commit holds two acts at most, on any machine.
    sources = [moves("a", start=1, step=2), moves("b", start=2, step=2), iter(())]
    load(child.port, token(folder)["authorization"], sources, until)
    servers.reap(child)
    (folder.path / "socket").unlink()
    return folder


class TestADamagedLog:
    """After a kill the last commits are in the log alone, until the next start moves them into the file."""

    @pytest.fixture
    def folder(self, killed: Folder, tmp_path: Path) -> Folder:
        return Folder(Path(shutil.copytree(killed.path, tmp_path / "registry")))

    @staticmethod
    def log(folder: Folder) -> Path:
        return folder.ledger.with_name("ledger.db-wal")

    def commits(self, folder: Folder) -> list[int]:
        """Where in the log the frames of each commit begin."""
        data = self.log(folder).read_bytes()
        frames = range(32, len(data) - PAGE, 24 + PAGE)
        ends = [
            at + 24 + PAGE
            for at in frames
            if data[at + 4 : at + 8] != bytes(4) and data[at + 8 : at + 16] == data[40:48]
        ]
        return [32, *ends]

    def test_it_was_sound_before(self, folder: Folder) -> None:
        assert len(self.commits(folder)) > 15
        assert verify_says(folder) == ""
        assert serve_refuses(folder) == ""
        assert not self.log(folder).exists()

    @pytest.mark.parametrize("where", ["header", "first", "middle", "before last"])
    @pytest.mark.parametrize("inside", [0, 4, 9, 17, 24, 3_000])
    def test_acts_behind_the_damage_are_not_given_up_without_a_word(
        self, where: str, inside: int, folder: Folder
    ) -> None:
        commits = self.commits(folder)
        place = {"header": inside % 32, "first": 32 + inside, "middle": commits[len(commits) // 2] + inside}
        damage(self.log(folder), place.get(where, commits[-3] + inside))
        assert serve_refuses(folder) == "storage.corrupt"
        assert verify_says(folder) == "storage.corrupt"

    def test_a_torn_end_is_what_a_power_cut_leaves_and_the_books_stand_as_before_it(self, folder: Folder) -> None:
        commits = self.commits(folder)
        size = verify_folder(folder).entries
        damage(self.log(folder), commits[-2] + 30)
        assert verify_says(folder) == ""
        assert verify_folder(folder).entries < size
        assert serve_refuses(folder) == ""
        assert verify_says(folder) == ""

    @pytest.mark.parametrize("seed", range(8))
    def test_a_log_that_was_cut_ends_with_a_whole_commit(self, seed: int, folder: Folder) -> None:
        data = self.log(folder).read_bytes()
        self.log(folder).write_bytes(data[: Random(seed).randrange(len(data))])
        assert verify_says(folder) == ""
        assert serve_refuses(folder) == ""
        with open_for_reading(folder) as readable:
            last = readable.reading.last_checkpoint()
            assert last is not None and last.size == len(list(readable.reading.journal()))

    def test_frames_of_an_earlier_round_of_the_log_are_no_damage(self, tmp_path: Path) -> None:
        """The log is used again from its start: behind the new frames stand old ones, with other salts."""
        folder = founded(tmp_path / "registry", blocks=4)
        writer = sqlite3.connect(folder.ledger, isolation_level=None)
        long = "INSERT INTO opening (seq, field, salt, value) VALUES (0, ?, zeroblob(9000), '1')"
        for number in range(50):
            writer.execute(long, (f"f{number}",))
        writer.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        writer.execute("DELETE FROM opening WHERE field = 'f1'")
        kept = Folder(Path(shutil.copytree(folder.path, tmp_path / "kept")))
        writer.close()
        assert self.log(kept).stat().st_size > 50 * PAGE
        assert serve_refuses(kept) == ""
