"""Files in a request: the body is spooled to a file without a name, and taken apart in the press's process.

A body is one file, several as `multipart/form-data` (RFC 7578), or a JSON list of `{"name": ..., "base64": ...}`.
"""

import base64
import binascii
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import Gone, Receive
from counterfoil.entrypoints.http.fault import HttpFault

BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one request: several times the workbook of a million actions that a platform takes."""
FILES_MAX: Final = 64
RECORDS: Final = "records"
"""The part, or the member `as`, of a file that holds records beside the workbooks."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"
KINDS: Final = (XLSX, JSON, MULTIPART)
_NAME_MAX: Final = 120
_HEAD_MAX: Final = 4_096
_BOUNDARY: Final = re.compile(r"[ -~]{1,70}\Z")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file: its name without folders, what it is sent as, and its bytes."""

    name: str
    role: str
    data: bytes


async def spooled(receive: Receive, *, bytes_max: int | None = None) -> IO[bytes] | Refusal:
    """The whole body in a file that nobody can find by a name, read from its start; or `http.upload_too_large`.

    Raises:
        Gone: the connection was closed before the end.
    """
    allowed = BYTES_MAX if bytes_max is None else bytes_max
    file = tempfile.TemporaryFile(prefix="counterfoil-upload-")
    try:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Gone
            size += len(message["body"])
            if size > allowed:
                file.close()
                return Refusal(HttpFault.UPLOAD_TOO_LARGE, {"mib_max": allowed // 1024 // 1024})
            file.write(message["body"])
            more = bool(message.get("more_body"))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def kind_of(content_type: str) -> str:
    """The type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def files_in(body: bytes, content_type: str) -> tuple[UploadedFile, ...] | Refusal:
    """The files of a body, in their order. Two of one name are refused: findings speak of files by their names."""
    try:
        match kind_of(content_type):
            case "multipart/form-data":
                found = tuple(_parts(body, content_type))
            case "application/json":
                found = tuple(_listed(body))
            case _:
                found = (UploadedFile("upload.xlsx", "", body),)
    except _Unreadable as wrong:
        return _unreadable(str(wrong))
    if not 0 < len(found) <= FILES_MAX:
        return _unreadable(f"{len(found)} files; 1 to {FILES_MAX} are taken")
    twice = next((each.name for each in found if sum(each.name == other.name for other in found) > 1), None)
    return found if twice is None else _unreadable(f"two files are called {twice}")


class _Unreadable(Exception):
    """What is wrong with a body; never leaves this module."""


def _unreadable(detail: str) -> Refusal:
    return Refusal(HttpFault.UPLOAD_UNREADABLE, {"detail": detail[:200]})


def _parts(body: bytes, content_type: str) -> Iterator[UploadedFile]:
    boundary = _parameter(content_type, "boundary")
    if boundary is None or not _BOUNDARY.match(boundary):
        raise _Unreadable("no boundary")
    # The line end before a boundary belongs to it, so the first is looked for with one put before it.
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode(), FILES_MAX + 2)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise _Unreadable("the last part does not end, or there are too many")
    for number, piece in enumerate(pieces[1:-1], 1):
        head, found, data = piece.partition(b"\r\n\r\n")
        if not found or len(head) > _HEAD_MAX:
            raise _Unreadable(f"part {number} has no head")
        yield _part(number, head, data)


def _part(number: int, head: bytes, data: bytes) -> UploadedFile:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            file, role = _parameter(value, "filename"), _parameter(value, "name") or ""
            if file:
                return UploadedFile(_plain(file, number), role, data)
    raise _Unreadable(f"part {number} has no file name")


def _parameter(value: str, name: str) -> str | None:
    """A parameter of a header, quoted or not."""
    message = Message()
    message["x"] = value.replace("\r", " ").replace("\n", " ")
    found = message.get_param(name, header="x")
    if isinstance(found, tuple):
        return found[2]
    return str(found) if isinstance(found, str) else None


def _listed(body: bytes) -> Iterator[UploadedFile]:
    """The files of a JSON list; a submission of the internal profile may stand alone, or in the list as it is."""
    try:
        value = json.loads(body.decode("utf-8"), parse_float=str, parse_constant=str)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _Unreadable("the body is no JSON") from None
    rows = value if isinstance(value, list) else [value]
    for number, row in enumerate(rows[: FILES_MAX + 1], 1):
        if not isinstance(row, Mapping):
            raise _Unreadable(f"item {number} is no file")
        yield _item(number, row)


def _item(number: int, row: Mapping[str, Any]) -> UploadedFile:
    name, coded = row.get("name"), row.get("base64")
    if not isinstance(name, str) or not isinstance(coded, str):
        return UploadedFile(f"{number}.json", "", json.dumps(row).encode())
    try:
        data = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise _Unreadable(f"item {number} is not base64") from None
    return UploadedFile(_plain(name, number), str(row.get("as", "")), data)


def _plain(name: str, number: int) -> str:
    """A file's name without folders and characters that no file has."""
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(char for char in last if char.isprintable())[-_NAME_MAX:].strip()
    return kept or f"{number}.xlsx"
