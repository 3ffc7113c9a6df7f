"""Looks at bytes before they are kept: their size, and whether an archive would unpack to too much or elsewhere.

Nothing is unpacked. What the directory of an archive claims is only believed when it is bad news; nobody here ever
opens what is inside. Documents of office programs are archives too.
"""

import io
import zipfile
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import DocumentFault

BYTES_MAX: Final = 64 * 1024 * 1024
MEMBERS_MAX: Final = 5_000
UNPACKED_MAX: Final = 512 * 1024 * 1024
RATIO_MAX: Final = 200
"""Unpacked bytes for each packed one, of an archive above a megabyte unpacked."""
_SMALL: Final = 1024 * 1024
_NESTED: Final = (".zip", ".jar", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".tar")


def inspected(data: bytes, name: str) -> Refusal | None:
    """Whether bytes may be kept: `document.empty`, `document.too_large`, `document.archive_unsafe`."""
    if not data:
        return Refusal(DocumentFault.EMPTY, {"name": name})
    if len(data) > BYTES_MAX:
        return Refusal(DocumentFault.TOO_LARGE, {"name": name, "bytes": len(data), "bytes_max": BYTES_MAX})
    # The directory stands at the end, so an archive may hide behind any beginning.
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return None
    why = _unsafe(data)
    return Refusal(DocumentFault.ARCHIVE_UNSAFE, {"name": name, "why": why}) if why else None


def _unsafe(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RecursionError):
        return "unreadable"
    unpacked = sum(each.file_size for each in members)
    if len(members) > MEMBERS_MAX:
        return f"{len(members)} members"
    if unpacked > UNPACKED_MAX or (unpacked > _SMALL and unpacked > RATIO_MAX * len(data)):
        return f"{unpacked} bytes unpacked"
    if len({each.header_offset for each in members}) < len(members):
        return "members overlap"
    for each in members:
        parts = each.filename.replace("\\", "/").split("/")
        if ".." in parts or each.filename.startswith(("/", "\\")) or ":" in parts[0]:
            return "a path that leads elsewhere"
        if each.filename.lower().endswith(_NESTED):
            return "an archive inside an archive"
    return ""
