"""The letter book is kept with a backup, and comes back with it."""

from pathlib import Path

import pytest

from counterfoil.adapters.peers.links_file import LinksFile
from counterfoil.application.federation.letter_book import Delivery
from tests.federation_http.stage import pair
from tests.federation_http.test_links_file import letter
from tests.federation_http.test_over_http import asked


def test_letters_and_deliveries_come_back_with_a_backup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host, _ = pair(tmp_path)
    book = LinksFile(host.folder.path / "links.db")
    with book.change():
        book.keep([letter("one")])
        book.owe([Delivery("XBB", "t-1", 3, 5)])
    place = tmp_path / "kept"
    place.mkdir()
    status, told = asked(host, capsys, "backup", "--to", str(place))
    assert status == 0 and Path(told["links"]).stat().st_mode & 0o077 == 0
    book.close()
    again = tmp_path / "again"
    words = ("restore", told["file"], "--to", str(again), "--links", told["links"])
    assert asked(host, capsys, *words)[0] == 0
    restored = LinksFile(again / "links.db")
    assert restored.letters("t1", limit=9) == [letter("one")]
    assert restored.due("XBB", now_ms=9, limit=9) == [Delivery("XBB", "t-1", 3, 5)]


def test_a_file_that_is_no_letter_book_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host, _ = pair(tmp_path)
    _, told = asked(host, capsys, "backup", "--to", str(tmp_path / "kept.tar"))
    assert told["links"] is None, "a registry without links has no letter book"
    words = ("restore", told["file"], "--to", str(tmp_path / "again"), "--links", told["file"])
    status, refused = asked(host, capsys, *words)
    assert (status, refused["code"]) == (1, "restore.damaged")
