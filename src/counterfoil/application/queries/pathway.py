"""Where an activity belongs, as data for screens and programs: pathways with their reasons, and what is still asked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from counterfoil.application.queries.law import View, ruling_view, text_view
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.facts import FactValue
from counterfoil.domain.policy.kinds.pathway import PathwayRule
from counterfoil.domain.policy.kinds.suitability import SuitabilityRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import doubtful
from counterfoil.domain.policy.routing import Placement, Question, Standing, route
from counterfoil.domain.policy.ruling import Ruling


def pathway_view(book: Law, law: Law, answers: Mapping[str, FactValue], on: date) -> View:
    """Every pathway, best first, with each rule that answered; then the questions that are left.

    Args:
        book: The rulebook of pathways.
        law: The law of the country in which the activity is.
    """
    routing = route(book, law, answers, on)
    return {
        "jurisdiction": law.jurisdiction or None,
        "title": text_view(law.title),
        "on": on.isoformat(),
        "packs": [{"id": each.pack, "version": each.version} for each in (book, law)],
        "answers": {name: _shown(value) for name, value in answers.items()},
        "pathways": [_placement_view(each, book, law, on) for each in routing.placements],
        "questions": [_question_view(each) for each in routing.questions],
    }


def _shown(value: FactValue) -> bool | int | str | list[str]:
    if isinstance(value, bool | int | str):
        return value
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _placement_view(placement: Placement, book: Law, law: Law, on: date) -> View:
    rule: PathwayRule = placement.pathway.content
    return {
        "pathway": placement.code,
        "label": text_view(placement.pathway.basis.label),
        "standing": placement.standing.value,
        "weight": placement.weight,
        "parts": list(rule.parts),
        "warning": text_view(rule.warns) if rule.warns is not None else None,
        "missing": sorted({name for each in placement.rulings for name in _missing(each, placement)}),
        "doubtful": doubtful(placement.rulings),
        "reasons": [_reason_view(each, book, law, on) for each in placement.rulings],
    }


def _missing(ruling: Ruling, placement: Placement) -> tuple[str, ...]:
    """What a ruling waits for; nothing of a pathway that is closed anyway, and nothing that decides only the order."""
    waits = placement.standing is Standing.NEEDS and ruling.refusal is not None
    return ruling.missing if waits else ()


def _reason_view(ruling: Ruling, book: Law, law: Law, on: date) -> View:
    """One ruling with the title of its source, and what would change it."""
    own = ruling.basis[0].pack == book.pack
    change = _otherwise(ruling, book, on) if own else None
    found: dict[str, Any] = {**ruling_view(ruling, book if own else law)}
    found["otherwise"] = text_view(change) if change is not None else None
    return found


def _otherwise(ruling: Ruling, book: Law, on: date) -> Text | None:
    rule = book.rules.get(ruling.basis[0].name)
    clause = rule.on(on) if rule is not None else None
    if clause is None or not isinstance(clause.content, SuitabilityRule):
        return None
    return clause.content.otherwise


def _question_view(question: Question) -> View:
    return {
        "name": question.fact.name,
        "type": question.fact.type.value,
        "label": text_view(question.fact.label),
        "choices": list(question.choices),
        "pathways": list(question.pathways),
        "decides": "order" if question.order_only else "standing",
    }
