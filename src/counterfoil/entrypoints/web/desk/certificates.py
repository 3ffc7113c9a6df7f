"""The certificate of units that ended: what the journal says, what may be said of them, and a code that proves it.

The code holds the claim of the letter (`letters/claim.py`): whoever scans it is told by the register itself whether it
stands. Source: requirements R-INT-06, R-INT-15.
"""

import os
from typing import TYPE_CHECKING, Any, Final

from counterfoil.application.queries.claims import claim_statement
from counterfoil.application.queries.letters import LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.letters.certificate_words import units_sections
from counterfoil.entrypoints.letters.claim import ADDRESS, Claim, claim_of, usable_base
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import Words
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

if TYPE_CHECKING:
    from markupsafe import Markup

PATH: Final = "/desk/units/certificates"
MODULE: Final = 3
"""Pixels of one module of the code."""
BYTES_MAX: Final = 32 * 1024 * 1024


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow(f"{PATH}/{{seq}}", reading(_certificate)),
        PageRow(f"{PATH}/{{seq}}/{{language}}.pdf", _file),
    )


def _certificate(sight: Sight, visit: Visit) -> Reply | Refusal:
    found = claim_statement(sight, visit.path["seq"])
    if isinstance(found, Refusal):
        return found
    speech = Speech([Words(visit.texts)])
    claim = claim_of(found.letter, languages=speech.languages, era=Era.COMMON.value, base=_base(visit))
    facts: dict[str, Any] = {
        "seq": found.letter.ground.entry,
        "on": found.letter.ground.on,
        "quantity": found.said.quantity,
        "status": found.claims.status.value,
        "may": [each.value for each in found.claims.may],
        "may_not": [each.value for each in found.claims.may_not],
        "value_t": found.claims.compliance_value_t,
        "sections": units_sections(found.said, speech, kind=found.letter.kind),
        "code": _picture(claim),
        "check": f"{visit.url('letter')}?{claim.text.partition('?')[2]}",
        "surrender": (found.said.details.get("compliance") or {}).get("surrender", ""),
    }
    return Shown("desk/units/certificate.html", facts)


def _base(visit: Visit) -> str:
    """The page that checks: the one that the operator names, else this server as the visitor reaches it."""
    named = os.environ.get(ADDRESS, "")
    url = visit.request.url
    base = named or f"{url.scheme}://{url.netloc}/letter"
    return base if usable_base(base) is None else ""


def _picture(claim: Claim) -> "Markup":
    """What a phone's camera reads: dark on light in any look of the page."""
    import segno
    from markupsafe import Markup

    made = segno.make(claim.text, error="m", micro=False)
    return Markup(made.svg_inline(scale=MODULE, border=4, light="#fff", svgclass="qr", lineclass=None))  # noqa: S704


async def _file(visit: Visit) -> Reply | Refusal:
    """The certificate as PDF, drawn up by the press."""
    language = visit.path["language"] if visit.path["language"] in LANGUAGES else visit.language
    of = visit.path["seq"][:20]
    known = await visit.ask(lambda sight: letter(sight, LetterKind.RETIREMENT, of))
    if isinstance(known, Refusal):
        return known
    facts = {"of": of, "language": language, "kind": LetterKind.RETIREMENT.value}
    file = await visit.ground.press.made(Order(Product.LETTER, facts))
    if isinstance(file, Refusal):
        return file
    with file:
        file.seek(0)
        body = file.read(BYTES_MAX)
    return Sent(body, "application/pdf", f"certificate-{of}.{language}.pdf")
