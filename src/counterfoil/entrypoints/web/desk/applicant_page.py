"""An application as its sender sees it, by the link that nobody else has: state, papers, questions and answers.

Source: requirement R-GOV-02.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.office.application import Application, ApplicationState, Room
from counterfoil.application.office.application_room import (
    APPLICANT,
    RoomFault,
    add_paper,
    of_sender,
    say,
    waiting_for_applicant,
)
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.desk.applicant_papers import BYTES_MAX, kept_paper, unfit
from counterfoil.entrypoints.web.desk.application_papers import Paper, papers_of
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/apply/{number}"
KEY_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class OfSender:
    """What the sender may see."""

    one: Application
    room: Room
    papers: tuple[Paper, ...]


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _page, _change, token=False),)


def _key(visit: Visit) -> str:
    return (visit.form.get("key") or visit.query.get("key", ""))[:KEY_MAX]


def _looked(visit: Visit, office: Office) -> OfSender | Refusal:
    found = of_sender(application_book(office), visit.path["number"][:20], _key(visit))
    if isinstance(found, Refusal):
        return found
    return OfSender(*found, papers_of(office, Folder(visit.ground.room.folder), found[0], sent=True))


async def _page(visit: Visit, fault: Refusal | None = None) -> Reply | Refusal:
    found = await visit.in_office(lambda office: _looked(visit, office))
    if found is None or isinstance(found, Refusal):
        return found or Refusal(RoomFault.SECRET_UNKNOWN)
    open_ = found.one.state in (ApplicationState.OPEN, ApplicationState.ENDORSED)
    facts: dict[str, Any] = {
        "one": found.one,
        "room": found.room,
        "papers": found.papers,
        "missing": sum(not each.place for each in found.papers),
        "state": found.one.state.value,
        "open": open_,
        "takes_papers": found.one.state is ApplicationState.OPEN,
        "turn": open_ and waiting_for_applicant(found.room),
        "key": _key(visit),
        "new": "new" in visit.query,
        "fault": fault,
        "typed": visit.form,
    }
    return Shown("office/applicant.html", facts, status=200 if fault is None else 422, kept=False)


async def _change(visit: Visit) -> Reply | Refusal:
    """Answer the office, or send a paper."""
    match visit.form.get("do"):
        case "say":
            return await _done(visit, await visit.in_office(lambda office: _said(visit, office)))
        case "paper":
            return await _paper(visit)
    return Refusal(HttpFault.REQUEST_UNREADABLE)


async def _done(visit: Visit, outcome: Refusal | Application | Room | None) -> Reply | Refusal:
    if isinstance(outcome, Refusal):
        return outcome if outcome.code == RoomFault.SECRET_UNKNOWN else await _page(visit, outcome)
    return Gone(visit.url("apply", visit.path["number"], key=_key(visit)))


def _said(visit: Visit, office: Office) -> Refusal | Room:
    book = application_book(office)
    found = of_sender(book, visit.path["number"][:20], _key(visit))
    if isinstance(found, Refusal):
        return found
    return say(office, book, found[0].number, visit.form.get("text"), actor=APPLICANT)


async def _paper(visit: Visit) -> Reply | Refusal:
    sent = await visit.form.file("paper", bytes_max=BYTES_MAX)
    if isinstance(sent, Refusal):
        return await _page(visit, sent)
    if sent is None:
        return await _page(visit)
    refused = unfit(*sent)
    if refused is not None:
        return await _page(visit, refused)
    name, data = sent

    def work(office: Office) -> Refusal | Application:
        book = application_book(office)
        found = of_sender(book, visit.path["number"][:20], _key(visit))
        if isinstance(found, Refusal):
            return found
        one = add_paper(office, book, found[0].number, sha256(data).hexdigest())
        if isinstance(one, Refusal):
            return one
        return kept_paper(visit, office, one, name, data) or one

    return await _done(visit, await visit.in_office(work))
