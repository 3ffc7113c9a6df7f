"""The routes that check uploaded files: what `aef check` and `aef diff` say, as the same JSON. Nothing is kept.

A check is a question that costs work, so it needs a token, though one that may only read will do. The body goes to a
file without a name while it arrives, and from there to the press.
"""

from collections.abc import Mapping
from typing import IO, Final

from starlette.datastructures import QueryParams
from starlette.responses import StreamingResponse

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import (
    GUARD,
    JSON_TYPE,
    UNKEPT,
    Receive,
    Scope,
    Send,
    answer_problem,
    header,
    while_heard,
)
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Facts, Order, Press, Product
from counterfoil.entrypoints.http.problem import language_of, problem
from counterfoil.entrypoints.http.reports import pieces
from counterfoil.entrypoints.http.upload import KINDS, kind_of, spooled
from counterfoil.entrypoints.language import LANGUAGES

CHECK: Final = "/api/v1/aef/check"
DIFF: Final = "/api/v1/aef/diff"
UPLOADS_MAX: Final = 4
"""Uploads that may be under way at once, each of at most 64 MiB on disk; beyond them a caller is told to come back."""
PROFILES: Final = ("checker-2025", "nomenclature-2026")
"""How a workbook was written; the first is the default."""
PARAMETERS: Final[Mapping[Product, Mapping[str, tuple[str, ...]]]] = {
    Product.CHECK: {"profile": PROFILES, "language": LANGUAGES, "imported": ("false", "true")},
    Product.DIFF: {"profile": PROFILES},
}
"""What may be asked for; the first value of each is the default."""


class Checks:
    """Takes files and answers what is found in them."""

    def __init__(self, product: Product, press: Press) -> None:
        self._product = product
        self._press = press
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        facts = _facts(self._product, scope)
        if isinstance(facts, Refusal):
            return await self._refuse(scope, send, facts)
        if self._uploads >= UPLOADS_MAX:
            raise Outage(HttpFault.BUSY, {"waiting": self._uploads}, retry=True)
        self._uploads += 1
        try:
            found = await self._found(facts, receive)
        finally:
            self._uploads -= 1
        if isinstance(found, Refusal):
            return await self._refuse(scope, send, found)
        # In pieces: the findings on a large file are larger than the file.
        length = (b"content-length", str(found.seek(0, 2)).encode())
        response = StreamingResponse(pieces(found))
        response.raw_headers = [(b"content-type", JSON_TYPE), length, *GUARD, UNKEPT]
        return await response(scope, receive, send)

    async def _found(self, facts: Facts, receive: Receive) -> IO[bytes] | Refusal:
        upload = await spooled(receive)
        if isinstance(upload, Refusal):
            return upload
        with upload:
            return await while_heard(receive, self._press.made(Order(self._product, facts), upload))

    async def _refuse(self, scope: Scope, send: Send, fault: Refusal) -> None:
        language = language_of(scope["headers"])
        await answer_problem(send, problem(fault, instance=scope["path"], language=language))


def _facts(product: Product, scope: Scope) -> Facts | Refusal:
    """What the maker is told: the kind of the body, and the parameters."""
    kind = (header(scope, b"content-type") or b"").decode("latin-1")
    if kind_of(kind) not in KINDS:
        return Refusal(HttpFault.CONTENT_TYPE, {"found": kind[:80] or "-", "expected": ", ".join(KINDS)})
    asked = QueryParams(scope["query_string"])
    known = PARAMETERS[product]
    for name, value in asked.multi_items():
        if value not in known.get(name, ()):
            return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": name[:40], "value": value[:60]})
    facts: dict[str, str | bool] = {name: asked.get(name, values[0]) for name, values in known.items()}
    if "imported" in facts:
        facts["imported"] = facts["imported"] == "true"
    return {"content_type": kind[:400], **facts}
