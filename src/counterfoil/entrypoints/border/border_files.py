"""The files of one evidence pack, which a stranger checks offline with the registry's public key alone."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.application.ports import Verifier
from counterfoil.application.queries.border_evidence import BorderEvidence
from counterfoil.application.queries.prove import bundle_bytes, prove
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.border.border_paper import border_paper
from counterfoil.entrypoints.letters.credential import credential_bytes, did_key, secured
from counterfoil.entrypoints.reports.printing import printer
from counterfoil.entrypoints.reports.words import Text, Words

SUMS: Final = "SHA256SUMS"
CREDENTIAL: Final = "carbon-price.vc.json"


def border_files(
    evidence: BorderEvidence, sight: Sight, *, public_key: bytes, verify: Verifier, texts: Sequence[Text]
) -> dict[str, bytes] | Refusal:
    """Every file by its name; refuses what cannot be proven yet under the published checkpoint."""
    files = {"carbon-price.json": (json.dumps(evidence.view, ensure_ascii=False, indent=2) + "\n").encode()}
    for entry in evidence.entries:
        bundle = prove(sight, str(entry), public_key=public_key, verify=verify)
        if isinstance(bundle, Refusal):
            return bundle
        files[f"proofs/entry-{entry}.json"] = bundle_bytes(bundle, sight.codec)
    for digest in evidence.documents:
        files[f"documents/{digest}"] = sight.evidence.get(digest) or b""
    for text in texts:
        files[f"carbon-price.{text.language}.pdf"] = printer("pdf")(border_paper(evidence.view, Words(text)))
    return files


def with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files and the list of their hashes, as `sha256sum --check` reads it."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return {**files, SUMS: "".join(lines).encode()}


def signed_sums(files: Mapping[str, bytes], view: Mapping[str, Any], *, public_key: bytes, sign: Any) -> bytes:
    """A credential of the registry over the hash of every file, in the form of its letters' credentials."""
    listed = [{"file": name, "sha256": hashlib.sha256(files[name]).hexdigest()} for name in sorted(files)]
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"urn:sha256:{hashlib.sha256(files['carbon-price.json']).hexdigest()}",
        "type": ["VerifiableCredential"],
        "issuer": {"id": did_key(public_key), "name": str(view["registry"]["id"])},
        "credentialSubject": {"type": ["BorderEvidence"], "origin": view["registry"]["origin"], "files": listed},
    }
    return credential_bytes(secured(document, public_key=public_key, sign=sign))
