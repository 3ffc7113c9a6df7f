"""What somebody changes about their own account. Each change is named by the field `do` of its form."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

from counterfoil.application.notices.ports import Channel, MailWish, Preference
from counterfoil.application.office import factors, mandates, sessions
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.mandates import Wish
from counterfoil.application.office.ports import Office, Session
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.office.door import COOKIE, drop_cookie
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.postman import outbox_of
from counterfoil.entrypoints.web.office.asked import actor, done, of_office
from counterfoil.entrypoints.web.office.enrolling import picture
from counterfoil.entrypoints.web.office.own import own_page, shown
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

ME: Final = ("desk", "me")
_PASSWORD: Final = "password"  # noqa: S105  the name of a field


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/me", shown, changed),)


async def changed(visit: Visit) -> Reply | Refusal:
    """Do what the form says; what is refused is told in its section."""
    if visit.bearer is None:
        return Refusal(OfficeFault.SESSION_NEEDED)
    work = _CHANGES.get(visit.form.get("do"))
    if work is None:
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    found = await work(visit)
    if isinstance(found, Refusal):
        return await own_page(visit, found, visit.form.get("do"))
    return found


def _session(visit: Visit) -> Session:
    assert visit.bearer is not None, "the page asks for a session"
    return visit.bearer.session


def _number(sent: str) -> int:
    """0 is nothing's number."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= 18 else 0


async def _capacity(visit: Visit) -> Reply | Refusal:
    organisation, _, giver = visit.form.get("capacity").partition("|")
    session = _session(visit)
    found = await of_office(visit, lambda office: sessions.act_for(office, session, organisation, giver))
    return found if isinstance(found, Refusal) else done(visit, *ME, what="capacity")


async def _end_session(visit: Visit) -> Reply | Refusal:
    session, handle = _session(visit), visit.form.get("handle")
    found = await of_office(visit, lambda office: sessions.end(office, session, handle))
    return found or done(visit, *ME, what="session")


async def _end_all(visit: Visit) -> Reply | Refusal:
    person, by = _session(visit).person, actor(visit)
    await of_office(visit, lambda office: sessions.end_everywhere(office, person, actor=by))
    return Gone(visit.url("sign-in"), (drop_cookie(COOKIE),))


async def _new_password(visit: Visit) -> Reply | Refusal:
    session = _session(visit)
    said = {name: value for name, value in visit.form.fields if name in ("former", _PASSWORD, "repeated")}
    if said.get(_PASSWORD, "") != said.get("repeated", ""):
        return Refusal(OfficeFault.PASSWORDS_DIFFER)
    former, password = said.get("former", ""), said.get(_PASSWORD, "")
    found = await of_office(
        visit,
        lambda office: factors.change_password(office, session, former=former, password=password),
        hashing=True,
    )
    return found or done(visit, *ME, what="password")


async def _new_codes(visit: Visit) -> Reply | Refusal:
    session = _session(visit)
    found = await of_office(visit, lambda office: factors.renew_recovery_codes(office, session))
    if isinstance(found, Refusal):
        return found
    return Shown("office/recovery_codes.html", {"codes": found}, kept=False)


async def _remove(visit: Visit) -> Reply | Refusal:
    session, number = _session(visit), _number(visit.form.get("number"))
    found = await of_office(visit, lambda office: factors.remove(office, session, number))
    return found or done(visit, *ME, what="factor_removed")


async def _phone(visit: Visit) -> Reply | Refusal:
    """Begin to add a phone: the picture that it reads, and a field for its digits."""
    session = _session(visit)
    found = await of_office(visit, lambda office: factors.ask_phone(office, session))
    if isinstance(found, Refusal):
        return found
    facts = {"step": found.step, "totp": found.totp, "picture": picture(found.address)}
    return Shown("office/phone.html", facts, kept=False)


async def _phone_code(visit: Visit) -> Reply | Refusal:
    session, form = _session(visit), visit.form
    said = {"step": form.get("step"), "code": form.get("code"), "label": form.get("label")}
    found = await of_office(visit, lambda office: factors.add_phone(office, session, **said))
    return found or done(visit, *ME, what="phone")


async def _wishes(visit: Visit) -> Reply | Refusal:
    person, mail, language = _session(visit).person, visit.form.get("mail"), visit.form.get("language")
    if mail not in tuple(MailWish) or language not in LANGUAGES:
        return Refusal(HttpFault.REQUEST_UNREADABLE)

    def prefer(office: Office) -> None:
        with office.store.change():
            outbox_of(office).prefer(person, Preference(MailWish(mail), language))

    await of_office(visit, prefer)
    return done(visit, *ME, what="wishes")


async def _read(visit: Visit) -> Reply | Refusal:
    """Mark one's own notice as read. Another's is passed over in silence, as one that never was."""
    person, number = _session(visit).person, _number(visit.form.get("number"))

    def read(office: Office) -> None:
        outbox = outbox_of(office)
        found = outbox.get(number)
        if found is not None and found.channel is Channel.INBOX and found.target == person:
            with office.store.change():
                outbox.read(number, office.clock.now_ms())

    await of_office(visit, read)
    return Gone(visit.url(*ME) + "#notices")


async def _give(visit: Visit) -> Reply | Refusal:
    """Let somebody act in one's place, soon after signing in."""
    assert visit.bearer is not None
    standing, session, by = visit.bearer.standing, _session(visit), actor(visit)
    try:
        until = date.fromisoformat(visit.form.get("until"))
    except ValueError:
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    wish = Wish(visit.form.get("person")[:60], frozenset(visit.form.all("role")), until)
    found = await of_office(
        visit, lambda office: sessions.fresh(office, session) or mandates.give(office, standing, wish, actor=by)
    )
    return found if isinstance(found, Refusal) else done(visit, *ME, what="mandate")


async def _end_mandate(visit: Visit) -> Reply | Refusal:
    person, number, by = _session(visit).person, _number(visit.form.get("number")), actor(visit)
    found = await of_office(visit, lambda office: mandates.end(office, number, actor=by, by=person))
    return found if isinstance(found, Refusal) else done(visit, *ME, what="mandate_ended")


_CHANGES: Final[dict[str, Callable[[Visit], Awaitable[Reply | Refusal]]]] = {
    "capacity": _capacity,
    "end_session": _end_session,
    "end_all": _end_all,
    "password": _new_password,
    "codes": _new_codes,
    "remove": _remove,
    "phone": _phone,
    "phone_code": _phone_code,
    "wishes": _wishes,
    "read": _read,
    "mandate": _give,
    "end_mandate": _end_mandate,
}
