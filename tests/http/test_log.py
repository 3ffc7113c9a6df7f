"""The log over HTTP, read by a stranger who knows the form and the key, and nothing of ours."""

import base64
import functools
import hashlib
import json
import struct
import time
from pathlib import Path

import anyio
import httpx
import pytest

from counterfoil.adapters.signing.ed25519 import FileSigner, verify
from counterfoil.application.commands.set_witness_policy import SetWitnessPolicy
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.cosignature import cosigned
from counterfoil.domain.ledger.note import Algorithm, read_note
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from tests.http.desk import act, asking, founded, served, token, transfer

pytestmark = pytest.mark.anyio
WIDTH = 256


def place(number: int) -> str:
    """A tile's number as the specification writes it."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def tree(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, from the hashes of leaves."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(tree(hashes[:split]), tree(hashes[split:]))


class Stranger:
    """A client of tlog-tiles: it fetches the checkpoint and tiles, and trusts nothing but the key."""

    def __init__(self, client: httpx.AsyncClient, key: bytes) -> None:
        self.client = client
        self.key = key
        self.size, self.root = 0, b""

    async def get(self, path: str) -> bytes:
        response = await self.client.get(f"/log/{path}")
        assert response.status_code == 200, (path, response.text)
        return response.content

    async def checkpoint(self) -> None:
        text = (await self.get("checkpoint")).decode()
        body, _, lines = text.rpartition("\n\n")
        origin, size, root, *_ = body.split("\n")
        _, name, signature = lines.split("\n")[0].split(" ")
        raw = base64.b64decode(signature)
        assert name == origin
        assert verify(public_key=self.key, message=f"{body}\n".encode(), signature=raw[4:])
        self.size, self.root = int(size), base64.b64decode(root)

    async def tile(self, level: str, number: int, hashes: int) -> bytes:
        width = min(WIDTH, hashes - number * WIDTH)
        return await self.get(f"tile/{level}/{place(number)}{f'.p/{width}' if width < WIDTH else ''}")

    async def hashes(self, level: int) -> list[bytes]:
        count = self.size >> 8 * level
        tiles = [await self.tile(str(level), number, count) for number in range(-(-count // WIDTH))]
        data = b"".join(tiles)
        return [data[start : start + 32] for start in range(0, len(data), 32)]

    async def leaves(self) -> list[bytes]:
        leaves: list[bytes] = []
        for number in range(-(-self.size // WIDTH)):
            data, at = await self.tile("entries", number, self.size), 0
            while at < len(data):
                (length,) = struct.unpack_from(">H", data, at)
                leaves.append(data[at + 2 : at + 2 + length])
                at += 2 + length
        return leaves

    async def includes(self, index: int, leaf: bytes) -> bool:
        """Whether a leaf is in the tree, from the tiles above it alone: at each level one tile."""
        low, found = await self.hashes(0), hashlib.sha256(b"\0" + leaf).digest()
        start = index - index % WIDTH
        assert low[index] == found
        above = await self.hashes(1)
        if start + WIDTH <= self.size:
            assert tree(low[start : start + WIDTH]) == above[start // WIDTH]
        rest = low[len(above) * WIDTH :]
        return fold(above, rest) == self.root


def fold(above: list[bytes], rest: list[bytes]) -> bytes:
    """The root from complete tiles of 256 leaves and the leaves after them."""
    if not above:
        return tree(rest)
    size = len(above) * WIDTH + len(rest)
    split = 1 << (size - 1).bit_length() - 1
    if split >= size or split < WIDTH:
        return tree(above)
    left = tree(above[: split // WIDTH])
    right = fold(above[split // WIDTH :], rest)
    return node(left, right)


def public(folder: Folder) -> bytes:
    return base64.b64decode(folder.public_key.read_text())


async def test_a_stranger_reads_the_whole_log_and_finds_the_signed_root(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=600)
    async with asking(folder) as client:
        stranger = Stranger(client, public(folder))
        await stranger.checkpoint()
        hashes, leaves = await stranger.hashes(0), await stranger.leaves()
        assert stranger.size == 602 == len(hashes) == len(leaves)
        assert tree(hashes) == stranger.root
        assert [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves] == hashes
        assert [json.loads(leaf)["seq"] for leaf in leaves] == list(range(602))
        for index in (0, 255, 256, 511, 601):
            assert await stranger.includes(index, leaves[index])


async def test_the_log_grows_with_the_acts_and_old_tiles_stay(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=250)
    async with asking(folder, **token(folder)) as client:
        stranger = Stranger(client, public(folder))
        await stranger.checkpoint()
        partial = await stranger.get("tile/0/000.p/252")
        before = stranger.size
        for first in range(1, 11):
            sent = await client.post("/api/v1/commands", json=transfer(first, first))
            assert sent.status_code == 201
        deadline = time.monotonic() + 20
        while stranger.size < before + 10 and time.monotonic() < deadline:
            await stranger.checkpoint()
        assert stranger.size == before + 10
        assert tree(await stranger.hashes(0)) == stranger.root
        assert (await stranger.get("tile/0/000")).startswith(partial)


async def test_tiles_are_kept_for_ever_and_the_checkpoint_for_a_second(folder: Folder) -> None:
    async with asking(folder) as client:
        checkpoint = await client.get("/log/checkpoint")
        assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
        assert checkpoint.headers["cache-control"] == "public, max-age=1"
        tile = await client.get("/log/tile/0/000.p/12")
        assert tile.status_code == 200 and tile.headers["content-type"] == "application/octet-stream"
        assert "immutable" in tile.headers["cache-control"]
        for answer in (checkpoint, tile):
            again = await client.get(answer.url.path, headers={"if-none-match": answer.headers["etag"]})
            assert again.status_code == 304 and again.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/13",
        "tile/0/0",
        "tile/64/000",
        "tile/00/000",
        "tile/0/000/",
        "tile/entries/..%2f..%2fcheckpoint",
        "tile/%2e%2e/%2e%2e/keys/registry.key",
        "tile/0/..%2f..%2f..%2fledger.db",
        "tile/",
        "nothing",
        "tile/0/000.p/12%0a",
        "checkpoint%0a",
        "keys%0a",
    ],
)
async def test_what_is_no_tile_is_not_found(folder: Folder, path: str) -> None:
    async with asking(folder) as client:
        await client.get("/log/checkpoint")
        answer = await client.get(f"/log/{path}")
        assert answer.status_code == 404 and answer.json()["code"] == "http.not_found"


async def test_the_key_history_is_published(folder: Folder) -> None:
    async with asking(folder) as client:
        keys = (await client.get("/log/keys")).json()
        assert keys["format"] == "counterfoil-keys/1" and len(keys["keys"]) == 1 and keys["handovers"] == []


async def test_witnesses_sign_over_http_and_publication_follows(folder: Folder) -> None:
    from nacl.signing import SigningKey

    witness = FileSigner("w.example", SigningKey.generate(), Algorithm.COSIGNATURE)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, SetWitnessPolicy(witnesses=(str(witness.note_key),), quorum=1, reason="agreed"))
        note = read_note(writable.driver.writer.note)
    assert note is not None
    now = int(time.time())
    line = cosigned(note, witness=witness.note_key, timestamp=now, sign=witness.sign).signatures[-1].line()
    async with asking(folder) as client:
        before = await client.get("/log/checkpoint")
        assert before.text.split("\n")[1] == "12", "what was signed before the policy stays published"
        nobody = await client.post("/log/cosignatures", content=line)
        assert nobody.status_code == 401
        head = token(folder)
        for body, code in ((b"", "witness.lines_unreadable"), (b"x" * 70_000, "http.body_too_large")):
            refused = await client.post("/log/cosignatures", content=body, headers=head)
            assert refused.json()["code"] == code
        for new in (1, 0):
            taken = await client.post("/log/cosignatures", content=line, headers=head)
            assert taken.status_code == 200 and taken.json()["new"] == new, taken.text
        deadline = time.monotonic() + 20
        answer = await client.get("/log/checkpoint")
        while line not in answer.text and time.monotonic() < deadline:
            answer = await client.get("/log/checkpoint")
        assert line in answer.text and answer.text.split("\n")[1] == "13"


async def test_lines_are_looked_at_one_request_after_the_other(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    from counterfoil.entrypoints.http.witnesses import Witnesses

    at_once, most = 0, 0

    def checked(self: Witnesses, body: bytes) -> Refusal:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.02)
        at_once -= 1
        return Refusal("witness.lines_unreadable")

    monkeypatch.setattr(Witnesses, "_checked", checked)
    async with asking(folder, **token(folder)) as client, anyio.create_task_group() as together:
        for _ in range(6):
            together.start_soon(functools.partial(client.post, "/log/cosignatures", content=b"x"))
    assert most == 1


def test_a_server_in_a_process_of_its_own_serves_the_log(folder: Folder) -> None:
    with served(folder) as server, httpx.Client(base_url=server.address) as client:
        assert client.get("/log/checkpoint").text.startswith("tha/registry\n12\n")
        assert len(client.get("/log/tile/0/000.p/12").content) == 12 * 32
        assert server.stop() == 0
