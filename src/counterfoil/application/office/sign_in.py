"""Signing in: a password first, then a second factor; or a passkey, which is both; or the operator's single sign-on.

An answer never tells whether there is an account: the work is the same, the count is the same, and so are the words.
"""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import sessions, trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.password_rule import LENGTH_MAX, normal
from counterfoil.application.office.ports import Attempts, Credential, Factor, Office, Person, PersonState, Step
from counterfoil.application.office.secret import digest, recovery_digest
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.throttling import forgive, take_attempt
from counterfoil.domain.kernel.refusal import Refusal

STEP_MS: Final = 5 * 60 * 1000
TRIES_MAX: Final = 5
STEPS_MAX: Final = 10_000
"""Half-done steps of strangers; of more, the oldest are forgotten."""
NOBODY: Final = b"nobody"
SECOND: Final = "second factor"
_REFUSED: Final = Refusal(OfficeFault.SIGN_IN_REFUSED)
_OVER: Final = Refusal(OfficeFault.STEP_OVER)


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in: the address, what the browser says of itself, and the session that it had."""

    address: str = ""
    name: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Halfway:
    """The password was right. `secret` names this sign-in in the next step; `factors` are the ways to take it."""

    secret: str
    factors: tuple[Factor, ...]


def with_password(office: Office, *, mail: str, password: str, device: Device) -> Halfway | Refusal:
    """The first step. It costs one hash for any mail address, and is refused without one while it is locked.

    Returns:
        The way on, `sign_in.refused`, or `sign_in.wait`.
    """
    account = mail.strip().lower()[:320] or "-"
    refusal = take_attempt(office, account=account, address=device.address)
    if refusal is not None:
        return refusal
    person = office.store.people.by_mail(account)
    own = [] if person is None else office.store.credentials.of(person.person, Factor.PASSWORD)
    kept = own[0] if own and person is not None and person.state is PersonState.ACTIVE else None
    good = office.passwords.matches(None if kept is None else kept.secret, normal(password[: LENGTH_MAX + 1]))
    if not good or kept is None or person is None:
        refused(office, person, "password")
        return _REFUSED
    better = office.passwords.made(normal(password)) if office.passwords.outdated(kept.secret) else None
    with office.store.change():
        if better is not None:
            office.store.credentials.set_secret(kept.number, better)
        secret = new_step(office, SECOND, person.person)
    return Halfway(secret, _second_factors(office, person.person))


def with_code(office: Office, *, step: str, code: str, device: Device) -> SignedIn | Refusal:
    """The second step by a phone's one-time code. A code is taken once, and no code older than the last one."""
    person = second_try(office, step, device)
    if isinstance(person, Refusal):
        return person
    found = matching_code(office, person.person, code)
    if found is None:
        refused(office, person, Factor.TOTP)
        return _REFUSED
    credential, counter = found
    with office.store.change():
        now = office.clock.now_ms()
        if not office.store.credentials.used(credential.number, counter, before=credential.counter, at_ms=now):
            return _REFUSED
        return finish(office, person, step=step, method="password+totp", device=device)


def with_recovery_code(office: Office, *, step: str, code: str, device: Device) -> SignedIn | Refusal:
    """The second step by a recovery code, which is used up."""
    person = second_try(office, step, device)
    if isinstance(person, Refusal):
        return person
    wanted = recovery_digest(office.store.pepper(), person.person, code[:80])
    credential = office.store.credentials.by_key(Factor.RECOVERY, wanted)
    if credential is None or credential.person != person.person:
        refused(office, person, Factor.RECOVERY)
        return _REFUSED
    with office.store.change():
        if not office.store.steps.take(digest(step)):
            return _OVER
        if not office.store.credentials.remove(credential.number):
            return _REFUSED
        trail.write(office, f"person:{person.person}", "recovery_code.used", person.person)
        return finish(office, person, step="", method="password+recovery", device=device)


def new_step(office: Office, purpose: str, person: str, facts: str = "") -> str:
    """Inside a change: something half done, under a secret of its own."""
    secret, now = office.dice.secret(), office.clock.now_ms()
    office.store.steps.forget(None, now)
    office.store.steps.crop(STEPS_MAX)
    office.store.steps.add(Step(digest(secret), purpose, person, facts, now + STEP_MS))
    return secret


def tried(office: Office, secret: str, purpose: str) -> Step | None:
    """Count a try of a step, and give it while it lives."""
    with office.store.change():
        step = office.store.steps.tried(digest(secret))
    if step is None or step.purpose != purpose or step.tries >= TRIES_MAX or office.clock.now_ms() >= step.ends_ms:
        return None
    return step


def second_try(office: Office, secret: str, device: Device) -> Person | Refusal:
    """Who is at the second step. Each try counts against the account, like a password."""
    step = tried(office, secret, SECOND)
    person = None if step is None else office.store.people.get(step.person)
    if person is None or person.state is not PersonState.ACTIVE:
        return _OVER
    return take_attempt(office, account=person.mail or "", address=device.address) or person


def finish(office: Office, person: Person, *, step: str, method: str, device: Device) -> SignedIn | Refusal:
    """Inside a change: the step, where one is named, is taken once, and a session begins."""
    if step and not office.store.steps.take(digest(step)):
        return _OVER
    forgive(office, account=person.mail or "", address=device.address)
    return sessions.begin(office, person.person, device=device.name, method=method, replaced=device.session)


def matching_code(office: Office, person: str, code: str) -> tuple[Credential, int] | None:
    """The credential that a one-time code fits, and its time step."""
    for credential in office.store.credentials.of(person, Factor.TOTP):
        step = office.codes.step(credential.secret, code, now_ms=office.clock.now_ms(), after=credential.counter)
        if step is not None:
            return credential, step
    return None


def refused(office: Office, person: Person | None, factor: str) -> None:
    """A row of the trail for a known person. For none a commit as well, but no row: strangers could fill the disk."""
    with office.store.change():
        if person is None:
            office.store.throttle.put(NOBODY, Attempts(0, office.clock.now_ms()))
        else:
            trail.write(office, "nobody", "sign_in.refused", person.person, {"factor": str(factor)})


def _second_factors(office: Office, person: str) -> tuple[Factor, ...]:
    held = {credential.factor for credential in office.store.credentials.of(person)}
    return tuple(factor for factor in (Factor.PASSKEY, Factor.TOTP, Factor.RECOVERY) if factor in held)
