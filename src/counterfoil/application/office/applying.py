"""Apply for an account from outside; two officers approve, or one rejects with a reason.

The file on the holder stays in the office. The journal hears of it by `RecordKyc`, and of the account by `OpenAccount`:
both are acts of their own, which the law may put under four eyes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from counterfoil.application.office import trail
from counterfoil.application.office.application import (
    DOCUMENTS_MAX,
    OPEN_MAX,
    OWNERS_MAX,
    Application,
    ApplicationFault,
    Applications,
    ApplicationState,
    KycFile,
    Owner,
)
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.ports import Attempts, Office
from counterfoil.application.office.secret import throttle_key
from counterfoil.domain.kernel.ids import ACCOUNT, DIGEST
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import ApprovalFault
from counterfoil.domain.people.lockout import FORGOTTEN_MS, Lockout
from counterfoil.domain.people.pseudonym import LENGTH, pseudonym

APPLYING: Final = Lockout(free=5, first_ms=60_000, most_ms=60 * 60_000)
"""Five applications of one address a day cost nothing; each further one waits longer."""
PERSON: Final = "person:"
_BODY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,59}\Z")
_MAIL: Final = re.compile(r"[^\s@<>\"(),;:\\\[\]\x00-\x1f]{1,64}@[^\s@<>\"(),;:\\\[\]\x00-\x1f]{1,189}\Z")
_TEXT_MAX: Final = 120


def apply(office: Office, book: Applications, asked: Application, *, address: str) -> Application | Refusal:
    """Take an application in. Its number and moment are given here.

    Args:
        address: From where it comes; empty where that says nothing.

    Returns:
        The application, or the refusal `application.unreadable`, `application.wait` or `application.full`.
    """
    refusal = _unreadable(office, asked)
    if refusal is not None:
        return refusal
    now = office.clock.now_ms()
    with office.store.change():
        refusal = _counted(office, address, now)
        if refusal is not None:
            return refusal
        if book.waiting() >= OPEN_MAX:
            return Refusal(ApplicationFault.FULL, {"most": OPEN_MAX})
        number = f"A{pseudonym(office.dice.bytes(LENGTH))[1:]}"
        made = replace(asked, number=number, made_ms=now, state=ApplicationState.OPEN)
        book.add(made)
        trail.write(office, "public", "application.made", number, {"kind": made.kind})
    return made


def approve(office: Office, book: Applications, number: str, *, valid_until: date, actor: str) -> Application | Refusal:
    """Say yes. The first officer's yes endorses, another officer's approves, both for the same last day of the file.

    While no person is enrolled, the folder's owner approves alone.

    Returns:
        The application, or the refusal `application.unknown`, `application.decided`, `approval.person_needed`,
        `approval.same_person` or `application.day_differs`.
    """
    staffed = office.store.people.staffed()
    found = _yes(book, number, valid_until, actor, staffed=staffed)
    if isinstance(found, Refusal):
        return found
    if found.state is ApplicationState.APPROVED:
        # The body and its file first: what is cut off in between is approved once more.
        refusal = _entered(office, book, found, actor)
        if refusal is not None:
            return refusal
    with office.store.change():
        changed = _yes(book, number, valid_until, actor, staffed=staffed)
        if not isinstance(changed, Refusal):
            book.put(changed)
            trail.write(office, actor, f"application.{changed.state.value}", number)
    return changed


def reject(office: Office, book: Applications, number: str, *, reason: str, actor: str) -> Application | Refusal:
    """Say no, with a reason; mail address and owners are forgotten at once."""
    if not 0 < len(reason.strip()) <= 500:
        return Refusal(ApplicationFault.UNREADABLE, {"field": "reason"})
    with office.store.change():
        found = _waiting(book, number)
        if isinstance(found, Refusal):
            return found
        changed = replace(found, state=ApplicationState.REJECTED, mail="", owners=(), reason=reason.strip())
        book.put(changed)
        room = book.room(number)
        if room is not None:
            book.furnish(replace(room, contact="", purpose="", colleagues=(), sayings=()))
        trail.write(office, actor, "application.rejected", number)
    office.store.scrub()
    return changed


def renew_file(office: Office, book: Applications, file: KycFile, *, actor: str) -> KycFile | Refusal:
    """Keep a newer file on a body that is entered."""
    fault = _unfit_file(file.documents, file.owners)
    if fault:
        return Refusal(ApplicationFault.UNREADABLE, {"field": fault})
    if office.store.organisations.get(file.organisation) is None:
        return Refusal(ApplicationFault.KYC_UNKNOWN, {"organisation": file.organisation[:60]})
    kept = replace(file, kept_ms=office.clock.now_ms())
    with office.store.change():
        book.keep(kept)
        trail.write(office, actor, "kyc.kept", file.organisation, {"valid_until": file.valid_until})
    return kept


def forget_file(office: Office, book: Applications, organisation: str, *, actor: str) -> Refusal | None:
    """Erase the file on a body that has left. The last day in the journal stays."""
    with office.store.change():
        if not book.forget(organisation):
            return Refusal(ApplicationFault.KYC_UNKNOWN, {"organisation": organisation[:60]})
        trail.write(office, actor, "kyc.forgotten", organisation)
    office.store.scrub()
    return None


def _yes(book: Applications, number: str, valid_until: date, actor: str, *, staffed: bool) -> Application | Refusal:
    """The application as it stands after one more yes."""
    found = _waiting(book, number)
    if isinstance(found, Refusal):
        return found
    refusal = _not_another(found, actor, valid_until) if staffed else None
    if refusal is not None:
        return refusal
    done = bool(found.endorsed_by) or not staffed
    state = ApplicationState.APPROVED if done else ApplicationState.ENDORSED
    first = found.endorsed_by or actor
    return replace(found, state=state, endorsed_by=first, valid_until=valid_until.isoformat())


def _entered(office: Office, book: Applications, approved: Application, actor: str) -> Refusal | None:
    """The body and its file, once two have said yes. A body that is there already keeps its name and kind."""
    if office.store.organisations.get(approved.organisation) is None:
        body = add_organisation(
            office, organisation=approved.organisation, kind=approved.kind, name=approved.name, actor=actor
        )
        if isinstance(body, Refusal):
            return body
    file = KycFile(approved.organisation, approved.documents, approved.owners, approved.valid_until, 0)
    kept = renew_file(office, book, file, actor=actor)
    return kept if isinstance(kept, Refusal) else None


def _waiting(book: Applications, number: str) -> Application | Refusal:
    found = book.get(number)
    if found is None:
        return Refusal(ApplicationFault.UNKNOWN, {"application": number[:20]})
    if found.state in (ApplicationState.APPROVED, ApplicationState.REJECTED):
        return Refusal(ApplicationFault.DECIDED, {"application": number, "state": found.state.value})
    return found


def _not_another(found: Application, actor: str, valid_until: date) -> Refusal | None:
    if not actor.startswith(PERSON):
        return Refusal(ApprovalFault.PERSON_NEEDED)
    # A deputy is named with the giver behind: neither of them is another person than the other.
    first, second = (set(each.removeprefix(PERSON).split("@")) for each in (found.endorsed_by, actor))
    if first & second:
        return Refusal(ApprovalFault.SAME_PERSON, {"person": min(first & second)})
    if found.endorsed_by and found.valid_until != valid_until.isoformat():
        facts = {"application": found.number, "valid_until": found.valid_until, "given": valid_until.isoformat()}
        return Refusal(ApplicationFault.DAY_DIFFERS, facts)
    return None


def _unreadable(office: Office, asked: Application) -> Refusal | None:
    fields = (
        ("organisation", bool(_BODY.match(asked.organisation))),
        ("kind", asked.kind in office.kinds),
        ("name", _plain(asked.name)),
        ("mail", address_readable(asked.mail)),
        ("account", bool(ACCOUNT.match(asked.account))),
    )
    fault = next((name for name, sound in fields if not sound), "") or _unfit_file(asked.documents, asked.owners)
    return Refusal(ApplicationFault.UNREADABLE, {"field": fault}) if fault else None


def address_readable(mail: str) -> bool:
    """Whether a mail address can be written to."""
    return bool(_MAIL.match(mail))


def _unfit_file(documents: Sequence[str], owners: Sequence[Owner]) -> str:
    if not 0 < len(documents) <= DOCUMENTS_MAX or not all(DIGEST.match(each) for each in documents):
        return "documents"
    fit = all(_plain(each.name) and _plain(each.country) and 0 <= each.percent <= 100 for each in owners)
    return "" if 0 < len(owners) <= OWNERS_MAX and fit else "owners"


def _plain(text: str) -> bool:
    return 0 < len(text.strip()) <= _TEXT_MAX and text.isprintable()


def _counted(office: Office, address: str, now: int) -> Refusal | None:
    """Count an application of an address, or refuse it until its wait is over."""
    if not address:
        return None
    key = throttle_key(office.store.pepper(), "application", address)
    office.store.throttle.forget_before(now - FORGOTTEN_MS)
    count = office.store.throttle.get(key)
    wait = APPLYING.wait_ms(count.failures)
    left = min(wait, count.last_ms + wait - now) if wait else 0
    if left > 0:
        return Refusal(ApplicationFault.WAIT, {"seconds": -(-left // 1000)})
    office.store.throttle.put(key, Attempts(count.failures + 1, now))
    return None
