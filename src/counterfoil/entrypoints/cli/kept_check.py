"""What was found out about the signatures of a file when it came in, as it is kept beside the document."""

from pathlib import Path
from typing import Any, Final

from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.refusal import Refusal

PDF: Final = b"%PDF-"
CHECKED_MAX: Final = 32 * 1024 * 1024


def kept_check(folder: Path, data: bytes, trust: tuple[str, ...]) -> str:
    """Canonical JSON of the check of a PDF; empty for any other file, and for one too large to be looked into.

    Raises:
        Fault: a file of trusted certificates cannot be read.
    """
    if not data.startswith(PDF) or len(data) > CHECKED_MAX:
        return ""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.documents.pades import now_utc
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.language import LANGUAGES, Texts
    from counterfoil.entrypoints.letters.checking import checked

    now = SystemClock().now_ms()
    texts = [Texts(language) for language in LANGUAGES]
    with looking(folder) as sight:
        found = checked(data, sight=sight, roots=_roots(trust), at=now_utc(now), texts=texts)
    return canonical(
        {
            "checked_ms": now,
            "form": found.form,
            "journal": found.journal.value,
            "findings": [each.value for each in found.findings],
            "signatures": [
                {
                    "subject": "" if each.who is None else each.who.subject,
                    "wholeness": each.wholeness.value,
                    "trust": each.trust.value,
                }
                for each in found.signatures
            ],
        }
    ).decode()


def _roots(files: tuple[str, ...]) -> list[Any]:
    from counterfoil.adapters.documents.pades import FILE_BYTES_MAX, SigningFault, read_certificates
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.screen import UNUSABLE, Fault

    roots: list[Any] = []
    for file in files:
        data = read_bytes(file, bytes_max=FILE_BYTES_MAX)
        if isinstance(data, Refusal):
            raise Fault(data, UNUSABLE)
        found = read_certificates(data)
        if found is None:
            raise Fault(Refusal(SigningFault.CERTIFICATE_UNREADABLE, {"file": file}), UNUSABLE)
        roots += found
    return roots
