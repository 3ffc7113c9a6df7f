"""Passkeys (WebAuthn): a key that verified its holder by a finger or a PIN, bound to the registry's address.

So a passkey alone is two factors, and it cannot be given away to a page that looks like ours.
Source: W3C Web Authentication Level 2 sections 7.1 and 7.2.
"""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Credential, Factor, Office, Passkeys, Person, PersonState, Session
from counterfoil.application.office.sessions import SignedIn, fresh
from counterfoil.application.office.sign_in import SECOND, Device, finish, new_step, refused, tried
from counterfoil.application.office.throttling import take_attempt
from counterfoil.domain.kernel.refusal import Refusal

PASSKEYS_MAX: Final = 20
RESPONSE_MAX: Final = 64 * 1024
_SIGN: Final = "passkey sign-in"
_ADD: Final = "passkey adding"
_REFUSED: Final = Refusal(OfficeFault.PASSKEY_REFUSED)
_NO_ADDRESS: Final = Refusal(OfficeFault.PASSKEY_NO_ADDRESS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is to do: the step's secret, and the options (JSON text)."""

    secret: str
    options: str


def ask_sign_in(office: Office, *, device: Device, step: str = "") -> Asked | Refusal:
    """Begin to sign in by a passkey: after a password (`step`), or with nothing at all."""
    if office.passkeys is None:
        return _NO_ADDRESS
    refusal = take_attempt(office, account="", address=device.address)
    if refusal is not None:
        return refusal
    person, known = "", []
    if step:
        found = tried(office, step, SECOND)
        if found is None:
            return Refusal(OfficeFault.STEP_OVER)
        person = found.person
        known = [credential.key for credential in office.store.credentials.of(person, Factor.PASSKEY)]
    challenge = office.dice.secret()
    with office.store.change():
        secret = new_step(office, _SIGN, person, challenge)
    return Asked(secret, office.passkeys.request(challenge=challenge, known=known))


def sign_in(office: Office, *, secret: str, response: str, device: Device) -> SignedIn | Refusal:
    """Sign in by what the passkey answered. Its count only rises, so a copy of it is noticed.

    Returns:
        The session, `sign_in.step_over`, or `sign_in.refused` whatever is wrong with the answer.
    """
    if office.passkeys is None:
        return _NO_ADDRESS
    step = tried(office, secret, _SIGN)
    if step is None:
        return Refusal(OfficeFault.STEP_OVER)
    found = _answered(office, office.passkeys, response, challenge=step.facts)
    if found is None or step.person not in ("", found[0].person):
        refused(office, None, Factor.PASSKEY)
        return Refusal(OfficeFault.SIGN_IN_REFUSED)
    person, credential, counter = found
    with office.store.change():
        now = office.clock.now_ms()
        if not office.store.credentials.used(credential.number, counter, before=credential.counter, at_ms=now):
            return Refusal(OfficeFault.SIGN_IN_REFUSED)
        return finish(office, person, step=secret, method="passkey", device=device)


def ask_new(office: Office, session: Session) -> Asked | Refusal:
    """Begin to add a passkey to one's own account, soon after signing in."""
    if office.passkeys is None:
        return _NO_ADDRESS
    refusal = fresh(office, session)
    if refusal is not None:
        return refusal
    person = office.store.people.get(session.person)
    assert person is not None
    known = [credential.key for credential in office.store.credentials.of(session.person, Factor.PASSKEY)]
    if len(known) >= PASSKEYS_MAX:
        return Refusal(OfficeFault.FACTORS_TOO_MANY, {"factors_max": PASSKEYS_MAX})
    challenge = office.dice.secret()
    with office.store.change():
        secret = new_step(office, _ADD, session.person, challenge)
    return Asked(secret, office.passkeys.creation(person, challenge=challenge, known=known))


def add(office: Office, session: Session, *, secret: str, response: str, label: str) -> Refusal | None:
    """Add the passkey that the browser made."""
    if office.passkeys is None:
        return _NO_ADDRESS
    step = tried(office, secret, _ADD)
    if step is None or step.person != session.person:
        return Refusal(OfficeFault.STEP_OVER)
    made = None if len(response) > RESPONSE_MAX else office.passkeys.created(response, challenge=step.facts)
    if made is None:
        return _REFUSED
    now = office.clock.now_ms()
    name = "".join(char for char in label if char.isprintable())[:60]
    row = Credential(0, session.person, Factor.PASSKEY, name, made.key, made.public_key, made.counter, now)
    with office.store.change():
        if not office.store.steps.take(step.digest) or not office.store.credentials.add(row):
            return _REFUSED
        trail.write(office, f"person:{session.person}", "passkey.added", session.person)
    return None


def _answered(
    office: Office, passkeys: Passkeys, response: str, *, challenge: str
) -> tuple[Person, Credential, int] | None:
    key = None if len(response) > RESPONSE_MAX else passkeys.named(response)
    credential = None if key is None else office.store.credentials.by_key(Factor.PASSKEY, key)
    if credential is None:
        return None
    counter = passkeys.answered(response, challenge=challenge, credential=credential)
    person = office.store.people.get(credential.person)
    if counter is None or person is None or person.state is not PersonState.ACTIVE:
        return None
    return person, credential, counter
