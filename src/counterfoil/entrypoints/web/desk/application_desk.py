"""The desk of applications: who asks for an account, with which papers and owners; two officers say yes, or one no.

Read next: `application_papers.py`, `application/office/applying.py`. Source: requirement R-GOV-02.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.office.application import Application, ApplicationFault, ApplicationState, KycFile, Room
from counterfoil.application.office.application_room import say
from counterfoil.application.office.applying import PERSON, approve
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.safeguards import KYC
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.application_closing import rejected, told
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.permission_table import organisation_kinds
from counterfoil.entrypoints.web.desk import applicant_page, apply_page
from counterfoil.entrypoints.web.desk.application_papers import Paper, bring, papers_of, read
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing, Rows
from counterfoil.entrypoints.web.office.asked import actor, of_office
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Sent, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/accounts/applications"
SEGMENTS: Final = ("desk", "accounts", "applications")
WAITING_SHOWN: Final = 50
FILE_BYTES_MAX: Final = 32 * 1024 * 1024


def rows() -> tuple[PageRow, ...]:
    return (
        *apply_page.rows(),
        *applicant_page.rows(),
        *LISTING.rows(),
        PageRow(f"{PATH}/{{number}}", _one, _change, resumes=True),
        PageRow(f"{PATH}/{{number}}/papers/{{digest}}", _paper),
    )


# The list


def _source(_sight: Sight, visit: Visit, values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """All by their numbers, or of them those in a state."""
    office = visit.ground.door.at_hand.office()
    if office is None:
        return Rows(())
    wanted, found = values.get("state", ""), application_book(office).listed(after=after[:20], limit=limit)
    items = [_row(each) for each in found if not wanted or each.state.value == wanted]
    return Rows(items, found[-1].number if len(found) == limit else None)


def _row(one: Application) -> dict[str, Any]:
    return {
        "application": one.number,
        "name": one.name,
        "organisation": one.organisation,
        "account": one.account,
        "state": one.state.value,
        "made_ms": one.made_ms,
        "valid_until": one.valid_until,
    }


def waiting_ones(visit: Visit, limit: int) -> list[dict[str, Any]]:
    """Those that wait for a decision, oldest first."""
    office = visit.ground.door.at_hand.office()
    return [] if office is None else [_row(each) for each in application_book(office).open_ones(limit=limit)]


def _facts(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    return {"waiting_ones": waiting_ones(visit, WAITING_SHOWN)}


def _states(_sight: Sight, visit: Visit) -> Sequence[tuple[str, str]]:
    return [(each.value, visit.texts(f"web.application.state.{each.value}")) for each in ApplicationState]


LISTING: Final = Listing(
    PATH,
    "web.applications",
    (
        Column("application", lambda row: row["application"], Kind.CODE, lambda row: (*SEGMENTS, row["application"])),
        Column("name", lambda row: row["name"]),
        Column("organisation", lambda row: row["organisation"], Kind.CODE),
        Column("account", lambda row: row["account"], Kind.CODE),
        Column("state", lambda row: row["state"], Kind.TAG, words="web.application.state"),
        Column("made_at", lambda row: row["made_ms"], Kind.MOMENT),
        Column("valid_until", lambda row: row["valid_until"] or None, Kind.DAY),
    ),
    _source,
    (Filter("state", _states),),
    template="desk/accounts/applications.html",
    facts=_facts,
)


# One


@dataclass(frozen=True, slots=True)
class Held:
    """An application with what the office has beside it."""

    one: Application
    papers: tuple[Paper, ...]
    file: KycFile | None
    entered: bool
    room: Room | None


def _known(visit: Visit, office: Office) -> Application | Refusal:
    number = visit.path["number"]
    return application_book(office).get(number) or Refusal(ApplicationFault.UNKNOWN, {"application": number[:20]})


def _held(visit: Visit, office: Office) -> Held | Refusal:
    one = _known(visit, office)
    if isinstance(one, Refusal):
        return one
    entered = office.store.organisations.get(one.organisation) is not None
    file = application_book(office).file(one.organisation)
    room = application_book(office).room(one.number)
    return Held(one, papers_of(office, _folder(visit), one), file, entered, room)


def _folder(visit: Visit) -> Folder:
    return Folder(visit.ground.room.folder)


async def _one(visit: Visit) -> Reply | Refusal:
    return await _page(visit)


async def _page(visit: Visit, fault: Refusal | None = None, *, at: str = "", **told: Any) -> Reply | Refusal:
    """The application; with what was wrong in the part `at` of the page, and what was typed there."""
    found = await of_office(visit, lambda office: _held(visit, office))
    if isinstance(found, Refusal):
        return found
    wrong = fault is not None or bool(told.get("wrong"))
    base = {"fault": fault, "at": at, "wrong": "", "brought": None, "typed": visit.form, **told}

    def drawn(sight: Sight) -> Any:
        facts = {**_shown(sight, visit, found), **base, "done": visit.query.get("done", "")}
        facts["told"] = visit.query.get("told", "")
        page = Shown("desk/accounts/application.html", facts, status=422 if wrong else 200, kept=False)
        return visit.rendered(page, sight)

    page: Reply = await visit.ask(drawn)
    return page


def _shown(sight: Sight, visit: Visit, found: Held) -> dict[str, Any]:
    one, kinds = found.one, organisation_kinds()
    until = (sight.record(KYC, one.organisation) or {}).get("kyc_valid_until", "")
    return {
        "one": one,
        "state": one.state.value,
        "kind": kinds[one.kind].label.in_language(visit.language) if one.kind in kinds else one.kind,
        "papers": found.papers,
        "missing": sum(not each.place for each in found.papers),
        "file": found.file,
        "room": found.room,
        "entered": found.entered,
        "recorded_until": until,
        "recorded": bool(one.valid_until) and until == one.valid_until,
        "opened": sight.record(ACCOUNT_RECORD, one.account) is not None,
        "open": one.state in (ApplicationState.OPEN, ApplicationState.ENDORSED),
        "own": _own(visit, one),
        "may_decide": visit.may(f"POST {PATH}/{{number}}"),
        "may_record": visit.may("RecordKyc"),
        "may_open": visit.may("OpenAccount"),
    }


def _own(visit: Visit, one: Application) -> bool:
    """Whether the first yes is the visitor's own, or that of whom they act for."""
    if visit.standing is None:
        return False
    first = set(one.endorsed_by.removeprefix(PERSON).split("@")) - {""}
    return bool(first & set(visit.standing.acting.split("@")))


async def _change(visit: Visit) -> Reply | Refusal:
    """Keep a paper, ask, say yes, or say no. A form that waited for signing in is shown again, and nothing is done."""
    if "resume" in visit.form:
        return await _page(visit)
    match visit.form.get("do"):
        case "approve":
            return await _approved(visit)
        case "reject":
            return await _decided(visit, "reject", lambda office: _rejected(visit, office))
        case "ask":
            return await _decided(visit, "ask", lambda office: _asked(visit, office))
        case "paper":
            return await _brought(visit)
    return Refusal(HttpFault.REQUEST_UNREADABLE)


async def _approved(visit: Visit) -> Reply | Refusal:
    until, number = _day(visit.form.get("valid_until")), visit.path["number"]
    if until is None or until <= visit.today:
        return await _page(visit, at="approve", wrong="web.application.wrong_day")
    return await _decided(
        visit,
        "approve",
        lambda office: approve(office, application_book(office), number, valid_until=until, actor=actor(visit)),
    )


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _rejected(visit: Visit, office: Office) -> Application | Refusal:
    reason, number = visit.form.get("reason"), visit.path["number"]
    return rejected(office, number, reason=reason, actor=actor(visit))


def _asked(visit: Visit, office: Office) -> Application | Refusal:
    """Ask the applicant something: it stands on the page that only the applicant can open."""
    room = say(office, application_book(office), visit.path["number"], visit.form.get("text"), actor=actor(visit))
    return room if isinstance(room, Refusal) else _known(visit, office)


async def _decided(visit: Visit, at: str, decide: Callable[[Office], Application | Refusal]) -> Reply | Refusal:
    # A rejection forgets where the applicant can be reached.
    before = await of_office(visit, lambda office: _held(visit, office))
    found = await of_office(visit, decide)
    if isinstance(found, Refusal):
        return await _page(visit, found, at=at)
    if visit.standing is not None:
        visit.ground.tally.forget(visit.standing)
    done = "asked" if at == "ask" else found.state.value
    news = {"asked": "question", "approved": "approved", "rejected": "rejected"}.get(done, "")
    told_them = "" if isinstance(before, Refusal) or not news else await _told(visit, before, news)
    return Gone(visit.url(*SEGMENTS, found.number, done=done, told=told_them))


async def _told(visit: Visit, before: Held, news: str) -> str:
    """Write to who applied from the page; others are told as they were before."""
    room, one = before.room, before.one
    if room is None:
        return ""
    name = await visit.ask(lambda sight: sight.registry.name)
    outcome = await visit.aside(
        lambda: told(_folder(visit), number=one.number, mail=one.mail, language=room.language, news=news, name=name)
    )
    return outcome.value


async def _brought(visit: Visit) -> Reply | Refusal:
    """Hold a file against the digests that the applicant named, and keep the one that fits."""
    sent = await visit.form.file("file", bytes_max=FILE_BYTES_MAX)
    if isinstance(sent, Refusal):
        return await _page(visit, sent, at="paper")
    if sent is None:
        return await _page(visit, at="paper", wrong="web.application.wrong_file")
    name, data = sent

    def work(office: Office) -> bool | Refusal:
        one = _known(visit, office)
        if isinstance(one, Refusal):
            return one
        return bring(office, _folder(visit), one, name=name, data=data, by=actor(visit))

    found = await of_office(visit, work)
    if isinstance(found, Refusal):
        return await _page(visit, found, at="paper")
    return await _page(visit, at="paper", brought={"name": name, "digest": sha256(data).hexdigest(), "fits": found})


async def _paper(visit: Visit) -> Reply | Refusal:
    """One of the papers that an application names, as a file to be saved; nothing of it is shown or run here."""
    digest = visit.path["digest"]

    def work(office: Office) -> bytes | Refusal | None:
        one = _known(visit, office)
        return one if isinstance(one, Refusal) else read(office, _folder(visit), one, digest, by=actor(visit))

    found = await of_office(visit, work)
    if found is None:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    if isinstance(found, Refusal):
        return found
    return Sent(found, "application/octet-stream", f"{visit.path['number']}-{digest[:12]}", kept=False)
