"""What may be said of one unit as it stands today, and what may not, each with its provision.

Units at their end carry the statements of `domain/compliance/claim.py`. Before that a unit may be moved and used as its
authorization says, and nobody may claim anything by it yet.

Source: requirements R-INT-06, R-INT-15; 2/CMA.3 annex paras. 1-2, 7-8, 20-21.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.accounting.unit_facts import Status, UnitFacts
from counterfoil.domain.compliance.claim import Claims
from counterfoil.domain.compliance.claim import Statement as End
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import RULES, Reversibility


class Saying(StrEnum):
    """What can be said of a unit that is not at its end."""

    TOWARDS_NDC = "towards_ndc"
    INTERNATIONAL_PURPOSE = "international_purpose"
    OTHER_PURPOSE = "other_purpose"
    HOST_ADJUSTED = "host_adjusted"
    HOST_COUNTS = "host_counts"
    HOME_USE = "home_use"
    KYOTO_CANCELLATION = "kyoto_cancellation"
    ABROAD = "abroad"
    NOT_AUTHORIZED = "not_authorized"
    NOT_ADJUSTED = "not_adjusted"
    NOT_USED = "not_used"
    KYOTO = "kyoto"
    IN_FLIGHT = "in_flight"
    ON_HOLD = "on_hold"
    PERMANENT = "permanent"
    NEUTRAL = "neutral"


class Value(StrEnum):
    """What a unit is worth for an obligation. A unit that may still be used has no value of its own."""

    COUNTED = "counted"
    NONE = "none"
    NONE_ABROAD = "none_abroad"


@dataclass(frozen=True, slots=True)
class UnitClaim:
    """One sentence by its name: whether it may be said, and where that stands. `end`: of a unit at its end."""

    name: str
    may: bool
    provision: str
    end: bool = False


PROVISIONS: Final = {
    Saying.TOWARDS_NDC: "2/CMA.3 annex para. 1(d)",
    Saying.INTERNATIONAL_PURPOSE: "2/CMA.3 annex para. 1(f)",
    Saying.OTHER_PURPOSE: "2/CMA.3 annex para. 1(f)",
    Saying.HOST_ADJUSTED: "2/CMA.3 annex paras. 7-8",
    Saying.HOST_COUNTS: "2/CMA.3 annex paras. 7-8",
    Saying.HOME_USE: "2/CMA.3 annex para. 1(d)",
    Saying.KYOTO_CANCELLATION: "2/CMA.3 annex para. 1(e)",
    Saying.ABROAD: "2/CMA.3 annex para. 20(a)",
    Saying.NOT_AUTHORIZED: "2/CMA.3 annex para. 1(d), 1(f)",
    Saying.NOT_ADJUSTED: "2/CMA.3 annex paras. 2, 7",
    Saying.NOT_USED: "2/CMA.3 annex paras. 20-21",
    Saying.KYOTO: "2/CMA.3 annex para. 1(e)",
    Saying.IN_FLIGHT: "2/CMA.3 annex para. 29",
    Saying.ON_HOLD: "2/CMA.3 annex para. 29",
    Saying.PERMANENT: "2/CMA.3 annex paras. 18(h), 22(b)",
    Saying.NEUTRAL: "",
}
END_PROVISIONS: Final = {
    End.TOWARDS_NDC: "2/CMA.3 annex paras. 1(d), 8",
    End.INTERNATIONAL_OBLIGATION: "2/CMA.3 annex para. 1(f)",
    End.DOMESTIC_OBLIGATION: "",
    End.COMPENSATION: "2/CMA.3 annex para. 1(f)",
    End.OVERALL_MITIGATION: "2/CMA.3 annex paras. 39-40",
    End.VOLUNTARY_CONTRIBUTION: "",
    End.ADAPTATION_CONTRIBUTION: "2/CMA.3 annex para. 37",
    End.CARBON_NEUTRAL: "",
    End.FURTHER_USE: "2/CMA.3 annex para. 29",
}
_BY_PURPOSE: Final = {
    Purpose.NDC: Saying.TOWARDS_NDC,
    Purpose.IMP: Saying.INTERNATIONAL_PURPOSE,
    Purpose.OP: Saying.OTHER_PURPOSE,
}


def claims_at_end(claims: Claims) -> tuple[UnitClaim, ...]:
    """The statements that units at their end carry, and those that they do not."""
    told = [(each, True) for each in claims.may] + [(each, False) for each in claims.may_not]
    return tuple(UnitClaim(each.value, may, END_PROVISIONS[each], end=True) for each, may in told)


def value_at_end(claims: Claims) -> Value:
    """Whether one unit that ended so counted for an obligation; voluntary ends never do."""
    return Value.COUNTED if claims.compliance_value_t else Value.NONE


def value_before_end(facts: UnitFacts) -> Value | None:
    """That no other Party can count it, where nothing lets one: no clearing abroad, so value 0 there."""
    rule = RULES[facts.unit_type]
    cleared = rule.authorizable and not rule.voluntary_cancellation_only and facts.status is not Status.UNAUTHORIZED
    return None if cleared else Value.NONE_ABROAD


def claims_before_end(
    facts: UnitFacts, *, whereabouts: str, purposes: Sequence[Purpose], on_hold: bool
) -> tuple[UnitClaim, ...]:
    """What may be said of a unit that was neither used nor cancelled nor retired.

    Args:
        whereabouts: held, in_flight or abroad.
        purposes: Those of the authorization that covers it.
    """
    may, may_not = _sayings(facts, purposes)
    if whereabouts == "abroad":
        may.insert(0, Saying.ABROAD)
    if whereabouts == "in_flight":
        may_not.append(Saying.IN_FLIGHT)
    if facts.reversibility is Reversibility.REVERSIBLE:
        may_not.append(Saying.PERMANENT)
    if on_hold:
        may_not.append(Saying.ON_HOLD)
    told = [(each, True) for each in may] + [(each, False) for each in (*may_not, Saying.NOT_USED, Saying.NEUTRAL)]
    return tuple(UnitClaim(each.value, way, PROVISIONS[each]) for each, way in told)


def _sayings(facts: UnitFacts, purposes: Sequence[Purpose]) -> tuple[list[Saying], list[Saying]]:
    rule = RULES[facts.unit_type]
    if rule.voluntary_cancellation_only:
        return [Saying.KYOTO_CANCELLATION], [Saying.KYOTO]
    if not rule.authorizable:
        return [Saying.HOME_USE, Saying.HOST_COUNTS], [Saying.NOT_AUTHORIZED]
    if facts.status is Status.UNAUTHORIZED:
        return [Saying.HOST_COUNTS], [Saying.NOT_AUTHORIZED]
    uses = [_BY_PURPOSE[each] for each in Purpose if each in purposes]
    if facts.status is Status.FIRST_TRANSFERRED:
        return [*uses, Saying.HOST_ADJUSTED], []
    return uses, [Saying.NOT_ADJUSTED]
