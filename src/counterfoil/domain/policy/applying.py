"""Which rules of a kind concern an act: by the day, by the act, and by their conditions on facts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause, figures_of
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, asks

Decide = Callable[[Sequence[Clause], Asked, Law, date], Iterator[Ruling]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule: the fields that a pack fills in, the acts that it may concern, and how it decides.

    `decide` also runs without any rule, because some kinds refuse what no rule provides for.
    """

    name: str
    content: type
    acts: frozenset[Act]
    decide: Decide
    acts_required: bool = False
    """Whether every rule of the kind must name its acts itself."""
    acts_of: Callable[[Any], frozenset[Act]] | None = None
    """The acts that follow from a rule's content, where the rule names none."""


def applying(law: Law, kind: str, asked: Asked, on: date) -> tuple[list[Clause], list[Ruling]]:
    """The rules of a kind that concern the act, and a question for each whose condition cannot be judged."""
    clauses: list[Clause] = []
    questions: list[Ruling] = []
    for clause in law.in_force(kind, on):
        if clause.acts and asked.act not in clause.acts:
            continue
        missing = asked.missing(*(condition.fact for condition in clause.when))
        failed = any(not condition.met(asked) for condition in clause.when if condition.fact in asked.facts)
        if failed:
            continue
        if missing:
            questions.append(asks(kind, clause.basis, missing))
        else:
            clauses.append(clause)
    return clauses, questions


def unknown_of(clause: Clause) -> str:
    """The first value that the clause names and the pack does not know on the day; empty where all are known."""
    return next((figure.named for figure in figures_of(clause.content) if figure.quantity is None), "")
