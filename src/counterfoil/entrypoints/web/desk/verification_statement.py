"""A verification statement that anybody may read, save and check: as PDF, and as a credential that software checks.

The credential is signed by the registry and rests on the entry of the verification; `letter check` draws it up again
and compares. Read before: `entrypoints/letters/credential.py`. Source: ADR-0025.
"""

import os
from typing import Any, Final

from counterfoil.application.queries.letters import LetterFault, LetterKind, VerificationSaid, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import VERIFICATION, quantity_of
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.letters.claim import ADDRESS, usable_base
from counterfoil.entrypoints.letters.credential_file import credential_of
from counterfoil.entrypoints.letters.letter_paper import document_number
from counterfoil.entrypoints.letters.verification_words import difference_of, percent
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/verifications/{key:path}"
BYTES_MAX: Final = 32 * 1024 * 1024


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow(f"{PATH}/statement.vc.json", _credential),
        PageRow(f"{PATH}/statement.{{language}}.pdf", _pdf),
        PageRow(PATH, reading(_statement)),
    )


def _statement(sight: Sight, visit: Visit) -> Reply | Refusal:
    """What was stated, with what was issued of it since; one that no checkpoint covers yet has no files."""
    key = visit.path["key"]
    found = letter(sight, LetterKind.VERIFICATION, key)
    if isinstance(found, Refusal) and found.code != LetterFault.NOT_SEALED:
        return found
    value = sight.record(VERIFICATION, key)
    sealed = None if isinstance(found, Refusal) else found
    facts: dict[str, Any] = {"key": key, "value": value, "sealed": sealed, "issued": _issued(value)}
    facts |= {"percent": percent, "languages": LANGUAGES}
    if sealed is not None:
        said: VerificationSaid = sealed.said
        facts |= {
            "said": said,
            "rows": [
                (each.vintage, each.quantity, quantity_of(said.verification.verified, each.vintage))
                for each in said.monitoring.monitored
            ],
            "difference": difference_of(said),
            "number_of": document_number(sealed),
        }
    return Shown("desk/verification/statement.html", facts)


def _issued(value: Any) -> dict[int, int]:
    return {each["vintage"]: each["quantity"] for each in value.get("issued") or ()}


async def _credential(visit: Visit) -> Reply | Refusal:
    """The statement as a W3C credential with the registry's proof."""
    base = os.environ.get(ADDRESS, "")
    unusable = usable_base(base)
    if unusable is not None:
        return unusable
    folder, key = visit.ground.room.folder, visit.path["key"]

    def drawn(sight: Sight) -> bytes | Refusal:
        found = letter(sight, LetterKind.VERIFICATION, key)
        return found if isinstance(found, Refusal) else credential_of(found, sight, folder=folder, base=base)

    data = await visit.ask(drawn)
    if isinstance(data, Refusal):
        return data
    return Sent(data, "application/json", f"{key}.vc.json".replace("/", "-"))


async def _pdf(visit: Visit) -> Reply | Refusal:
    """The statement as PDF, drawn up by the press."""
    language, key = visit.path["language"], visit.path["key"]
    if language not in LANGUAGES:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    known = await visit.ask(lambda sight: letter(sight, LetterKind.VERIFICATION, key))
    if isinstance(known, Refusal):
        return known
    facts = {"of": key, "language": language, "kind": LetterKind.VERIFICATION.value}
    file = await visit.ground.press.made(Order(Product.LETTER, facts))
    if isinstance(file, Refusal):
        return file
    with file:
        file.seek(0)
        body = file.read(BYTES_MAX)
    return Sent(body, "application/pdf", f"{key}.{language}.pdf".replace("/", "-"))
