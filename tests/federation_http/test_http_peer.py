"""The client to a partner's address: what it calls, what it believes of an answer, and TLS on both sides."""

import contextlib
import datetime as dt
import http.server
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from counterfoil.adapters.peers import http_peer
from counterfoil.adapters.peers.http_peer import HttpPeer, PeersFault, Way, client_context
from counterfoil.application.ports import Outage

Answer = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: Answer
    connections: set[object]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).connections.add(self.client_address)
        type(self).answer(self, body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@contextlib.contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, set[object]]]:
    """A server on this machine, its port, and from where it was called."""
    connections: set[object] = set()
    handler = type("Own", (Handler,), {"answer": staticmethod(answer), "connections": connections})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1], connections
        finally:
            server.shutdown()
            thread.join()


def said(status: int, body: bytes, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def done(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
    lines = [json.dumps({"outcome": "done", "answers": [line.decode()]}) for line in body.split(b"\n")]
    said(200, "\n".join(lines).encode())(handler, body)


@contextlib.contextmanager
def peer(address: str, way: Way | None = None) -> Iterator[HttpPeer]:
    made = HttpPeer(address, way or Way())
    try:
        yield made
    finally:
        made.close()


def refused(address: str, *bundle: bytes, way: Way | None = None) -> Outage:
    with peer(address, way) as made, pytest.raises(Outage) as found:
        made.post(list(bundle))
    return found.value


def test_answers_come_in_the_order_of_the_messages_over_one_connection() -> None:
    with serving(done) as (port, connections), peer(f"http://127.0.0.1:{port}/base/") as made:
        for _ in range(3):
            assert [one.answers for one in made.post([b"a", b"b"])] == [(b"a",), (b"b",)]
        assert len(connections) == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    def closing(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        done(handler, body)
        handler.close_connection = True

    with serving(closing) as (port, connections), peer(f"http://127.0.0.1:{port}") as made:
        made.post([b"a"])
        made.post([b"a"])
        assert len(connections) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (said(302, b"", location="http://127.0.0.1:1/"), PeersFault.UNREACHABLE),
        (said(503, b"", retry_after="7"), PeersFault.BUSY),
        (said(429, b"", retry_after="7"), PeersFault.BUSY),
        (said(200, b""), PeersFault.ANSWER_UNREADABLE),
        (said(200, b"{}"), PeersFault.ANSWER_UNREADABLE),
        (said(200, b'{"outcome":"done","answers":["a","b","c","d","e"]}'), PeersFault.ANSWER_UNREADABLE),
        (said(200, b'{"outcome":"done","answers":[7]}'), PeersFault.ANSWER_UNREADABLE),
        (said(200, '{"outcome":"done","answers":["答"]}'.encode()), PeersFault.ANSWER_UNREADABLE),
    ],
)
def test_an_answer_that_is_none_is_an_outage_after_which_all_is_sent_again(answer: Answer, code: str) -> None:
    with serving(answer) as (port, _):
        outage = refused(f"http://127.0.0.1:{port}", b"a")
    assert outage.code == code and outage.retry
    assert code != PeersFault.BUSY or outage.facts["seconds"] == 7


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_peer, "ANSWER_BYTES_MAX", 1_000)
    with serving(said(200, b"x" * 5_000)) as (port, _):
        assert refused(f"http://127.0.0.1:{port}", b"a").code == PeersFault.ANSWER_UNREADABLE


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "ftp://127.0.0.1", "http://user@127.0.0.1", "https://10.0.0.1", "https://[::ffff:10.0.0.1]"],
)
def test_an_address_that_may_not_be_called_is_not(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_peer, "addresses_of", lambda host, _: [host])
    assert refused(address, b"a").code == PeersFault.ADDRESS


def test_a_private_address_is_called_where_the_operator_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(done) as (port, _):
        monkeypatch.setattr(http_peer, "addresses_of", lambda *_: ["127.0.0.1"])
        with peer(f"http://registry.internal:{port}", Way(private=True)) as made:
            assert made.post([b"a"])[0].outcome == "done"


def test_nobody_listens(tmp_path: Path) -> None:
    with serving(done) as (port, _):
        pass
    assert refused(f"http://127.0.0.1:{port}", b"a").code == PeersFault.UNREACHABLE


def certified(place: Path) -> tuple[str, str, str]:
    """Files of an authority, and of a certificate of this machine with its key."""
    now = dt.datetime.now(dt.UTC)
    made: dict[str, ec.EllipticCurvePrivateKey] = {
        name: ec.generate_private_key(ec.SECP256R1()) for name in ("ca", "own")
    }
    for name, key in made.items():
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateBuilder().subject_name(own).public_key(key.public_key())
        builder = builder.issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca")]))
        builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.add_extension(x509.BasicConstraints(ca=name == "ca", path_length=None), critical=True)
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(made["ca"], hashes.SHA256())
        (place / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    text = made["own"].private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (place / "own.key").write_bytes(text)
    return str(place / "ca.pem"), str(place / "own.pem"), str(place / "own.key")


def test_with_mutual_tls_each_side_shows_its_certificate_and_without_one_nobody_gets_in(tmp_path: Path) -> None:
    authorities, certificate, key = certified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authorities)
    context.verify_mode = ssl.CERT_REQUIRED
    with serving(done, context) as (port, _):
        address = f"https://localhost:{port}"
        shown = Way(context=client_context(authorities=authorities, certificate=certificate, key=key))
        with peer(address, shown) as made:
            assert made.post([b"a"])[0].outcome == "done"
        nameless = Way(context=client_context(authorities=authorities))
        assert refused(address, b"a", way=nameless).code == PeersFault.UNREACHABLE
        assert refused(address, b"a").code == PeersFault.UNREACHABLE, "an authority that the system does not know"
