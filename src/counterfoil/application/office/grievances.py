"""Take a grievance without an account, tell its sender where it stands, and let it be read, filed and erased.

The letter is kept before the journal is asked, so that nothing that the journal names is ever lost.
Source: requirement R-A64-14; ADR-0028.
"""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.commands.file_grievance import FileGrievance
from counterfoil.application.office import trail
from counterfoil.application.office.grievance_letter import (
    GrievanceLetter,
    GrievanceLetters,
    LetterFault,
    letter_hash,
    unclear,
)
from counterfoil.application.office.ports import Attempts, Office
from counterfoil.application.office.secret import digest, throttle_key
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.domain.activities.grievance import GrievanceFault
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.lockout import FORGOTTEN_MS, Lockout

PUBLIC: Final = "public"
"""Who acts in the journal and the trail where somebody without an account did."""
ADDRESS: Final = Lockout(free=5, first_ms=60_000, most_ms=60 * 60_000)
"""Letters from one address: the sixth waits a minute, each further one twice as long, at most an hour."""
HOUR_MS: Final = 3_600_000
HOURLY_MAX: Final = 200
"""Letters that the registry looks at in an hour, from wherever they come: entries of the journal are for ever."""
_NUMBER_BYTES: Final = 5

File = Callable[[FileGrievance, str], Receipt | Refusal]
"""Sends the act to the writer under a public name, and waits for its answer."""


@dataclass(frozen=True, slots=True)
class LetterDesk:
    office: Office
    letters: GrievanceLetters
    file: File


@dataclass(frozen=True, slots=True)
class Received:
    """What only its sender is told: the secret to ask with, and the salt in the letter's hash."""

    letter: GrievanceLetter
    secret: str


def receive(
    desk: LetterDesk, *, activity: str, text: str, name: str = "", contact: str = "", address: str = ""
) -> Received | Refusal:
    """Keep a letter and file it. When the writer does not answer, the letter stays and is filed later.

    Args:
        address: From where it comes; empty where that says nothing.

    Returns:
        `Received`, or `grievance.letter_unclear`, `grievance.wait`, or what `FileGrievance` refuses.
    """
    office = desk.office
    refusal = unclear(activity, text, name, contact) or _turn(desk, address)
    if refusal is not None:
        return refusal
    secret, salt = office.dice.secret(), office.dice.secret()
    now = office.clock.now_ms()
    letter = GrievanceLetter(
        _number(office, now),
        activity.strip(),
        text,
        name.strip() or None,
        contact.strip() or None,
        salt,
        digest(secret),
        now,
        sha256=letter_hash(salt, text),
    )
    with office.store.change():
        added = desk.letters.add(letter)
        assert added, "forty random bits are not drawn twice in a day"
        trail.write(office, PUBLIC, "grievance.received", letter.number, {"activity": letter.activity})
    try:
        filed = file(desk, letter.number, PUBLIC)
    except Outage:
        # Whether the writer has it will be seen when it is filed again, under the same identifier.
        return Received(letter, secret)
    if isinstance(filed, Refusal):
        with office.store.change():
            desk.letters.remove(letter.number)
            trail.write(office, PUBLIC, "grievance.refused", letter.number, {"code": filed.code})
        office.store.scrub()
        return filed
    return Received(filed, secret)


def file(desk: LetterDesk, number: str, actor: str) -> GrievanceLetter | Refusal:
    """Send a letter's act to the journal, once or again: the act has the same identifier each time.

    Raises:
        Outage: the writer did not answer.
    """
    letter = desk.letters.get(number)
    if letter is None:
        return Refusal(GrievanceFault.UNKNOWN, {"grievance": number[:80]})
    if letter.entry is not None:
        return letter
    command = FileGrievance(
        id=f"grievance:{letter.number}",
        grievance=letter.number,
        activity=ActivityId(letter.activity),
        letter=letter.sha256,
    )
    outcome = desk.file(command, actor)
    if isinstance(outcome, Refusal):
        return outcome
    with desk.office.store.change():
        desk.letters.filed(number, outcome.seq)
        trail.write(desk.office, actor, "grievance.filed", number, {"entry": outcome.seq})
    return replace(letter, entry=outcome.seq)


def of_sender(desk: LetterDesk, number: str, secret: str) -> GrievanceLetter | Refusal:
    """The letter of whoever has its secret. A wrong number and a wrong secret are told alike."""
    letter = desk.letters.get(number)
    if letter is None or not hmac.compare_digest(letter.secret, digest(secret)):
        return Refusal(LetterFault.SECRET_UNKNOWN)
    return letter


def read(desk: LetterDesk, number: str, actor: str) -> GrievanceLetter | Refusal:
    """A letter for an officer. Who read it stands in the trail."""
    letter = desk.letters.get(number)
    if letter is None:
        return Refusal(GrievanceFault.UNKNOWN, {"grievance": number[:80]})
    with desk.office.store.change():
        trail.write(desk.office, actor, "grievance.read", number)
    return letter


def erase(desk: LetterDesk, number: str, actor: str) -> GrievanceLetter | Refusal:
    """Take away what was written and by whom, for good. Its number, hash and answer stay public."""
    letter = desk.letters.get(number)
    if letter is None:
        return Refusal(GrievanceFault.UNKNOWN, {"grievance": number[:80]})
    now = desk.office.clock.now_ms()
    with desk.office.store.change():
        if letter.erased_ms is None:
            desk.letters.erase(number, now)
            trail.write(desk.office, actor, "grievance.erased", number)
    desk.office.store.scrub()
    return desk.letters.get(number) or letter


def _turn(desk: LetterDesk, address: str) -> Refusal | None:
    """Count a letter of an address and of everybody, or say how long it has to wait. Refused letters count as well."""
    office, now = desk.office, desk.office.clock.now_ms()
    throttle, pepper = office.store.throttle, office.store.pepper()
    one, all_of_them = throttle_key(pepper, "grievance", address), throttle_key(pepper, "grievances", "")
    with office.store.change():
        throttle.forget_before(now - FORGOTTEN_MS)
        count = throttle.get(one) if address else Attempts(0, 0)
        hour = throttle.get(all_of_them)
        if not 0 <= now - hour.last_ms < HOUR_MS:
            hour = Attempts(0, now)
        own_ms = ADDRESS.wait_ms(count.failures)
        wait = min(own_ms, count.last_ms + own_ms - now)
        if hour.failures >= HOURLY_MAX:
            wait = max(wait, hour.last_ms + HOUR_MS - now)
        if wait > 0:
            return Refusal(LetterFault.WAIT, {"seconds": -(-wait // 1000)})
        throttle.put(all_of_them, Attempts(hour.failures + 1, hour.last_ms))
        if address:
            throttle.put(one, Attempts(count.failures + 1, now))
    return None


def _number(office: Office, now_ms: int) -> str:
    """Such as `G-2026-7KDM3XWA`: of chance, so that nobody tells how many there are or who came before."""
    drawn = base64.b32encode(office.dice.bytes(_NUMBER_BYTES)).decode()
    return f"G-{trail.day_of(now_ms)[:4]}-{drawn}"
