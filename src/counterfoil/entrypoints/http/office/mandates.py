"""The routes of mandates: what one has given and been given, to give one, and to end one."""

from datetime import date
from typing import Any, Final

import msgspec

from counterfoil.application.office import mandates, sessions
from counterfoil.application.office.mandates import Wish
from counterfoil.application.office.people import unknown
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.mandate import Mandate
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE, Nothing

_NUMBER_MAX: Final = 18


class NewMandate(msgspec.Struct, forbid_unknown_fields=True):
    person: str
    roles: frozenset[str]
    until: date
    first: date | None = None


def routes() -> tuple[OfficeRoute, ...]:
    """One's own mandates; and those of others, for who administers people."""
    own, theirs = f"{PLACE}/mandates", f"{PLACE}/people/{{person}}/mandates"

    def my(path: str, operation: str, summary: Any, run: Any, body: type | None = None) -> OfficeRoute:
        method = "GET" if body is None else "POST"
        return OfficeRoute(method, f"{own}{path}", operation, summary, run, Access.SIGNED_IN, body)

    end = said("End a person's mandate", "終止人員之委任")
    return (
        my("", "listMandates", said("Mandates that one gave, and has", "本人授予及受有之委任"), _own),
        my("", "giveMandate", said("Let somebody act in one's place", "委任他人代理"), _give, NewMandate),
        my("/{number}/end", "endMandate", said("End a mandate", "終止委任"), _end, Nothing),
        OfficeRoute("GET", theirs, "listPersonMandates", said("A person's mandates", "人員之委任"), _of),
        OfficeRoute("POST", f"{theirs}/{{number}}/end", "endPersonMandate", end, _end_of, body=Nothing),
    )


def shown_mandate(made: Mandate) -> dict[str, Any]:
    """A mandate as JSON. `until` is the last day on which it holds, whatever was said at first."""
    return {
        "number": made.number,
        "giver": made.giver,
        "person": made.person,
        "organisation": made.organisation,
        "roles": sorted(made.roles),
        "from": made.first_day.isoformat(),
        "until": made.ends_on.isoformat(),
        "revoked": made.revoked_on is not None,
    }


def _own(office: Office, call: Call) -> Answer | Refusal:
    return _listed(office, call.session.person)


def _of(office: Office, call: Call) -> Answer | Refusal:
    person = call.path["person"]
    return unknown(person) if office.store.people.get(person) is None else _listed(office, person)


def _listed(office: Office, person: str) -> Answer:
    store = office.store.mandates
    given, held = store.given_by(person), store.of(person)
    return Answer({"given": [shown_mandate(each) for each in given], "held": [shown_mandate(each) for each in held]})


def _give(office: Office, call: Call) -> Answer | Refusal:
    assert call.bearer is not None, "the route asks for a session"
    refusal = sessions.fresh(office, call.session)
    if refusal is not None:
        return refusal
    body = call.body
    wish = Wish(body.person, body.roles, body.until, body.first)
    return _told(mandates.give(office, call.bearer.standing, wish, actor=call.actor), 201)


def _end(office: Office, call: Call) -> Answer | Refusal:
    return _told(mandates.end(office, _number(call), actor=call.actor, by=call.session.person))


def _end_of(office: Office, call: Call) -> Answer | Refusal:
    return _told(mandates.end(office, _number(call), actor=call.actor, by=call.path["person"]))


def _told(found: Mandate | Refusal, status: int = 200) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(shown_mandate(found), status)


def _number(call: Call) -> int:
    """0 is no mandate's number."""
    sent = call.path["number"]
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= _NUMBER_MAX else 0
