"""Places an activity in pathways: which are open, which are closed and by which rule, and what is still to be asked.

Two laws answer: the rulebook of pathways, and the law of the country. A question is asked only while its answer can
still change the outcome.

Source: Paris Agreement, arts. 6.2, 6.4 and 6.8; 2/CMA.3 annex; 4/CMA.3 annex.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.applying import applying
from counterfoil.domain.policy.asked import Act, Asked, asked_from, fact_value
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.day_law import day_law
from counterfoil.domain.policy.facts import FACTS, Fact, FactType, FactValue
from counterfoil.domain.policy.kinds.pathway import PATHWAY_FACT, PathwayRule
from counterfoil.domain.policy.kinds.suitability import weight
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome, Ruling, refused, verdict

BOOK: Final = "pathways"
"""The id of the rulebook of pathways."""
ANSWERS_MAX: Final = 200


class RoutingFault(StrEnum):
    CHOICE_UNKNOWN = "policy.pathway.choice_unknown"
    NOT_PROVIDED = "policy.pathway.not_provided"
    TOO_MANY_ANSWERS = "policy.pathway.too_many_answers"


class Standing(StrEnum):
    """Where a pathway stands, best first."""

    OPEN = "open"
    NEEDS = "needs"
    """Nothing refuses it yet, and something is still to be answered."""
    CLOSED = "closed"


_BY_OUTCOME: Final = {
    Outcome.ALLOWED: Standing.OPEN,
    Outcome.ASKS: Standing.NEEDS,
    Outcome.REFUSED: Standing.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Placement:
    """One pathway: where it stands and why. `weight`: how much speaks for it, for the order alone."""

    pathway: Clause
    standing: Standing
    weight: int
    rulings: tuple[Ruling, ...]

    @property
    def code(self) -> str:
        rule: PathwayRule = self.pathway.content
        return rule.code


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that is still to be answered. `pathways` hang on it; or it decides nothing but their order.

    `choices`: the words that it may be; empty where any will do.
    """

    fact: Fact
    pathways: tuple[str, ...]
    order_only: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routing:
    """The pathways, best first, and what is still to be asked, in the order of the rulebook."""

    placements: tuple[Placement, ...]
    questions: tuple[Question, ...]


def answers_from(book: Law, law: Law, raw: Mapping[str, Any], on: date) -> Mapping[str, FactValue] | Refusal:
    """Answers from words, as a command line or a file writes them.

    Returns:
        The answers, or the refusal `policy.fact_unknown`, `policy.fact_unreadable`, `policy.pathway.choice_unknown`
        or `policy.pathway.too_many_answers`.
    """
    if len(raw) > ANSWERS_MAX:
        return Refusal(RoutingFault.TOO_MANY_ANSWERS, {"answers": len(raw), "answers_max": ANSWERS_MAX})
    asked = asked_from(Act.PLACE, raw, {**law.facts, **book.facts})
    if isinstance(asked, Refusal):
        return asked
    for name, words in choices(book, on).items():
        if not asked.words(name) <= set(words):
            shown = ", ".join(sorted(asked.words(name)))
            return Refusal(RoutingFault.CHOICE_UNKNOWN, {"fact": name, "value": shown, "known": ", ".join(words)})
    return asked.facts


def choices(book: Law, on: date) -> Mapping[str, tuple[str, ...]]:
    """The words that each question of the rulebook knows, by the rules that hang on them."""
    found: dict[str, set[str]] = {}
    for clause in book.in_force("suitability", on):
        for fact, words in clause.content.one_of.items():
            found.setdefault(fact, set()).update(words)
        for condition in clause.when:
            found.setdefault(condition.fact, set()).update(str(word) for word in condition.one_of)
    known = {**FACTS, **book.facts}
    found.pop(PATHWAY_FACT, None)
    return {name: tuple(sorted(words)) for name, words in found.items() if known[name].type is FactType.WORD}


def route(book: Law, law: Law, answers: Mapping[str, FactValue], on: date) -> Routing:
    """Every pathway of the rulebook for an activity in a country, as far as it is known on a day.

    Open pathways stand before those that need an answer, and closed ones last; among equals, more weight first.
    """
    pathways = {clause.content.code: clause for clause in book.in_force("pathway", on)}
    ground = _Ground(day_law(book, on), day_law(law, on), on, pathways)
    found = [_placement(clause, ground, answers) for clause in ground.pathways.values()]
    rank = list(Standing)
    placements = tuple(sorted(found, key=lambda each: (rank.index(each.standing), -each.weight)))
    return Routing(placements, tuple(_questions(placements, ground)))


@dataclass(frozen=True, slots=True)
class _Ground:
    """What decides: the rulebook and its pathways by their codes, the law of the country, and the day."""

    book: Law
    law: Law
    on: date
    pathways: Mapping[str, Clause]


def _placement(clause: Clause, ground: _Ground, answers: Mapping[str, FactValue]) -> Placement:
    rule: PathwayRule = clause.content
    rulings = _own(rule, ground, answers)
    for code, held in rule.parts.items():
        rulings += _own(ground.pathways[code].content, ground, {**answers, **of_part(held, ground.book)})
    return Placement(clause, _BY_OUTCOME[verdict(rulings)], _weight(rule.code, ground, answers), tuple(_once(rulings)))


def of_part(held: Mapping[str, str], book: Law) -> Mapping[str, FactValue]:
    """The answers that hold of one part of a mix, each of its own type."""
    known = {**FACTS, **book.facts}
    values = {name: fact_value(known[name].type, word) for name, word in held.items()}
    return {name: value for name, value in values.items() if value is not None}


def _own(rule: PathwayRule, ground: _Ground, answers: Mapping[str, FactValue]) -> list[Ruling]:
    """What the rulebook and the law of the country say of one pathway by itself."""
    law, on = ground.law, ground.on
    rulings = list(permits(ground.book, Asked(Act.PLACE, {**answers, PATHWAY_FACT: rule.code}), on))
    for kind in rule.provides:
        if next(law.in_force(kind, on), None) is None:
            facts: dict[str, JSON] = {"pathway": rule.code, "kind": kind}
            rulings.append(refused("pathway", law.silence(on), RoutingFault.NOT_PROVIDED, facts))
    known = {name: value for name, value in answers.items() if name not in rule.without}
    for act, kinds in rule.asks.items():
        said = permits(law, Asked(Act(act), known), on)
        rulings += [ruling for ruling in said if ruling.kind in kinds and not _idle(ruling, rule)]
    return rulings


def _idle(ruling: Ruling, rule: PathwayRule) -> bool:
    """A question that hangs on a fact which the pathway does not have."""
    return ruling.outcome is Outcome.ASKS and bool(set(ruling.missing) & set(rule.without))


def _weight(code: str, ground: _Ground, answers: Mapping[str, FactValue]) -> int:
    asked = Asked(Act.PLACE, {**answers, PATHWAY_FACT: code})
    clauses, _ = applying(ground.book, "suitability", asked, ground.on)
    return sum(weight(clause, asked) for clause in clauses)


def _once(rulings: Iterable[Ruling]) -> Iterator[Ruling]:
    """Each ruling once: the parts of a mix often meet the same rule."""
    seen: set[tuple[Any, ...]] = set()
    for ruling in rulings:
        mark = (ruling.outcome, ruling.basis, ruling.missing, ruling.notes)
        if mark not in seen:
            seen.add(mark)
            yield ruling


def _questions(placements: tuple[Placement, ...], ground: _Ground) -> Iterator[Question]:
    """What the pathways that are not closed still ask. Order alone is asked about while two of them are left."""
    left = [each for each in placements if each.standing is not Standing.CLOSED]
    deciding, leaning = _lacked(left, Outcome.ASKS), _lacked(left, Outcome.NOTED) if len(left) > 1 else {}
    words = choices(ground.book, ground.on)
    for name, fact in {**ground.book.facts, **FACTS, **ground.law.facts}.items():
        pathways = tuple(deciding.get(name) or leaning.get(name) or ())
        if pathways:
            yield Question(fact, pathways, order_only=name not in deciding, choices=words.get(name, ()))


def _lacked(placements: Iterable[Placement], outcome: Outcome) -> Mapping[str, Mapping[str, None]]:
    """The facts that rulings of an outcome lack, each with the codes of its pathways in their order."""
    found: dict[str, dict[str, None]] = {}
    for placement in placements:
        for ruling in placement.rulings:
            for name in ruling.missing if ruling.outcome is outcome else ():
                found.setdefault(name, {})[placement.code] = None
    return found
