"""A submission package as a file: a zip in one spelling, so that the same members give the same bytes for ever.

Nothing is compressed: compressors differ from version to version, and workbooks and documents are compressed already.
It also means that no package can unfold into more than it weighs.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.package import FILE_BYTES_MAX, FILES_MAX, PACKAGE_BYTES_MAX, PackageFault

_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The first day that the format knows: a package says its days inside."""
_MODE: Final = 0o100644 << 16
_OVERHEAD: Final = 1024 * 1024


def zipped(members: Mapping[str, bytes]) -> bytes:
    """The file with these members, in the order of their names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system = 3
            entry.external_attr = _MODE
            archive.writestr(entry, members[name])
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes] | Refusal:
    """The members of a package. What is not spelled as `zipped` spells it is refused as `package.unreadable`."""
    broken = Refusal(PackageFault.UNREADABLE, {"part": "zip"})
    if len(data) > PACKAGE_BYTES_MAX + _OVERHEAD:
        return broken
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            sizes = [entry.file_size for entry in entries]
            bounded = (
                len(entries) <= FILES_MAX + 2 and sum(sizes) <= len(data) and max(sizes, default=0) <= FILE_BYTES_MAX
            )
            if not bounded or any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                return broken
            members = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, KeyError):
        return broken
    return members if zipped(members) == data else broken
