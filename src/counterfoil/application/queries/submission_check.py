"""Check a submission package offline, with the registry's public key and nothing else.

The order of the checks: the key, the manifest, the signature, every file, the proof that the journal holds the filing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from counterfoil.application.ports import Codec, Verifier
from counterfoil.application.proving import proven
from counterfoil.application.queries.prove import trusted_key
from counterfoil.application.queries.submissions import FILES, MANIFEST, NOTE, content_bytes
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.note import Algorithm, NoteKey, read_note, read_note_key
from counterfoil.domain.reporting.package import (
    Manifest,
    PackageFault,
    differing,
    filed_here,
    read_manifest,
    statement,
)


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """What a package shows: its manifest, who signed it, and the entry and checkpoint of the filing."""

    manifest: Manifest
    signed_by: str
    entry: int
    filed_on: str
    checkpoint: int
    recorded_at: str


def check_package(
    members: Mapping[str, bytes], *, key: str, codec: Codec, verify: Verifier
) -> CheckedPackage | Refusal:
    """What the members of a package show to someone who trusts a key.

    Args:
        key: `name+hash+base64`, which pins the registry's name as well, or the base64 of the public key alone.
    """
    manifest = _manifest(members, codec)
    if isinstance(manifest, Refusal):
        return manifest
    trusted = trusted_key(key, origin=manifest.origin)
    if trusted is None or trusted.algorithm is not Algorithm.ED25519:
        return Refusal(PackageFault.KEY_UNREADABLE, {"key": key[:160]})
    row = proven(manifest.proof, public_key=trusted.public_key, origin=manifest.origin, verify=verify, codec=codec)
    signer = _signer(members, manifest, trusted, followed=row is not None, verify=verify)
    if signer is None:
        return Refusal(PackageFault.NOT_SIGNED, {"key": str(trusted), "origin": manifest.origin})
    found = {
        name.removeprefix(FILES): (hashlib.sha256(data).hexdigest(), len(data))
        for name, data in members.items()
        if name.startswith(FILES)
    }
    other = next(
        (name for name in sorted(members) if name not in (MANIFEST, NOTE) and not name.startswith(FILES)), None
    )
    wrong = other or differing(manifest.content, found)
    if wrong is not None:
        return Refusal(PackageFault.FILE_DIFFERS, {"file": wrong[:120]})
    leaf = None if row is None else codec.decode(row.leaf)
    sha256 = hashlib.sha256(content_bytes(manifest.content, codec)).hexdigest()
    shown = leaf is not None and filed_here(leaf.get("records", ()), manifest.content, sha256)
    note = read_note(str(manifest.proof.get("checkpoint")))
    checkpoint = None if note is None else read_checkpoint(note.text)
    if row is None or leaf is None or not shown or sha256 != manifest.content_sha256 or checkpoint is None:
        content = manifest.content
        facts = {"origin": manifest.origin, "report": content.key, "version": content.version}
        return Refusal(PackageFault.NOT_PROVEN, facts)
    return CheckedPackage(manifest, str(signer), row.seq, str(leaf["on"]), checkpoint.number, checkpoint.recorded_at)


def _manifest(members: Mapping[str, bytes], codec: Codec) -> Manifest | Refusal:
    """The manifest in its one spelling."""
    unreadable = Refusal(PackageFault.UNREADABLE, {"part": MANIFEST})
    data = members.get(MANIFEST)
    if data is None or NOTE not in members:
        return unreadable
    try:
        value = codec.decode(data)
        canonical = codec.encode(value) + b"\n" == data
    except (ValueError, TypeError):
        return unreadable
    return read_manifest(value) if canonical else unreadable


def _signer(
    members: Mapping[str, bytes], manifest: Manifest, trusted: NoteKey, *, followed: bool, verify: Verifier
) -> NoteKey | None:
    """The key that signed: the trusted one, or the one to which the proof's handovers lead from it."""
    note = read_note(members[NOTE].decode("utf-8", "replace"))
    digest = hashlib.sha256(members[MANIFEST]).hexdigest()
    content = manifest.content
    text = statement(origin=manifest.origin, key=content.key, version=content.version, manifest_sha256=digest)
    if note is None or note.text != text or trusted.name != manifest.origin:
        return None
    keys = [trusted]
    later = manifest.proof.get("keys")
    if followed and isinstance(later, list) and later:
        last = read_note_key(str(later[-1]))
        keys += [] if last is None else [last]
    return next((key for key in keys if note.signed_by(key, verify=verify)), None)
