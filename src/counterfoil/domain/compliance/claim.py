"""What may be said of units that are at their end, and what may not: by what became of them, never by their label.

A unit that was used or cancelled carries one statement for ever. What it may not carry is said as clearly, so that a
firm's text can be held against it.

Source: requirements R-INT-06, R-INT-15, R-TWN-04; 2/CMA.3 annex paras. 1(d), 7, 39.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal


class ClaimFault(StrEnum):
    NOT_ALLOWED = "claim.not_allowed"
    VOLUNTARY_REGISTER = "claim.voluntary_register"


class EndStatus(StrEnum):
    """How units ended."""

    NDC = "ndc"
    INTERNATIONAL = "international"
    OTHER_PURPOSE = "other_purpose"
    OMGE = "omge"
    DOMESTIC = "domestic"
    VOLUNTARY = "voluntary"
    ADMINISTRATIVE = "administrative"
    ADAPTATION_FUND = "adaptation_fund"


class Statement(StrEnum):
    """What somebody may want to say."""

    TOWARDS_NDC = "towards_ndc"
    INTERNATIONAL_OBLIGATION = "international_obligation"
    DOMESTIC_OBLIGATION = "domestic_obligation"
    COMPENSATION = "compensation"
    OVERALL_MITIGATION = "overall_mitigation"
    VOLUNTARY_CONTRIBUTION = "voluntary_contribution"
    ADAPTATION_CONTRIBUTION = "adaptation_contribution"
    CARBON_NEUTRAL = "carbon_neutral"
    FURTHER_USE = "further_use"


MAY: Final[Mapping[EndStatus, frozenset[Statement]]] = {
    EndStatus.NDC: frozenset({Statement.TOWARDS_NDC}),
    EndStatus.INTERNATIONAL: frozenset({Statement.INTERNATIONAL_OBLIGATION}),
    EndStatus.OTHER_PURPOSE: frozenset({Statement.COMPENSATION}),
    EndStatus.OMGE: frozenset({Statement.OVERALL_MITIGATION}),
    EndStatus.DOMESTIC: frozenset({Statement.VOLUNTARY_CONTRIBUTION}),
    EndStatus.VOLUNTARY: frozenset({Statement.VOLUNTARY_CONTRIBUTION}),
    EndStatus.ADMINISTRATIVE: frozenset(),
    EndStatus.ADAPTATION_FUND: frozenset({Statement.ADAPTATION_CONTRIBUTION}),
}
"""Nothing carries a further use, and no units alone carry `carbon neutral`: that is a statement about emissions too."""
COUNTED: Final = frozenset({EndStatus.NDC, EndStatus.INTERNATIONAL})
"""What has a compliance value by its end alone; domestic units have one where a surrender counted them."""


@dataclass(frozen=True, slots=True)
class Claims:
    """`compliance_value_t` is how many of the units counted for an obligation; voluntary ones always count 0."""

    status: EndStatus
    may: tuple[Statement, ...]
    may_not: tuple[Statement, ...]
    compliance_value_t: int


_PURPOSES: Final[Mapping[str, EndStatus]] = {
    "IMP": EndStatus.INTERNATIONAL,
    "OP": EndStatus.OTHER_PURPOSE,
    "OMGE": EndStatus.OMGE,
    "voluntary": EndStatus.VOLUNTARY,
}
_ACTS: Final[Mapping[str, EndStatus]] = {
    "UsedTowardsNdc": EndStatus.NDC,
    "Retired": EndStatus.DOMESTIC,
    "ContributedToAdaptationFund": EndStatus.ADAPTATION_FUND,
}


def end_status(act: str, purpose: str) -> EndStatus:
    """How units ended, from the act and the purpose of a cancellation; an unknown purpose carries no statement.

    >>> end_status("Cancelled", "IMP").value, end_status("Cancelled", "lost").value
    ('international', 'administrative')
    """
    return _ACTS.get(act) or _PURPOSES.get(purpose, EndStatus.ADMINISTRATIVE)


def claims_of(status: EndStatus, *, quantity: int, surrendered_t: int = 0) -> Claims:
    """What may be said of so many units that ended so.

    Args:
        surrendered_t: How many of them a declaration for a liability accepted, whole tonnes.
    """
    may = set(MAY[status])
    if surrendered_t:
        may.add(Statement.DOMESTIC_OBLIGATION)
        may.discard(Statement.VOLUNTARY_CONTRIBUTION)
    counted = quantity if status in COUNTED else surrendered_t
    ordered = tuple(each for each in Statement if each in may)
    return Claims(status, ordered, tuple(each for each in Statement if each not in may), counted)


def sayable(claims: Claims, wanted: Statement, *, entry: int) -> Refusal | None:
    """Whether a statement may be made: a stronger one than the units carry is refused, with those that they carry."""
    if wanted in claims.may:
        return None
    allowed = ", ".join(claims.may) or "-"
    facts = {"entry": entry, "statement": wanted.value, "status": claims.status.value, "allowed": allowed}
    return Refusal(ClaimFault.NOT_ALLOWED, {**facts})
