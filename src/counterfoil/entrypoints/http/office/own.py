"""The routes for one's own: the session, other sessions, factors."""

import json
from typing import Any, Final

import msgspec

from counterfoil.application.office import factors, passkeys, sessions
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.door import COOKIE, drop_cookie
from counterfoil.entrypoints.http.office.signing_in import PLACE, Nothing

_NUMBER_MAX: Final = 18


class ActsFor(msgspec.Struct, forbid_unknown_fields=True):
    organisation: str
    giver: str = ""


class NewPasskeyAnswer(msgspec.Struct, forbid_unknown_fields=True):
    step: str
    response: dict[str, Any]
    label: str = ""


class NewPhone(msgspec.Struct, forbid_unknown_fields=True):
    step: str
    code: str
    label: str = ""


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    former: str
    password: str


def routes() -> tuple[OfficeRoute, ...]:
    """Every route that a session opens, whatever its roles."""

    def get(path: str, operation: str, summary: Any, run: Any) -> OfficeRoute:
        return OfficeRoute("GET", f"{PLACE}{path}", operation, summary, run, Access.SIGNED_IN)

    def post(
        path: str, operation: str, summary: Any, run: Any, body: type = Nothing, *, hashing: bool = False
    ) -> OfficeRoute:
        place = f"{PLACE}{path}"
        return OfficeRoute("POST", place, operation, summary, run, Access.SIGNED_IN, body, hashing)

    return (
        get("/session", "showSession", said("Who is signed in, in what capacity", "目前登入者及其身分"), _session),
        post("/session/end", "signOut", said("Sign out", "登出"), _sign_out),
        post(
            "/session/acts-for",
            "actFor",
            said("Act for another of one's organisations", "改為代表另一所屬組織"),
            _act_for,
            ActsFor,
        ),
        get("/sessions", "listSessions", said("One's sessions, device by device", "本人各裝置之工作階段"), _sessions),
        post("/sessions/{handle}/end", "endSession", said("End one of one's sessions", "終止本人之一工作階段"), _end),
        post("/sessions/end-all", "endSessions", said("Sign out everywhere", "於所有裝置登出"), _end_all),
        get("/factors", "listFactors", said("With what one signs in", "本人之登入要素"), _factors),
        post(
            "/factors/passkey/options",
            "newPasskeyOptions",
            said("Begin to add a passkey", "開始新增通行金鑰"),
            _new_options,
        ),
        post("/factors/passkey", "addPasskey", said("Add a passkey", "新增通行金鑰"), _add, NewPasskeyAnswer),
        post("/factors/phone/options", "newPhoneOptions", said("Begin to add a phone", "開始新增手機"), _phone_options),
        post(
            "/factors/phone",
            "addPhone",
            said("Add a phone by the digits it shows", "以驗證碼新增手機"),
            _phone,
            NewPhone,
        ),
        post("/factors/{number}/remove", "removeFactor", said("Take a factor away", "移除登入要素"), _remove),
        post("/factors/recovery", "renewRecoveryCodes", said("New recovery codes", "重新產生復原碼"), _renew),
        post(
            "/factors/password",
            "changePassword",
            said("Change the password", "變更密碼"),
            _password,
            NewPassword,
            hashing=True,
        ),
    )


def shown_standing(standing: Standing) -> dict[str, Any]:
    """A standing as JSON."""
    return {
        "person": standing.person,
        "organisation": standing.organisation,
        "kind": standing.kind,
        "roles": sorted(standing.roles),
        "giver": standing.giver,
    }


def _session(office: Office, call: Call) -> Answer | Refusal:
    assert call.bearer is not None
    person = office.store.people.get(call.session.person)
    assert person is not None
    own = {"name": person.name, "mail": person.mail, "session": call.session.handle, "ends_ms": call.session.ends_ms}
    return Answer({**shown_standing(call.bearer.standing), **own})


def _sign_out(office: Office, call: Call) -> Answer | Refusal:
    refusal = sessions.end(office, call.session, call.session.handle)
    return refusal or Answer({"ended": True}, headers=(drop_cookie(COOKIE),))


def _act_for(office: Office, call: Call) -> Answer | Refusal:
    found = sessions.act_for(office, call.session, call.body.organisation, call.body.giver)
    return found if isinstance(found, Refusal) else Answer(shown_standing(found))


def _sessions(office: Office, call: Call) -> Answer | Refusal:
    own = office.store.sessions.of(call.session.person)
    return Answer({"items": [{**_shown(each), "this": each.digest == call.session.digest} for each in own]})


def _shown(session: Any) -> dict[str, Any]:
    names = ("handle", "device", "method", "organisation", "made_ms", "seen_ms", "ends_ms")
    return {name: getattr(session, name) for name in names}


def _end(office: Office, call: Call) -> Answer | Refusal:
    return sessions.end(office, call.session, call.path["handle"]) or Answer({"ended": True})


def _end_all(office: Office, call: Call) -> Answer | Refusal:
    count = sessions.end_everywhere(office, call.session.person, actor=call.actor)
    return Answer({"ended": count}, headers=(drop_cookie(COOKIE),))


def _factors(office: Office, call: Call) -> Answer | Refusal:
    own = factors.listed(office, call.session)
    names = ("number", "label", "made_ms", "used_ms")
    items = [{"factor": each.factor.value, **{name: getattr(each, name) for name in names}} for each in own]
    return Answer({"items": items})


def _new_options(office: Office, call: Call) -> Answer | Refusal:
    found = passkeys.ask_new(office, call.session)
    return found if isinstance(found, Refusal) else Answer({"step": found.secret, "options": json.loads(found.options)})


def _add(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    refusal = passkeys.add(office, call.session, secret=body.step, response=json.dumps(body.response), label=body.label)
    return refusal or Answer({"added": True})


def _phone_options(office: Office, call: Call) -> Answer | Refusal:
    found = factors.ask_phone(office, call.session)
    if isinstance(found, Refusal):
        return found
    return Answer({"step": found.step, "totp": {"secret": found.totp, "address": found.address}})


def _phone(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    refusal = factors.add_phone(office, call.session, step=body.step, code=body.code, label=body.label)
    return refusal or Answer({"added": True})


def _remove(office: Office, call: Call) -> Answer | Refusal:
    sent = call.path["number"]
    number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= _NUMBER_MAX else 0
    return factors.remove(office, call.session, number) or Answer({"removed": True})


def _renew(office: Office, call: Call) -> Answer | Refusal:
    found = factors.renew_recovery_codes(office, call.session)
    return found if isinstance(found, Refusal) else Answer({"recovery_codes": list(found)})


def _password(office: Office, call: Call) -> Answer | Refusal:
    body = call.body
    refusal = factors.change_password(office, call.session, former=body.former, password=body.password)
    return refusal or Answer({"changed": True})
