"""Reads the signatures of a PDF that somebody brings: who signed, whether it is whole, and whether its roots are known.

The file is hostile until shown otherwise: it is bounded, parsed strictly, and whatever the parser raises means that the
signatures cannot be read. A file with something added after the signature is not the file that was signed.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any, Final

from asn1crypto import x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from counterfoil.adapters.documents.memory_bound import bounded_memory
from counterfoil.adapters.documents.pades import Identity, identity

SIGNATURES_MAX: Final = 20
PAGES_MAX: Final = 2_000
KEYWORD_MAX: Final = 4_000
_OF_ROOT: Final = frozenset({"/AcroForm", "/Version", "/Extensions"})
_OF_PAGE: Final = frozenset({"/Annots"})
"""What a signature adds to the root of a file and to the page that shows it."""
_HEAD: Final = b"%PDF-"
_END: Final = b"%%EOF"


class Wholeness(StrEnum):
    """Whether the signed bytes are the file's: `intact`, `added_to` afterwards, `altered`, or not to be told."""

    INTACT = "intact"
    ADDED_TO = "added_to"
    ALTERED = "altered"
    UNREADABLE = "unreadable"


class Trust(StrEnum):
    """Whether the certificate leads to one that the reader trusts on this day. `not_asked`: none was named."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature. `claimed_at` is what the signer says; nobody else has witnessed it."""

    field: str
    wholeness: Wholeness
    trust: Trust
    who: Identity | None
    claimed_at: datetime | None

    @property
    def good(self) -> bool:
        return self.wholeness is Wholeness.INTACT and self.trust is Trust.TRUSTED


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A PDF's signatures; `original` is what was there before the first one, `keywords` what it says of itself."""

    signatures: tuple[Signed, ...]
    keywords: str
    original: bytes


def read_signed(data: bytes, *, roots: Sequence[x509.Certificate], at: datetime) -> SignedFile | None:
    """The signatures of a PDF; None where the file cannot be read as one.

    Args:
        roots: The certificates that the reader trusts; none means that trust is not asked.
        at: The day for which certificates must be valid.
    """
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    if not data.startswith(_HEAD):
        return None
    try:
        with bounded_memory():
            reader = PdfFileReader(BytesIO(data), strict=True)
            keywords = _keywords(reader)
            embedded = list(reader.embedded_regular_signatures)
    except (Exception, RecursionError):  # noqa: BLE001  a hostile file fails in any way it likes
        return None
    found = [asyncio.run(_one(each, roots=roots, at=at)) for each in embedded[:SIGNATURES_MAX]]
    return SignedFile(tuple(found), keywords, _before_signing(data) if embedded else data)


def _keywords(reader: PdfFileReader) -> str:
    info = reader.trailer["/Info"] if "/Info" in reader.trailer else None
    value = None if info is None else info.get("/Keywords", None)
    return "" if value is None else str(value)[:KEYWORD_MAX]


def _before_signing(data: bytes) -> bytes:
    """The first revision: up to its end mark, with the line end that our printer does not write left out."""
    end = data.find(_END)
    return data if end < 0 else data[: end + len(_END)]


def only_signed(data: bytes, *, box: tuple[int, int, int, int]) -> bool:
    """Whether signatures inside one box of the last page are all that was added to the first revision of a file.

    A signer could change other things in the revision that the signature covers, or let its field cover a page.
    """
    try:
        with bounded_memory():
            return _only_signed(PdfFileReader(BytesIO(data), strict=True), box)
    except (Exception, RecursionError):  # noqa: BLE001  what cannot be read is not known to be unchanged
        return False


def _only_signed(reader: PdfFileReader, box: tuple[int, int, int, int]) -> bool:
    pages = _pages(reader.root)
    last = pages[-1].container_ref
    added = [note.get_object() for page in pages for note in page.get("/Annots", ())]
    kept = all(not page.get("/Annots", ()) for page in pages[:-1])
    fields = all(note["/Subtype"] == "/Widget" and _inside(note["/Rect"], box) for note in added)
    return kept and fields and _unchanged(reader, last)


def _unchanged(reader: PdfFileReader, last: Any) -> bool:
    """Whether later revisions leave every object of the first alone, but for what a signature needs."""
    first = reader.get_historical_resolver(0)
    before = reader.xrefs.explicit_refs_in_revision(0)
    opened: Any = reader.get_object
    allowed = {reader.root_ref: _OF_ROOT, last: _OF_PAGE}
    # What a file says of itself is shown nowhere on its pages, and every writer changes it.
    unshown = {reader.trailer.raw_get("/Info").reference, reader.root.raw_get("/Metadata").reference}
    for revision in range(1, reader.xrefs.total_revisions):
        if reader.xrefs.refs_freed_in_revision(revision):
            return False
        for ref in reader.xrefs.explicit_refs_in_revision(revision) & (before - unshown):
            new, old = opened(ref), first.get_object(ref)
            if ref not in allowed or _without(new, allowed[ref]) != _without(old, allowed[ref]):
                return False
    return bool(first.root_ref == reader.root_ref)


def _without(value: Any, names: frozenset[str]) -> dict[str, bytes]:
    """An object's own entries as bytes, references unfollowed, but for some of them."""
    found: dict[str, bytes] = {}
    for name in value:
        if name not in names:
            file = BytesIO()
            value.raw_get(name).write_to_stream(file, None)
            found[name] = file.getvalue()
    return found


def _pages(root: Any) -> list[Any]:
    waiting: list[Any] = [root["/Pages"]]
    pages: list[Any] = []
    while waiting and len(pages) <= PAGES_MAX:
        node = waiting.pop(0)
        children = node.get("/Kids", None)
        waiting[:0] = [] if children is None else [children[at] for at in range(len(children))]
        pages += [node] if children is None else []
    return pages


def _inside(rectangle: Any, box: tuple[int, int, int, int]) -> bool:
    left, low, right, high = (round(float(each)) for each in rectangle)
    return box[0] <= left <= right <= box[2] and box[1] <= low <= high <= box[3]


async def _one(embedded: Any, *, roots: Sequence[x509.Certificate], at: datetime) -> Signed:
    name = str(embedded.field_name)[:100]
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=at, other_certs=[])
    try:
        with bounded_memory():
            status = await async_validate_pdf_signature(embedded, signer_validation_context=context)
            who = identity(embedded.signer_cert)
    except (Exception, RecursionError):  # noqa: BLE001  what cannot be validated is not trusted, whatever the reason
        return Signed(name, Wholeness.UNREADABLE, Trust.UNTRUSTED, None, None)
    return Signed(
        name, _wholeness(status), _trust(status, who, asked=bool(roots), at=at), who, status.signer_reported_dt
    )


def _wholeness(status: Any) -> Wholeness:
    if not (status.intact and status.valid):
        return Wholeness.ALTERED
    # Anything after the signed bytes is shown, harmless or not: a letter has one state, the one that was signed.
    return Wholeness.INTACT if status.coverage is SignatureCoverageLevel.ENTIRE_FILE else Wholeness.ADDED_TO


def _trust(status: Any, who: Identity, *, asked: bool, at: datetime) -> Trust:
    if not who.valid_from <= at <= who.valid_to:
        return Trust.EXPIRED
    if not asked:
        return Trust.NOT_ASKED
    return Trust.TRUSTED if status.trusted else Trust.UNTRUSTED
