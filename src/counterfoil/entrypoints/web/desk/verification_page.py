"""Verifying a monitoring report: what was monitored stands beside what is verified, with the difference and the checks.

The panel is computed from what stands in the form; nothing is done before the look and the signature of
`forms/flow.py`. Read before: `domain/mrv/materiality.py`. Source: 2/CMA.3 annex para. 1(a).
"""

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.application.preview import Preview
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import MONITORING, VERIFICATION, VERIFIED
from counterfoil.entrypoints.letters.verification_words import percent
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.desk.verification_checks import Sheet, checks, may_look, sheet_of
from counterfoil.entrypoints.web.form import Form
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.forms.reading import read, typed_of
from counterfoil.entrypoints.web.forms.shape import shape
from counterfoil.entrypoints.web.forms.signing import command_from, look
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Sent
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/verification/of/{key:path}"
EVIDENCE: Final = "/desk/verification/evidence/{digest}"
COMMAND: Final = "Verify"
PREVIEW: Final = "preview"


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form, and what the books say to it: a preview, a refusal, or nothing asked yet."""

    value: Mapping[str, Any]
    answer: Preview | Refusal | Outage | None = None


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow(EVIDENCE, _evidence),
        PageRow(PATH, _get, _post, resumes=True),
    )


async def _get(visit: Visit) -> Reply | Refusal:
    known = await visit.ask(lambda sight: _known(sight, visit))
    return known or await _flow(None).get(visit)


async def _post(visit: Visit) -> Reply | Refusal:
    """The steps of every act, and one more: the panel anew, without doing anything."""
    previewing = visit.form.get("step") == PREVIEW
    draft = await _drafted(visit, ask=previewing)
    if previewing:
        # The form comes back as it was sent, and the panel beside it is new.
        visit.form = Form((*visit.form.fields, ("step", "edit")), visit.form.files)
    return await _flow(draft).post(visit)


def _known(sight: Sight, visit: Visit) -> Reply | Refusal | None:
    """A report that is there and waits; one that is verified leads to its statement."""
    key = visit.path["key"]
    if sight.record(MONITORING, key) is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": MONITORING, "key": key[:120]})
    done = sight.record(VERIFIED, key)
    return None if done is None else Gone(visit.url("verifications", done))


def _flow(draft: Draft | None) -> Flow:
    return Flow(
        COMMAND,
        path=PATH,
        title="web.desk_verification.verify_title",
        lead="web.desk_verification.verify_lead",
        first=("verification", "verifier", "verified", "statement"),
        fixed=_fixed,
        begin=_begun,
        after=_after,
        template="desk/verification/verify.html",
        facts=partial(_panel, draft),
    )


def _fixed(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The report; and the verifier, where somebody verifies for the own body only."""
    body = own_body(visit, COMMAND)
    return {"monitoring": visit.path["key"], **({} if body is None else {"verifier": body})}


def _begun(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """A free name, and what was monitored, from which a verifier takes off what was not found."""
    key = visit.path["key"]
    value = sight.record(MONITORING, key) or {"monitored": []}
    name = f"{key}-V"
    taken = sight.record(VERIFICATION, name) is not None
    return {"verification": "" if taken else name, "verified": list(value["monitored"])}


def _after(visit: Visit, receipt: Receipt) -> str:
    return visit.url("desk", "receipts", receipt.seq, of=f"verify-{visit.path['key']}", at=visit.request.url.path)


async def _drafted(visit: Visit, *, ask: bool) -> Draft:
    fixed = await visit.ask(lambda sight: _fixed(sight, visit))
    found = read(tuple(each for each in shape(COMMAND) if each.name not in fixed), typed_of(visit.form.fields))
    if not ask or found.wrong:
        return Draft(found.value)
    command = command_from(visit, COMMAND, {**found.value, **fixed})
    if isinstance(command, Refusal):
        return Draft(found.value, command)
    try:
        answer = await look(visit, command)
    except Outage as outage:
        return Draft(found.value, outage)
    return Draft(found.value, answer if isinstance(answer, Preview | Refusal) else None)


def _panel(draft: Draft | None, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    key = visit.path["key"]
    value = sight.record(MONITORING, key) or {}
    said = _begun(sight, visit) if draft is None else draft.value
    answer = None if draft is None else draft.answer
    sheet: Sheet = sheet_of(value, said.get("verified") or ())
    body = str(_fixed(sight, visit).get("verifier") or said.get("verifier") or "")
    return {
        # Shown by the template in words of their own.
        "fixed": (),
        "key": key,
        "report": value,
        "body": body,
        "sheet": sheet,
        "checks": checks(sight, value, sheet, body, visit.today),
        "refused": answer if isinstance(answer, Refusal | Outage) else None,
        "answered": answer is not None,
        "demand": answer.demand if isinstance(answer, Preview) else None,
        "preview_step": PREVIEW,
        "percent": percent,
    }


async def _evidence(visit: Visit) -> Reply | Refusal:
    """A file that a monitoring report names, for who verifies it; any other file of the store is not told of."""
    digest, name = visit.path["digest"], visit.query.get("monitoring", "")
    body = own_body(visit, f"GET {EVIDENCE}")

    def found(sight: Sight) -> bytes | None:
        value = sight.record(MONITORING, name)
        if value is None or digest not in value["evidence"]:
            return None
        may = body is None or may_look(sight, name, value, body, visit.today)
        return sight.evidence.get(digest) if may else None

    data = await visit.ask(found)
    if data is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "evidence", "key": digest[:120]})
    # A foreign file is never shown by the browser, only saved.
    return Sent(data, "application/octet-stream", f"{digest[:16]}.bin", kept=False)
