"""Answer one element of a report from its draft: what is asked stands beside the form, and what was said stands in it.

Source: 2/CMA.3 annex paras. 18-19, 21-22; rulebook 4.2-4.3.
"""

from functools import partial
from typing import Any, Final

from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.element import Answer, Element, Need
from counterfoil.domain.reporting.narrative.outline import BY_KEY
from counterfoil.domain.reporting.narrative.statement import STATEMENT, statement_key
from counterfoil.entrypoints.reports.words import Words
from counterfoil.entrypoints.web.desk.report_asked import DRAFTS, ReportAsked, about, report_asked
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.page import PageRow, Reply
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/" + "/".join(DRAFTS) + "/{kind}/{year}/answers/{element}"
ACT: Final = "RecordStatement"
_FIELDS: Final = {
    Answer.ATTESTATION: ("attested",),
    Answer.TEXT: ("text",),
    Answer.NUMBERS: ("numbers",),
    Answer.YEARS: ("years", "unit"),
    Answer.PERIOD: ("first", "last"),
    Answer.MONEY: ("money",),
    Answer.DOCUMENT: ("documents",),
}
_ORDER: Final = ("attested", "text", "first", "last", "years", "unit", "numbers", "money", "documents")
_KEPT_BACK: Final = ("confidential_basis", "confidential")
_CONTENT: Final = (*_ORDER, "full_text", "not_applicable")


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, partial(_step, "get"), partial(_step, "post"), resumes=True),)


async def _step(method: str, visit: Visit) -> Reply | Refusal:
    asked, element = report_asked(visit), BY_KEY.get(visit.path["element"])
    if isinstance(asked, Refusal):
        return asked
    if element is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "element", "key": visit.path["element"][:40]})
    flow = _flow(asked, element, visit.query.get("approach", "")[:20] if element.per_approach else "")
    return await flow.get(visit) if method == "get" else await flow.post(visit)


def fields_of(element: Element) -> tuple[str, ...]:
    """The fields that an answer to the element may have, in the order of the form.

    >>> fields_of(BY_KEY["IV.C"])
    ('text', 'first', 'last', 'documents', 'confidential_basis', 'confidential')
    """
    asked = {name for answer in element.asks for name in _FIELDS[answer]} | {"text", "documents"}
    outs = ("not_applicable",) if element.need is Need.IF_APPLICABLE and not element.compulsory else ()
    return (*(name for name in _ORDER if name in asked), *outs, *_KEPT_BACK)


def _flow(asked: ReportAsked, element: Element, approach: str) -> Flow:
    return Flow(
        ACT,
        path=PATH,
        title="web.report_answer.title",
        lead="web.report_answer.lead",
        shown=fields_of(element),
        fixed=lambda _sight, _visit: {"element": element.key, "approach": approach},
        begin=lambda sight, _visit: _said(sight, element, approach),
        template="desk/reports/answer.html",
        facts=partial(_facts, asked, element, approach),
    )


def _said(sight: Sight, element: Element, approach: str) -> dict[str, Any]:
    """The answer as it stands, so that only what changed is typed. What is confidential is not here to be shown."""
    known = sight.record(STATEMENT, statement_key(sight.registry.party, approach, element.key))
    return {} if known is None else {name: known[name] for name in _CONTENT if name in known}


def _facts(asked: ReportAsked, element: Element, approach: str, sight: Sight, visit: Visit) -> dict[str, Any]:
    words = Words(visit.texts)
    known = sight.record(STATEMENT, statement_key(sight.registry.party, approach, element.key))
    return {
        # Shown by the template in words of their own.
        "fixed": (),
        "element": element,
        "approach": approach,
        "element_title": words.title(element.key),
        "asks": words.asks(element.key),
        "known": known,
        "asked": asked,
        "about": about(visit, asked),
    }
