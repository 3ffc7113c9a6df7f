"""The papers of an application: named by their digests when it was made, here or still to come.

A paper that arrives by another way is held against the digests before it is kept, as a confidential document about the
applicant. Who reads one stands in the trail. Source: requirement R-GOV-02; ADR-0026.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.adapters.office.documents import SqliteDocuments
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.documents.keeping import Brought, Filing, content, keep
from counterfoil.application.office import trail
from counterfoil.application.office.application import Application
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import Access, AccessLevel
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.document_room import document_room

DOCUMENTS_MAX: Final = 100
"""Kept documents about one body among which a paper is looked for."""
SERIES: Final = "KYC"
BASIS: Final = "R-GOV-02"
"""Why a paper is confidential: what a registry must know of its holders."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document that the applicant named. `place` is `office`, `evidence`, or empty where it is not here.

    In the office it is a version of the document `number`.
    """

    digest: str
    place: str = ""
    name: str = ""
    number: str = ""
    version: int = 0


def papers_of(office: Office, folder: Folder, one: Application, *, sent: bool = False) -> tuple[Paper, ...]:
    """Where each paper of an application is.

    Args:
        sent: Only what came with the application counts. An applicant never learns what else the office has of a body.
    """
    assert isinstance(office.store, SqliteOffice)
    evidence = FileEvidence(folder.evidence)
    documents = SqliteDocuments(office.store.file)
    # What the applicant sent stands under the number: nobody fills the shelf of a body that they only name.
    kept = [
        each
        for about in ((one.number,) if sent else (one.organisation, one.number))
        for each in documents.listed(about=about, after="", limit=DOCUMENTS_MAX)
    ]
    known = {
        version.sha256: Paper(version.sha256, "office", version.name, each.number, version.version)
        for each in kept
        for version in each.versions
        if version.erased_ms is None
    }
    otherwise = {
        digest: Paper(digest, "evidence" if not sent and evidence.has(digest) else "") for digest in one.documents
    }
    return tuple(known.get(digest, otherwise[digest]) for digest in one.documents)


def bring(office: Office, folder: Folder, one: Application, *, name: str, data: bytes, by: str) -> bool | Refusal:
    """Keep a file that is one of the papers; whether it is. One that is here already is not kept twice.

    Returns:
        Whether the digest is among those named, or why the file cannot be kept.
    """
    digest = sha256(data).hexdigest()
    paper = next((each for each in papers_of(office, folder, one) if each.digest == digest), None)
    if paper is None or paper.place:
        return paper is not None
    filing = Filing(SERIES, one.organisation, Access(AccessLevel.CONFIDENTIAL, frozenset(), BASIS))
    kept = keep(document_room(office), filing, Brought(name, data, by))
    return kept if isinstance(kept, Refusal) else True


def read(office: Office, folder: Folder, one: Application, digest: str, *, by: str) -> bytes | Refusal | None:
    """The bytes of a paper that is here; None for one that is not, or that the application does not name."""
    paper = next((each for each in papers_of(office, folder, one) if each.digest == digest), None)
    if paper is None or not paper.place:
        return None
    if paper.place == "office":
        found = content(document_room(office), paper.number, None, None, version=paper.version, by=by)
        return found if isinstance(found, Refusal) else found[1]
    data = FileEvidence(folder.evidence).get(digest)
    with office.store.change():
        trail.write(office, by, "document.read", one.number, {"sha256": digest})
    return data
