"""The routes of grievances without an account: send one, ask where it stands, erase it; and the officers' side.

The public side of a grievance (its number, days and answer) is `GET /api/v1/grievances/{number}`, from the journal.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from counterfoil.application.office import grievances
from counterfoil.application.office.grievance_letter import GrievanceLetter
from counterfoil.application.office.grievances import PUBLIC, LetterDesk
from counterfoil.application.office.ports import Office
from counterfoil.application.office.trail import day_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE as OFFICE
from counterfoil.entrypoints.http.office.signing_in import Nothing

PLACE: Final = "/api/v1/grievances"
LIMIT: Final = 100
_AFTER_MAX: Final = 80

Desks = Callable[[Office], LetterDesk]
Run = Callable[[LetterDesk, Call], Answer | Refusal]


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    activity: str
    letter: str
    name: str = ""
    contact: str = ""


class Sender(msgspec.Struct, forbid_unknown_fields=True):
    secret: str


def routes(desks: Desks) -> tuple[OfficeRoute, ...]:
    """Every route of grievances beside the public register."""

    def open_to_all(path: str, operation: str, summary: Any, run: Run, body: type) -> OfficeRoute:
        whole = partial(_at, desks, run)
        return OfficeRoute("POST", f"{PLACE}{path}", operation, summary, whole, Access.OPEN, body, lays_out=True)

    def row(path: str, operation: str, summary: Any, run: Run, body: type | None = None) -> OfficeRoute:
        method = "GET" if body is None else "POST"
        place = f"{OFFICE}/grievances{path}"
        return OfficeRoute(method, place, operation, summary, partial(_at, desks, run), body=body)

    mine = said("Where one's own grievance stands, by its secret", "以密鑰查詢本人陳情之狀態")
    forget = said("Erase one's own letter and contact, by its secret", "以密鑰刪除本人之陳情書與聯絡資料")
    return (
        open_to_all("", "sendGrievance", said("Send a grievance, without an account", "無須帳號提出陳情"), _send, Sent),
        open_to_all("/{number}/state", "askGrievance", mine, _state, Sender),
        open_to_all("/{number}/erase", "eraseOwnGrievance", forget, _forget, Sender),
        row(
            "",
            "listGrievanceLetters",
            said("Letters of grievance, without their texts", "陳情書清單（不含內容）"),
            _list,
        ),
        row("/{number}", "readGrievanceLetter", said("Read a letter of grievance", "閱讀陳情書"), _read),
        row(
            "/{number}/file",
            "fileGrievanceLetter",
            said("File a letter that the journal does not have yet", "將尚未入日誌之陳情書登錄"),
            _file,
            Nothing,
        ),
        row(
            "/{number}/erase",
            "eraseGrievanceLetter",
            said("Erase a letter and its sender", "刪除陳情書及陳情人資料"),
            _erase,
            Nothing,
        ),
    )


def described() -> tuple[OfficeRoute, ...]:
    """The routes for the document, which runs none of them."""
    return routes(_nobody)


def _nobody(office: Office) -> LetterDesk:
    raise AssertionError("a description runs nothing")


def _at(desks: Desks, run: Run, office: Office, call: Call) -> Answer | Refusal:
    return run(desks(office), call)


def _send(desk: LetterDesk, call: Call) -> Answer | Refusal:
    body = call.body
    found = grievances.receive(
        desk,
        activity=body.activity,
        text=body.letter,
        name=body.name,
        contact=body.contact,
        address=call.device.address,
    )
    if isinstance(found, Refusal):
        return found
    return Answer({**_told(found.letter), "secret": found.secret, "salt": found.letter.salt}, 201)


def _state(desk: LetterDesk, call: Call) -> Answer | Refusal:
    found = grievances.of_sender(desk, call.path["number"], call.body.secret)
    return found if isinstance(found, Refusal) else Answer(_told(found))


def _forget(desk: LetterDesk, call: Call) -> Answer | Refusal:
    found = grievances.of_sender(desk, call.path["number"], call.body.secret)
    found = found if isinstance(found, Refusal) else grievances.erase(desk, found.number, PUBLIC)
    return found if isinstance(found, Refusal) else Answer(_told(found))


def _list(desk: LetterDesk, call: Call) -> Answer | Refusal:
    after = call.query.get("after", "")
    if len(after) > _AFTER_MAX:
        raise unreadable("after", after)
    found = desk.letters.listed(after=after, limit=LIMIT)
    following = found[-1].number if len(found) == LIMIT else None
    return Answer({"items": [_told(each) for each in found], "next": following})


def _read(desk: LetterDesk, call: Call) -> Answer | Refusal:
    found = grievances.read(desk, call.path["number"], call.actor)
    if isinstance(found, Refusal):
        return found
    return Answer(
        {**_told(found), "letter": found.text, "name": found.name, "contact": found.contact, "salt": found.salt}
    )


def _file(desk: LetterDesk, call: Call) -> Answer | Refusal:
    found = grievances.file(desk, call.path["number"], call.actor)
    return found if isinstance(found, Refusal) else Answer(_told(found))


def _erase(desk: LetterDesk, call: Call) -> Answer | Refusal:
    found = grievances.erase(desk, call.path["number"], call.actor)
    return found if isinstance(found, Refusal) else Answer(_told(found))


def _told(letter: GrievanceLetter) -> dict[str, Any]:
    """What may be said of a letter to whoever may know that it exists."""
    return {
        "grievance": letter.number,
        "activity": letter.activity,
        "received_on": day_of(letter.made_ms),
        "sha256": letter.sha256,
        "filed": letter.entry is not None,
        "entry": letter.entry,
        "kept": letter.erased_ms is None,
        "public": f"{PLACE}/{letter.number}",
    }
