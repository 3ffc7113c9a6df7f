"""Use of units in a compliance scheme: who is covered, which units, up to which share of which base, from which day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, In, Names
from counterfoil.domain.policy.figure import PRICE, SHARE, Figure, minor
from counterfoil.domain.policy.kinds.charge import charge_of, price
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Rounding, Ruling, allowed, asks, refused, unknown_value


class ComplianceFault(StrEnum):
    SCHEME_UNKNOWN = "policy.compliance.scheme_unknown"
    NOT_IN_FORCE = "policy.compliance.not_in_force"
    NOT_COVERED = "policy.compliance.not_covered"
    NOT_ELIGIBLE = "policy.compliance.not_eligible"
    CONDITION_UNMET = "policy.compliance.condition_unmet"
    NO_ROOM = "policy.compliance.no_room"


class SchemeState(StrEnum):
    IN_FORCE = "in_force"
    PLANNED = "planned"
    OFF = "off"


class CapBase(StrEnum):
    """What the limit is a share of: `base_t` for tonnes, `base_money` for tax."""

    EMISSIONS = "emissions"
    TAX = "tax"
    OBLIGATION = "obligation"


class Reach(StrEnum):
    """Whether the threshold itself is covered."""

    FROM = "from"
    ABOVE = "above"


class LawOf(StrEnum):
    """Whose limit, rate and factor apply: those of the day of filing, or of the last day of the year charged."""

    FILING = "filing"
    YEAR = "year"


class CapCounts(StrEnum):
    """What a limit in tonnes counts: units, or the tonnes that they take from the base."""

    UNITS = "units"
    DEDUCTED = "deducted"


@dataclass(frozen=True, slots=True)
class ComplianceUseRule:
    """`factor`: tonnes that one unit takes from the base. `none_of`: words of facts that make a unit ineligible.

    `cap_counts`: whether the limit counts units or the tonnes that they deduct. `joint_cap`: a value that limits
    several rules of the scheme together; a rule whose own `cap` names the same value counts towards it too. Where the
    scheme has a `charge`, the base is its chargeable tonnes and the rate its rate.

    A unit that is not authorized by its host, where `needs` says so, is refused whatever its label.
    """

    scheme: str
    state: SchemeState
    base: CapBase
    unit_types: tuple[str, ...]
    cap: Annotated[Figure | None, In(SHARE)] = None
    threshold: Annotated[Figure | None, In("t|MW")] = None
    reach: Reach = Reach.FROM
    rate: Annotated[Figure | None, In(PRICE)] = None
    factor: Annotated[Figure | None, In("ratio")] = None
    needs: Annotated[tuple[str, ...], Names(FACT)] = ()
    forbids: Annotated[tuple[str, ...], Names(FACT)] = ()
    none_of: Annotated[Mapping[str, tuple[str, ...]], Names(FACT)] = field(default_factory=dict)
    law_of: LawOf = LawOf.FILING
    cap_counts: CapCounts = CapCounts.UNITS
    joint_cap: Annotated[Figure | None, In(SHARE)] = None

    @property
    def price(self) -> tuple[Fraction | None, str]:
        """The charge for each tonne in minor units, and its currency; nothing where the rule has no known rate."""
        return price(self.rate)

    @property
    def each_t(self) -> Fraction:
        """Tonnes that one unit takes from the base."""
        return self.factor.amount if self.factor is not None else Fraction(1)


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """The scheme, then its state, then the threshold or the unit, then the room. No rule: no compliance value."""
    silence = law.silence(on)
    if asked.missing("scheme"):
        yield asks("compliance_use", clauses[0].basis if clauses else silence, ("scheme",))
        return
    scheme = asked.word("scheme")
    own = [clause for clause in clauses if clause.content.scheme == scheme]
    if not own:
        known = ", ".join(sorted({clause.content.scheme for clause in clauses})) or "-"
        yield refused("compliance_use", silence, ComplianceFault.SCHEME_UNKNOWN, {"scheme": scheme, "known": known})
    elif asked.act is Act.COVER:
        yield _covered(own[0], asked)
    else:
        yield _surrendered(own, asked, law, on)


def _covered(clause: Clause, asked: Asked) -> Ruling:
    rule: ComplianceUseRule = clause.content
    if rule.state is not SchemeState.IN_FORCE:
        return _not_in_force(clause)
    threshold = rule.threshold
    if threshold is None:
        return allowed("compliance_use", clause.basis, amounts=_filed(rule, asked))
    if threshold.quantity is None:
        return unknown_value("compliance_use", clause.basis, threshold)
    fact = "capacity_mw" if threshold.unit == "MW" else "emissions_t"
    if asked.missing(fact):
        return asks("compliance_use", clause.basis, (fact,))
    size = asked.number(fact)
    if size > threshold.amount or (rule.reach is Reach.FROM and size == threshold.amount):
        return allowed("compliance_use", clause.basis, threshold, amounts=_filed(rule, asked))
    facts = {"scheme": rule.scheme, "threshold": str(threshold.quantity)}
    return refused("compliance_use", clause.basis, ComplianceFault.NOT_COVERED, {**facts}, threshold)


def _not_in_force(clause: Clause) -> Ruling:
    facts = {"scheme": clause.content.scheme, "state": clause.content.state.value}
    return refused("compliance_use", clause.basis, ComplianceFault.NOT_IN_FORCE, {**facts})


def _surrendered(own: Sequence[Clause], asked: Asked, law: Law, on: date) -> Ruling:
    if asked.missing("unit_type"):
        return asks("compliance_use", own[0].basis, ("unit_type",))
    unit_type = asked.word("unit_type")
    open_to = [clause for clause in own if unit_type in clause.content.unit_types]
    clause = open_to[0] if open_to else own[0]
    rule: ComplianceUseRule = clause.content
    if rule.state is not SchemeState.IN_FORCE:
        return _not_in_force(clause)
    if not open_to:
        known = ", ".join(sorted({word for each in own for word in each.content.unit_types}))
        facts = {"scheme": rule.scheme, "unit_type": unit_type, "known": known}
        return refused("compliance_use", clause.basis, ComplianceFault.NOT_ELIGIBLE, {**facts})
    if missing := asked.missing(*rule.needs, *rule.forbids, *rule.none_of):
        return asks("compliance_use", clause.basis, missing)
    unmet = [fact for fact in rule.needs if not asked.yes(fact)]
    unmet += [f"{fact} = no" for fact in rule.forbids if asked.yes(fact)]
    unmet += [f"{fact} ∉ {', '.join(words)}" for fact, words in rule.none_of.items() if asked.words(fact) & set(words)]
    if unmet:
        facts = {"scheme": rule.scheme, "unit_type": unit_type, "condition": unmet[0]}
        return refused("compliance_use", clause.basis, ComplianceFault.CONDITION_UNMET, {**facts})
    charge = charge_of(law, asked, on)
    if isinstance(charge, Ruling):
        return charge
    if charge is None:
        return _room(clause, rule, asked)
    charged = Asked(asked.act, {**asked.facts, "base_t": charge.chargeable_t})
    return _room(clause, replace(rule, rate=rule.rate or charge.rule.rate), charged, *charge.rule.figures)


def _room(clause: Clause, rule: ComplianceUseRule, asked: Asked, *charge: Figure) -> Ruling:
    """The limits are rounded down; what is above them is not accepted and stays with its holder."""
    figures = [each for each in (rule.cap, rule.joint_cap, rule.rate, rule.factor) if each is not None]
    for each in figures:
        if each.quantity is None:
            return unknown_value("compliance_use", clause.basis, each)
    figures += [each for each in charge if each not in figures]
    if missing := asked.missing("quantity_t", "surrendered_t", *_needed(rule)):
        return asks("compliance_use", clause.basis, missing)
    quantity, limits = asked.whole("quantity_t"), list(_limits(rule, asked))
    accepted = max(0, min([quantity, *(limit.most - limit.taken for limit in limits)]))
    amounts = [Amount(limit.name, limit.most, "t", rounding=Rounding.DOWN) for limit in limits]
    amounts.append(Amount("accepted", accepted, "t", rule.scheme, part=True))
    amounts.append(Amount("not_accepted", quantity - accepted, "t", "holder", Rounding.REST, part=True))
    if accepted == 0 and quantity > 0:
        full = min(limits, key=lambda limit: limit.most - limit.taken)
        facts = {"scheme": rule.scheme, "cap_t": str(full.most), "surrendered_t": str(full.taken)}
        return refused("compliance_use", clause.basis, ComplianceFault.NO_ROOM, {**facts}, *figures, amounts=amounts)
    amounts += _charge(rule, accepted, asked)
    return allowed("compliance_use", clause.basis, *figures, amounts=amounts)


def _needed(rule: ComplianceUseRule) -> Iterator[str]:
    """The facts that the limits need."""
    if rule.cap is not None or rule.joint_cap is not None:
        yield "base_money" if rule.base is CapBase.TAX else "base_t"
    if rule.joint_cap is not None:
        yield "surrendered_jointly_t"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most units for the year under one limit, and those surrendered under it so far."""

    name: str
    most: int
    taken: int


def _limits(rule: ComplianceUseRule, asked: Asked) -> Iterator[Limit]:
    if rule.cap is not None:
        yield Limit("cap", units_max(rule, rule.cap, asked), asked.whole("surrendered_t"))
    if rule.joint_cap is not None:
        yield Limit("joint_cap", units_max(rule, rule.joint_cap, asked), asked.whole("surrendered_jointly_t"))


def units_max(rule: ComplianceUseRule, cap: Figure, asked: Asked) -> int:
    """The most units that the scheme takes for the year under a limit, rounded down to whole units."""
    if rule.base is CapBase.TAX:
        assert rule.rate is not None, "checked when the pack is loaded: a limit in money needs the rate of the tax"
        tonnes = cap.amount * asked.whole("base_money") / (rule.rate.amount * minor(rule.rate.unit.partition("/")[0]))
    else:
        tonnes = cap.amount * asked.whole("base_t")
    most = tonnes / rule.each_t if rule.cap_counts is CapCounts.DEDUCTED else tonnes
    return most.numerator // most.denominator


def _charge(rule: ComplianceUseRule, accepted: int, asked: Asked) -> list[Amount]:
    """What the units take from the base, and the charge before and after, rounded up to a minor unit.

    The charge after takes off what earlier declarations of the year deducted, too (`deducted_t`, 0 when not known).
    """
    deducted = rule.each_t * accepted
    amounts = [Amount("deducted", deducted.numerator // deducted.denominator, "t", rounding=Rounding.DOWN)]
    before = _before(rule, asked)
    if before is None:
        return amounts
    price, currency = rule.price
    earlier = 0 if asked.missing("deducted_t") else asked.whole("deducted_t")
    after = max(Fraction(0), before - (price or 0) * (earlier + amounts[0].quantity))
    return [*amounts, _money("charge_before", before, currency), _money("charge_after", after, currency)]


def _before(rule: ComplianceUseRule, asked: Asked) -> Fraction | None:
    """The charge on the whole base; None where the rule has no known rate, or the base is not known."""
    price, _ = rule.price
    base = "base_money" if rule.base is CapBase.TAX else "base_t"
    if price is None or asked.missing(base):
        return None
    return Fraction(asked.whole(base)) * (1 if rule.base is CapBase.TAX else price)


def _filed(rule: ComplianceUseRule, asked: Asked) -> list[Amount]:
    """The charge on what is filed, by the rule's own rate; a scheme with a `charge` says it there."""
    before = _before(rule, asked)
    return [] if before is None else [_money("charge", before, rule.price[1])]


def _money(name: str, due: Fraction, currency: str) -> Amount:
    return Amount(name, -(-due.numerator // due.denominator), f"{currency} minor", rounding=Rounding.UP)


COMPLIANCE_USE: Final = Kind("compliance_use", ComplianceUseRule, frozenset({Act.COVER, Act.SURRENDER}), decide)
