"""What was filed, as it was filed: the content of a version from the evidence store, and its signed package.

Nothing is folded again here: a filed report shows what it said on its day, whatever was done since.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.ports import Codec, Signer
from counterfoil.application.proving import entry_proof
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import signed_note
from counterfoil.domain.reporting.filing import REPORT, REPORT_VERSION, Filing
from counterfoil.domain.reporting.package import (
    Content,
    Manifest,
    PackageFault,
    filed_here,
    read_content,
    statement,
)

MANIFEST: Final = "manifest.json"
NOTE: Final = "manifest.note"
FILES: Final = "files/"
_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing, the series that it belongs to, and its content with the bytes of its files."""

    report: str
    filing: Filing
    content: Content
    files: Mapping[str, bytes]


def filing_of(sight: Sight, report: str, version: str = "") -> Filing | Refusal:
    """A filed version, or the latest one."""
    value = sight.record(REPORT_VERSION, f"{report}:{version}") if version else sight.record(REPORT, report)
    if value is None or "sha256" not in value:
        key = f"{report} {version}".strip()
        return Refusal(ShowFault.NOT_FOUND, {"what": REPORT, "key": key[:120]})
    return from_json(Filing, value)


def filed_of(sight: Sight, report: str, version: str = "") -> Filed | Refusal:
    """A filed version with every byte of it, as it was filed."""
    filing = filing_of(sight, report, version)
    if isinstance(filing, Refusal):
        return filing
    content = content_of(sight, filing.sha256)
    if isinstance(content, Refusal):
        return content
    files: dict[str, bytes] = {}
    for each in content.files:
        found = sight.evidence.get(each.sha256)
        if found is None:
            return Refusal(PackageFault.FILE_DIFFERS, {"file": each.name})
        files[each.name] = found
    return Filed(report, filing, content, files)


def content_of(sight: Sight, sha256: str) -> Content | Refusal:
    """The list of a filing's files, without the files."""
    data = sight.evidence.get(sha256)
    if data is None:
        return Refusal(PackageFault.UNREADABLE, {"part": f"content {sha256}"})
    return read_content(sight.codec.decode(data))


def package_of(sight: Sight, filed: Filed, *, signer: Signer) -> dict[str, bytes] | Refusal:
    """The members of the signed package of a filed version. The same filing and key give the same bytes."""
    seq = entry_of(sight, filed)
    proof = None if seq is None else entry_proof(sight.reading, seq, sight.codec)
    if proof is None:
        facts = {"origin": sight.registry.origin, "report": filed.report, "version": filed.filing.version}
        return Refusal(PackageFault.NOT_PROVEN, facts)
    manifest = Manifest(
        registry=sight.registry.registry,
        origin=sight.registry.origin,
        content=filed.content,
        content_sha256=filed.filing.sha256,
        proof=proof,
    )
    data = manifest_bytes(manifest, sight.codec)
    digest = hashlib.sha256(data).hexdigest()
    text = statement(origin=manifest.origin, key=filed.report, version=filed.filing.version, manifest_sha256=digest)
    signature = signer.sign(text.encode())
    note = signed_note(text, name=signer.name, public_key=signer.public_key, signature=signature)
    return {MANIFEST: data, NOTE: note.encode(), **{f"{FILES}{name}": found for name, found in filed.files.items()}}


def content_bytes(content: Content, codec: Codec) -> bytes:
    """What is kept in the evidence store, and hashed into the journal."""
    return codec.encode(content.json())


def manifest_bytes(manifest: Manifest, codec: Codec) -> bytes:
    return codec.encode(manifest.json()) + b"\n"


def entry_of(sight: Sight, filed: Filed) -> int | None:
    """The number of the entry that filed a version; the record itself only knows the last one that changed it."""
    quoted, after = f'"{filed.filing.sha256}"', -1
    while rows := sight.reading.mentions(quoted, after=after, limit=_PAGE):
        for row in rows:
            leaf: Mapping[str, Any] = sight.codec.decode(row.leaf)
            if leaf["act"] == "ReportFiled" and filed_here(leaf["records"], filed.content, filed.filing.sha256):
                return row.seq
        after = rows[-1].seq
    return None


def package_name(filed: Filed) -> str:
    """The file of a package, such as `submission-aef-THA-2026-v1.0.zip`."""
    series = filed.report.replace("*", "all").replace(":", "-")
    return f"submission-{series}-v{filed.filing.version}.zip"
