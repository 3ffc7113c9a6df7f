"""Sessions: a random secret in the browser, its digest here; they end by rest, by age, and by hand.

Source: OWASP ASVS 5.0 chapter 7 (idle and absolute ends, a new secret at each sign-in, a list to end them from).
"""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Office, Person, PersonState, Session
from counterfoil.application.office.secret import csrf_token, digest
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.mandate import DeputyFault, deputised
from counterfoil.domain.people.standing import Standing

IDLE_MS: Final = 30 * 60 * 1000
LIFE_MS: Final = 12 * 60 * 60 * 1000
FRESH_MS: Final = 15 * 60 * 1000
"""How long after signing in one may change one's factors."""
SEEN_EVERY_MS: Final = 60 * 1000
"""How often a session's rest is written down, so that reading costs no commit."""
OPERATOR: Final = "operator"
"""The kind of the body that runs the registry; its persons have no organisation."""
SESSIONS_MAX: Final = 20
"""Of one person; the oldest one ends when another begins."""
DEVICE_MAX: Final = 160


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just begun. `secret` goes into the cookie, `csrf` to the page that asked."""

    session: Session
    secret: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a session, and in what capacity. `refused`: why they may not act in another's place any more."""

    session: Session
    standing: Standing
    refused: Refusal | None = None


def begin(office: Office, person: str, *, device: str, method: str, replaced: str = "") -> SignedIn:
    """Inside a change: a new session with a secret of ours; the browser's former one ends.

    Args:
        replaced: The secret of the session that the browser sent, if any. It is never taken over.
    """
    store, now = office.store, office.clock.now_ms()
    if replaced:
        store.sessions.end(digest(replaced))
    store.sessions.forget(now)
    for oldest in store.sessions.of(person)[: -SESSIONS_MAX + 1]:
        store.sessions.end(oldest.digest)
    secret = office.dice.secret()
    label = "".join(char for char in device if char.isprintable())[:DEVICE_MAX]
    handle, body = office.dice.bytes(8).hex(), _first_body(office, person)
    session = Session(digest(secret), handle, person, body, label, method, now, now, now + LIFE_MS)
    store.sessions.add(session)
    trail.write(office, f"person:{person}", "session.begun", person, {"method": method, "session": handle})
    return SignedIn(session, secret, csrf_token(secret))


def bearer(office: Office, secret: str) -> Bearer | None:
    """Who sends this secret, while the session lives, the person may sign in, and the body is not suspended.

    It reads four rows by their keys, seven for a deputy, and writes nothing.
    """
    store, now = office.store, office.clock.now_ms()
    session = store.sessions.get(digest(secret))
    if session is None or now >= session.ends_ms or now >= session.seen_ms + IDLE_MS:
        return None
    person = store.people.get(session.person)
    if person is None or person.state is not PersonState.ACTIVE:
        return None
    standing = capacity_of(office, person, session.organisation, session.giver)
    if isinstance(standing, Refusal):
        # Still somebody, who may sign out or act for another body; but without any role.
        return Bearer(session, Standing(person.person, session.organisation, "", frozenset(), session.giver), standing)
    return Bearer(session, standing)


def standing_of(office: Office, person: Person, organisation: str) -> Standing:
    """The roles that somebody holds today in one body; none while that body is suspended."""
    today = trail.day_of(office.clock.now_ms())
    held = office.store.memberships.of(person.person, on=today)
    roles = frozenset(each.role for each in held if each.organisation == organisation)
    if organisation == "":
        return Standing(person.person, "", OPERATOR, roles)
    body = office.store.organisations.get(organisation)
    if body is None or body.suspended:
        return Standing(person.person, organisation, "" if body is None else body.kind, frozenset())
    return Standing(person.person, organisation, body.kind, roles)


def capacity_of(office: Office, person: Person, organisation: str, giver: str) -> Standing | Refusal:
    """The roles that somebody holds today in a body: their own, or under mandates those of their giver.

    Returns:
        The standing, or the refusal `deputy.giver_gone`, `deputy.no_mandate` or `deputy.not_in_force`.
    """
    if not giver:
        return standing_of(office, person, organisation)
    principal = office.store.people.get(giver)
    if principal is None or principal.state is not PersonState.ACTIVE:
        return Refusal(DeputyFault.GIVER_GONE, {"person": person.person, "giver": giver[:20]})
    today = trail.date_of(trail.day_of(office.clock.now_ms()))
    held = office.store.mandates.of(person.person)
    return deputised(person.person, standing_of(office, principal, organisation), held, on=today)


def needs_mark(office: Office, session: Session) -> bool:
    """Whether the session's last use is to be written down by `mark`."""
    return office.clock.now_ms() - session.seen_ms >= SEEN_EVERY_MS


def mark(office: Office, session: Session) -> None:
    with office.store.change():
        office.store.sessions.seen(session.digest, office.clock.now_ms())


def fresh(office: Office, session: Session) -> Refusal | None:
    """Refuses what needs a sign-in of just now: `session.sign_in_again`."""
    if office.clock.now_ms() - session.made_ms <= FRESH_MS:
        return None
    return Refusal(OfficeFault.SESSION_OLD, {"minutes": FRESH_MS // 60_000})


def act_for(office: Office, session: Session, organisation: str, giver: str = "") -> Standing | Refusal:
    """Act for another of the bodies to which one belongs today, or in the place of who gave one a mandate."""
    person = office.store.people.get(session.person)
    assert person is not None
    standing = capacity_of(office, person, organisation, giver)
    if isinstance(standing, Refusal):
        return standing
    today = trail.day_of(office.clock.now_ms())
    if not giver and all(
        held.organisation != organisation for held in office.store.memberships.of(session.person, on=today)
    ):
        return Refusal(OfficeFault.MEMBER_NOT, {"organisation": organisation[:60]})
    with office.store.change():
        office.store.sessions.acts_for(session.digest, organisation, giver)
        facts = {"organisation": organisation, "session": session.handle, **({"giver": giver} if giver else {})}
        trail.write(office, f"person:{session.person}", "session.acts_for", session.person, facts)
    return standing


def end(office: Office, session: Session, handle: str) -> Refusal | None:
    """End one of one's own sessions, by its handle."""
    found = next((each for each in office.store.sessions.of(session.person) if each.handle == handle), None)
    if found is None:
        return Refusal(OfficeFault.SESSION_UNKNOWN, {"session": handle[:40]})
    with office.store.change():
        office.store.sessions.end(found.digest)
        trail.write(office, f"person:{session.person}", "session.ended", session.person, {"session": handle})
    return None


def end_everywhere(office: Office, person: str, *, actor: str) -> int:
    """End all sessions of somebody; says how many there were."""
    with office.store.change():
        count = office.store.sessions.end_all(person)
        trail.write(office, actor, "session.ended_everywhere", person, {"sessions": count})
    return count


def _first_body(office: Office, person: str) -> str:
    """For whom a session begins to act: the first body that gives any role today."""
    found = office.store.people.get(person)
    assert found is not None
    held = office.store.memberships.of(person, on=trail.day_of(office.clock.now_ms()))
    bodies = list(dict.fromkeys(each.organisation for each in held))
    return next((body for body in bodies if standing_of(office, found, body).roles), bodies[0] if bodies else "")
