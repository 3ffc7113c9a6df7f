"""The draft of a report other than the annual information: what is missing, where it is mended, papers, and filing.

The press tells it anew each time it is asked; nothing of it is kept. Each gap leads to the act that closes it.
Source: 2/CMA.3 annex paras. 18-19, 21-23; rulebook 4.2-4.4.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.foreign import FOREIGN_APPROACH
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.activities.activity import APPROACH
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind, is_over
from counterfoil.domain.reporting.narrative.completeness import GapKind
from counterfoil.domain.reporting.narrative.element import Fact
from counterfoil.domain.reporting.narrative.outline import BY_KEY
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.web.desk.aef_precheck import mending
from counterfoil.entrypoints.web.desk.report_asked import DRAFTS, ReportAsked, about, next_version, report_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/" + "/".join(DRAFTS) + "/{kind}/{year}"
BYTES_MAX: Final = 16 * 1024 * 1024
SHOWN: Final = 300
APPROACHES_SHOWN: Final = 200
ANSWER: Final = "RecordStatement"
OF_FACTS: Final[Mapping[Fact, tuple[str, ...]]] = {
    Fact.NDC: ("RecordNdc",),
    Fact.METHOD: ("ChooseMethod",),
    Fact.METRICS: ("RegisterActivity", ANSWER),
    Fact.LETTERS: ("CompleteAuthorization", ANSWER),
    Fact.PARTICIPANTS: ("RegisterCooperativeApproach",),
    Fact.ENTITIES: ("RegisterEntity", ANSWER),
    Fact.AUTHORIZATIONS: ("Authorize", ANSWER),
    Fact.EXPECTED: ("RegisterActivity", ANSWER),
}
"""Which act brings what the register itself should say; a fact that none names is answered by the Party."""
OF_REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    Unavailable.NDC_NOT_RECORDED: ("RecordNdc",),
    Unavailable.METHOD_NOT_CHOSEN: ("ChooseMethod",),
    Unavailable.INVENTORY_MISSING: ("RecordInventory",),
    Unavailable.OUTSIDE_SCOPE: ("RecordInventory",),
    Unavailable.GWP_DIFFERS: ("RecordInventory",),
    Unavailable.PORTION_MISSING: ("RecordNdc",),
    Unavailable.SHARED_NDC: ("RecordNdc",),
    Unavailable.PATH_MISSING: ("ChooseMethod",),
    Unavailable.TARGET_LEVEL_MISSING: ("RecordNdc",),
    Unavailable.INDICATOR_MISSING: ("RecordNdc",),
    Unavailable.CONVERSION_MISSING: ("RecordNdc",),
    "entities_missing": ("RegisterEntity",),
}
"""Which act brings what a line of the structured summary lacks. What does not add up is a mistake of the register."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap in words, with the acts that close it; of an answer, the element and approach that it is about."""

    gap: Mapping[str, Any]
    acts: tuple[str, ...]

    @property
    def query(self) -> dict[str, str]:
        return {"approach": self.gap["approach"]} if self.gap["approach"] else {}


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, shown),)


def closing(gap: Mapping[str, Any]) -> tuple[str, ...]:
    """The acts that close a gap, the likeliest first.

    >>> closing({"kind": "not_answered", "element": "IV.B", "detail": ""})
    ('RecordStatement',)
    >>> closing({"kind": "not_available", "element": "", "detail": "inventory_missing"})
    ('RecordInventory',)
    """
    if not gap["element"]:
        return OF_REASONS.get(gap["detail"] or gap["kind"], ())
    match gap["kind"]:
        case GapKind.NO_APPROACH:
            return ("RegisterCooperativeApproach",)
        case GapKind.TABLE_INCOMPLETE:
            return ()
        case GapKind.NOT_MET:
            return ("AttestParticipation", ANSWER)
        case GapKind.FACT_MISSING:
            fact = BY_KEY[gap["element"]].fact
            return (ANSWER,) if fact is None else OF_FACTS.get(fact, (ANSWER,))
        case _:
            return (ANSWER,)


async def shown(visit: Visit, refused: Refusal | Outage | None = None) -> Reply | Refusal:
    """The draft; with `refused`, why its files cannot be filed as they are."""
    asked = report_asked(visit)
    if isinstance(asked, Refusal):
        return asked
    if asked.kind is ReportKind.UPDATED_INITIAL and not asked.approach:
        return await _choice(visit, asked)
    party, version = await visit.ask(lambda sight: next_version(sight, asked))
    try:
        draft = await _draft(visit, asked, party, version)
    except Outage as outage:
        draft = outage
    over = not asked.kind.yearly or is_over(asked.kind, asked.year, visit.today)
    facts: dict[str, Any] = {"asked": asked, "about": about(visit, asked), "party": party, "version": version}
    facts |= {"over": over, "may_file": visit.may("FileReport"), "gone": "gone" in visit.query, "refused": refused}
    facts |= {"papers": _papers(visit, asked, party)}
    if isinstance(draft, Refusal | Outage):
        return Shown("desk/reports/draft.html", {**facts, "fault": draft}, status=409, kept=False)
    missing = [Missing(each, tuple(filter(visit.may, closing(each)))) for each in draft["gaps"]]
    findings = [(each, tuple(filter(visit.may, mending(each["check"])))) for each in draft["findings"]]
    facts |= {"fault": None, "draft": draft, "missing": missing[:SHOWN], "findings": findings[:SHOWN]}
    facts |= {"gaps": len(missing), "more": max(0, len(missing) - SHOWN) + max(0, len(findings) - SHOWN)}
    return Shown("desk/reports/draft.html", facts, status=200 if refused is None else 422, kept=False)


async def _draft(visit: Visit, asked: ReportAsked, party: str, version: str) -> dict[str, Any] | Refusal | Outage:
    """What is missing, as the press tells it."""
    facts = dict(asked.facts(party, version=version, on=visit.today.isoformat())) | {"language": visit.language}
    made = await visit.ground.press.made(Order(Product.DRAFT, facts))
    if isinstance(made, Refusal):
        return made
    with made:
        made.seek(0)
        data = made.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        return Refusal(HttpFault.UPLOAD_TOO_LARGE, {"mib_max": BYTES_MAX // 1024 // 1024})
    found: dict[str, Any] = json.loads(data)
    return found


def _papers(visit: Visit, asked: ReportAsked, party: str) -> list[tuple[str, str]]:
    """The draft on paper as of today, as the public API hands it out."""
    place = ("api", "v1", "reports", asked.kind.value, party, asked.year, visit.today.isoformat())
    said = {"language": visit.language, "approach": asked.approach}
    return [(form, visit.url(*place, format=form, **said)) for form in ("pdf", "docx", "xlsx")]


async def _choice(visit: Visit, asked: ReportAsked) -> Reply | Refusal:
    """An updated initial report is about one approach: which."""
    named = await visit.ask(approaches_of)
    return Shown("desk/reports/approach.html", {"asked": asked, "named": named}, kept=False)


def approaches_of(sight: Sight) -> list[tuple[str, str]]:
    """The cooperative approaches that are known here, with their titles; this registry's own record goes first."""
    found: dict[str, str] = {}
    for kind in (FOREIGN_APPROACH, APPROACH):
        found |= {key: str(value.get("title", "")) for key, value in islice(sight.records(kind), APPROACHES_SHOWN)}
    return sorted(found.items())
