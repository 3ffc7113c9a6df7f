"""What a server does with what is handed in: each line is answered, nothing bad is kept, no flood gets through."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from nacl.signing import SigningKey

from counterfoil.adapters.peers.links_file import LinksFile
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.federation.discovery import DISCOVERY, MESSAGES, fingerprint
from counterfoil.application.federation.exchange import BUNDLE_BYTES_MAX, BUNDLE_MESSAGES_MAX
from counterfoil.application.federation.flood import STRANGERS_BURST, STRANGERS_RATE, Bucket
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.jws import compact, key_id, signing_input
from counterfoil.domain.federation.link import LinkState
from counterfoil.domain.federation.message import Envelope, Message, MessageKind
from counterfoil.entrypoints.bootstrap import Writable, open_for_writing
from counterfoil.entrypoints.http.federation_inbox import OF_ONE_MAX, RUNNING_MAX
from counterfoil.entrypoints.site import Site
from tests.federation_http.stage import FolderOffice
from tests.federation_http.test_intake import Slow, scope
from tests.http.desk import open_site

KIND = {"content-type": "application/jose"}


@dataclass
class Door:
    client: httpx.AsyncClient
    site: Site
    own: FolderOffice
    other: FolderOffice

    async def post(self, *lines: bytes, **headers: str) -> httpx.Response:
        return await self.client.post(MESSAGES, content=b"\n".join(lines), headers={**KIND, **headers})

    async def answers(self, *lines: bytes) -> list[dict[str, Any]]:
        answer = await self.post(*lines)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    def book(self) -> LinksFile:
        return self.site.links.book()


def withdrawal(**changes: Any) -> Message:
    """A message that asks for nothing: it takes back what was never proposed."""
    content: dict[str, Any] = {
        "kind": MessageKind.WITHDRAWAL,
        "transfer": "t-0",
        "sender": "XAA",
        "recipient": "XBB",
        "sent_at": "2026-01-01T00:00:00Z",
        "body": {"effective_on": "2026-01-01", "reason": "test", "ending": "withdrawn"},
        **changes,
    }
    return Message(**content)


def sealed(signer: FileSigner, message: Message, *, named: str = "") -> bytes:
    content, key = message.content(), named or key_id(signer.public_key)
    return compact(Envelope(content, signer.sign(signing_input(content, key=key)), key))


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[tuple[FolderOffice, FolderOffice]]:
    own, other = FolderOffice(tmp_path / "own", "XBB"), FolderOffice(tmp_path / "other", "XAA")
    own.do(own.link(other))
    own.close()
    other.close()
    yield own, other


@pytest.fixture
async def door(offices: tuple[FolderOffice, FolderOffice]) -> AsyncIterator[Door]:
    own, other = offices
    async with open_site(own.folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            yield Door(client, site, own, other)


pytestmark = pytest.mark.anyio


async def test_each_line_has_its_own_answer_with_its_code_and_texts_in_both_languages(door: Door) -> None:
    unknown = sealed(door.other.signer, withdrawal())
    answers = await door.answers(unknown, b"garbage", sealed(door.other.signer, withdrawal(transfer="t-9")))
    assert [one["outcome"] for one in answers] == ["refused"] * 3
    assert [one["code"] for one in answers] == ["message.sequence", "message.unsigned", "message.sequence"]
    assert all(one["text"]["zh-Hant"] and one["fix"]["en"] for one in answers)
    assert len(answers[0]["answers"]) == 1, "what was never here is answered with a signed acknowledgement"


STRANGER = FileSigner("example/xaa", SigningKey(bytes(31) + b"\x01"))


@pytest.mark.parametrize(
    ("case", "line", "code"),
    [
        ("no signature", lambda other: b"abc.def", "message.unsigned"),
        ("another algorithm", lambda other: _with_header(other, {"alg": "none"}), "message.unsigned"),
        ("a key of nobody", lambda other: sealed(STRANGER, withdrawal()), "message.key_unknown"),
        ("a forged signature", lambda other: _forged(other, withdrawal()), "message.signature"),
        ("an unknown sender", lambda other: sealed(STRANGER, withdrawal(sender="XCC")), "message.sender_unknown"),
        ("somebody else's", lambda other: sealed(other, withdrawal(recipient="XCC")), "message.not_for_us"),
        ("the future", lambda other: sealed(other, withdrawal(sent_at="2999-01-01T00:00:00Z")), "message.from_future"),
        ("another version", lambda other: sealed(other, withdrawal(version=9)), "message.version"),
        ("no body", lambda other: sealed(other, withdrawal(body={})), "message.unreadable"),
        ("out of order", lambda other: sealed(other, withdrawal()), "message.sequence"),
    ],
)
async def test_a_bad_message_is_refused_counted_and_only_kept_when_its_partner_signed_it(
    door: Door, case: str, line: Any, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    text = line(door.other.signer)
    with caplog.at_level(logging.WARNING, logger="counterfoil.federation"):
        (answer,) = await door.answers(text)
    assert answer["code"] == code, case
    assert sum(one.number for one in door.book().counts() if one.code == code) == 1
    kept = door.book().letters("t-0", limit=9)
    assert [one.direction.value for one in kept] == (["in", "out"] if code == "message.sequence" else [])
    assert code in caplog.text and "t-0" not in caplog.text


def _with_header(signer: FileSigner, header: dict[str, str]) -> bytes:
    _, content, signature = sealed(signer, withdrawal()).split(b".")
    return base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=") + b"." + content + b"." + signature


def _forged(signer: FileSigner, message: Message) -> bytes:
    head, content, _ = sealed(signer, message).split(b".")
    return b".".join((head, content, sealed(signer, withdrawal(transfer="t-1")).split(b".")[2]))


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"x", "application/json", 415, "http.content_type"),
        (b"x\n" * (BUNDLE_MESSAGES_MAX + 1), "application/jose", 413, "http.too_many_lines"),
        (b"x" * (BUNDLE_BYTES_MAX + 2_000), "application/jose", 413, "http.body_too_large"),
    ],
)
async def test_a_bundle_is_refused_whole(door: Door, content: bytes, kind: str, status: int, code: str) -> None:
    answer = await door.client.post(MESSAGES, content=content, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_empty_bundle_is_answered_with_nothing_and_makes_no_file(door: Door) -> None:
    answer = await door.post()
    assert (answer.status_code, answer.content) == (200, b"")
    assert not (door.own.folder.path / "links.db").exists()


async def test_strangers_share_one_small_bucket_and_a_partner_is_not_held_up_by_them(door: Door) -> None:
    statuses = [(await door.post(*[b"garbage"] * 10)).status_code for _ in range(STRANGERS_BURST // 10 + 2)]
    assert statuses[0] == 200 and statuses[-1] == 429
    refused = await door.post(sealed(STRANGER, withdrawal()))
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert refused.json()["code"] == "message.flood"
    assert (await door.answers(sealed(door.other.signer, withdrawal())))[0]["code"] == "message.sequence"
    flooded = sum(one.number for one in door.book().counts() if one.code == "message.flood")
    assert flooded == 10 * statuses.count(429) + 1


async def test_one_address_that_sends_slowly_does_not_keep_the_others_out(door: Door) -> None:
    inbox = door.site._inbox
    inbox._running["127.0.0.1"] = OF_ONE_MAX
    busy = await door.post(sealed(door.other.signer, withdrawal()))
    assert (busy.status_code, busy.json()["code"]) == (503, "http.busy")
    inbox._running["127.0.0.1"] = 0
    inbox._running["192.0.2.1"] = OF_ONE_MAX
    assert (await door.post(sealed(door.other.signer, withdrawal()))).status_code == 200
    assert list(inbox._running) == ["192.0.2.1"]


async def test_as_many_slow_strangers_as_there_are_places_do_not_keep_a_partner_out(door: Door) -> None:
    strangers = [Slow() for _ in range(RUNNING_MAX + 8)]
    inbox = door.site._inbox
    tasks = [
        asyncio.ensure_future(inbox(scope(f"192.0.2.{number}"), slow.receive, slow.send))
        for number, slow in enumerate(strangers)
    ]
    await asyncio.sleep(0.05)
    assert inbox._intake.reading.total() == len(strangers)
    answers = await door.answers(sealed(door.other.signer, withdrawal()))
    assert [answer["code"] for answer in answers] == ["message.sequence"]
    for slow in strangers:
        slow.free.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not inbox._intake.reading and not inbox._running


async def test_a_partner_that_floods_is_told_how_long_to_wait(offices: tuple[FolderOffice, FolderOffice]) -> None:
    own, other = offices
    (own.folder.path / "links.toml").write_text("messages_per_second = 1\nburst = 3\n")
    async with open_site(own.folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            lines = [sealed(other.signer, withdrawal(transfer=f"t-{number}")) for number in range(4)]
            codes = [(await client.post(MESSAGES, content=line, headers=KIND)).status_code for line in lines]
    assert codes == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "text",
    [
        "surprise = 1",
        "burst = 0",
        "messages_per_second = true",
        'authorities = "absent.pem"',
        "private = 1",
        'key = "k"',
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(offices: tuple[FolderOffice, FolderOffice], text: str) -> None:
    from counterfoil.entrypoints.link_settings import read_link_settings

    (offices[0].folder.path / "links.toml").write_text(text)
    with pytest.raises(Outage) as refused:
        read_link_settings(offices[0].folder.path)
    assert refused.value.code == "links.settings_unreadable"


async def test_a_suspended_partner_is_refused_and_told_so(offices: tuple[FolderOffice, FolderOffice]) -> None:
    own, other = offices
    again = open_for_writing(own.folder, "test")
    assert isinstance(again, Writable)
    own.writable = again
    own.do(own.link(other, state=LinkState.SUSPENDED))
    own.close()
    async with open_site(own.folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            answer = await client.post(MESSAGES, content=sealed(other.signer, withdrawal()), headers=KIND)
    assert json.loads(answer.text)["code"] == "link.suspended"


async def test_the_discovery_document_names_key_limits_and_places_and_is_kept_by_its_mark(door: Door) -> None:
    answer = await door.client.get(DISCOVERY)
    found = answer.json()
    assert (found["party"], found["registry"], found["origin"]) == ("XBB", "XBB01", "example/xbb")
    (key,) = found["keys"]
    raw = base64.urlsafe_b64decode(key["x"] + "=")
    assert raw == door.own.signer.public_key and key["kid"] == key_id(raw)
    assert found["paths"]["messages"] == MESSAGES and found["limits"]["bundle_messages"] == BUNDLE_MESSAGES_MAX
    assert found["nomenclature"]["aef"] and "proposal" in found["messages"]
    again = await door.client.get(DISCOVERY, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(fingerprint(raw)) == 47


def test_a_bucket_gains_with_time_and_never_holds_more_than_its_burst() -> None:
    bucket = Bucket(STRANGERS_RATE, 10)
    assert bucket.take(10, 0) == 0
    assert bucket.take(1, 0) == 200
    assert bucket.take(1, 200) == 0
    assert bucket.take(10, 1_000_000) == 0
    assert bucket.take(1, 1_000_000) == 200
    assert bucket.take(1, 999_000) == 200, "a clock that runs back gives nothing"
