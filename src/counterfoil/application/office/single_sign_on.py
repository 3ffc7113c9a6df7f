"""Signing in at the operator's identity provider (OpenID Connect, authorization code with PKCE).

Only somebody who was invited gets in: the first time by the verified mail address of the invitation, from then on by
the provider's own name for the person. An account with a password is never taken over by a mail address.
Source: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3; RFC 7636; RFC 9700 section 2.1.
"""

import json
from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Credential, Factor, Identity, Office, Person, PersonState
from counterfoil.application.office.secret import digest
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device, finish, new_step, refused, tried
from counterfoil.application.office.throttling import take_attempt
from counterfoil.domain.kernel.refusal import Refusal

_PURPOSE: Final = "single sign-on"
_REFUSED: Final = Refusal(OfficeFault.SINGLE_SIGN_ON_REFUSED)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where to send the browser, and the secret that it must bring back beside the state."""

    address: str
    browser: str


def begin(office: Office, *, device: Device) -> Sent | Refusal:
    """Send somebody to the provider.

    Raises:
        Outage: `single_sign_on.unreachable`.
    """
    if office.provider is None:
        return Refusal(OfficeFault.SINGLE_SIGN_ON_OFF)
    refusal = take_attempt(office, account="", address=device.address)
    if refusal is not None:
        return refusal
    nonce, verifier, browser = office.dice.secret(), office.dice.secret(), office.dice.secret()
    facts = json.dumps({"nonce": nonce, "verifier": verifier, "browser": digest(browser).hex()})
    with office.store.change():
        state = new_step(office, _PURPOSE, "", facts)
    return Sent(office.provider.address(state=state, nonce=nonce, verifier=verifier), browser)


def finish_at(office: Office, *, state: str, code: str, browser: str, device: Device) -> SignedIn | Refusal:
    """Take back whom the provider sent. The state works once, and only in the browser that was sent.

    Returns:
        The session, or `single_sign_on.refused` whatever is wrong.

    Raises:
        Outage: `single_sign_on.unreachable`.
    """
    if office.provider is None:
        return Refusal(OfficeFault.SINGLE_SIGN_ON_OFF)
    step = tried(office, state, _PURPOSE)
    if step is None:
        return _REFUSED
    facts = json.loads(step.facts)
    with office.store.change():
        taken = office.store.steps.take(step.digest)
    if not taken or digest(browser).hex() != facts["browser"] or not code:
        return _REFUSED
    now = office.clock.now_ms()
    identity = office.provider.identity(code, nonce=facts["nonce"], verifier=facts["verifier"], now_ms=now)
    if identity is None:
        refused(office, None, Factor.SINGLE_SIGN_ON)
        return _REFUSED
    with office.store.change():
        person = _known(office, identity) or _enrolled(office, identity)
        if person is None:
            return _REFUSED
        return finish(office, person, step="", method="single sign-on", device=device)


def _known(office: Office, identity: Identity) -> Person | None:
    credential = office.store.credentials.by_key(Factor.SINGLE_SIGN_ON, _key(identity))
    person = None if credential is None else office.store.people.get(credential.person)
    return person if person is not None and person.state is PersonState.ACTIVE else None


def _enrolled(office: Office, identity: Identity) -> Person | None:
    """Inside a change: who was invited under this verified address, enrolled by it."""
    found = office.store.people.by_mail(identity.mail) if identity.mail else None
    if found is None or found.state is not PersonState.INVITED:
        return None
    now = office.clock.now_ms()
    row = Credential(0, found.person, Factor.SINGLE_SIGN_ON, identity.issuer[:60], _key(identity), "", 0, now)
    if not office.store.credentials.add(row):
        return None
    active = Person(found.person, found.name, found.mail, PersonState.ACTIVE, found.made_ms, now)
    office.store.people.put(active)
    office.store.invitations.withdraw(found.person)
    trail.write(office, f"person:{found.person}", "person.enrolled", found.person, {"by": "single sign-on"})
    return active


def _key(identity: Identity) -> str:
    return f"{identity.issuer} {identity.subject}"
