"""Backups that somebody made by hand: our own members with others among them, and every digest right again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from counterfoil.adapters.archive import ArchiveFile, NewArchiveFile
from counterfoil.application.backup.manifest import DIGEST_MEMBER, MANIFEST_MEMBER
from counterfoil.application.backup.taking import digest_line

Members = dict[str, bytes]


def members(path: Path) -> Members:
    with ArchiveFile(path) as archive:
        return {name: archive.read(name, bytes_max=10**9) for name in archive.names()}


def written(path: Path, found: Mapping[str, bytes]) -> Path:
    with NewArchiveFile(path) as archive:
        for name, data in found.items():
            archive.add(name, data)
        archive.finish()
    return path


def with_manifest(found: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    """The members with a changed manifest, and its digest made anew."""
    manifest = json.loads(found[MANIFEST_MEMBER])
    change(manifest)
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    data = f"{text}\n".encode()
    return {**found, MANIFEST_MEMBER: data, DIGEST_MEMBER: digest_line(data)}


def with_part(found: Members, name: str, data: bytes) -> Members:
    """The members with another content of a part, and its digest made anew."""

    def change(manifest: dict[str, Any]) -> None:
        for part in manifest["parts"]:
            if part["name"] == name:
                part.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    return with_manifest({**found, name: data}, change)
