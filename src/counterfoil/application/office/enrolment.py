"""Enrolling: the invited person chooses a password and shows a second factor; then the invitation is used up."""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import sessions, trail
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.password_rule import new_password
from counterfoil.application.office.ports import Credential, Factor, Invitation, Office, Person, PersonState
from counterfoil.application.office.secret import digest, recovery_digest
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal

RECOVERY_CODES: Final = 10
_CODE_BYTES: Final = 10
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_OVER: Final = Refusal(OfficeFault.INVITATION_OVER)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an invitation shows: who is meant, and the secret for the phone."""

    person: Person
    totp: str
    address: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The person is in. The recovery codes are shown this once."""

    signed_in: SignedIn
    recovery_codes: tuple[str, ...]


def open_invitation(office: Office, secret: str) -> Opened | Refusal:
    """Look at an invitation; it is not used by that."""
    found = _standing(office, secret)
    if isinstance(found, Refusal):
        return found
    invitation, person = found
    account = person.mail or person.person
    return Opened(person, invitation.totp, office.codes.address(invitation.totp, account=account, issuer=office.issuer))


def enrol(office: Office, secret: str, *, password: str, code: str, device: Device) -> Enrolled | Refusal:
    """Use an invitation. Of two at once, one enrols and the other is told `invitation.over`.

    Returns:
        The session and the recovery codes, `invitation.over`, a refusal of the password, or `factor.code_refused`.
    """
    found = _standing(office, secret)
    if isinstance(found, Refusal):
        return found
    invitation, person = found
    plain = new_password(password, person, office.issuer)
    if isinstance(plain, Refusal):
        return plain
    step = office.codes.step(invitation.totp, code, now_ms=office.clock.now_ms(), after=0)
    if step is None:
        return Refusal(OfficeFault.CODE_REFUSED)
    kept = office.passwords.made(plain)
    with office.store.change():
        now = office.clock.now_ms()
        if not office.store.invitations.use(invitation.digest, now):
            return _OVER
        active = Person(person.person, person.name, person.mail, PersonState.ACTIVE, person.made_ms, now)
        office.store.people.put(active)
        add = office.store.credentials.add
        add(Credential(0, person.person, Factor.PASSWORD, "", "", kept, 0, now))
        add(Credential(0, person.person, Factor.TOTP, "", "", invitation.totp, step, now, now))
        codes = new_recovery_codes(office, person.person)
        trail.write(office, f"person:{person.person}", "person.enrolled", person.person)
        signed_in = sessions.begin(
            office, person.person, device=device.name, method="invitation", replaced=device.session
        )
    return Enrolled(signed_in, codes)


def new_recovery_codes(office: Office, person: str) -> tuple[str, ...]:
    """Inside a change: ten new codes; the former ones end."""
    store, now = office.store, office.clock.now_ms()
    for former in store.credentials.of(person, Factor.RECOVERY):
        store.credentials.remove(former.number)
    codes = tuple(_recovery_code(office.dice.bytes(2 * _CODE_BYTES)) for _ in range(RECOVERY_CODES))
    for code in codes:
        key = recovery_digest(store.pepper(), person, code)
        store.credentials.add(Credential(0, person, Factor.RECOVERY, "", key, "", 0, now))
    trail.write(office, f"person:{person}", "recovery_codes.made", person, {"codes": len(codes)})
    return codes


def _recovery_code(chance: bytes) -> str:
    """Twenty letters in groups of five: a hundred random bits that can be copied by hand."""
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance)
    return "-".join(letters[place : place + 5] for place in range(0, len(letters), 5))


def _standing(office: Office, secret: str) -> tuple[Invitation, Person] | Refusal:
    """An invitation that can be used; whatever is wrong with it, the answer is the same."""
    invitation = office.store.invitations.get(digest(secret))
    if invitation is None or invitation.used_ms is not None or office.clock.now_ms() >= invitation.ends_ms:
        return _OVER
    person = office.store.people.get(invitation.person)
    if person is None or person.state is not PersonState.INVITED:
        return _OVER
    return invitation, person
