"""The room of an application that was sent from the page: what stands beside it, the talk about it, and the way back.

The applicant alone has the key; here is its digest. Nothing of a room enters the journal, and a rejection empties it.
Source: requirement R-GOV-02.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.application import (
    DOCUMENTS_MAX,
    Application,
    ApplicationFault,
    Applications,
    ApplicationState,
    Colleague,
    Room,
    Saying,
)
from counterfoil.application.office.applying import address_readable, apply
from counterfoil.application.office.ports import Office
from counterfoil.application.office.secret import digest
from counterfoil.domain.kernel.refusal import Refusal

APPLICANT: Final = "public"
"""Who acts in the trail where an applicant did."""
COLLEAGUES_MAX: Final = 12
SAYINGS_MAX: Final = 40
SAYING_MAX: Final = 2_000
PURPOSE_MAX: Final = 2_000
NAME_MAX: Final = 120
_COUNTRY: Final = 3


class RoomFault(StrEnum):
    SECRET_UNKNOWN = "application.secret_unknown"  # noqa: S105  a fault's code, no secret
    SAYING_UNCLEAR = "application.saying_unclear"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says beside the application itself."""

    country: str
    contact: str
    purpose: str
    colleagues: tuple[Colleague, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Entered:
    """An application with the key that only its sender is told."""

    application: Application
    secret: str


def enter(office: Office, book: Applications, asked: Application, said: Said, *, address: str) -> Entered | Refusal:
    """Take an application in with its room.

    Args:
        address: From where it comes; empty where that says nothing.

    Returns:
        The application and its key, or `application.unreadable`, `application.wait` or `application.full`.
    """
    fault = _unfit(said)
    if fault:
        return Refusal(ApplicationFault.UNREADABLE, {"field": fault})
    made = apply(office, book, asked, address=address)
    if isinstance(made, Refusal):
        return made
    secret = office.dice.secret()
    room = Room(
        made.number, digest(secret), said.language, said.country, said.contact, said.purpose.strip(), said.colleagues
    )
    with office.store.change():
        book.furnish(room)
    return Entered(made, secret)


def of_sender(book: Applications, number: str, secret: str) -> tuple[Application, Room] | Refusal:
    """What whoever has the key may see. A wrong number and a wrong key are told alike."""
    room, one = book.room(number), book.get(number)
    if room is None or one is None or not hmac.compare_digest(room.key, digest(secret)):
        return Refusal(RoomFault.SECRET_UNKNOWN)
    return one, room


def say(office: Office, book: Applications, number: str, text: str, *, actor: str) -> Room | Refusal:
    """Ask the applicant, or answer the office: what is said stays until the application is rejected.

    Returns:
        The room, or `application.unknown`, `application.decided` or `application.saying_unclear`.
    """
    with office.store.change():
        found = book.get(number)
        room = book.room(number)
        if found is None or room is None:
            return Refusal(ApplicationFault.UNKNOWN, {"application": number[:20]})
        if found.state in (ApplicationState.APPROVED, ApplicationState.REJECTED):
            return Refusal(ApplicationFault.DECIDED, {"application": number, "state": found.state.value})
        if not 0 < len(text.strip()) <= SAYING_MAX or len(room.sayings) >= SAYINGS_MAX:
            return Refusal(RoomFault.SAYING_UNCLEAR, {"characters_max": SAYING_MAX, "sayings_max": SAYINGS_MAX})
        saying = Saying(actor == APPLICANT, text.strip(), office.clock.now_ms())
        changed = replace(room, sayings=(*room.sayings, saying))
        book.furnish(changed)
        trail.write(office, actor, "application.said", number)
    return changed


def add_paper(office: Office, book: Applications, number: str, sha256: str) -> Application | Refusal:
    """Name one more document of an application that nobody has approved yet.

    Returns:
        The application, or `application.unknown`, `application.decided` or `application.unreadable`.
    """
    with office.store.change():
        found = book.get(number)
        if found is None:
            return Refusal(ApplicationFault.UNKNOWN, {"application": number[:20]})
        if found.state is not ApplicationState.OPEN:
            # What the first officer approved is what the second one is to look at.
            return Refusal(ApplicationFault.DECIDED, {"application": number, "state": found.state.value})
        if sha256 in found.documents:
            return found
        if len(found.documents) >= DOCUMENTS_MAX:
            return Refusal(ApplicationFault.UNREADABLE, {"field": "documents"})
        changed = replace(found, documents=(*found.documents, sha256))
        book.put(changed)
        trail.write(office, APPLICANT, "application.paper_added", number, {"sha256": sha256})
    return changed


def waiting_for_applicant(room: Room) -> bool:
    """Whether the last word is a question of the office."""
    return bool(room.sayings) and not room.sayings[-1].by_applicant


def _unfit(said: Said) -> str:
    fields: Sequence[tuple[str, bool]] = (
        ("country", len(said.country) == _COUNTRY and said.country.isascii() and said.country.isupper()),
        ("contact", _line(said.contact)),
        ("purpose", 0 < len(said.purpose.strip()) <= PURPOSE_MAX),
        ("colleagues", len(said.colleagues) <= COLLEAGUES_MAX and all(map(_reachable, said.colleagues))),
    )
    return next((name for name, sound in fields if not sound), "")


def _reachable(one: Colleague) -> bool:
    return _line(one.name) and address_readable(one.mail)


def _line(text: str) -> bool:
    return 0 < len(text.strip()) <= NAME_MAX and text.isprintable()
