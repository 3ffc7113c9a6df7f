"""A partner's server that answers as it likes: our courier takes little of it, and gives it nothing of others."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.peers import http_peer
from counterfoil.adapters.peers.http_peer import HttpPeer, Way
from counterfoil.adapters.peers.links_file import COUNTS_MAX, LinksFile
from counterfoil.application.federation.courier import Courier, Tools
from counterfoil.application.federation.exchange import LineAnswer
from counterfoil.application.federation.following import News
from counterfoil.application.federation.hearing import Owed, Taken
from counterfoil.application.ports import Outage
from tests.federation_http.test_courier import NOW, Desk, Partner, Side, envelope

ANSWER = b'{"outcome":"done","answers":[]}\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


class Overhearing(Side):
    """Takes a message of another partner, and answers it."""

    def _took(self, text: bytes) -> Taken:
        answers = (Owed("t-9", "receipt", envelope(b"for SGP only")),)
        return Taken("SGP", "acceptance", "t-9", "ab" * 32, None, answers)


def test_what_is_owed_to_another_is_not_given_to_who_shows_its_message(tmp_path: Path) -> None:
    side = Overhearing()
    side.open["t-1"] = b"t-1"
    courier = Courier("CHE", Tools(side, LinksFile(tmp_path / "links.db"), PinnedClock(NOW, step=0), lambda _: 0))
    courier.tell([News("CHE", "t-1", owed=True)], NOW)
    partner = Partner(lambda _: LineAnswer("done", "", (b"a message of SGP",)))
    courier.round(partner)
    assert not any(b"for SGP only" in line or b"Zm9yIFNHUCBvbmx5" in line for post in partner.posts for line in post)


def test_codes_that_a_server_makes_up_do_not_fill_the_counts(desk: Desk) -> None:
    number = iter(range(10_000))
    for turn in range(8):
        desk.owe(*[f"t-{turn}-{each}" for each in range(50)])
        desk.courier.round(Partner(lambda _: LineAnswer("refused", f"made.up_{next(number)}", ())))
    assert len(desk.book.counts()) <= COUNTS_MAX + 1


def test_a_mistake_in_the_middle_loses_no_delivery(desk: Desk) -> None:
    def mistaken(_: bytes) -> LineAnswer:
        raise RuntimeError("a mistake of ours")

    desk.owe("t-1")
    with pytest.raises(RuntimeError):
        desk.courier.round(Partner(mistaken))
    desk.later(10_000_000)
    with desk.book.change():
        desk.courier.write_down()
    assert desk.waiting() == ["t-1"]


Write = Callable[[http.server.BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Write], str]]:
    servers: list[http.server.ThreadingHTTPServer] = []

    def started(write: Write) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                write(self)

            def do_GET(self) -> None:
                write(self)

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


def _answering(body: bytes, status: int = 200, **headers: str) -> Write:
    def write(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return write


def _endless(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65_536)
    except OSError:
        pass


def _dripping(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            threading.Event().wait(0.05)
    except OSError:
        pass


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (_answering(b""), "peers.answer_unreadable"),
        (_answering(ANSWER * 2), "peers.answer_unreadable"),
        (_answering(b"[" * 100_000), "peers.answer_unreadable"),
        (_answering(b'{"outcome":5}\n'), "peers.answer_unreadable"),
        (_answering(b'{"outcome":"done","answers":["\\ud800"]}\n'), "peers.answer_unreadable"),
        (
            _answering(b'{"outcome":"done","answers":' + b"[" * 50_000 + b"]" * 50_000 + b"}\n"),
            "peers.answer_unreadable",
        ),
        (_answering(b'{"outcome":"done","answers":["a","a","a","a","a"]}\n'), "peers.answer_unreadable"),
        (_answering(b"", 302, Location="http://169.254.169.254/"), "peers.unreachable"),
        (_answering(b"\x1f\x8b", Content_Encoding="gzip"), "peers.answer_unreadable"),
        (_answering(b"", 503, Retry_After="9" * 5_000), "peers.busy"),
        (_endless, "peers.answer_unreadable"),
        (_dripping, "peers.unreachable"),
    ],
    ids=range(12),
)
def test_an_answer_that_is_none_is_an_outage_in_time(
    write: Write, code: str, serve: Callable[[Write], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_peer, "SECONDS_MAX", 1)
    monkeypatch.setattr(http_peer, "ANSWER_BYTES_MAX", 300_000)
    peer = HttpPeer(serve(write), Way())
    with pytest.raises(Outage) as failed:
        peer.post([b"x"])
    assert failed.value.code == code
    peer.close()


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{" * 10, b"5", b'"' + b"x" * 300_000 + b'"', b"\xff"])
def test_a_discovery_document_that_is_none_is_an_outage(body: bytes, serve: Callable[[Write], str]) -> None:
    peer = HttpPeer(serve(_answering(body)), Way())
    with pytest.raises(Outage) as failed:
        peer.discovery()
    assert failed.value.code == "peers.answer_unreadable"
    peer.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254",
        "https://169.254.169.254",
        "https://10.0.0.1",
        "https://[::ffff:127.0.0.1]",
        "https://127.1",
        "https://0.0.0.0",
        "http://0.0.0.0",
        "https://2130706433",
        "http://localhost.",
        "http://user@127.0.0.1",
        "ftp://127.0.0.1",
        "https://[64:ff9b::7f00:1]",
    ],
)
def test_nothing_inside_is_called_for_a_partner(address: str) -> None:
    peer = HttpPeer(address, Way())
    with pytest.raises(Outage) as failed:
        peer.post([b"x"])
    assert failed.value.code == "peers.address" or "Name or service" in str(failed.value.facts)
