"""What a country has, pilots or lacks, line by line, each with its evidence: a fold of law and books, and no opinion.

The criteria are rules of the kind `criterion`. The most direct evidence decides: a statement of the authority, then an
attestation, then records of the books, then what the pack says of the system, then the rules of the pack. What nobody
has told is not missing: it cannot be determined.

Read next: `domain/policy/kinds/criterion.py`.
Source: requirements R-GLB-14, R-TWN-08; 2/CMA.3 annex para. 4.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.policy.basis import Basis, Confidence
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.kinds.criterion import CriterionRule, Group
from counterfoil.domain.policy.kinds.party import PartyStatus
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import KINDS

EVIDENCE_MAX: Final = 3
"""So many pieces of one means stand at a line; more of them would show nothing more."""
ORDER: Final = tuple(Group)


class State(StrEnum):
    HAS = "has"
    PILOTS = "pilots"
    LACKS = "lacks"
    CANNOT_BE_DETERMINED = "cannot_be_determined"
    NOT_APPLICABLE = "not_applicable"


THERE: Final = frozenset({State.HAS, State.PILOTS})


class Means(StrEnum):
    """What evidence is, the most direct first."""

    STATEMENT = "statement"
    ATTESTATION = "attestation"
    RECORD = "record"
    ARRANGEMENT = "arrangement"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Shown:
    """A record of the books, with the entry that set it and that entry's legal day."""

    kind: str
    key: str
    value: Any
    entry: int
    on: date


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of an authority on one criterion, or an attestation (`criterion` is then its letter)."""

    criterion: str
    state: State
    shown: Shown
    document: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the books of the country's registry show on a day."""

    records: Mapping[str, tuple[Shown, ...]]
    statements: tuple[Said, ...] = ()
    attestations: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: `basis` of the pack's law, or `shown` in the books, with its document if it has one."""

    means: Means
    state: State
    on: date
    basis: Basis | None = None
    shown: Shown | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with its answer. `shadow`: what there is does not count, because the country is no Party."""

    criterion: Clause
    state: State
    evidence: tuple[Evidence, ...] = ()
    shadow: bool = False

    @property
    def name(self) -> str:
        return self.criterion.name

    @property
    def doubtful(self) -> bool:
        """Whether the answer stands on general knowledge or a placeholder."""
        return bool(self.evidence) and all(each.basis is not None and each.basis.doubtful for each in self.evidence)


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many of the criteria that one rule of the pack names the country has."""

    rule: Clause
    has: int
    of: int


def readiness(criteria: Law, law: Law | None, ground: Ground | None, on: date) -> tuple[Line, ...]:
    """Every criterion in force on a day: the groups in their order, and in each the order of the rulebook.

    Args:
        criteria: The rulebook that holds the criteria.
        law: The pack of the jurisdiction; None where there is none.
        ground: What its registry shows; None where only the pack is asked.
    """
    statuses = frozenset(clause.content.status for clause in law.in_force("party", on)) if law is not None else None
    clauses = sorted(criteria.in_force("criterion", on), key=lambda clause: ORDER.index(clause.content.group))
    return tuple(_line(clause, law, ground, statuses, on) for clause in clauses)


def counted(law: Law, lines: Iterable[Line], on: date) -> tuple[GroupCount, ...]:
    """For each rule of the pack that names several gaps, parts that were missing or piloted: how many there are now."""
    states = {line.name: line.state for line in lines}
    return tuple(
        GroupCount(clause, sum(states.get(name) is State.HAS for name in named), len(named))
        for clause in law.in_force("arrangement", on)
        if len(named := (*clause.content.lacks, *clause.content.pilots)) > 1
    )


def _line(
    clause: Clause, law: Law | None, ground: Ground | None, statuses: frozenset[PartyStatus] | None, on: date
) -> Line:
    rule: CriterionRule = clause.content
    if statuses and statuses <= set(rule.apart):
        return Line(clause, State.NOT_APPLICABLE)
    for evidence in _by_means(clause, law, ground, on):
        if evidence:
            state = evidence[0].state
            shadow = state in THERE and bool(statuses and statuses <= set(rule.shadow))
            return Line(clause, State.LACKS if shadow else state, evidence, shadow)
    shown_here = ground is not None and (rule.records or rule.attested)
    return Line(clause, State.LACKS if shown_here else State.CANNOT_BE_DETERMINED)


def _by_means(clause: Clause, law: Law | None, ground: Ground | None, on: date) -> Iterator[tuple[Evidence, ...]]:
    """The evidence of each means, in the order of their directness."""
    rule: CriterionRule = clause.content
    if ground is not None:
        yield _latest(Means.STATEMENT, clause.name, ground.statements)
        yield _latest(Means.ATTESTATION, rule.attested, ground.attestations)
        yield _recorded(rule, ground.records)
    if law is not None:
        yield _arranged(clause.name, law, on)
        yield _ruled(rule, law, on)


def _latest(means: Means, name: str, said: Sequence[Said]) -> tuple[Evidence, ...]:
    found = [each for each in said if name and each.criterion == name]
    if not found:
        return ()
    last = max(found, key=lambda each: (each.shown.on, each.shown.entry))
    return (Evidence(means, last.state, last.shown.on, shown=last.shown, document=last.document),)


def _recorded(rule: CriterionRule, records: Mapping[str, tuple[Shown, ...]]) -> tuple[Evidence, ...]:
    """The newest fitting record of each kind; nothing unless every kind has one."""
    found: list[Evidence] = []
    for kind, conditions in rule.records.items():
        fitting = [
            each for each in records.get(kind, ()) if meets(conditions, {**_mapping(each.value), "key": each.key})
        ]
        if not fitting:
            return ()
        newest = max(fitting, key=lambda each: each.entry)
        found.append(Evidence(Means.RECORD, State(rule.records_show.value), newest.on, shown=newest))
    return tuple(found)


def _arranged(name: str, law: Law, on: date) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(Means.ARRANGEMENT, state, clause.basis.span.first, basis=clause.basis)
        for clause in law.in_force("arrangement", on)
        for state in (State.LACKS, State.PILOTS, State.HAS)
        if name in getattr(clause.content, state.value)
    )[:1]


def _ruled(rule: CriterionRule, law: Law, on: date) -> tuple[Evidence, ...]:
    """Rules that fit; a placeholder shows nothing; and where a decisive kind speaks and none fits, it is missing."""
    clauses = [
        (clause, meets(said, clause.content)) for kind, said in rule.law.items() for clause in law.in_force(kind, on)
    ]
    founded = [(clause, fits) for clause, fits in clauses if clause.basis.confidence is not Confidence.PLACEHOLDER]
    fitting = [clause for clause, fits in founded if fits]
    if fitting:
        return _of(fitting, State.HAS)
    against = [clause for clause, _ in founded if clause.kind in rule.decisive]
    guessed = [clause for clause, fits in clauses if fits or clause.kind in rule.decisive]
    return _of(against, State.LACKS) or _of(guessed, State.CANNOT_BE_DETERMINED)


def _of(clauses: Sequence[Clause], state: State) -> tuple[Evidence, ...]:
    """The surest first."""
    order = list(Confidence)
    best = sorted(clauses, key=lambda clause: order.index(clause.basis.confidence))[:EVIDENCE_MAX]
    return tuple(Evidence(Means.RULE, state, clause.basis.span.first, basis=clause.basis) for clause in best)


def unknown_words(rule: CriterionRule) -> Iterator[tuple[str, str, list[str]]]:
    """Words of a criterion that mean nothing, by their key, with those that would."""
    for kind, conditions in rule.law.items():
        if kind not in KINDS:
            yield "law", kind, list(KINDS)
            continue
        known = [each.name for each in fields(KINDS[kind].content)]
        names = [part.partition("=")[0].removesuffix("!") for each in conditions for part in each.split("&")]
        yield from (("law", name, known) for name in names if name not in known)
    yield from (("decisive", kind, list(rule.law)) for kind in rule.decisive if kind not in rule.law)


def meets(conditions: Sequence[str], content: Any) -> bool:
    """Whether a rule's content or a record meets one of the conditions; without conditions it always does.

    >>> meets(("may=authorize",), {"may": ["issue", "authorize"]}), meets(("quorum!=0&key=policy",), {"quorum": 0})
    (True, False)
    """
    said = _mapping(content)
    return not conditions or any(all(_holds(part, said) for part in each.split("&")) for each in conditions)


def _holds(part: str, said: Mapping[str, Any]) -> bool:
    name, _, wanted = part.partition("=")
    different = name.endswith("!")
    value = said.get(name.removesuffix("!"))
    words = (value or (None,)) if isinstance(value, Mapping | list | tuple | frozenset) else (value,)
    return (wanted in {_word(word) for word in words}) is not different


def _word(value: Any) -> str:
    """A value as conditions write it: yes and no in small letters, and nothing for what is absent."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _mapping(content: Any) -> Mapping[str, Any]:
    if isinstance(content, Mapping):
        return content
    if is_dataclass(content):
        return {each.name: getattr(content, each.name) for each in fields(content)}
    return {}
