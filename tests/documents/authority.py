"""Signing keys and certificates of an authority, made for one test and never kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "a password for tests"
NOT_TO_SIGN_CERTIFICATES = (False,) * 7


class Authority(NamedTuple):
    """The files of a key: PKCS#12, its password, and the key and the certificate as PEM."""

    p12: Path
    password: Path
    key: Path
    certificate: Path


def authority(folder: Path, *, name: str = "環境主管機關 Authority", first: int = -1, last: int = 365) -> Authority:
    """An authority whose certificate is valid from `first` to `last`, in days from now."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, *NOT_TO_SIGN_CERTIFICATES)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=first))
        .not_valid_after(now + timedelta(days=last))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    files = Authority(*(folder / each for each in ("a.p12", "password", "a.key", "a.pem")))
    locked = serialization.BestAvailableEncryption(PASSWORD.encode())
    files.p12.write_bytes(pkcs12.serialize_key_and_certificates(b"authority", key, made, None, locked))
    files.password.write_text(f"{PASSWORD}\n")
    pem = serialization.Encoding.PEM
    files.key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, locked))
    files.certificate.write_bytes(made.public_bytes(pem))
    return files
