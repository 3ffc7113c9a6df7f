"""Shares of the proceeds: levies on proceeds first, then minimum shares with evidence and a deadline, then the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from counterfoil.domain.kernel.share import share_up
from counterfoil.domain.policy.applying import Kind, applying
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, In, Names
from counterfoil.domain.policy.figure import SHARE, Figure, Quantity
from counterfoil.domain.policy.kinds.levy import LevyBase, LevyFault, Of
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Rounding, Ruling, allowed, asks, refused, unknown_value

PROPONENT: Final = "proponent"
NONE: Final = Quantity(Fraction(0), SHARE)
WHOLE: Final = Quantity(Fraction(1), SHARE)


class BenefitFault(StrEnum):
    EVIDENCE_MISSING = "policy.benefit.evidence_missing"
    TOO_LATE = "policy.benefit.too_late"
    BELOW_MINIMUM = "policy.benefit.below_minimum"
    ABOVE_MAXIMUM = "policy.benefit.above_maximum"


@dataclass(frozen=True, slots=True)
class BenefitShareRule:
    """`evidence`: facts that must be yes before registration and before money is divided.

    `share`: the least that the beneficiary receives; `most`: the most. `planned`: the fact that holds the share of the
    plan, such as 0.65; without it the least is paid. `rest_to`: who takes what is left, else the proponent.
    `pay_within`: days from the day on which the proceeds came in. `term`: years for which the duty lasts.
    """

    beneficiary: str
    share: Annotated[Figure | None, In(SHARE)] = None
    of: Of = Of.REST
    order: int = 100
    evidence: Annotated[tuple[str, ...], Names(FACT)] = ()
    pay_within: Annotated[Figure | None, In("days")] = None
    term: Annotated[Figure | None, In("years")] = None
    most: Annotated[Figure | None, In(SHARE)] = None
    planned: Annotated[str, Names(FACT)] = ""
    rest_to: str = ""


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Evidence before registration; amounts and the deadline when the proceeds are divided."""
    for clause in clauses:
        if clause.content.evidence:
            yield _evidence(clause, asked)
    if asked.act is Act.DISTRIBUTE:
        levies, questions = applying(law, "levy", asked, on)
        yield from questions
        on_proceeds = [each for each in levies if each.content.base is LevyBase.PROCEEDS]
        sharing = [each for each in clauses if each.content.share is not None or each.content.planned]
        yield from _divided([*on_proceeds, *sharing], asked)
        for clause in clauses:
            if clause.content.pay_within is not None:
                yield _deadline(clause, asked)


def _evidence(clause: Clause, asked: Asked) -> Ruling:
    evidence = clause.content.evidence
    if missing := asked.missing(*evidence):
        return asks("benefit_share", clause.basis, missing)
    absent = [fact for fact in evidence if not asked.yes(fact)]
    if absent:
        facts = {"evidence": absent[0], "beneficiary": clause.content.beneficiary}
        return refused("benefit_share", clause.basis, BenefitFault.EVIDENCE_MISSING, {**facts})
    return allowed("benefit_share", clause.basis)


def _divided(clauses: list[Clause], asked: Asked) -> Iterator[Ruling]:
    """Each part is a share of the proceeds, or of what levies left, rounded up to a minor unit; the rest remains."""
    clauses.sort(key=lambda clause: int(clause.content.order))
    if not clauses:
        return
    planned = (clause.content.planned for clause in clauses if clause.kind == "benefit_share")
    if missing := asked.missing("proceeds", "currency", *(name for name in planned if name)):
        yield asks("benefit_share", clauses[0].basis, missing)
        return
    whole = rest = asked.whole("proceeds")
    unit = f"{asked.word('currency')} minor"
    for clause in clauses:
        share = _share(clause, asked)
        if isinstance(share, Ruling):
            yield share
            return
        part = share_up(whole if clause.content.of is Of.GROSS else rest, share)
        rest -= part
        if rest < 0:
            yield refused("benefit_share", clause.basis, LevyFault.LEAVES_NOTHING, {"quantity_t": whole})
            return
        receiver = clause.content.beneficiary if clause.kind == "benefit_share" else clause.content.recipient
        amount = Amount(clause.name, part, unit, receiver, Rounding.UP, part=True)
        yield allowed(clause.kind, clause.basis, *_bounds(clause), amounts=(amount,))
    named = (clause.content.rest_to for clause in clauses if clause.kind == "benefit_share")
    receiver = next((name for name in named if name), PROPONENT)
    left = Amount(receiver, rest, unit, receiver, Rounding.REST, part=True)
    yield allowed("benefit_share", clauses[-1].basis, amounts=(left,))


def _share(clause: Clause, asked: Asked) -> Fraction | Ruling:
    """The share of the plan, which must keep to the law's bounds; without a plan, the least that the law gives."""
    for figure in _bounds(clause):
        if figure.quantity is None:
            return unknown_value("benefit_share", clause.basis, figure)
    if clause.kind != "benefit_share" or not clause.content.planned:
        least: Fraction = clause.content.share.amount
        return least
    rule: BenefitShareRule = clause.content
    share = asked.number(rule.planned)
    least, most = (rule.share or Figure(NONE)).amount, (rule.most or Figure(WHOLE)).amount
    facts = {"beneficiary": rule.beneficiary, "planned": str(Quantity(share, SHARE))}
    if share < least:
        bound = str(Quantity(least, SHARE))
        return refused("benefit_share", clause.basis, BenefitFault.BELOW_MINIMUM, {**facts, "least": bound})
    if share > most:
        bound = str(Quantity(most, SHARE))
        return refused("benefit_share", clause.basis, BenefitFault.ABOVE_MAXIMUM, {**facts, "most": bound})
    return share


def _bounds(clause: Clause) -> tuple[Figure, ...]:
    """The figures that bound a part: the share that a levy takes, or the least and the most of a beneficiary."""
    bounds = (clause.content.share, clause.content.most if clause.kind == "benefit_share" else None)
    return tuple(figure for figure in bounds if figure is not None)


def _deadline(clause: Clause, asked: Asked) -> Ruling:
    days: Figure = clause.content.pay_within
    if days.quantity is None:
        return unknown_value("benefit_share", clause.basis, days)
    if asked.missing("received_on"):
        return asks("benefit_share", clause.basis, ("received_on",))
    due = asked.day("received_on") + timedelta(days=int(days.amount))
    if "paid_on" in asked.facts and asked.day("paid_on") > due:
        facts = {"due": due.isoformat(), "paid": asked.day("paid_on").isoformat()}
        facts["beneficiary"] = clause.content.beneficiary
        return refused("benefit_share", clause.basis, BenefitFault.TOO_LATE, {**facts}, days)
    return allowed("benefit_share", clause.basis, days, notes=(("due", due.isoformat()),))


BENEFIT_SHARE: Final = Kind("benefit_share", BenefitShareRule, frozenset({Act.REGISTER, Act.DISTRIBUTE}), decide)
