"""The log over HTTP in the C2SP tlog-tiles form: the same files that `tiles` writes, kept under the registry's folder.

Whoever asks for the checkpoint sets the publisher going, at most once a second and one stage at a time, in a thread of
its own. A request reads one file and never the journal, so a stranger's cost is bounded whatever the log's size.
Source: C2SP tlog-tiles, sections APIs and Partial Tiles.
"""

import asyncio
import re
import time
from hashlib import blake2b
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.adapters.signing.trusted_key import journal_key
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.tiles import CHECKPOINT
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.exchange import GUARD, JSON_TYPE, Header
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.problem import mistake
from counterfoil.entrypoints.publication import KEYS, STAGE_ENTRIES, PublicationFault, Published, held, publish

LOG: Final = "/log"
SHELF: Final = "tiles"
PAUSE_SECONDS: Final = 1
"""The publisher rests so long between two runs, however often it is asked."""
PATIENCE_SECONDS: Final = 2
"""A request for the checkpoint waits so long for a run; then it gets the one before."""
SHORT: Final[Header] = (b"cache-control", b"public, max-age=1")
FOREVER: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_BYTES: Final = b"application/octet-stream"
_TEXT: Final = b"text/plain; charset=utf-8"
_TILE: Final = re.compile(
    r"(?:entries|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/){0,5}[0-9]{3}"
    r"(?:\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?\Z"
)


class Shelf:
    """The published files of one registry, brought up to date when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._registry = Folder(folder)
        self.place = folder / SHELF
        self._run: asyncio.Task[None] | None = None
        self._ended = -float(PAUSE_SECONDS)

    async def refresh(self) -> None:
        """Let the publisher catch up, and wait a little for it."""
        now = time.monotonic()
        if (self._run is None or self._run.done()) and now - self._ended >= PAUSE_SECONDS:
            self._run = asyncio.create_task(self._catch_up())
        if self._run is not None and not self._run.done():
            await asyncio.wait({self._run}, timeout=PATIENCE_SECONDS)

    async def read(self, name: str) -> bytes | None:
        """The bytes of a published file, or None."""
        return await asyncio.to_thread(_content, self.place / name)

    async def _catch_up(self) -> None:
        """Stage after stage. What goes wrong is logged with a number; readers go on with what is published."""
        try:
            while not await asyncio.to_thread(self._stage):
                pass
        except Outage as outage:
            if outage.code != PublicationFault.BUSY:  # somebody runs `tiles` here, and does the same
                mistake(outage)
        except Exception as error:  # noqa: BLE001  nobody waits for this task's result
            mistake(error)
        finally:
            self._ended = time.monotonic()

    def _stage(self) -> bool:
        """One stage on a look of its own; True when nothing more is to be published now."""
        with held(self.place), open_for_reading(self._registry) as readable:
            published = publish(
                readable.reading,
                self.place,
                codec=JsonCodec(),
                verify=verify,
                public_key=journal_key(self._registry.public_key, readable.reading, readable.codec),
                entries_max=STAGE_ENTRIES,
            )
        if isinstance(published, Published):
            return published.whole
        mistake(RuntimeError(f"{published.code} {dict(published.facts)}"))
        return True


class Log:
    """The routes of the log. Reading is open to all."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder)

    def routes(self) -> list[Route]:
        return [
            Route(f"{LOG}/checkpoint", self._checkpoint),
            Route(f"{LOG}/keys", self._keys),
            Route(f"{LOG}/tile/{{tile:path}}", self._tile),
        ]

    async def _checkpoint(self, request: Request) -> Response:
        """The published checkpoint: the newest with the quorum of witnesses, where a policy asks for one."""
        return await self._fresh(request, CHECKPOINT, _TEXT)

    async def _keys(self, request: Request) -> Response:
        """The key history with its handovers."""
        return await self._fresh(request, KEYS, JSON_TYPE)

    async def _fresh(self, request: Request, name: str, kind: bytes) -> Response:
        if not _asked_whole(request):
            raise _not_found(request)
        await self._shelf.refresh()
        data = await self._shelf.read(name)
        if data is None:
            raise Told(Outage(HttpFault.NOT_PUBLISHED, retry=True))
        return _answer(request, data, kind, SHORT)

    async def _tile(self, request: Request) -> Response:
        """Hashes of a tile, or the leaves below it. A full tile never changes, and neither does a partial one."""
        tile = request.path_params["tile"]
        data = await self._shelf.read(f"tile/{tile}") if _TILE.match(tile) and _asked_whole(request) else None
        if data is None:
            raise _not_found(request)
        return _answer(request, data, _BYTES, FOREVER)


def _asked_whole(request: Request) -> bool:
    """False for a path with a line break: the routes' own patterns pass over one at its end."""
    return "\n" not in request.scope["path"]


def _not_found(request: Request) -> Told:
    return Told(Refusal(HttpFault.NOT_FOUND, {"path": request.url.path[:200]}))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _answer(request: Request, data: bytes, kind: bytes, kept: Header) -> Response:
    mark = b'"' + blake2b(data, digest_size=12).hexdigest().encode() + b'"'
    sent = request.headers.get("if-none-match", "")
    same = mark.decode() in (part.strip().removeprefix("W/") for part in sent.split(","))
    response = Response(status_code=304 if same else 200)
    response.body = b"" if same else data
    length = () if same else ((b"content-type", kind), (b"content-length", str(len(data)).encode()))
    response.raw_headers = [*length, *GUARD, (b"etag", mark), kept]
    return response
