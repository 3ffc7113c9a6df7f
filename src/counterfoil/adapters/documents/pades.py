"""Signs a PDF with PAdES (baseline B-B), with pyHanko and without any network.

No time stamp, no revocation list and no other file is fetched: the time of signing is what the signer says.
Read next: `adapters/documents/pdf_signatures.py`, which reads the signatures of others. Source: ADR-0025.
"""

import logging
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from asn1crypto import pem, x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal

FIELD: Final = "Authority"
FILE_BYTES_MAX: Final = 1024 * 1024
"""A key or certificate file; a real one has a few KiB."""
CERTIFICATES_MAX: Final = 100
_DIGEST: Final = "sha256"


class SigningFault(StrEnum):
    KEY_ABSENT = "signing.key_absent"
    KEY_UNOPENED = "signing.key_unopened"
    CERTIFICATE_EXPIRED = "signing.certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "signing.certificate_not_yet_valid"
    CERTIFICATE_UNREADABLE = "signing.certificate_unreadable"
    NOT_SIGNED = "signing.not_signed"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose certificate it is, as the certificate says."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    valid_from: datetime
    valid_to: datetime


class PadesSigner:
    """The signing key and certificate of an authority, opened from its files."""

    def __init__(self, signer: SimpleSigner) -> None:
        self._signer = signer
        self.identity = identity(signer.signing_cert)

    def usable(self, at: datetime) -> Refusal | None:
        """Refuses to sign with a certificate outside its days."""
        mine = self.identity
        facts = {"subject": mine.subject, "day": mine.valid_to.date().isoformat()}
        if at > mine.valid_to:
            return Refusal(SigningFault.CERTIFICATE_EXPIRED, facts)
        if at < mine.valid_from:
            return Refusal(SigningFault.CERTIFICATE_NOT_YET_VALID, {**facts, "day": mine.valid_from.date().isoformat()})
        return None

    def signed(self, document: bytes, *, box: tuple[int, int, int, int], seal: bytes, reason: str) -> bytes:
        """The document with a signature in a visible field on its last page. The document's own bytes stay in front.

        Args:
            box: Corners of the field in points.
            seal: One page as PDF, which the field shows.

        Raises:
            Outage: `signing.not_signed`.
        """
        meta = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=_DIGEST, subfilter=SigSeedSubFilter.PADES, reason=reason
        )
        field = SigFieldSpec(FIELD, on_page=-1, box=box, readable_field_name=reason)
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "seal.pdf"
            page.write_bytes(seal)
            style = StaticStampStyle(
                border_width=0,
                background=ImportedPdfPage(str(page)),  # type: ignore[no-untyped-call]
                background_layout=SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID),
            )
            try:
                writer = IncrementalPdfFileWriter(BytesIO(document))
                made = PdfSigner(meta, self._signer, stamp_style=style, new_field_spec=field).sign_pdf(writer)
            except Exception as error:  # the library names its failures in many ways
                raise Outage(SigningFault.NOT_SIGNED, {"reason": f"{type(error).__name__}: {error}"[:300]}) from error
        made.seek(0)
        return bytes(made.read())


def open_signer(key: Path, *, certificate: Path | None, password: str) -> PadesSigner | Refusal:
    """The signer in a PKCS#12 file, or in a PEM key with its certificate beside it.

    Refuses a file that is not there, and one that does not open: a wrong password looks like a broken file.
    """
    for path in (key, certificate):
        if path is not None and (not path.is_file() or path.stat().st_size > FILE_BYTES_MAX):
            return Refusal(SigningFault.KEY_ABSENT, {"file": str(path)})
    # The library logs what it could not open, with a traceback; the refusal says it in the reader's language.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    secret = password.encode() if password else None
    try:
        if certificate is None:
            signer = SimpleSigner.load_pkcs12(str(key), passphrase=secret)  # type: ignore[no-untyped-call]
        else:
            signer = SimpleSigner.load(  # type: ignore[no-untyped-call]
                str(key), str(certificate), key_passphrase=secret
            )
    except Exception:  # noqa: BLE001  a broken key file fails in many ways, and all of them mean that it does not open
        signer = None
    if signer is None or signer.signing_cert is None:
        return Refusal(SigningFault.KEY_UNOPENED, {"file": str(key)})
    return PadesSigner(signer)


def identity(certificate: x509.Certificate) -> Identity:
    """What a certificate says of its holder. Names are quoted, never trusted."""
    return Identity(
        certificate.subject.human_friendly[:300],
        certificate.issuer.human_friendly[:300],
        f"{certificate.serial_number:x}"[:80],
        certificate.sha256.hex(),
        certificate.not_valid_before,
        certificate.not_valid_after,
    )


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...] | None:
    """The certificates of a PEM or DER file; None when it holds none that can be read."""
    try:
        if not pem.detect(data):
            found = [x509.Certificate.load(data, strict=True)]
        else:
            found = [
                x509.Certificate.load(der) for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"
            ]
        for certificate in found:
            identity(certificate)
    except (ValueError, TypeError, KeyError):
        return None
    return tuple(found[:CERTIFICATES_MAX]) or None


def common_name(certificate: Identity) -> str:
    """The common name in a subject as the library prints it, or the whole subject."""
    named: Any = next((part for part in certificate.subject.split(", ") if part.startswith("Common Name: ")), None)
    return certificate.subject if named is None else str(named).removeprefix("Common Name: ")


def now_utc(ms: int) -> datetime:
    """The moment of a clock, to compare with certificates."""
    return datetime.fromtimestamp(ms // 1000, UTC)
