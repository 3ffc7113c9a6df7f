"""Signing in by a browser: the password, then a second factor; a passkey; the operator's single sign-on; signing out.

A form that was sent after its session had ended comes along in hidden fields (`kept:<name>`, and `kept-path`), through
every step, and is sent again by its owner at the end. Nothing typed is lost, and nothing is done without a look at it.
"""

from dataclasses import dataclass
from typing import Final

from counterfoil.application.office import sessions, sign_in, single_sign_on
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Factor, Office
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device, Halfway
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import Header
from counterfoil.entrypoints.http.office.door import COOKIE, ERRAND, cookie, drop_cookie, set_cookie
from counterfoil.entrypoints.web.carried import COOKIE as CARRIED
from counterfoil.entrypoints.web.carried import SECONDS, WANTED_MAX, Luggage
from counterfoil.entrypoints.web.form import Form
from counterfoil.entrypoints.web.office.asked import of_office, onward
from counterfoil.entrypoints.web.office.entrance import entrance
from counterfoil.entrypoints.web.office.kept import KEPT, KEPT_PATH, of_another
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

_ERRAND_SECONDS: Final = sign_in.STEP_MS // 1000


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/sign-in", _shown, _password, token=False),
        PageRow("/sign-in/second", _again, _second, token=False),
        PageRow("/sign-in/on", _again, _on, token=False),
        PageRow("/sign-in/provider", _provider, _carrying, token=False),
        PageRow("/sign-in/provider/go", _away),
        PageRow("/sign-in/back", _back),
        PageRow("/sign-out", _again, _out),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of a form that waits for its owner to sign in, and where it is sent."""

    path: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, form: Form) -> "Kept":
        fields = tuple((name.removeprefix(KEPT), value) for name, value in form.fields if name.startswith(KEPT))
        return cls(form.get(KEPT_PATH), fields if form.get(KEPT_PATH) else ())


async def _shown(visit: Visit) -> Reply:
    return _first(visit, wanted=visit.query.get("next", ""))


async def _again(visit: Visit) -> Reply:
    """A step that was opened by its address begins at the first one."""
    return Gone(visit.url("sign-in"))


def _first(visit: Visit, *, wanted: str, mail: str = "", fault: Refusal | None = None) -> Shown:
    settings = visit.ground.door.at_hand.settings
    facts = {
        "wanted": wanted,
        "mail": mail,
        "fault": fault,
        "kept": Kept.of(visit.form),
        "staffed": visit.ground.door.at_hand.office() is not None,
        "provider": settings.provider is not None,
        "passkeys": bool(settings.address),
        "entrance": entrance(visit),
    }
    return Shown("office/sign_in.html", facts, status=200 if fault is None else 422, kept=False)


async def _password(visit: Visit) -> Reply:
    form, device = visit.form, _device(visit)
    mail, wanted = form.get("mail")[:320], form.get("next")
    password = next((value for name, value in reversed(form.fields) if name == "password"), "")
    if not password and KEPT_PATH in form and "mail" not in form:
        return _first(visit, wanted=wanted)
    found = await of_office(
        visit,
        lambda office: sign_in.with_password(office, mail=mail, password=password, device=device),
        hashing=True,
    )
    if isinstance(found, Refusal):
        return _first(visit, wanted=wanted, mail=mail, fault=found)
    return _halfway(visit, found)


def _halfway(visit: Visit, at: Halfway, *, fault: Refusal | None = None) -> Shown:
    facts = {
        "step": at.secret,
        "factors": [factor.value for factor in at.factors],
        "wanted": visit.form.get("next"),
        "how": visit.form.get("how") or _likely(at.factors),
        "fault": fault,
        "kept": Kept.of(visit.form),
        "passkeys": bool(visit.ground.door.at_hand.settings.address) and Factor.PASSKEY in at.factors,
    }
    return Shown("office/second.html", facts, status=200 if fault is None else 422, kept=False)


def _likely(factors: tuple[Factor, ...]) -> str:
    return (Factor.TOTP if Factor.TOTP in factors else Factor.RECOVERY).value


async def _second(visit: Visit) -> Reply:
    form, device = visit.form, _device(visit)
    step, code = form.get("step"), form.get("code")
    way = sign_in.with_recovery_code if form.get("how") == Factor.RECOVERY else sign_in.with_code
    found = await of_office(visit, lambda office: way(office, step=step, code=code, device=device))
    if isinstance(found, SignedIn):
        return await entered(visit, found)
    if found.code == OfficeFault.STEP_OVER:
        return _first(visit, wanted=form.get("next"), fault=found)
    factors = tuple(Factor(each) for each in form.all("factor") if each in tuple(Factor))
    return _halfway(visit, Halfway(step, factors), fault=found)


async def entered(visit: Visit, found: SignedIn) -> Reply:
    """On to where somebody wanted to go, or first to the form that waits for them."""
    begun = set_cookie(COOKIE, found.secret)
    if not Kept.of(visit.form).path:
        return Gone(onward(visit, visit.form.get("next")), (begun,))
    visit.csrf = found.csrf
    visit.bearer = await of_office(visit, lambda office: sessions.bearer(office, found.secret))
    return _waiting(visit, Kept.of(visit.form), (begun,))


def _waiting(visit: Visit, kept: Kept, headers: tuple[Header, ...] = ()) -> Shown:
    """The page with the form that waited: its owner looks at it and sends it again."""
    others = of_another(kept.fields, visit.typed_by)
    facts = {"kept": Kept() if others else kept, "target": onward(visit, kept.path), "others": others}
    return Shown("office/kept.html", facts, kept=False, headers=headers)


async def _on(visit: Visit) -> Reply:
    """After a passkey, with which the script of the page signed in."""
    if visit.bearer is None:
        return _first(visit, wanted=visit.form.get("next"), fault=Refusal(OfficeFault.SIGN_IN_REFUSED))
    kept = Kept.of(visit.form)
    return _waiting(visit, kept) if kept.path else Gone(onward(visit, visit.form.get("next")))


async def _provider(visit: Visit) -> Reply | Refusal:
    """To the identity provider; where somebody wanted to go is kept here meanwhile."""
    if not visit.ground.door.own_page(visit.request.scope):
        return Refusal(OfficeFault.REQUEST_FORGED)
    wanted = visit.query.get("next", "")
    away = await _away(visit)
    if not isinstance(away, Gone) or not wanted:
        return away
    return Gone(away.to, (*away.headers, _carried(visit, Luggage(wanted))))


async def _carrying(visit: Visit) -> Reply:
    """Keep a form that waits, and show the way to the provider: browsers let no form of ours lead elsewhere."""
    kept = Kept.of(visit.form)
    luggage = Luggage(visit.form.get("next")[:WANTED_MAX], kept.path[:WANTED_MAX], kept.fields)
    facts = {"minutes": SECONDS // 60}
    return Shown("office/to_provider.html", facts, kept=False, headers=(_carried(visit, luggage),))


def _carried(visit: Visit, luggage: Luggage) -> Header:
    secret = visit.ground.carried.keep(luggage, address=_device(visit).address)
    return set_cookie(CARRIED, secret, seconds=SECONDS)


async def _back(visit: Visit) -> Reply:
    """From the identity provider, signed in: on to where somebody wanted to go, or to the form that waits."""
    if visit.bearer is None:
        return Gone(visit.url("sign-in"))
    luggage = visit.ground.carried.take(cookie(visit.request.scope, CARRIED))
    gone = (drop_cookie(CARRIED),)
    if luggage.path:
        return _waiting(visit, Kept(luggage.path, luggage.fields), gone)
    return Gone(onward(visit, luggage.wanted), gone)


async def _away(visit: Visit) -> Reply | Refusal:
    """To the identity provider. A link and no form leads here."""
    if not visit.ground.door.own_page(visit.request.scope):
        return Refusal(OfficeFault.REQUEST_FORGED)
    device = _device(visit)
    found = await of_office(visit, lambda office: single_sign_on.begin(office, device=device))
    if isinstance(found, Refusal):
        return found
    return Gone(found.address, (set_cookie(ERRAND, found.browser, seconds=_ERRAND_SECONDS),))


async def _out(visit: Visit) -> Reply:
    """Sign out. Who is out already is told so by the same page."""
    bearer = visit.bearer

    def ended(office: Office) -> None:
        if bearer is not None:
            sessions.end(office, bearer.session, bearer.session.handle)

    await visit.in_office(ended)
    return Gone(visit.url(), (drop_cookie(COOKIE),))


def _device(visit: Visit) -> Device:
    return visit.ground.door.device(visit.request.scope)
