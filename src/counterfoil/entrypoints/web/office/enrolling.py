"""Enrolling by a browser: the invitation, a password and a phone; the recovery codes are shown this once."""

from typing import TYPE_CHECKING, Final

from counterfoil.application.office import enrolment, sessions
from counterfoil.application.office.enrolment import Enrolled, Opened
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.password_rule import LENGTH_MIN
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.office.door import COOKIE, set_cookie
from counterfoil.entrypoints.web.office.asked import of_office
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

if TYPE_CHECKING:
    from markupsafe import Markup

SECRET_MAX: Final = 200
_MODULE: Final = 4
"""Pixels of one module of the picture that a phone reads."""


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/invitation", _shown, _opened, token=False),
        PageRow("/invitation/enrol", _shown, _enrolled, token=False),
    )


def picture(address: str) -> "Markup":
    """What a phone's camera reads: dark on light in any look of the page."""
    import segno
    from markupsafe import Markup

    made = segno.make(address, error="m", micro=False)
    return Markup(made.svg_inline(scale=_MODULE, border=4, light="#fff", svgclass="qr", lineclass=None))  # noqa: S704


async def _shown(visit: Visit) -> Reply:
    return _asked(visit)


def _asked(visit: Visit, fault: Refusal | None = None) -> Shown:
    del visit
    return Shown("office/invitation.html", {"fault": fault}, status=200 if fault is None else 422, kept=False)


async def _opened(visit: Visit) -> Reply:
    """Look at an invitation: who is meant, and what the phone is told."""
    secret = visit.form.get("invitation")[:SECRET_MAX]
    found = await of_office(visit, lambda office: enrolment.open_invitation(office, secret))
    return _asked(visit, found) if isinstance(found, Refusal) else _choosing(found, secret)


def _choosing(at: Opened, secret: str, fault: Refusal | None = None) -> Shown:
    facts = {
        "secret": secret,
        "person": at.person,
        "totp": " ".join(at.totp[place : place + 4] for place in range(0, len(at.totp), 4)),
        "address": at.address,
        "picture": picture(at.address),
        "fault": fault,
        "length_min": LENGTH_MIN,
    }
    return Shown("office/enrolling.html", facts, status=200 if fault is None else 422, kept=False)


async def _enrolled(visit: Visit) -> Reply:
    secret, code = visit.form.get("invitation")[:SECRET_MAX], visit.form.get("code")
    password = next((value for name, value in reversed(visit.form.fields) if name == "password"), "")
    repeated = next((value for name, value in reversed(visit.form.fields) if name == "repeated"), "")
    device = visit.ground.door.device(visit.request.scope)
    opened = await of_office(visit, lambda office: enrolment.open_invitation(office, secret))
    if isinstance(opened, Refusal):
        return _asked(visit, opened)
    if password != repeated:
        return _choosing(opened, secret, Refusal(OfficeFault.PASSWORDS_DIFFER))
    found = await of_office(
        visit,
        lambda office: enrolment.enrol(office, secret, password=password, code=code, device=device),
        hashing=True,
    )
    if isinstance(found, Refusal):
        return _asked(visit, found) if found.code == OfficeFault.INVITATION_OVER else _choosing(opened, secret, found)
    return await _welcome(visit, found)


async def _welcome(visit: Visit, found: Enrolled) -> Shown:
    signed_in = found.signed_in
    visit.csrf = signed_in.csrf
    visit.bearer = await of_office(visit, lambda office: sessions.bearer(office, signed_in.secret))
    headers = (set_cookie(COOKIE, signed_in.secret),)
    return Shown("office/recovery_codes.html", {"codes": found.recovery_codes}, kept=False, headers=headers)
