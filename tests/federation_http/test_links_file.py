"""The letter book in its file: what is kept stays, and what is owed is found when it is due."""

import sqlite3
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from counterfoil.adapters.peers.links_file import LinksFile
from counterfoil.adapters.private_file import PrivateFile
from counterfoil.application.federation.letter_book import Count, Delivery, Direction, Letter, Queue
from counterfoil.application.ports import Outage


def letter(text: str, *, partner: str = "CHE", transfer: str = "t1", direction: Direction = Direction.IN) -> Letter:
    return Letter(sha256(text.encode()).hexdigest(), direction, partner, "proposal", transfer, 1_000, text.encode())


@pytest.fixture
def book(tmp_path: Path) -> LinksFile:
    return LinksFile(tmp_path / "links.db")


def test_a_letter_is_kept_once_and_as_it_came_first(book: LinksFile) -> None:
    with book.change():
        book.keep([letter("one"), letter("two", direction=Direction.OUT), letter("one")])
        book.keep([letter("one", partner="GHA")])
    assert [one.signed for one in book.letters("t1", limit=9)] == [b"one", b"two"]
    assert book.letters("t1", limit=1)[0] == letter("one")
    assert book.letters("t2", limit=9) == []


@pytest.mark.parametrize("sql", ["DELETE FROM letter", "UPDATE letter SET signed = x'00'"])
def test_a_kept_letter_can_be_neither_deleted_nor_changed(book: LinksFile, tmp_path: Path, sql: str) -> None:
    with book.change():
        book.keep([letter("one")])
    with (
        sqlite3.connect(tmp_path / "links.db") as other,
        pytest.raises(sqlite3.IntegrityError, match="letters are kept"),
    ):
        other.execute(sql)


def test_deliveries_are_due_in_the_order_of_their_moments_and_only_to_their_partner(book: LinksFile) -> None:
    with book.change():
        book.owe([Delivery("CHE", "b", 0, 20), Delivery("CHE", "a", 0, 30), Delivery("CHE", "c", 3, 99)])
        book.owe([Delivery("GHA", "a", 0, 10), Delivery("CHE", "d", 5, 10, dead=True)])
    assert [one.transfer for one in book.due("CHE", now_ms=50, limit=9)] == ["b", "a"]
    assert [one.transfer for one in book.due("CHE", now_ms=50, limit=1)] == ["b"]
    assert book.queues() == [Queue("CHE", 3, 1, 20), Queue("GHA", 1, 0, 10)]
    with book.change():
        book.settle([("CHE", "b"), ("CHE", "nothing")])
    assert [one.transfer for one in book.due("CHE", now_ms=99, limit=9)] == ["a", "c"]


def test_a_dead_delivery_waits_until_a_person_revives_it(book: LinksFile) -> None:
    dead = Delivery("CHE", "d", 84, 10, fault="peers.unreachable", dead=True)
    with book.change():
        book.owe([dead, Delivery("CHE", "e", 1, 10)])
    assert book.dead(after=("", ""), limit=9) == [dead]
    assert book.dead(after=("CHE", "d"), limit=9) == []
    with book.change():
        assert book.revive([("CHE", "d"), ("CHE", "e")], now_ms=77) == 1
    assert book.due("CHE", now_ms=77, limit=9) == [Delivery("CHE", "e", 1, 10), Delivery("CHE", "d", 0, 77)]


def test_proposals_that_ran_out_are_found_dead_or_not(book: LinksFile) -> None:
    with book.change():
        book.owe(
            [Delivery("CHE", "a", 0, 0, 50), Delivery("CHE", "b", 0, 0, 60, dead=True), Delivery("CHE", "c", 0, 0)]
        )
    assert [one.transfer for one in book.expired(now_ms=55, limit=9)] == ["a"]
    assert [one.transfer for one in book.expired(now_ms=60, limit=9)] == ["a", "b"]


def test_counts_add_up_and_the_position_stands(book: LinksFile, tmp_path: Path) -> None:
    one = Count("CHE", Direction.IN, "proposal", "message.signature", 2)
    assert book.position() is None
    with book.change():
        book.count([one, one._replace(code="")])
        book.count([one])
        book.move(17)
    book.close()
    again = LinksFile(tmp_path / "links.db")
    assert again.counts() == [one._replace(code=""), one._replace(number=4)]
    assert again.position() == 17


def test_the_file_is_its_owners_alone_and_no_other_file_is_taken_for_one(tmp_path: Path) -> None:
    LinksFile(tmp_path / "links.db").close()
    assert stat.S_IMODE((tmp_path / "links.db").stat().st_mode) == 0o600
    PrivateFile(tmp_path / "other.db", application=7, steps=(("CREATE TABLE x (y)",),)).close()
    with pytest.raises(Outage) as refused:
        LinksFile(tmp_path / "other.db")
    assert refused.value.code == "storage.not_ours"


def test_what_was_kept_survives_a_killed_process_and_half_a_bundle_is_never_there(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tests.federation_http.test_links_file import letter; "
        "from counterfoil.adapters.peers.links_file import LinksFile\n"
        "book = LinksFile(Path(sys.argv[1]))\n"
        "with book.change(): book.keep([letter('one'), letter('two')])\n"
        "with book.change():\n"
        "    book.keep([letter('three')]); book.keep([letter('four')]); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "links.db")], check=False, timeout=60)
    assert done.returncode == -9
    book = LinksFile(tmp_path / "links.db")
    assert [one.signed for one in book.letters("t1", limit=9)] == [b"one", b"two"]
