"""What the law of the jurisdiction says about a liability and about units declared against it.

Two days of law meet here. Whether units are good for a scheme is asked of the day of the declaration; the limit, the
rate and the factor are those of the liability, which a scheme takes from the day of filing or from the year charged.

Read next: `domain/policy/kinds/compliance_use.py`. Source: requirements R-CMP-01 to R-CMP-03; ADR-0024.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from counterfoil.application.answer import first_refusal, told
from counterfoil.domain.compliance.charge import Charge
from counterfoil.domain.compliance.liability import Liability
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.applying import applying
from counterfoil.domain.policy.asked import TONNES_MAX, Act, Asked, asked_from
from counterfoil.domain.policy.basis import Basis
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.kinds.charge import CHARGE
from counterfoil.domain.policy.kinds.compliance_use import COMPLIANCE_USE, ComplianceUseRule, LawOf, SchemeState
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Ruling

KIND: Final = COMPLIANCE_USE.name
MINOR: Final = " minor"
"""How the unit of an amount of money ends: `SGD minor` counts cents."""


@dataclass(frozen=True, slots=True)
class Covered:
    """An installation falls under a scheme: the day whose limit and rate apply, and what the entry keeps.

    `charge` is the law's charge for these emissions, where it names a price; no units are deducted yet.
    """

    law_on: date
    charge: Charge | None
    told: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Accepted:
    """How much of a declaration is accepted, under which limit, and at which price.

    `limit` is the value that the rule names as its limit, or the rule itself: rules that name one value share it.
    `charge` is the law's charge of the year before and after all units accepted so far, these included.
    """

    quantity: int
    unit_type: str
    limit: str
    cap_t: int | None
    deducted_t: int
    charge: Charge | None
    pack: str
    version: str
    told: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Room:
    """What a liability's limit takes of one type of units in all, and what it still takes; None where nothing limits.

    `share` is the limit as a share of the scheme's base; `basis` what it stands on: the rule, then the values it names.
    """

    unit_type: str
    share: Fraction | None
    cap_t: int | None
    left_t: int | None
    basis: tuple[Basis, ...]

    @property
    def percent(self) -> str:
        """The share in percent, as the law writes it.

        >>> Room("ITMO", Fraction(1, 20), 10_000, 10_000, ()).percent
        '5'
        """
        hundred = Fraction(0) if self.share is None else self.share * 100
        text = format(Decimal(hundred.numerator) / hundred.denominator, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


def adopted_law(law: Law | Refusal | None) -> Law | None:
    """The law to ask, where the registry adopted one that is here."""
    return law if isinstance(law, Law) else None


def covered(law: Law, facts: Mapping[str, Any], *, year: int, on: date) -> Covered | Refusal:
    """Whether the law puts these emissions under the scheme; its refusal where it does not, or what it asks for."""
    law_on = _law_day(law, str(facts["scheme"]), year=year, on=on)
    asked = asked_from(Act.COVER.value, facts, law.facts)
    if isinstance(asked, Refusal):
        return asked
    rulings = permits(law, asked, law_on)
    refusal = first_refusal(rulings)
    if refusal is not None:
        return refusal
    by_charge = sorted(rulings, key=lambda ruling: ruling.kind != CHARGE.name)
    return Covered(law_on, charge_in(by_charge, "charge", "charge"), told(law, Act.COVER, facts, rulings))


def charge_in(rulings: Iterable[Ruling], before: str, after: str) -> Charge | None:
    """The charge as the law's rulings name it: the amounts of that name of the first ruling that has both, or None.

    Nothing is computed here, so the charge on record is the one that the law answers again to the same question.
    """
    for ruling in rulings:
        named = {amount.name: amount for amount in ruling.amounts}
        if before in named and after in named:
            currency = named[before].unit.removesuffix(MINOR)
            return Charge(currency, named[before].quantity, named[after].quantity)
    return None


def accepted(
    law: Law,
    facts: Mapping[str, Any],
    *,
    taken_t: Mapping[str, int],
    deducted_t: int,
    law_on: date,
    on: date,
) -> Accepted | Refusal:
    """How much the law accepts of a declaration of `quantity_t` units.

    Args:
        taken_t: Units accepted so far for the same liability, by the limit that they fell under.
        deducted_t: Tonnes that they took from the base.
        law_on: The day whose limit, rate and factor apply.
        on: The day of the declaration.
    """
    asked = asked_from(Act.SURRENDER.value, facts, law.facts)
    if isinstance(asked, Refusal):
        return asked
    clause = _clause(law, asked, law_on)
    limit = _limit(clause)
    taken = {**_taken(law, clause, taken_t, law_on), "deducted_t": deducted_t}
    known = {**facts, **taken}
    question = Asked(asked.act, {**asked.facts, **taken})
    rulings = tuple(_rulings(law, question, law_on=law_on, on=on))
    refusal = first_refusal(rulings)
    if refusal is not None:
        return refusal
    amounts = {amount.name: amount.quantity for ruling in rulings for amount in ruling.amounts if ruling.kind == KIND}
    return Accepted(
        amounts["accepted"],
        question.word("unit_type"),
        limit,
        amounts.get("cap"),
        amounts["deducted"],
        charge_in((ruling for ruling in rulings if ruling.kind == KIND), "charge_before", "charge_after"),
        law.pack,
        law.version,
        told(law, Act.SURRENDER, known, rulings),
    )


def rooms(law: Law, liability: Liability) -> Iterator[Room]:
    """What the law still takes for a liability, by the types of units that its scheme is open to.

    Asked for units that meet every condition of the scheme; whether given units do is for `accepted` to say. A limit
    that asks for more than the liability says is left out.
    """
    for clause in law.in_force(KIND, liability.law_on):
        rule: ComplianceUseRule = clause.content
        if rule.scheme != liability.scheme or rule.state is not SchemeState.IN_FORCE:
            continue
        for unit_type in rule.unit_types:
            room = _room_of(law, liability, rule, unit_type)
            if room is not None:
                yield room


def _room_of(law: Law, liability: Liability, rule: ComplianceUseRule, unit_type: str) -> Room | None:
    facts = {
        **liability.answers,
        **liability.base.facts(),
        **dict.fromkeys(rule.needs, True),
        **dict.fromkeys(rule.forbids, False),
        "scheme": rule.scheme,
        "unit_type": unit_type,
        "quantity_t": TONNES_MAX,
    }
    asked = asked_from(Act.SURRENDER.value, facts, law.facts)
    if isinstance(asked, Refusal):
        return None
    taken = _taken(law, _clause(law, asked, liability.law_on), liability.accepted_t, liability.law_on)
    fitting = dict.fromkeys(rule.none_of, frozenset[str]())
    question = Asked(asked.act, {**fitting, **asked.facts, **taken, "deducted_t": liability.deducted_t})
    for ruling in permits(law, question, liability.law_on):
        amounts = {amount.name: amount.quantity for amount in ruling.amounts}
        if ruling.kind == KIND and "accepted" in amounts:
            cap = amounts.get("cap", amounts.get("joint_cap"))
            share = next((each.amount for each in (rule.cap, rule.joint_cap) if each is not None), None)
            return Room(unit_type, share, cap, None if cap is None else amounts["accepted"], ruling.basis)
    return None


def _rulings(law: Law, asked: Asked, *, law_on: date, on: date) -> Iterator[Ruling]:
    """The units as on the day of the declaration, then the room that the liability's law leaves."""
    yield from (ruling for ruling in permits(law, asked, on) if ruling.kind != KIND)
    yield from (ruling for ruling in permits(law, asked, law_on) if ruling.kind == KIND)


def _law_day(law: Law, scheme: str, *, year: int, on: date) -> date:
    """The day that the scheme's rules in force on the day of filing point to."""
    rules: list[ComplianceUseRule] = [clause.content for clause in law.in_force(KIND, on)]
    by_year = any(rule.scheme == scheme and rule.law_of is LawOf.YEAR for rule in rules)
    return min(date(year, 12, 31), on) if by_year else on


def _clause(law: Law, asked: Asked, law_on: date) -> Clause | None:
    """The scheme's rule that is open to the units, if there is one."""
    clauses, _ = applying(law, KIND, asked, law_on)
    for clause in clauses:
        rule: ComplianceUseRule = clause.content
        if rule.scheme == asked.word("scheme") and asked.word("unit_type") in rule.unit_types:
            return clause
    return None


def _limit(clause: Clause | None) -> str:
    if clause is None:
        return "-"
    cap = clause.content.cap
    return cap.named if cap is not None and cap.named else clause.name


def _taken(law: Law, clause: Clause | None, taken_t: Mapping[str, int], law_on: date) -> dict[str, int]:
    """Units accepted so far under the rule's own limit and under its joint limit, by the names of the law's facts."""
    if clause is None:
        return {"surrendered_t": 0}
    rule: ComplianceUseRule = clause.content
    own = {"surrendered_t": _under(law, rule.scheme, _limit(clause), taken_t, law_on)}
    if rule.joint_cap is None:
        return own
    return {**own, "surrendered_jointly_t": _under(law, rule.scheme, rule.joint_cap.named, taken_t, law_on)}


def _under(law: Law, scheme: str, limit: str, taken_t: Mapping[str, int], law_on: date) -> int:
    """What fills a limit: units taken under it, and under the limits of rules that it limits jointly."""
    filling = {limit}
    for clause in law.in_force(KIND, law_on):
        joint = clause.content.joint_cap
        if clause.content.scheme == scheme and joint is not None and joint.named == limit:
            filling.add(_limit(clause))
    return sum(taken_t.get(name, 0) for name in filling)
