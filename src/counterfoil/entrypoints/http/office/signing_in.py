"""The routes for who is not signed in yet: a password and a second factor, a passkey, a provider, an invitation."""

import json
from typing import Any, Final

import msgspec

from counterfoil.application.office import enrolment, passkeys, sign_in, single_sign_on
from counterfoil.application.office.ports import Office
from counterfoil.application.office.sessions import SignedIn
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.door import COOKIE, ERRAND, drop_cookie, set_cookie
from counterfoil.entrypoints.office_settings import RETURN

PLACE: Final = "/api/v1/office"
_ERRAND_SECONDS: Final = sign_in.STEP_MS // 1000


class Password(msgspec.Struct, forbid_unknown_fields=True):
    mail: str
    password: str


class Code(msgspec.Struct, forbid_unknown_fields=True):
    step: str
    code: str


class PasskeyAsked(msgspec.Struct, forbid_unknown_fields=True):
    step: str = ""


class PasskeyAnswer(msgspec.Struct, forbid_unknown_fields=True):
    step: str
    response: dict[str, Any]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    pass


class InvitationSecret(msgspec.Struct, forbid_unknown_fields=True):
    invitation: str


class Enrolling(msgspec.Struct, forbid_unknown_fields=True):
    invitation: str
    password: str
    code: str


def routes() -> tuple[OfficeRoute, ...]:
    """Every route that needs no session."""

    def post(path: str, operation: str, summary: Any, run: Any, body: type, *, hashing: bool = False) -> OfficeRoute:
        place = f"{PLACE}{path}"
        return OfficeRoute("POST", place, operation, summary, run, Access.OPEN, body, hashing)

    by_password = said("Sign in: the password, and which second factors there are", "登入：密碼，並告知可用之第二要素")
    back = said("Come back from the identity provider", "自身分提供者返回")
    return (
        post("/sign-in", "signIn", by_password, _password, Password, hashing=True),
        post(
            "/sign-in/code", "signInCode", said("The second step: a one-time code", "第二步：一次性驗證碼"), _code, Code
        ),
        post(
            "/sign-in/recovery",
            "signInRecovery",
            said("The second step: a recovery code", "第二步：復原碼"),
            _recovery,
            Code,
        ),
        post(
            "/sign-in/passkey/options",
            "signInPasskeyOptions",
            said("What a passkey is asked", "通行金鑰之驗證選項"),
            _asked,
            PasskeyAsked,
        ),
        post(
            "/sign-in/passkey", "signInPasskey", said("Sign in by a passkey", "以通行金鑰登入"), _passkey, PasskeyAnswer
        ),
        post(
            "/sign-in/provider",
            "signInProvider",
            said("Go to the identity provider", "前往身分提供者"),
            _provider,
            Nothing,
        ),
        OfficeRoute("GET", RETURN, "signInProviderReturn", back, _returned, Access.OPEN),
        post(
            "/invitations/open", "openInvitation", said("Look at an invitation", "檢視邀請"), _opened, InvitationSecret
        ),
        post(
            "/invitations/enrol",
            "enrol",
            said("Enrol by an invitation", "憑邀請完成註冊"),
            _enrolled,
            Enrolling,
            hashing=True,
        ),
    )


def signed_in(found: SignedIn | Refusal, further: dict[str, Any] | None = None) -> Answer | Refusal:
    """The answer that begins a session: the cookie, and the token for the page."""
    if isinstance(found, Refusal):
        return found
    value = {"person": found.session.person, "csrf": found.csrf, "ends_ms": found.session.ends_ms, **(further or {})}
    return Answer(value, headers=(set_cookie(COOKIE, found.secret),))


def _password(office: Office, call: Call) -> Answer | Refusal:
    found = sign_in.with_password(office, mail=call.body.mail, password=call.body.password, device=call.device)
    if isinstance(found, Refusal):
        return found
    return Answer({"step": found.secret, "factors": [factor.value for factor in found.factors]})


def _code(office: Office, call: Call) -> Answer | Refusal:
    return signed_in(sign_in.with_code(office, step=call.body.step, code=call.body.code, device=call.device))


def _recovery(office: Office, call: Call) -> Answer | Refusal:
    return signed_in(sign_in.with_recovery_code(office, step=call.body.step, code=call.body.code, device=call.device))


def _asked(office: Office, call: Call) -> Answer | Refusal:
    found = passkeys.ask_sign_in(office, device=call.device, step=call.body.step)
    return found if isinstance(found, Refusal) else Answer({"step": found.secret, "options": json.loads(found.options)})


def _passkey(office: Office, call: Call) -> Answer | Refusal:
    response = json.dumps(call.body.response)
    return signed_in(passkeys.sign_in(office, secret=call.body.step, response=response, device=call.device))


def _provider(office: Office, call: Call) -> Answer | Refusal:
    found = single_sign_on.begin(office, device=call.device)
    if isinstance(found, Refusal):
        return found
    return Answer({"address": found.address}, headers=(set_cookie(ERRAND, found.browser, seconds=_ERRAND_SECONDS),))


def _returned(office: Office, call: Call) -> Answer | Refusal:
    state, code = call.query.get("state", ""), call.query.get("code", "")
    found = single_sign_on.finish_at(office, state=state, code=code, browser=call.browser, device=call.device)
    if isinstance(found, Refusal):
        return found
    cookies = (set_cookie(COOKIE, found.secret), drop_cookie(ERRAND))
    return Answer(None, 303, (*cookies, (b"location", b"/sign-in/back")))


def _opened(office: Office, call: Call) -> Answer | Refusal:
    found = enrolment.open_invitation(office, call.body.invitation)
    if isinstance(found, Refusal):
        return found
    person = {"person": found.person.person, "name": found.person.name, "mail": found.person.mail}
    return Answer({**person, "totp": {"secret": found.totp, "address": found.address}})


def _enrolled(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    found = enrolment.enrol(office, body.invitation, password=body.password, code=body.code, device=call.device)
    if isinstance(found, Refusal):
        return found
    return signed_in(found.signed_in, {"recovery_codes": list(found.recovery_codes)})
