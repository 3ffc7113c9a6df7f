"""What a law must never hold: shares above one, rules that create or destroy units, conversions in a circle, and so on.

Found when a pack is loaded, with the rule, the version and the key, so that the loader can name the line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from counterfoil.domain.policy.asked import Act, fact_value
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.clause import Clause, figures_of
from counterfoil.domain.policy.facts import FACTS, Fact
from counterfoil.domain.policy.figure import SHARE, Quantity
from counterfoil.domain.policy.kinds.account_guard import unclear_words
from counterfoil.domain.policy.kinds.compliance_use import CapBase, CapCounts, ComplianceUseRule
from counterfoil.domain.policy.kinds.conversion import ConversionRule, Effect
from counterfoil.domain.policy.kinds.cycle import unknown_words
from counterfoil.domain.policy.kinds.export_gate import Gate
from counterfoil.domain.policy.kinds.levy import Of
from counterfoil.domain.policy.kinds.party import PartyStatus
from counterfoil.domain.policy.kinds.pathway import PathwayRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import KINDS
from counterfoil.domain.policy.readiness import unknown_words as words_of_criterion

WHOLE: Final = Fraction(1)


class SoundnessFault(StrEnum):
    SHARE_ABOVE_ONE = "pack.share_above_one"
    UNITS_CREATED = "pack.units_created"
    UNITS_DESTROYED = "pack.units_destroyed"
    CONVERSION_CYCLE = "pack.conversion_cycle"
    DUTIES_NOT_SEPARATE = "pack.duties_not_separate"
    KEY_NEEDED = "pack.key_needed"
    WORD_UNKNOWN = "pack.word_unknown"
    RULE_MISSING = "pack.rule_missing"
    LIMIT_UNNAMED = "pack.limit_unnamed"
    LIMITS_DIFFER = "pack.limits_differ"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: in which rule or value, on which day, at which key, with the facts of the message."""

    fault: SoundnessFault
    name: str
    first: date | None
    key: str
    facts: Mapping[str, str]


def flaws(law: Law) -> Iterator[Flaw]:
    """Everything that makes a law unsound, in the order of its rules."""
    yield from _shares_of_values(law)
    for day in first_days(law):
        yield from _on(law, day)
    if law.kind == "jurisdiction" and not any(rule.kind == "party" for rule in law.rules.values()):
        yield Flaw(SoundnessFault.RULE_MISSING, "", None, "", {"kind": "party"})


def first_days(law: Law) -> list[date]:
    """Every day on which something of the law begins: between two of them nothing changes for the worse."""
    days = {clause.basis.span.first for rule in law.rules.values() for clause in rule.versions}
    days |= {row.basis.span.first for value in law.values.values() for row in value.rows}
    return sorted(days)


def _shares_of_values(law: Law) -> Iterator[Flaw]:
    for value in law.values.values():
        for row in value.rows:
            if isinstance(row.value, Quantity) and row.value.unit == SHARE and not 0 <= row.value.amount <= 1:
                yield Flaw(
                    SoundnessFault.SHARE_ABOVE_ONE, value.name, row.basis.span.first, "value", {"share": str(row.value)}
                )


def _on(law: Law, day: date) -> Iterator[Flaw]:
    for kind, check in _CHECKS.items():
        yield from check(list(law.in_force(kind, day)), law, day)
    for rule in law.rules.values():
        clause = rule.on(day)
        for figure in figures_of(clause.content) if clause is not None else ():
            if figure.quantity is not None and figure.unit == SHARE and not 0 <= figure.amount <= 1 and clause:
                yield _flaw(clause, SoundnessFault.SHARE_ABOVE_ONE, "", {"share": str(figure.quantity)})


def _flaw(clause: Clause, fault: SoundnessFault, key: str, facts: Mapping[str, str]) -> Flaw:
    return Flaw(fault, clause.name, clause.basis.span.first, key, facts)


def _levies(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    """Levies on one base that may fall together must leave something, or nothing, but never less."""
    del law, day
    for clause in clauses:
        together = [
            each
            for each in clauses
            if each.content.base is clause.content.base and each.content.of is Of.GROSS and not exclusive(each, clause)
        ]
        total = sum((each.content.share.amount for each in together if each.content.share.quantity), Fraction(0))
        if total > WHOLE:
            facts = {"rules": ", ".join(each.name for each in together), "total": str(Quantity(total, SHARE))}
            yield _flaw(clause, SoundnessFault.UNITS_CREATED, "share", facts)


def exclusive(one: Clause, other: Clause) -> bool:
    """Whether no act can meet the conditions of both."""
    if one.acts and other.acts and not one.acts & other.acts:
        return True
    return any(
        mine.fact == theirs.fact and not mine.one_of & theirs.one_of for mine in one.when for theirs in other.when
    )


def _sharing(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del law, day
    for clause in clauses:
        total = sum((share.amount for share in clause.content.parts.values() if share.quantity), Fraction(0))
        if total > WHOLE:
            facts = {"rules": clause.name, "total": str(Quantity(total, SHARE))}
            yield _flaw(clause, SoundnessFault.UNITS_CREATED, "parts", facts)
        if clause.content.part_fact and not clause.content.part:
            yield _flaw(clause, SoundnessFault.KEY_NEEDED, "part_fact", {"key": "part", "because": "part_fact"})


def _conversions(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    sizes = {
        each.content.code: _kilograms(each.content.size.quantity)
        for each in law.in_force("unit_type", day)
        if each.content.size.quantity is not None
    }
    for clause in clauses:
        rule: ConversionRule = clause.content
        if rule.effect is Effect.LABEL:
            continue
        if rule.ratio is None:
            yield _flaw(clause, SoundnessFault.KEY_NEEDED, "effect", {"key": "ratio", "because": rule.effect.value})
        elif rule.ratio.quantity is not None:
            yield from _conserved(clause, rule, sizes)
    yield from _cycles(clauses)


def _kilograms(size: Quantity) -> Fraction:
    return size.amount * (1000 if size.unit == "t" else 1)


def _conserved(clause: Clause, rule: ConversionRule, sizes: Mapping[str, Fraction]) -> Iterator[Flaw]:
    """What is issued must stand for exactly what is cancelled. A type of unknown size counts as one tonne.

    The flaw tells both sides in kilograms, because a ratio alone can be read either way round.
    """
    assert rule.ratio is not None
    received = rule.ratio.amount * sizes.get(rule.to_type, Fraction(1000))
    for source in rule.from_types:
        given = sizes.get(source, Fraction(1000))
        if given != received:
            fault = SoundnessFault.UNITS_CREATED if received > given else SoundnessFault.UNITS_DESTROYED
            total = f"1 {source} ({_kg(given)}) → {rule.ratio.amount} {rule.to_type} ({_kg(received)})"
            yield _flaw(clause, fault, "ratio", {"rules": clause.name, "total": total})


def _kg(amount: Fraction) -> str:
    return f"{amount.numerator:,} kg" if amount.denominator == 1 else f"{amount} kg"


def _cycles(clauses: list[Clause]) -> Iterator[Flaw]:
    """A circle of distinct rules. One rule that leads both ways is one arrangement and no circle."""
    edges: dict[str, list[tuple[str, Clause]]] = {}
    for clause in clauses:
        rule: ConversionRule = clause.content
        for source in rule.from_types:
            edges.setdefault(source, []).append((rule.to_type, clause))
            if rule.both_ways:
                edges.setdefault(rule.to_type, []).append((source, clause))
    for clause in clauses:
        for source in clause.content.from_types:
            itself = source == clause.content.to_type
            path = (clause.name,) if itself else _way_back(clause.content.to_type, source, edges, clause.name)
            if path:
                yield _flaw(clause, SoundnessFault.CONVERSION_CYCLE, "to_type", {"rules": " → ".join(path)})
                return


def _way_back(start: str, goal: str, edges: Mapping[str, list[tuple[str, Clause]]], first: str) -> tuple[str, ...]:
    """The rules that lead on from the start to the goal, after the first one; empty where none do.

    Each rule is used once on a way, and each edge is looked at once, so many conversions take no longer than their sum.
    """
    looked_at: set[tuple[str, str, str]] = set()
    ways: list[tuple[str, tuple[str, ...]]] = [(start, (first,))]
    while ways:
        here, used = ways.pop()
        for target, clause in edges.get(here, []):
            edge = (here, target, clause.name)
            if clause.name in used or edge in looked_at:
                continue
            if target == goal:
                return (*used, clause.name)
            looked_at.add(edge)
            ways.append((target, (*used, clause.name)))
    return ()


def _roles(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del law, day
    for clause in clauses:
        for other in clauses:
            both = set(clause.content.never) & set(other.content.may)
            if other.content.authority == clause.content.authority and both:
                facts = {"authority": clause.content.authority, "acts": ", ".join(sorted(both))}
                yield _flaw(clause, SoundnessFault.DUTIES_NOT_SEPARATE, "never", facts)


def _compliance(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del law, day
    for clause in clauses:
        rule = clause.content
        if rule.base is CapBase.TAX and (rule.cap or rule.joint_cap) is not None and rule.rate is None:
            yield _flaw(clause, SoundnessFault.KEY_NEEDED, "base", {"key": "rate", "because": "base = tax"})
        if rule.joint_cap is not None and not rule.joint_cap.named:
            facts = {"value": str(rule.joint_cap.quantity)}
            yield _flaw(clause, SoundnessFault.LIMIT_UNNAMED, "joint_cap", facts)
    yield from _joint_limits(clauses)


def _joint_limits(clauses: list[Clause]) -> Iterator[Flaw]:
    """Rules that fill one limit together must count alike: the same base, and where tonnes count, the same factor."""
    for clause in clauses:
        for other in clauses:
            together = clause.content.scheme == other.content.scheme and clause is not other
            joint = clause.content.joint_cap
            caps = [figure.named for figure in (other.content.cap, other.content.joint_cap) if figure is not None]
            if together and joint is not None and joint.named in caps and _counts(clause) != _counts(other):
                facts = {"rules": f"{clause.name}, {other.name}", "limit": joint.named}
                yield _flaw(clause, SoundnessFault.LIMITS_DIFFER, "joint_cap", facts)


def _counts(clause: Clause) -> tuple[object, ...]:
    rule: ComplianceUseRule = clause.content
    each = rule.factor.quantity if rule.factor is not None and rule.cap_counts is CapCounts.DEDUCTED else None
    return rule.base, rule.cap_counts, each


def _party(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    """A territory names its Party."""
    del law, day
    for clause in clauses:
        if clause.content.status is PartyStatus.WITHIN_PARTY and not clause.content.of:
            yield _flaw(clause, SoundnessFault.KEY_NEEDED, "status", {"key": "of", "because": "within_party"})


def _benefits(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    """A most is judged against the plan, so it needs the fact that holds the plan's share."""
    del law, day
    for clause in clauses:
        if clause.content.most is not None and not clause.content.planned:
            yield _flaw(clause, SoundnessFault.KEY_NEEDED, "most", {"key": "planned", "because": "most"})


def _cycle_steps(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del law, day
    for clause in clauses:
        steps: tuple[str, ...] = clause.content.steps
        labels: Mapping[str, Text] = clause.content.labels
        for key, words in (("gates", clause.content.gates.values()), ("labels", labels)):
            for word in words:
                if word not in steps:
                    yield _flaw(clause, SoundnessFault.WORD_UNKNOWN, key, {"value": word, "known": ", ".join(steps)})
        for step in steps:
            if step not in labels:
                yield _flaw(clause, SoundnessFault.KEY_NEEDED, "labels", {"key": f"labels.{step}", "because": "steps"})
        for key, word, known in unknown_words(clause.content):
            yield _flaw(clause, SoundnessFault.WORD_UNKNOWN, key, {"value": word, "known": ", ".join(known)})


def _gates(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del law, day
    needed = {Gate.POSITIVE_LIST: "listed", Gate.SHARE_CAP: "caps", Gate.DECISION: "decision"}
    for clause in clauses:
        key = needed.get(clause.content.gate, "")
        if key and not getattr(clause.content, key):
            yield _flaw(clause, SoundnessFault.KEY_NEEDED, "gate", {"key": key, "because": clause.content.gate.value})


def _recognitions(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del day
    for clause in clauses:
        name = clause.content.conversion
        if name and (name not in law.rules or law.rules[name].kind != "conversion"):
            known = ", ".join(rule.name for rule in law.rules.values() if rule.kind == "conversion") or "-"
            yield _flaw(clause, SoundnessFault.WORD_UNKNOWN, "conversion", {"value": name, "known": known})


def _pathways(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    """Acts and kinds exist; a mix is made of pathways that are no mixes, with answers to facts that are declared."""
    del day
    single = [clause.content.code for clause in clauses if not clause.content.parts]
    facts = {**FACTS, **law.facts}
    for clause in clauses:
        rule: PathwayRule = clause.content
        words = [("asks", act, [*Act]) for act in rule.asks]
        words += [("asks", kind, list(KINDS)) for kinds in rule.asks.values() for kind in kinds]
        words += [("provides", kind, list(KINDS)) for kind in rule.provides]
        words += [("parts", code, single) for code in rule.parts]
        for held in rule.parts.values():
            words += [("parts", fact, list(facts)) for fact in held]
            words += [("parts", f"{fact} = {word}", []) for fact, word in held.items() if not _fits(facts, fact, word)]
        for key, word, known in words:
            if word not in known:
                yield _flaw(clause, SoundnessFault.WORD_UNKNOWN, key, {"value": word, "known": ", ".join(known) or "-"})


def _fits(facts: Mapping[str, Fact], name: str, word: str) -> bool:
    return name not in facts or fact_value(facts[name].type, word) is not None


def _criteria(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    del law, day
    for clause in clauses:
        for key, word, known in words_of_criterion(clause.content):
            facts = {"value": word, "known": ", ".join(known) or "-"}
            yield _flaw(clause, SoundnessFault.WORD_UNKNOWN, key, facts)


def _delays(clauses: list[Clause], law: Law, day: date) -> Iterator[Flaw]:
    """Working hours that open, and hours that are hours."""
    del law, day
    for clause in clauses:
        for key, word, known in unclear_words(clause.content):
            yield _flaw(clause, SoundnessFault.WORD_UNKNOWN, key, {"value": word, "known": ", ".join(known)})


_CHECKS: Final = {
    "move_delay": _delays,
    "levy": _levies,
    "sharing": _sharing,
    "conversion": _conversions,
    "role": _roles,
    "compliance_use": _compliance,
    "party": _party,
    "benefit_share": _benefits,
    "cycle": _cycle_steps,
    "export_gate": _gates,
    "recognition": _recognitions,
    "pathway": _pathways,
    "criterion": _criteria,
}
