"""One's own factors: which there are, a new password, new recovery codes, and taking one away."""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.enrolment import new_recovery_codes
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.password_rule import new_password, normal
from counterfoil.application.office.ports import Credential, Factor, Office, Session
from counterfoil.application.office.sessions import fresh
from counterfoil.application.office.sign_in import new_step, tried
from counterfoil.application.office.throttling import forgive, take_attempt
from counterfoil.domain.kernel.refusal import Refusal

PHONES_MAX: Final = 5
_PHONE: Final = "phone adding"


def listed(office: Office, session: Session) -> list[Credential]:
    """Everything with which one signs in; whoever shows it leaves out what is secret."""
    return office.store.credentials.of(session.person)


def change_password(office: Office, session: Session, *, former: str, password: str) -> Refusal | None:
    """A new password for who knows the former one; every other session ends."""
    person = office.store.people.get(session.person)
    assert person is not None
    refusal = take_attempt(office, account=person.mail or "", address="")
    if refusal is not None:
        return refusal
    own = office.store.credentials.of(session.person, Factor.PASSWORD)
    if not office.passwords.matches(own[0].secret if own else None, normal(former)):
        return Refusal(OfficeFault.SIGN_IN_REFUSED)
    plain = new_password(password, person, office.issuer)
    if isinstance(plain, Refusal):
        return plain
    kept = office.passwords.made(plain)
    with office.store.change():
        office.store.credentials.set_secret(own[0].number, kept)
        forgive(office, account=person.mail or "", address="")
        _end_others(office, session)
        trail.write(office, f"person:{session.person}", "password.changed", session.person)
    return None


@dataclass(frozen=True, slots=True)
class NewPhone:
    """What a phone is told: the step's secret, and its own, as text and as an `otpauth` address."""

    step: str
    totp: str
    address: str


def ask_phone(office: Office, session: Session) -> NewPhone | Refusal:
    """Begin to add another phone, soon after signing in."""
    refusal = fresh(office, session)
    if refusal is not None:
        return refusal
    if len(office.store.credentials.of(session.person, Factor.TOTP)) >= PHONES_MAX:
        return Refusal(OfficeFault.FACTORS_TOO_MANY, {"factors_max": PHONES_MAX})
    person, totp = office.store.people.get(session.person), office.codes.secret()
    assert person is not None
    with office.store.change():
        step = new_step(office, _PHONE, session.person, totp)
    account = person.mail or person.person
    return NewPhone(step, totp, office.codes.address(totp, account=account, issuer=office.issuer))


def add_phone(office: Office, session: Session, *, step: str, code: str, label: str) -> Refusal | None:
    """Add the phone that shows the right digits."""
    found, now = tried(office, step, _PHONE), office.clock.now_ms()
    if found is None or found.person != session.person:
        return Refusal(OfficeFault.STEP_OVER)
    counter = office.codes.step(found.facts, code, now_ms=now, after=0)
    if counter is None:
        return Refusal(OfficeFault.CODE_REFUSED)
    name = "".join(char for char in label if char.isprintable())[:60]
    with office.store.change():
        if not office.store.steps.take(found.digest):
            return Refusal(OfficeFault.STEP_OVER)
        row = Credential(0, session.person, Factor.TOTP, name, "", found.facts, counter, now, now)
        office.store.credentials.add(row)
        trail.write(office, f"person:{session.person}", "phone.added", session.person)
    return None


def renew_recovery_codes(office: Office, session: Session) -> tuple[str, ...] | Refusal:
    """Ten new codes, shown this once; the former ones end."""
    refusal = fresh(office, session)
    if refusal is not None:
        return refusal
    with office.store.change():
        return new_recovery_codes(office, session.person)


def remove(office: Office, session: Session, number: int) -> Refusal | None:
    """Take away a passkey or a phone, as long as another second factor is left."""
    refusal = fresh(office, session)
    if refusal is not None:
        return refusal
    with office.store.change():
        strong = [each for each in listed(office, session) if each.factor in (Factor.PASSKEY, Factor.TOTP)]
        if all(each.number != number for each in strong):
            return Refusal(OfficeFault.FACTOR_UNKNOWN, {"number": number})
        if len(strong) == 1:
            return Refusal(OfficeFault.LAST_FACTOR)
        office.store.credentials.remove(number)
        trail.write(office, f"person:{session.person}", "factor.removed", session.person, {"factor": number})
    return None


def _end_others(office: Office, session: Session) -> None:
    for other in office.store.sessions.of(session.person):
        if other.digest != session.digest:
            office.store.sessions.end(other.digest)
