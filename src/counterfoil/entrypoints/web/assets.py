"""What pages load besides themselves: our style and scripts, and the few files of others that set-up put in place.

Each has an address with the digest of its content, so that a browser keeps it for ever and never keeps a stale one.
Nothing is served that is not listed here, whatever a path says.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.exchange import Header
from counterfoil.entrypoints.http.fault import HttpFault

PLACE: Final = "/static/{digest}/{name}"
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_KEPT: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_PACKABLE: Final = tuple(_KINDS)
ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that may be sent, with the digest of its content."""

    name: str
    digest: str
    kind: str
    file: Traversable


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name, looked at when the first page is asked for."""
    return {name: _asset(name, file) for name, file in _files()}


@lru_cache(maxsize=32)
def packed(name: str) -> bytes:
    """A file compressed, once. The digest in its address says that it is the one that was asked for."""
    return gzip.compress(assets()[name].file.read_bytes(), 9, mtime=0)


def asset_path(name: str) -> tuple[str, str, str]:
    """The segments of an asset's address. Where set-up has not put it in place, pages work without it."""
    found = assets().get(name)
    return "static", ABSENT if found is None else found.digest, name


@cache
def look() -> str:
    """Names style and scripts together: a page that is kept across an upgrade must not meet another style."""
    together = hashlib.sha256("".join(sorted(each.digest for each in assets().values())).encode())
    return together.hexdigest()[:12]


async def static(request: Request) -> Response:
    """The endpoint of every asset."""
    found = assets().get(request.path_params["name"])
    if found is None or found.digest != request.path_params["digest"]:
        raise Told(Refusal(HttpFault.NOT_FOUND, {"path": request.url.path[:200]}))
    small = "gzip" in request.headers.get("accept-encoding", "") and found.name.endswith(_PACKABLE)
    body = await asyncio.to_thread(packed, found.name) if small else found.file.read_bytes()
    response = Response(body)
    response.raw_headers = [
        (b"content-type", found.kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"accept-encoding"),
        _KEPT,
        *(((b"content-encoding", b"gzip"),) if small else ()),
    ]
    return response


def _files() -> Iterator[tuple[str, Traversable]]:
    for folder in (resources.files(__package__) / "assets", resources.files("counterfoil") / "static" / "web"):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.is_file() and any(file.name.endswith(ending) for ending in _KINDS):
                yield file.name, file


def _asset(name: str, file: Traversable) -> Asset:
    kind = next(kind for ending, kind in _KINDS.items() if name.endswith(ending))
    return Asset(name, hashlib.sha256(file.read_bytes()).hexdigest()[:16], kind, file)
