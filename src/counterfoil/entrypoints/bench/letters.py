"""How long a letter of authorization takes, from the journal to the PDF in both languages, plain and signed.

The key and its certificate are made for the measurement and go away with it.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.documents.pades import PadesSigner, open_signer
from counterfoil.application.queries.letters import LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.language import LANGUAGES, Texts
from counterfoil.entrypoints.letters.files import layout_of, letter_files

LETTER: Final = "THA-LOA-BENCH"
_PASSWORD: Final = "bench"  # noqa: S105  of a key that lives as long as the measurement
_SIGNS_DOCUMENTS: Final = (True, True, *(False,) * 7)


def letter_seconds(folder: Folder, scratch: Path, *, times: int) -> tuple[list[float], list[float]]:
    """Seconds for the letter of the workload without and with the authority's signature, one after the other."""
    signer = _signer(scratch)
    plain, signed = [], []
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        for _ in range(times):
            plain.append(_drawn(sight, folder, None))
            signed.append(_drawn(sight, folder, signer))
    return plain, signed


def _drawn(sight: Sight, folder: Folder, signer: PadesSigner | None) -> float:
    begun = time.perf_counter()
    found = letter(sight, LetterKind.AUTHORIZATION, LETTER)
    assert not isinstance(found, Refusal), found
    layout = layout_of(sight, "together", on=found.ground.on)
    texts = {language: Texts(language) for language in LANGUAGES}
    made = letter_files(found, sight, layout, folder=folder.path, texts=texts, signer=signer, base="")
    assert any(name.endswith(".pdf") for name in made.files)
    return time.perf_counter() - begun


def _signer(scratch: Path) -> PadesSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bench")])
    now = datetime.fromtimestamp(SystemClock().now_ms() / 1_000, UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.KeyUsage(*_SIGNS_DOCUMENTS), critical=True)
        .sign(key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(_PASSWORD.encode())
    file = scratch / "bench.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"bench", key, certificate, None, locked))
    signer = open_signer(file, certificate=None, password=_PASSWORD)
    assert not isinstance(signer, Refusal), signer
    return signer
