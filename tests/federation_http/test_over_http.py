"""Two servers, one transfer: what is proposed in one process is final in both, whatever falls out on the way."""

import base64
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.peers.http_peer import HttpPeer, Way
from counterfoil.application.federation.exchange import LineAnswer
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.kernel.ids import Party
from counterfoil.entrypoints import own_side
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.link_conformance import conform
from counterfoil.entrypoints.link_trial import sealer
from tests.federation_http.stage import FolderOffice, Linked, confirmed, linked, pair, proposal, record, sent, until
from tests.http.desk import served


def asked(office: FolderOffice, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """The exit status and the JSON of one command."""
    capsys.readouterr()
    status = run([*words, "--dir", str(office.folder.path), "--json"])
    found = capsys.readouterr()
    return status, json.loads(found.out or found.err)


def test_a_proposed_transfer_becomes_final_in_both_books_by_itself(tmp_path: Path) -> None:
    with linked(tmp_path) as both:
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 400))
        until(lambda: confirmed(both.host, "t-1"))
        arrived = record(both.buyer, "t-1")
        assert arrived is not None and arrived["state"] == "final"
        for office in (both.host, both.buyer):
            with sqlite3.connect(office.folder.path / "links.db") as book:
                until(lambda book=book: book.execute("SELECT count(*) FROM letter").fetchone()[0] == 4)
                kinds = {row[0] for row in book.execute("SELECT kind FROM letter")}
            assert kinds == {"proposal", "acceptance", "receipt", "acknowledgement"}


def test_a_partner_that_comes_back_gets_what_is_owed_and_one_that_does_not_loses_the_offer(tmp_path: Path) -> None:
    host, buyer = pair(tmp_path)
    with served(host.folder):
        with served(buyer.folder) as at_buyer:
            sent(buyer, buyer.link(host))
            port = at_buyer.port
        sent(host, host.link(buyer, f"http://127.0.0.1:{port}"))
        ends = (datetime.now(UTC) + timedelta(seconds=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        sent(host, proposal(host, buyer, "t-1", 1, 10), proposal(host, buyer, "t-2", 11, 20, expires_at=ends))
        gone = until(lambda: _state(host, "t-2") == "expired")
        assert gone and _state(host, "t-1") == "proposed"
        code = SERVE_AT.format(port=port)
        with served(buyer.folder, code=code):
            until(lambda: confirmed(host, "t-1"), seconds=60)
            assert _state(buyer, "t-1") == "final" and _state(buyer, "t-2") == ""


SERVE_AT = (
    "import sys; from pathlib import Path; from counterfoil.entrypoints.bootstrap import Folder; "
    "from counterfoil.entrypoints.serving import serve; "
    "sys.exit(serve(Folder(Path(sys.argv[1])), port={port}, for_seconds=int(sys.argv[2])))"
)


def _state(office: FolderOffice, transfer: str) -> str:
    found = record(office, transfer)
    return "" if found is None else str(found["state"])


def test_a_refusal_ends_the_transfer_in_the_source_and_nothing_stays_owed(tmp_path: Path) -> None:
    with linked(tmp_path) as both:
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 400, target="xbb:nobody"))
        until(lambda: _state(both.host, "t-1") == "refused")
        assert record(both.buyer, "t-1") is None
        with sqlite3.connect(both.host.folder.path / "links.db") as book:
            until(lambda: book.execute("SELECT count(*) FROM delivery").fetchone()[0] == 0)


def test_a_link_comes_about_by_commands_with_a_fingerprint_that_a_person_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host, buyer = pair(tmp_path)
    with served(host.folder) as at_host, served(buyer.folder) as at_buyer:
        status, found = asked(host, capsys, "link", "discover", at_buyer.address)
        assert status == 0 and found["party"] == "XBB" and len(found["fingerprint"].split()) == 8
        wrong = "00000 " + found["fingerprint"][6:]
        status, refused = asked(host, capsys, "link", "propose", at_buyer.address, "--fingerprint", wrong)
        assert (status, refused["code"]) == (1, "link.fingerprint")
        assert asked(host, capsys, "link", "propose", at_buyer.address, "--fingerprint", found["fingerprint"])[0] == 0
        status, refused = asked(host, capsys, "link", "test", "XBB")
        assert (status, refused["code"], refused["facts"]["code"]) == (1, "link.not_answered", "message.sender_unknown")
        sent(buyer, buyer.link(host, at_host.address))
        assert asked(host, capsys, "link", "test", "XBB") == (
            0,
            {"party": "XBB", "answers": True, "fingerprint": found["fingerprint"]},
        )
        assert asked(host, capsys, "link", "live", "XBB", "--reason", "tested")[0] == 0
        sent(host, proposal(host, buyer, "t-1", 1, 10))
        until(lambda: confirmed(host, "t-1"))
        status, shown = asked(host, capsys, "link", "show", "XBB")
        assert shown["state"] == "live" and shown["waiting"] == 0
        assert {(one["direction"], one["kind"]) for one in shown["messages"] if not one["code"]} >= {
            ("out", "proposal")
        }
        assert [one["party"] for one in asked(host, capsys, "link", "list")[1]] == ["XBB"]
        assert not shown.get("by_hand")
        assert asked(host, capsys, "link", "live", "XBB", "--by-hand", "--reason", "the ministry decides")[0] == 0
        assert asked(host, capsys, "link", "show", "XBB")[1]["by_hand"] is True
        assert asked(host, capsys, "link", "suspend", "XBB", "--reason", "audit")[0] == 0
        assert asked(host, capsys, "link", "show", "XBB")[1]["state"] == "suspended"


def test_what_was_set_aside_is_listed_and_tried_again_by_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from counterfoil.adapters.peers.links_file import LinksFile
    from counterfoil.application.federation.letter_book import Delivery

    host, _ = pair(tmp_path)
    book = LinksFile(host.folder.path / "links.db")
    with book.change():
        book.owe([Delivery("XBB", "t-1", 84, 5, fault="peers.unreachable", dead=True)])
    status, rows = asked(host, capsys, "link", "dead-letters")
    assert status == 0 and [(one["transfer"], one["fault"]) for one in rows] == [("t-1", "peers.unreachable")]
    assert asked(host, capsys, "link", "retry", "XBB", "t-2") == (0, {"revived": 0})
    assert asked(host, capsys, "link", "retry", "XBB") == (0, {"revived": 1})
    assert asked(host, capsys, "link", "dead-letters") == (0, [])
    status, refused = asked(host, capsys, "link", "resend", "t-1")
    assert (status, refused["code"]) == (1, "transfer.unknown")


def test_a_notice_that_nobody_owes_is_not_told_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host, _ = pair(tmp_path)
    status, refused = asked(host, capsys, "link", "resend", "N:XAA01:XBB:9")
    assert (status, refused["code"]) == (1, "transfer.unknown")


@pytest.mark.parametrize(
    ("state", "sayable", "owing"), [("owed", True, True), ("refused", True, False), ("taken", False, False)]
)
def test_what_a_person_has_told_again_is_not_owed_for_ever(state: str, *, sayable: bool, owing: bool) -> None:
    notice = {"state": state}
    assert (own_side._sayable(None, notice), own_side._owing(None, notice)) == (sayable, owing)


def test_a_partner_is_followed_to_its_next_key_while_both_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with linked(tmp_path) as both:
        sent(both.host, proposal(both.host, both.buyer, "t-1", 1, 10))
        until(lambda: confirmed(both.host, "t-1"))
        status, rotated = asked(both.host, capsys, "key", "rotate", "--reason", "test", "--keep-old")
        assert status == 0
        _look_at_keys(both)
        until(lambda: _key(both.buyer, "XAA") == rotated["public_key"], seconds=60)
        partner = record(both.buyer, "XAA", "partner")
        assert partner is not None
        assert partner["earlier_key"] == base64.b64encode(both.host.signer.public_key).decode()
        sent(both.host, proposal(both.host, both.buyer, "t-2", 11, 20))
        until(lambda: confirmed(both.host, "t-2"), seconds=60)


def _look_at_keys(both: Linked) -> None:
    """The buyer looks once the first message under the new key comes; a lane asks once a minute at most."""
    sent(both.host, proposal(both.host, both.buyer, "t-3", 21, 30))


def _key(office: FolderOffice, party: str) -> str:
    partner = record(office, party, "partner")
    return "" if partner is None else str(partner["public_key"])


def test_this_implementation_conforms_and_one_that_says_yes_to_everything_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with linked(tmp_path) as both:
        status, told = asked(both.host, capsys, "link", "conform", "XBB")
        assert (status, told["failed"]) == (0, 0), told
        assert record(both.buyer, "link-test") is None
        partner = Partner(Party("XBB"), "XBB01", both.buyer.signer.name, both.buyer.public_key, both.at_buyer.address)
        yes = HttpPeer(both.at_buyer.address, Way())
        yes.post = lambda bundle: [LineAnswer("done", "", ())] * len(bundle)  # type: ignore[method-assign]
        verdicts = conform(yes, sealer(both.host.folder), partner, now_ms=SystemClock().now_ms())
        yes.close()
    assert sum(not each.holds for each in verdicts) == len(verdicts) - 2
