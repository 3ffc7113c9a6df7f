"""What follows a decision on an application: papers of a rejected one are erased, and the applicant is written to.

A letter goes only where the operator configured a mail server, and only upon an officer's act; it says nothing but that
there is news, since mail is read by others. Source: requirement R-GOV-02.
"""

from enum import StrEnum
from typing import Final

from counterfoil.adapters.office.documents import SqliteDocuments
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.documents.keeping import erase
from counterfoil.application.notices.ports import Letter
from counterfoil.application.office.application import Application
from counterfoil.application.office.applying import reject
from counterfoil.application.office.ports import Office
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.document_room import document_room
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.notice_settings import read_ways

PAPERS_MAX: Final = 100


class Told(StrEnum):
    """Whether the applicant was written to."""

    SENT = "sent"
    FAILED = "failed"
    NO_WAY = "no_way"
    """No mail server is configured, or no address is known."""


def rejected(office: Office, number: str, *, reason: str, actor: str) -> Application | Refusal:
    """Say no, and erase the papers that came with the application."""
    one = reject(office, application_book(office), number, reason=reason, actor=actor)
    if not isinstance(one, Refusal):
        assert isinstance(office.store, SqliteOffice)
        room = document_room(office)
        for each in SqliteDocuments(office.store.file).listed(about=number, after="", limit=PAPERS_MAX):
            if each.newest.erased_ms is None:
                erase(room, each.number, by=actor)
    return one


def told(folder: Folder, *, number: str, mail: str, language: str, news: str, name: str) -> Told:
    """Write to an applicant that there is news of the application, now.

    Args:
        news: What happened: `question`, `approved` or `rejected`.
        name: The registry, as the letter names it.
    """
    try:
        post = read_ways(folder.path).post
        if post is None or not mail:
            return Told.NO_WAY
        texts = Texts(language)
        facts = {"application": number, "registry": name}
        title, text = texts(f"web.apply.mail.{news}", **facts), texts("web.apply.mail.text", **facts)
        post.send(Letter(mail, title, text, f"application-{number}-{news}", language))
    except Outage:
        return Told.FAILED
    return Told.SENT
