"""A key and a certificate for signing letters, made for this story. A real authority has one of a trust service."""

import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID


def main(folder: Path) -> None:
    folder.mkdir()
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "National authority of XAA")])
    only_signing = x509.KeyUsage(True, True, *(False,) * 7)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(only_signing, critical=True)
        .sign(key, hashes.SHA256())
    )
    password = secrets.token_urlsafe(24)
    (folder / "password").write_text(f"{password}\n")
    locked = serialization.BestAvailableEncryption(password.encode())
    packed = pkcs12.serialize_key_and_certificates(b"authority", key, certificate, None, locked)
    (folder / "authority.p12").write_bytes(packed)
    (folder / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
