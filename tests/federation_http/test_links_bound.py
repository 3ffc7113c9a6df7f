"""What changed nothing fills a room of its own in the letter book, and never the disk; what did stays for ever."""

import sqlite3
from pathlib import Path

import pytest

from counterfoil.adapters.peers import links_file
from counterfoil.adapters.peers.links_file import APPLICATION_ID, LinksFile
from counterfoil.adapters.peers.links_steps import LETTERS
from counterfoil.adapters.private_file import PrivateFile
from counterfoil.application.federation.hearing import Hearing, Taken
from counterfoil.application.federation.letter_book import Direction, Letter
from counterfoil.domain.federation.message import MessageFault
from counterfoil.domain.kernel.refusal import Refusal
from tests.federation_http.test_inbox import Door, door, offices, sealed, withdrawal
from tests.federation_http.test_links_file import letter

__all__ = ["door", "offices"]
REFUSED = Refusal(MessageFault.SEQUENCE, {})


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LinksFile:
    monkeypatch.setattr(links_file, "IDLE_MAX", 3)
    return LinksFile(tmp_path / "links.db")


def idle(book: LinksFile, *letters: Letter) -> None:
    with book.change():
        book.keep_idle(letters)


def texts(book: LinksFile) -> list[bytes]:
    return [each.signed for each in book.letters("t1", limit=99)]


def taken(one: Letter, *, vain: bool) -> Taken:
    return Taken(one.partner, one.kind, one.transfer, one.digest, REFUSED if vain else None, (), vain)


def settled(book: LinksFile, one: Letter, *, vain: bool, heard: bool = True) -> None:
    hearing = Hearing(book, 1_000)
    if heard:
        hearing.heard([one])
    hearing.settle([one.signed], [taken(one, vain=vain)], sent=())


def test_of_what_changed_nothing_a_partner_s_latest_stay(book: LinksFile) -> None:
    with book.change():
        book.keep([letter("evidence")])
    idle(book, letter("other", partner="GHA"))
    for text in "abcde":
        idle(book, letter(text))
    assert texts(book) == [b"evidence", b"other", b"c", b"d", b"e"]


def test_the_bytes_have_a_bound_too(book: LinksFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links_file, "IDLE_BYTES_MAX", 10)
    idle(book, letter("four"), letter("five!"), letter("six"))
    assert texts(book) == [b"five!", b"six"]
    idle(book, letter("longer than all the room there is"))
    assert texts(book) == []


def test_what_led_to_an_act_after_all_is_kept_for_ever(book: LinksFile, tmp_path: Path) -> None:
    settled(book, letter("a"), vain=True)
    settled(book, letter("a"), vain=False)
    for text in "bcdef":
        settled(book, letter(text), vain=True)
    assert texts(book) == [b"a", b"d", b"e", b"f"]
    with (
        sqlite3.connect(tmp_path / "links.db") as other,
        pytest.raises(sqlite3.IntegrityError, match="letters are kept"),
    ):
        other.execute("DELETE FROM letter WHERE signed = CAST('a' AS BLOB)")


def test_what_had_gone_is_kept_when_it_comes_again_and_leads_to_an_act(book: LinksFile) -> None:
    for text in "abcd":
        settled(book, letter(text), vain=True)
    assert b"a" not in texts(book)
    settled(book, letter("a"), vain=False)
    for text in "efgh":
        settled(book, letter(text), vain=True)
    assert b"a" in texts(book)


def test_evidence_that_comes_again_in_vain_stays_evidence(book: LinksFile) -> None:
    settled(book, letter("a"), vain=False)
    settled(book, letter("a"), vain=True)
    for text in "bcdef":
        settled(book, letter(text), vain=True)
    assert b"a" in texts(book)


@pytest.mark.parametrize("vain", [False, True])
def test_what_a_side_did_not_tell_of_before_is_kept_all_the_same(book: LinksFile, *, vain: bool) -> None:
    settled(book, letter("a"), vain=vain, heard=False)
    assert texts(book) == [b"a"]


def test_what_was_heard_is_in_the_book_before_anything_is_settled(book: LinksFile, tmp_path: Path) -> None:
    hearing = Hearing(book, 1_000)
    hearing.heard([letter("a")])
    for each in hearing._keeping:
        each.result()
    again = LinksFile(tmp_path / "links.db")
    assert texts(again) == [b"a"] and again.came(letter("a").digest)


def test_only_what_cannot_be_made_again_waits_for_the_disk(book: LinksFile) -> None:
    def waits() -> bool:
        return bool(book._file._writer.execute("PRAGMA synchronous").fetchone()[0] == 2)

    settled(book, letter("a"), vain=False)
    assert not waits(), "what was heard is durable; the copies of what was sent are not waited for"
    settled(book, letter("b"), vain=False, heard=False)
    assert waits()
    with book.change(synced=False):
        assert not waits()
    with book.change():
        assert waits()


def test_an_older_letter_book_keeps_all_but_its_own_refusals_and_gets_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links_file, "IDLE_MAX", 2)
    path = tmp_path / "links.db"
    old = PrivateFile(path, application=APPLICATION_ID, steps=(LETTERS,))
    rows = [(bytes([n]) * 32, "in", "CHE", "proposal", "t1", n, b"in%d" % n) for n in range(4)]
    rows += [(bytes([n]) * 32, "out", "CHE", "refusal", "t1", n, b"out%d" % n) for n in range(4, 8)]
    with old.change():
        old.run_each(
            "INSERT INTO letter (digest, direction, partner, kind, transfer, at_ms, signed) VALUES (?,?,?,?,?,?,?)",
            rows,
        )
    old.close()
    book = LinksFile(path)
    assert len(texts(book)) == 8, "opening it lets nothing go"
    idle(book, Letter("ff" * 32, Direction.IN, "CHE", "proposal", "t1", 9, b"new"))
    assert texts(book) == [b"in0", b"in1", b"in2", b"in3", b"out7", b"new"]


@pytest.mark.anyio
async def test_a_partner_cannot_fill_the_disk_with_messages_that_ask_for_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links_file, "IDLE_MAX", 10)
    for number in range(12):
        moment = f"2026-01-01T00:00:{number:02}Z"
        await door.answers(
            *(sealed(door.other.signer, withdrawal(sent_at=moment, transfer=f"t-{n}")) for n in range(4))
        )
    kept = [each for n in range(4) for each in door.book().letters(f"t-{n}", limit=999)]
    assert len(kept) == 10


@pytest.mark.anyio
async def test_a_message_that_an_overhearer_repeats_leaves_no_more_behind(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links_file, "IDLE_MAX", 4)
    for _ in range(9):
        await door.answers(sealed(door.other.signer, withdrawal()))
    assert len(door.book().letters("t-0", limit=999)) <= 4
