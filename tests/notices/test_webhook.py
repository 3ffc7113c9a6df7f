"""Webhooks: signed, to the address that was looked at, and nowhere else."""

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from counterfoil.adapters.notices import webhook
from counterfoil.adapters.notices.webhook import Hook, SignedWebhook, is_signed, signature
from counterfoil.adapters.pinned_connection import is_public
from counterfoil.application.ports import Outage

SECRET = b"0123456789abcdef0123456789abcdef"


@contextmanager
def machine(status: int = 200, headers: dict[str, str] | None = None) -> Iterator[tuple[int, list[Any]]]:
    """A machine on loopback that keeps what it gets."""
    got: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, dict(self.headers), body))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], got
    finally:
        server.shutdown()
        server.server_close()


def hook(port: int, *, private: bool = True, host: str = "127.0.0.1") -> SignedWebhook:
    return SignedWebhook(Hook("erp", f"http://{host}:{port}/in?a=1", SECRET, ("journal.*",), private))


def failed(made: SignedWebhook) -> str:
    with pytest.raises(Outage) as found:
        made.send(b"{}", number=1, at_ms=1_000)
    assert found.value.code == "notice.not_delivered"
    return str(found.value.facts["detail"])


def test_what_arrives_is_signed_and_a_changed_or_old_one_is_not() -> None:
    with machine() as (port, got):
        hook(port).send(b'{"a":1}', number=7, at_ms=1_000_000)
    path, headers, body = got[0]
    assert path == "/in?a=1" and headers[webhook.DELIVERY] == "7" and body == b'{"a":1}'
    sent = headers[webhook.SIGNATURE]
    assert is_signed(SECRET, body, sent, now_seconds=1_000)
    assert is_signed(SECRET, body, sent, now_seconds=1_000 + webhook.WINDOW_SECONDS)
    assert not is_signed(SECRET, body, sent, now_seconds=1_001 + webhook.WINDOW_SECONDS)
    assert not is_signed(SECRET, body + b" ", sent, now_seconds=1_000)
    assert not is_signed(b"x" * 32, body, sent, now_seconds=1_000)
    assert not is_signed(SECRET, body, sent.replace("t=1000", "t=1001"), now_seconds=1_000)
    assert not is_signed(SECRET, body, "v1=abc", now_seconds=1_000)
    assert signature(SECRET, b"", seconds=1) != signature(SECRET, b"", seconds=2)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 500])
def test_a_redirect_or_an_error_is_a_failure_and_is_not_followed(status: int) -> None:
    with machine(200) as (other, untouched), machine(status, {"location": f"http://127.0.0.1:{other}/"}) as (port, got):
        assert str(status) in failed(hook(port))
        assert len(got) == 1 and untouched == []


def test_an_address_inside_is_refused_unless_it_was_configured_as_such() -> None:
    with machine() as (port, got):
        assert "not public" in failed(hook(port, private=False))
        assert "not public" in failed(hook(port, private=False, host="localhost"))
        assert got == []


def test_one_inside_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert "10.0.0.1" in failed(hook(80, private=False, host="two.example"))


def test_the_name_is_asked_once_and_the_connection_goes_where_was_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *rest: Any, **more: Any) -> Any:
        if host == "rebinding.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with machine() as (port, got):
        hook(port, host="rebinding.example").send(b"{}", number=1, at_ms=0)
    assert asked == ["rebinding.example"]
    assert got[0][1]["Host"] == f"rebinding.example:{port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "::",
        "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1",
        "224.0.0.1", "ff02::1", "255.255.255.255",
    ],
)  # fmt: skip
def test_no_inside_address_passes_for_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_a_machine_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS_MAX", 0.5)
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        taken, _ = listener.accept()
        with taken:
            taken.recv(65_536)
            taken.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.1):
                try:
                    taken.sendall(b"x-a: b\r\n")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        assert failed(hook(listener.getsockname()[1]))
    finally:
        stop.set()
        thread.join(5)
        listener.close()


def test_a_webhook_gets_only_the_sorts_that_it_names() -> None:
    made = SignedWebhook(Hook("a", "https://a.example", SECRET, ("journal.*", "due.overdue")))
    assert made.wants("journal.entry") and made.wants("due.overdue")
    assert not made.wants("due.reminder") and not made.wants("person.suspended")
    assert SECRET.decode() not in repr(Hook("a", "https://a.example", SECRET, ()))
