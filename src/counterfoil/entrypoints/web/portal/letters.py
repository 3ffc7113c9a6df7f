"""The page behind the QR code of a letter: what the journal says to its claim. It does not see the paper."""

from typing import Any, Final

from counterfoil.application.queries.show import registry_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.letters.claim import SCHEME, Claim, read_claim
from counterfoil.entrypoints.letters.standing import Says, standing
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal import letter_check
from counterfoil.entrypoints.web.visit import Visit

LETTER: Final = "/letter"
"""The address that stands before the claim when the operator names this server as the page that checks."""
_LANGUAGES: Final = tuple(f"&lang={language}" for language in LANGUAGES)
_TONES: Final = {Says.STANDS: "good", Says.CHANGED: "warn"}


def rows() -> tuple[PageRow, ...]:
    return (PageRow(LETTER, reading(_letter)), *letter_check.rows())


def _letter(sight: Sight, visit: Visit) -> Reply | Refusal:
    """The claim is the query, as the code has it; `&lang=` may follow. A registry not yet founded has no letters."""
    claim = _claim(visit)
    founded = sight.record("registry", "self") is not None
    registry = registry_view(sight) if founded else {}
    facts: dict[str, Any] = {"registry": registry.get("name", ""), "claim": claim, "found": None}
    if claim is None or not founded:
        return Shown("portal/letter.html", facts, status=400)
    found = standing(sight, claim)
    facts |= {
        "found": found,
        "says": found.says.value,
        "tone": _TONES.get(found.says, "bad"),
        "told": found.says not in (Says.NOT_OURS, Says.DIFFERS),
    }
    return Shown("portal/letter.html", facts)


def _claim(visit: Visit) -> Claim | None:
    query = visit.request.scope["query_string"].decode("latin-1")
    for ending in _LANGUAGES:
        query = query.removesuffix(ending)
    return read_claim(f"{SCHEME}?{query}")
