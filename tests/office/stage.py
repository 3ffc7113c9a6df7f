"""An office on a pinned clock, with cheap hashes, and somebody who has enrolled."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyotp

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.office.passwords import Argon2Passwords
from counterfoil.application.office import enrolment, sign_in
from counterfoil.application.office.enrolment import Enrolled
from counterfoil.application.office.invitations import Guest, Invited, invite, invite_administrator
from counterfoil.application.office.ports import Office, Passwords
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device, Halfway
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.office_at_hand import OfficeAtHand

NOON = int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()) * 1000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
PASSWORD = "seven grey herons stand"
MAIL = "ada@example.org"


class Counted:
    """Cheap Argon2id hashes that count what they do."""

    def __init__(self) -> None:
        self.inner = Argon2Passwords(memory_kib=64, passes=1)
        self.hashes = 0

    def made(self, text: str) -> str:
        self.hashes += 1
        return self.inner.made(text)

    def matches(self, kept: str | None, text: str) -> bool:
        self.hashes += 1
        return self.inner.matches(kept, text)

    def outdated(self, kept: str) -> bool:
        return self.inner.outdated(kept)


@dataclass
class Stage:
    office: Office
    clock: PinnedClock
    passwords: Counted
    at_hand: OfficeAtHand

    def later(self, ms: int) -> None:
        self.clock.move_to(self.clock.now_ms() + ms)

    def code(self, totp: str) -> str:
        """What the phone shows now."""
        return pyotp.TOTP(totp).at(self.clock.now_ms() // 1000)


@dataclass
class Member:
    """Somebody who has enrolled, with what only that person knows."""

    person: str
    mail: str
    totp: str
    enrolled: Enrolled
    password: str = PASSWORD


def staged(folder: Path, passwords: Passwords | None = None) -> Stage:
    clock, counted = PinnedClock(NOON), Counted()
    at_hand = OfficeAtHand(folder, clock=clock, passwords=passwords or counted)
    office = at_hand.office(create=True)
    assert office is not None
    return Stage(office, clock, counted, at_hand)


def invited(stage: Stage, mail: str = MAIL, role: str = "operator", organisation: str = "") -> Invited:
    if role == "administrator":
        found = invite_administrator(stage.office, name="Ada", mail=mail)
    else:
        found = invite(stage.office, Guest("Ada", mail, role, organisation), actor="local")
    assert isinstance(found, Invited), found
    return found


def member(stage: Stage, mail: str = MAIL, role: str = "administrator", organisation: str = "") -> Member:
    """Invite and enrol somebody, and let the step of that one-time code pass."""
    invitation = invited(stage, mail, role, organisation)
    opened = enrolment.open_invitation(stage.office, invitation.secret)
    assert not isinstance(opened, Refusal)
    code = stage.code(opened.totp)
    done = enrolment.enrol(stage.office, invitation.secret, password=PASSWORD, code=code, device=Device())
    assert isinstance(done, Enrolled), done
    stage.later(2 * MINUTE)
    return Member(invitation.person.person, mail, opened.totp, done)


def signed_in(stage: Stage, who: Member, device: Device | None = None) -> SignedIn:
    """Sign in by password and phone."""
    device = device or Device()
    found = sign_in.with_code(stage.office, step=halfway(stage, who, device), code=stage.code(who.totp), device=device)
    assert isinstance(found, SignedIn), found
    stage.later(MINUTE)
    return found


def halfway(stage: Stage, who: Member, device: Device | None = None) -> str:
    """The step after a right password."""
    found = sign_in.with_password(stage.office, mail=who.mail, password=who.password, device=device or Device())
    assert isinstance(found, Halfway), found
    return found.secret


def code_of(found: object) -> str:
    """The fault's code of a refusal; a failure for anything else."""
    assert isinstance(found, Refusal), found
    return found.code
