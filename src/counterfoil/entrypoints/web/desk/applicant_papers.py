"""Papers that an applicant sends: of few kinds, small, counted in sum, kept as confidential documents of the office.

They stand under the number of the application, not under a body that the applicant only claims to be.
Source: requirement R-GOV-02; ADR-0026.
"""

from enum import StrEnum
from hashlib import sha256
from typing import Final

from counterfoil.application.documents.keeping import Brought, Filing, keep
from counterfoil.application.office.application import Application
from counterfoil.application.office.application_room import APPLICANT
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import Access, AccessLevel, name_refused
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.document_room import document_room
from counterfoil.entrypoints.web.allowance import Spent
from counterfoil.entrypoints.web.desk.application_papers import BASIS, SERIES, papers_of
from counterfoil.entrypoints.web.visit import Visit

BYTES_MAX: Final = 1_500 * 1024
KINDS: Final = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
"""How a file of each kind begins."""
EVERYBODY: Final = "applicants"
"""Under whom the bytes of all applicants are counted together."""


class PaperFault(StrEnum):
    UNUSABLE = "application.paper_unusable"


def kind_of(data: bytes) -> str:
    """The kind of a paper by its first bytes; empty where it is none that is taken.

    >>> kind_of(b"%PDF-1.7"), kind_of(b"MZ")
    ('pdf', '')
    """
    return next((kind for head, kind in KINDS.items() if data.startswith(head)), "")


def unfit(name: str, data: bytes) -> Refusal | None:
    """Refuses a paper of another kind: `application.paper_unusable`."""
    if kind_of(data) and len(data) <= BYTES_MAX:
        return None
    shown = "".join(char if char.isprintable() else "?" for char in name)[:60]
    return Refusal(PaperFault.UNUSABLE, {"name": shown, "mib_max": "1.5"})


def kept_paper(visit: Visit, office: Office, one: Application, name: str, data: bytes) -> Refusal | None:
    """Keep a paper that the application names; or the refusal of the bytes, the scan, or `http.allowance_spent`."""
    digest = sha256(data).hexdigest()
    here = papers_of(office, Folder(visit.ground.room.folder), one, sent=True)
    if any(each.digest == digest and each.place for each in here):
        return None
    refused = unfit(name, data) or visit.ground.allowance.spend(EVERYBODY, Spent.PAPERS, len(data))
    if refused is not None:
        return refused
    if name_refused(name) is not None:
        name = f"paper.{kind_of(data)}"
    filing = Filing(SERIES, one.number, Access(AccessLevel.CONFIDENTIAL, frozenset(), BASIS))
    kept = keep(document_room(office), filing, Brought(name, data, APPLICANT))
    return kept if isinstance(kept, Refusal) else None
