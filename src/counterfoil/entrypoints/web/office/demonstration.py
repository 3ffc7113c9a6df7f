"""The one-click entrance of a served demonstration: a session for one of its fictitious people, without any factor.

It is there only where `serve --demo` serves a demonstration on loopback. Everywhere else no page offers it, and its
address is one that is not there.
"""

from typing import Final

from counterfoil.application.office import sessions
from counterfoil.application.office.ports import Office
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.office.asked import of_office
from counterfoil.entrypoints.web.office.entrance import entrance
from counterfoil.entrypoints.web.office.signing_in import entered
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/sign-in/demonstration"
METHOD: Final = "demonstration"
"""How such a session began, as the trail says it."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _again, _enter, token=False),)


async def _again(visit: Visit) -> Reply:
    return Gone(visit.url("sign-in"))


async def _enter(visit: Visit) -> Reply | Refusal:
    found = entrance(visit)
    person = None if found is None else found.people.get(visit.form.get("who"))
    if person is None:
        return Refusal(HttpFault.NOT_FOUND, {"path": PATH})
    device = visit.ground.door.device(visit.request.scope)
    return await entered(visit, await of_office(visit, lambda office: _begun(office, person, device)))


def _begun(office: Office, person: str, device: Device) -> SignedIn:
    with office.store.change():
        return sessions.begin(office, person, device=device.name, method=METHOD, replaced=device.session)
