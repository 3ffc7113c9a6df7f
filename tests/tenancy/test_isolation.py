"""What one section knows is nothing to another: tokens, paths, files, and what passes the front door."""

import contextlib
import http.client
import json
import os
import random
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.entrypoints.tenancy.control import sections_health
from tests.tenancy.house import Supervised, installed, opening, supervised, token

BODY_MIB = 96
GROWTH_MIB_MAX = 24


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    """Two sections; one has a host name of its own."""
    installation = installed(tmp_path_factory.mktemp("hosted"), "THA", "GHA", THA={"hosts": ("tha.example",)})
    with supervised(installation) as found:
        yield found


def test_each_section_answers_under_its_path_and_under_its_host_name(served: Supervised) -> None:
    parties = [served.ask(path, Host=host).json["party"] for path, host in (
        ("/s/THA/api/v1/registry", "hosted.example"),
        ("/s/GHA/api/v1/registry", "hosted.example"),
        ("/api/v1/registry", "tha.example"),
    )]  # fmt: skip
    assert parties == ["THA", "GHA", "THA"]
    assert served.ask("/s/GHA/api/v1/registry", Host="tha.example").status == 404


def test_the_list_of_sections_is_public_and_how_they_are_is_not(served: Supervised) -> None:
    told = served.ask("/").json
    assert [(each["party"], each["path"], each["open"]) for each in told["sections"]] == [
        ("THA", "/s/THA/", True),
        ("GHA", "/s/GHA/", True),
    ]
    assert served.ask("/health").json == {"status": "ok"}
    assert served.ask("/metrics").status == 404
    assert served.ask("/", "POST", {}).status == 404


def test_a_token_of_one_section_opens_nothing_in_another(served: Supervised) -> None:
    own = token(served.installation, "THA")
    assert served.do("THA", opening("tha:token"), **own).status == 201
    refused = served.do("GHA", opening("gha:token"), **own)
    assert (refused.status, refused.json["code"]) == (401, "http.token_refused")
    # Not even where the other section is named beside it.
    for host in ("tha.example", "hosted.example"):
        assert served.do("GHA", opening("gha:token"), **own, Host=host).status in (401, 404)
    assert served.ask("/s/GHA/api/v1/accounts/gha:token").status == 404


def test_whoever_comes_through_the_door_is_not_the_owner_of_a_section(served: Supervised) -> None:
    """The door runs as the same account as the section, whose own socket would take it for the owner."""
    refused = served.do("THA", opening("tha:nobody"))
    assert (refused.status, refused.json["code"]) == (401, "http.token_missing")
    straight = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    straight.connect(served.section("THA").socket)
    with straight:
        straight.sendall(b"POST /api/v1/commands HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        assert straight.recv(4_096).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    "path",
    [
        "/s/THA/../GHA/api/v1/registry",
        "/s/THA/%2e%2e/GHA/api/v1/registry",
        "/s/THA/..%2fGHA%2fapi",
        "/s/THA/api/v1/../../../GHA/installation.toml",
        "/s/THA/keys/registry.key",
        "/s/THA/..%5c..%5csections%5cGHA%5cledger.db",
        "/s/THA/api/v1/evidence/..%2f..%2fGHA%2fkeys%2fregistry.key",
        "/s/THA/%00/../../GHA",
        "/installation.toml",
        "/run/standing.json",
    ],
)  # fmt: skip
def test_no_path_leads_from_a_section_to_a_file_or_to_another_section(served: Supervised, path: str) -> None:
    answer = served.ask(path)
    assert answer.status in (400, 404), answer.body
    assert b"GHA01" not in answer.body and b"PRIVATE" not in answer.body


def test_one_connection_can_ask_several_sections_and_each_answers_for_itself(served: Supervised) -> None:
    """A client's connection is kept; behind the door every request has its own."""
    headers = token(served.installation, "THA", name="kept")
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
        for party in ("THA", "GHA", "THA", "GHA"):
            connection.request("GET", f"/s/{party}/api/v1/registry")
            answer = connection.getresponse()
            assert json.loads(answer.read())["party"] == party
            connection.request("POST", f"/s/{party}/api/v1/commands", b"{}", headers)
            answer = connection.getresponse()
            answer.read()
            assert (answer.status == 401) == (party == "GHA"), "a token is for the request that carries it"


def test_heads_marks_and_pages_pass_as_they_are(served: Supervised) -> None:
    whole = served.ask("/s/THA/api/v1/openapi.json")
    assert served.ask("/s/THA/api/v1/openapi.json", **{"if-none-match": whole.headers["etag"]}).status == 304
    head = served.ask("/s/THA/api/v1/openapi.json", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole.body)))
    page = served.ask("/s/THA/api/v1/entries?limit=1")
    assert page.json["next"] is not None
    assert page.headers["link"].startswith("</s/THA/api/v1/entries?")
    assert "server" not in whole.headers and "transfer-encoding" not in whole.headers


def test_nonsense_at_the_door_harms_nobody(served: Supervised) -> None:
    chance = random.Random(7)
    words = [
        b"GET ",
        b"POST ",
        b"/s/THA/",
        b"/s/GHA/api/v1/commands",
        b" HTTP/1.1\r\n",
        b"host: x\r\n",
        b"\r\n",
        b"\x00",
    ]
    words += [
        b"content-length: 5\r\n",
        b"content-length: -1\r\n",
        b"transfer-encoding: chunked\r\n",
        b"5\r\nhello",
        b"\xff" * 9,
    ]
    words += [
        b"expect: 100-continue\r\n",
        b"upgrade: websocket\r\nconnection: upgrade\r\n",
        b"A" * 40_000,
        b"host: x\r\n y\r\n",
    ]
    for _ in range(150):
        sent = b"GET /s/THA/ HTTP/1.1\r\nhost: x\r\n" * chance.randint(0, 1)
        sent += b"".join(chance.choices(words, k=chance.randint(1, 8)))
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw, contextlib.suppress(OSError):
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            raw.recv(65_536)
    assert served.health("THA") == served.health("GHA") == 200
    assert [each.ends for each in served.standing().sections] == [0, 0]
    assert sections_health(served.installation.directory) is not None


def test_a_request_that_names_two_hosts_or_none_is_for_nobody(served: Supervised) -> None:
    for hosts in (b"host: tha.example\r\nhost: hosted.example\r\n", b""):
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
            raw.sendall(b"GET /s/GHA/api/v1/registry HTTP/1.1\r\n" + hosts + b"connection: close\r\n\r\n")
            assert raw.recv(4_096).startswith(b"HTTP/1.1 400")


def test_a_request_hidden_in_the_body_of_another_is_not_made(served: Supervised) -> None:
    """A size and chunks at once: the section must not see a second request where the door saw none."""
    hidden = b"GET /api/v1/registry HTTP/1.1\r\nhost: x\r\n\r\n"
    head = b"POST /s/THA/api/v1/commands HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 4\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
        raw.sendall(head + b"connection: close\r\n\r\n0\r\n\r\n" + hidden)
        told = b""
        while more := raw.recv(65_536):
            told += more
    assert told.startswith(b"HTTP/1.1 400") and b"THA01" not in told


def test_a_section_holds_no_file_of_another_open(served: Supervised) -> None:
    other = str(served.installation.folder_of("GHA"))
    process = Path(f"/proc/{served.section('THA').pid}")
    if not process.exists():
        pytest.skip("this system does not tell what a process holds")
    held = [os.readlink(each) for each in (process / "fd").iterdir() if each.is_symlink()]
    assert any(str(served.installation.folder_of("THA")) in each for each in held)
    assert not [each for each in held if other in each or "GHA" in each]
    assert other not in (process / "maps").read_text()


def test_only_the_owner_gets_into_a_section_its_sockets_and_its_log(served: Supervised) -> None:
    directory = served.installation.directory
    for party in ("THA", "GHA"):
        assert stat.S_IMODE(served.installation.folder_of(party).stat().st_mode) == 0o700
        assert stat.S_IMODE(Path(served.section(party).socket).stat().st_mode) == 0o600
        assert stat.S_IMODE((directory / "run" / f"{party}.log").stat().st_mode) == 0o600


def door_bytes(served: Supervised) -> int:
    """What the door's process holds in memory."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (process / "cmdline").read_bytes()
            if b"front_door_process" in arguments and str(served.installation.directory).encode() in arguments:
                return int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    pytest.skip("this system does not tell what a process holds")


def test_a_large_body_passes_in_pieces_and_is_not_kept(served: Supervised) -> None:
    """Lines that the section takes one by one: the door may hold some of them, but never the body."""
    headers = token(served.installation, "GHA", name="large")
    line = b'{"command": "Nothing", "pad": "' + b"x" * 900 + b'"}\n'
    before, most = door_bytes(served), 0
    piece = line * (1024 * 1024 // len(line))
    sent = 0
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)) as connection:
        connection.putrequest("POST", "/s/GHA/api/v1/commands:bulk")
        for name, value in {**headers, "content-type": "application/x-ndjson", "transfer-encoding": "chunked"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        with contextlib.suppress(OSError):
            for _ in range(BODY_MIB):
                connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
                sent += 1
                most = max(most, door_bytes(served))
            connection.send(b"0\r\n\r\n")
        with connection.getresponse() as response:
            assert response.status in (200, 413)
            response.read()
    assert most - before < GROWTH_MIB_MAX * 1024 * 1024, f"{(most - before) / 2**20:.0f} MiB more after {sent} MiB"
    assert served.health("THA") == 200
