"""Asking for an issuance, and deciding it: what was verified and what is left stand beside the form, and what it makes.

A developer asks for what is left; the administrator issues on the request, or on the verification alone, and sees into
which accounts the units and the shares of the law would go. Nothing is done before the look and the signature of
`forms/flow.py`. Source: 6/CMA.4 annex I para. 4; 2/CMA.3 annex paras. 37-40 (shares).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.application.preview import Preview
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.issuance_request import ISSUANCE_REQUEST, RequestState
from counterfoil.domain.mrv.verification import VERIFICATION
from counterfoil.entrypoints.web.desk.issuance_room import letter_room, own_letter, vintages_of
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.form import Form
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.forms.reading import read, typed_of
from counterfoil.entrypoints.web.forms.shape import shape
from counterfoil.entrypoints.web.forms.signing import command_from, look
from counterfoil.entrypoints.web.page import PageRow, Reply
from counterfoil.entrypoints.web.visit import Visit

ASK: Final = "/desk/issuance/ask"
DECIDE: Final = "/desk/issuance/new"
PREVIEW: Final = "preview"
NUMBERS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form, and what the books say to it."""

    value: Mapping[str, Any]
    answer: Preview | Refusal | Outage | None = None


def rows() -> tuple[PageRow, ...]:
    return tuple(
        PageRow(path, partial(_get, command, path), partial(_post, command, path), resumes=True)
        for command, path in (("RequestIssuance", ASK), ("Issue", DECIDE))
    )


async def _get(command: str, path: str, visit: Visit) -> Reply | Refusal:
    missing = await visit.ask(lambda sight: _missing(sight, visit))
    return missing or await _flow(command, path, None).get(visit)


async def _post(command: str, path: str, visit: Visit) -> Reply | Refusal:
    previewing = visit.form.get("step") == PREVIEW
    draft = await _drafted(command, visit, ask=previewing)
    if previewing:
        visit.form = Form((*visit.form.fields, ("step", "edit")), visit.form.files)
    return await _flow(command, path, draft).post(visit)


def _missing(sight: Sight, visit: Visit) -> Refusal | None:
    key = _verification(sight, visit)
    return None if sight.record(VERIFICATION, key) else Refusal(ShowFault.NOT_FOUND, {"what": VERIFICATION, "key": key})


def _request(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The request that the address names, while it waits."""
    value: Mapping[str, Any] = sight.record(ISSUANCE_REQUEST, visit.query.get("request", "")) or {}
    return value if value.get("state") == RequestState.OPEN else {}


def _verification(sight: Sight, visit: Visit) -> str:
    return str(_request(sight, visit).get("verification") or visit.query.get("verification", ""))[:120]


def _flow(command: str, path: str, draft: Draft | None) -> Flow:
    asks = command == "RequestIssuance"
    word = "ask" if asks else "decide"
    own = ("request", "vintage", "quantity", "account", "authorization", "note")
    return Flow(
        command,
        path=path,
        title=f"web.desk_issuance.{word}_title",
        lead=f"web.desk_issuance.{word}_lead",
        first=own if asks else ("vintage", "quantity", "account", "authorization", "unit_type"),
        fixed=partial(_fixed, command),
        begin=partial(_begun, command),
        template="desk/issuance/issue.html",
        facts=partial(_panel, command, draft),
    )


def _fixed(command: str, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The verification and its activity; a request also fixes the vintage and the account that it asks for."""
    key, request = _verification(sight, visit), _request(sight, visit)
    value = sight.record(VERIFICATION, key) or {}
    said: dict[str, Any] = {"verification": key, "activity": str(value.get("activity") or "")}
    if command == "Issue" and request:
        said |= {"request": request["id"], "vintage": request["vintage"], "account": request["account"]}
    return said


def _begun(command: str, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """What was asked for; without a request, what is left of the vintage that the address names, or of the first."""
    key, request = _verification(sight, visit), _request(sight, visit)
    if command == "Issue" and request:
        return {name: request[name] for name in ("quantity", "authorization") if request[name]}
    activity = str((sight.record(VERIFICATION, key) or {}).get("activity") or "")
    years = [each for each in vintages_of(sight, key) if each.unasked]
    wanted = visit.query.get("vintage", "")
    chosen = next((each for each in years if str(each.vintage) == wanted), years[0] if years else None)
    said: dict[str, Any] = {"authorization": own_letter(sight, activity)}
    if chosen is not None:
        said |= {"vintage": chosen.vintage, "quantity": chosen.unasked}
    if command == "RequestIssuance":
        said |= {"request": _free_name(sight, key), "account": _own_account(sight, visit)}
    return {name: value for name, value in said.items() if value}


def _own_account(sight: Sight, visit: Visit) -> str:
    # Imported here: the desk of units knows the pages of this desk by their links only.
    from counterfoil.entrypoints.web.desk.unit_desk import own_accounts

    body = own_body(visit, "RequestIssuance")
    return next((key for key, _ in own_accounts(sight, body)), "") if body else ""


def _free_name(sight: Sight, verification: str) -> str:
    names = (f"{verification}-R{number}" for number in range(1, NUMBERS_MAX))
    return next((name for name in names if sight.record(ISSUANCE_REQUEST, name) is None), "")


async def _drafted(command: str, visit: Visit, *, ask: bool) -> Draft:
    found = read(shape(command), typed_of(visit.form.fields))
    if not ask:
        return Draft(found.value)
    fixed = await visit.ask(lambda sight: _fixed(command, sight, visit))
    made = command_from(visit, command, {**found.value, **fixed})
    if isinstance(made, Refusal):
        return Draft(found.value, made)
    try:
        answer = await look(visit, made)
    except Outage as outage:
        return Draft(found.value, outage)
    return Draft(found.value, answer if isinstance(answer, Preview | Refusal) else None)


def _panel(command: str, draft: Draft | None, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    said = {**(_begun(command, sight, visit) if draft is None else draft.value), **_fixed(command, sight, visit)}
    answer = None if draft is None else draft.answer
    request = _request(sight, visit)
    vintage = said.get("vintage")
    return {
        # Shown by the template in words of their own.
        "fixed": (),
        "asks": command == "RequestIssuance",
        "verification": said["verification"],
        "activity": said["activity"],
        "request": request,
        "vintages": vintages_of(sight, said["verification"], without=str(request.get("id") or "")),
        "letter": letter_room(sight, str(said.get("authorization") or "")),
        "chosen": vintage if isinstance(vintage, int) else None,
        "quantity": said.get("quantity"),
        "account": said.get("account"),
        "parts": _parts(answer),
        "refused": answer if isinstance(answer, Refusal | Outage) else None,
        "answered": answer is not None,
        "demand": answer.demand if isinstance(answer, Preview) else None,
        "preview_step": PREVIEW,
    }


def _parts(answer: Any) -> list[tuple[str, int]]:
    """The accounts in which units would be born, with how many: the law's shares stand beside the rest."""
    if not isinstance(answer, Preview):
        return []
    found: dict[str, int] = {}
    for each in answer.changes["units"]:
        found[each["target"]] = found.get(each["target"], 0) + each["quantity"]
    return list(found.items())
