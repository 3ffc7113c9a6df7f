"""The charge of a fee scheme: tonnes free of charge are taken off, the rest weighted, and each tonne has its rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind, applying
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import In
from counterfoil.domain.policy.figure import PRICE, SHARE, Figure, minor
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Rounding, Ruling, allowed, asks, refused, unknown_value


class ChargeFault(StrEnum):
    BASE_DIFFERS = "policy.charge.base_differs"


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """Charge of a scheme: (emissions - `deduct`) x `factor` tonnes, each at `rate`. What is left out changes nothing.

    Chargeable tonnes are rounded down to whole tonnes, once; the charge is rounded up to a minor unit. Where the factor
    depends on the firm or the period, write one rule for each and tell them apart by `when`.
    """

    scheme: str
    deduct: Annotated[Figure | None, In("t")] = None
    factor: Annotated[Figure | None, In(SHARE)] = None
    rate: Annotated[Figure | None, In(PRICE)] = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in (self.deduct, self.factor, self.rate) if figure is not None)


@dataclass(frozen=True, slots=True)
class Charged:
    """The chargeable tonnes of one liability, and the rule that they follow from."""

    clause: Clause
    chargeable_t: int

    @property
    def rule(self) -> ChargeRule:
        rule: ChargeRule = self.clause.content
        return rule


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """The chargeable tonnes and the charge; only schemes that have a rule of this kind ask for the emissions."""
    del law, on
    found = charged(clauses, asked)
    if isinstance(found, Ruling):
        yield found
    elif found is not None:
        yield allowed("charge", found.clause.basis, *found.rule.figures, amounts=_amounts(found))


def charge_of(law: Law, asked: Asked, on: date) -> Charged | Ruling | None:
    """What the law charges for the emissions that are asked about; None where it has no charge for the scheme."""
    clauses, questions = applying(law, "charge", asked, on)
    return questions[0] if questions else charged(clauses, asked)


def charged(clauses: Sequence[Clause], asked: Asked) -> Charged | Ruling | None:
    """By the first rule of the scheme that concerns the firm. A filed base that differs from the law's is refused."""
    own = [clause for clause in clauses if clause.content.scheme == asked.word("scheme")]
    if not own:
        return None
    clause, rule = own[0], own[0].content
    unknown = next((figure for figure in rule.figures if figure.quantity is None), None)
    if unknown is not None:
        return unknown_value("charge", clause.basis, unknown)
    if asked.missing("emissions_t"):
        return asks("charge", clause.basis, ("emissions_t",))
    chargeable_t = _chargeable(rule, asked.whole("emissions_t"))
    filed = asked.facts.get("base_t", chargeable_t)
    if filed != chargeable_t:
        facts = {"scheme": rule.scheme, "filed_t": str(filed), "chargeable_t": str(chargeable_t)}
        return refused("charge", clause.basis, ChargeFault.BASE_DIFFERS, {**facts}, *rule.figures)
    return Charged(clause, chargeable_t)


def _chargeable(rule: ChargeRule, emissions_t: int) -> int:
    free = rule.deduct.amount if rule.deduct is not None else Fraction(0)
    factor = rule.factor.amount if rule.factor is not None else Fraction(1)
    exact = max(Fraction(0), emissions_t - free) * factor
    return exact.numerator // exact.denominator


def _amounts(found: Charged) -> Iterator[Amount]:
    yield Amount("chargeable", found.chargeable_t, "t", rounding=Rounding.DOWN)
    each, currency = price(found.rule.rate)
    if each is not None:
        due = each * found.chargeable_t
        yield Amount("charge", -(-due.numerator // due.denominator), f"{currency} minor", rounding=Rounding.UP)


def price(rate: Figure | None) -> tuple[Fraction | None, str]:
    """A rate for each tonne in minor units, and its currency; nothing where there is no known rate."""
    if rate is None or rate.quantity is None:
        return None, ""
    currency = rate.unit.partition("/")[0]
    return rate.amount * minor(currency), currency


CHARGE: Final = Kind("charge", ChargeRule, frozenset({Act.COVER}), decide)
