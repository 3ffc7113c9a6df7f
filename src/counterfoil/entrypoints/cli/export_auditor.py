"""What an auditor takes away beside the export: trail, audit view, documents, a checker, a signature over all of it."""

import base64
import json
from importlib import resources
from pathlib import Path
from typing import Final

from counterfoil.adapters.signing.key_folder import signer_of
from counterfoil.application.key_history import read_key_history
from counterfoil.application.office.audit import AuditQuestion, Place
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.key_history import KEY
from counterfoil.entrypoints.audit_view import as_csv, page_of, shown
from counterfoil.entrypoints.bootstrap import Readable
from counterfoil.entrypoints.cli.verify_auditor import PURPOSE
from counterfoil.entrypoints.document_room import document_room
from counterfoil.entrypoints.document_room import shown as shown_document

PAGE: Final = 1_000


class AuditorPart:
    """Writes the further files of one bundle, and seals it."""

    def __init__(self, readable: Readable, office: Office) -> None:
        self._readable = readable
        self._office = office

    def write(self, folder: Path) -> None:
        """Every file of the auditor's own; names and mail addresses are in none of them."""
        self._trail(folder / "trail.ndjson")
        self._audit(folder)
        self._documents(folder)
        source = resources.files("counterfoil") / "entrypoints" / "cli" / "verify_auditor.py"
        (folder / "verify_auditor.py").write_bytes(source.read_bytes())

    def seal(self, sums: bytes) -> str:
        """The registry's signature over the list of hashes, in base64.

        Raises:
            Outage: the signing key is not in the folder.
        """
        reading, keys = self._readable.reading, self._readable.folder.key.parent
        rotated = next(reading.records(KEY, limit=1), None) is not None
        current = read_key_history(reading, self._readable.codec, otherwise=b"").current if rotated else None
        return base64.b64encode(signer_of(keys, current).sign(PURPOSE + sums)).decode()

    def _trail(self, path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            for row in self._office.store.trail.all():
                parts = {
                    "number": row.number,
                    "at_ms": row.at_ms,
                    "actor": row.actor,
                    "act": row.act,
                    "subject": row.subject,
                    "facts": row.facts,
                    "digest": row.digest.hex(),
                }
                file.write(json.dumps(parts, ensure_ascii=False) + "\n")

    def _audit(self, folder: Path) -> None:
        sight = Sight(self._readable.reading, self._readable.codec, self._readable.evidence)
        after: Place | None = Place()
        with (folder / "audit.csv").open("w", encoding="utf-8", newline="") as file:
            while after is not None:
                page = page_of(self._office, sight, AuditQuestion(), after=after, limit=PAGE)
                head, _, body = as_csv(shown(row) for row in page.rows).partition("\n")
                file.write(body if after != Place() else f"{head}\n{body}")
                after = page.next

    def _documents(self, folder: Path) -> None:
        """The register, and every document that is not erased: an auditor's reach is any."""
        room = document_room(self._office)
        kept = folder / "documents"
        kept.mkdir(mode=0o700)
        after = ""
        with (folder / "documents.ndjson").open("w", encoding="utf-8") as file:
            while found := room.documents.listed(about="", after=after, limit=PAGE):
                for document in found:
                    file.write(json.dumps(shown_document(document), ensure_ascii=False) + "\n")
                    for version in document.versions:
                        data = None if version.erased_ms is not None else room.content.get(version.sha256)
                        if data is not None:
                            (kept / version.sha256).write_bytes(data)
                after = found[-1].number
