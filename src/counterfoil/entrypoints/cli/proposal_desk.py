"""How the command line asks about proposals: at its own desk under the lock, or of the server that holds it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from counterfoil.adapters.lock import LockFault
from counterfoil.application.office.ports import Office
from counterfoil.application.office.sessions import SignedIn, bearer
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.approvals_at_hand import approval_desk
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.cli.reading import founded, told
from counterfoil.entrypoints.cli.screen import REFUSED, Fault, Screen
from counterfoil.entrypoints.cli.signing_in import DEVICE, signed_in
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.http.caller import LOCAL
from counterfoil.entrypoints.http.local import ask as ask_server
from counterfoil.entrypoints.http.office.call import Call, OfficeRoute
from counterfoil.entrypoints.http.office.door import COOKIE
from counterfoil.entrypoints.http.office.proposals import PLACE, routes
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.permission_table import permission_table

Ask = Callable[[str, str, str, Any], Mapping[str, Any]]
"""Method, path below the proposals, the proposal's name and the body in; the JSON answer out."""
WHAT: Final = "proposal"


@contextmanager
def opened_office(directory: Path) -> Iterator[tuple[OfficeAtHand, Office]]:
    """The office of a registry.

    Raises:
        Outage: `registry.not_founded`, or the office cannot be used.
    """
    at_hand = OfficeAtHand(founded(directory))
    try:
        office = at_hand.office(create=True)
        assert office is not None, "it was laid out"
        yield at_hand, office
    finally:
        at_hand.close()


@contextmanager
def asking(
    directory: Path,
    screen: Screen | None = None,
    *,
    mail: str = "",
    organisation: str = "",
    secrets: Path | None = None,
) -> Iterator[Ask]:
    """A way to ask: as the folder's owner, or as the person who signs in with a mail address.

    Raises:
        Fault: the sign-in, or the request, is refused.
        Outage: the registry or the office cannot be used.
    """
    with opened_office(directory) as (at_hand, office), ExitStack() as stack:
        session = None
        if screen is not None:
            entering = signed_in(office, screen, mail=mail, organisation=organisation, secrets=secrets)
            session = stack.enter_context(entering)
        opened = open_for_writing(Folder(directory), WHAT)
        if isinstance(opened, Refusal):
            yield _of_server(opened, session)
        else:
            yield _at_own_desk(stack.enter_context(opened), at_hand, session)


def _at_own_desk(writable: Writable, at_hand: OfficeAtHand, session: SignedIn | None) -> Ask:
    gate = Gate(permission_table(writable.folder.path), at_hand.staffed)
    table = {
        (route.method, route.path): route
        for route in routes(lambda office: approval_desk(at_hand, office, writable.driver, gate))
    }

    def ask(method: str, path: str, name: str, body: Any) -> Mapping[str, Any]:
        route = table[method, f"{PLACE}{path}"]
        office = at_hand.office()
        assert office is not None, "it was opened"
        known = None if session is None else bearer(office, session.secret)
        actor = LOCAL if known is None else f"person:{known.standing.acting}"
        call = Call(actor, DEVICE, known, {"id": name}, {}, _shaped(route, body))
        answer = told(route.run(office, call))
        found: Mapping[str, Any] = answer.value
        return found

    return ask


def _shaped(route: OfficeRoute, body: Any) -> Any:
    return None if route.body is None else msgspec.json.decode(msgspec.json.encode(body), type=route.body)


def _of_server(refusal: Refusal, session: SignedIn | None) -> Ask:
    address = str(refusal.facts.get("address") or "")
    if refusal.code != LockFault.LOCKED or not address:
        raise Fault(refusal, REFUSED)
    headers = {} if session is None else {"cookie": f"{COOKIE}={session.secret}", "x-csrf-token": session.csrf}

    def ask(method: str, path: str, name: str, body: Any) -> Mapping[str, Any]:
        status, answer = ask_server(address, method, f"{PLACE}{path}".replace("{id}", name), body, headers)
        if status >= 500:
            raise Outage(answer["code"], answer["facts"])
        if status >= 400:
            raise Fault(Refusal(answer["code"], answer["facts"]), REFUSED)
        return answer

    return ask
