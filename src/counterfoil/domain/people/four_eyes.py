"""Four eyes: an act that the law guards is done by two persons, and neither can be both.

The law is the adopted pack's where it has a rule of the kind `four_eyes`, else the registry's own practice, which is a
rulebook. A registry without enrolled persons is not asked: its owner founds it alone.

Source: ADR-0027; requirement R-GOV-02.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.basis import Basis
from counterfoil.domain.policy.kinds.four_eyes import GuardedAct
from counterfoil.domain.policy.law import Law

KIND: Final = "four_eyes"


class ApprovalFault(StrEnum):
    SECOND_PERSON_NEEDED = "approval.second_person_needed"
    SAME_PERSON = "approval.same_person"
    SAME_MANDATE = "approval.same_mandate"
    PERSON_NEEDED = "approval.person_needed"


@dataclass(frozen=True, slots=True)
class Demand:
    """How many persons an act needs, and the provision that says so."""

    persons: int
    basis: Basis


def demanded(laws: Sequence[Law], act: GuardedAct, on: date) -> Demand | None:
    """What the law asks for an act on a day: of the first law that has any rule of this kind in force.

    Args:
        laws: The adopted pack's law first, then the registry's own practice.
    """
    for law in laws:
        clauses = list(law.in_force(KIND, on))
        if clauses:
            found = (each for each in clauses if act in each.content.guards)
            demands = [Demand(each.content.persons, each.basis) for each in found]
            return max(demands, key=lambda demand: demand.persons, default=None)
    return None


def enough(demand: Demand | None, persons: Sequence[Standing], *, action: str) -> Refusal | None:
    """Whether enough different persons stand behind an act. A token or a machine is no person.

    Who acts in another's place counts as both: a deputy and the giver of the mandate are not two pairs of eyes.

    Returns:
        None, or the refusal `approval.second_person_needed` with the provision.
    """
    known = _apart(persons)
    if demand is None or known >= demand.persons:
        return None
    basis = demand.basis
    facts: dict[str, JSON] = {
        "action": action,
        "persons": demand.persons,
        "given": known,
        "rule": basis.name,
        "pack": basis.pack,
        "provision": basis.provision,
    }
    return Refusal(ApprovalFault.SECOND_PERSON_NEEDED, facts)


def second_person(behind: Collection[str], approver: Standing) -> Refusal | None:
    """Whether somebody may join those who stand behind an act already.

    Args:
        behind: Their pseudonyms, and those in whose place they act.

    Returns:
        None, or the refusal `approval.person_needed` for a machine, `approval.same_person`, or
        `approval.same_mandate` for a deputy of somebody who stands behind it.
    """
    if not approver.person:
        return Refusal(ApprovalFault.PERSON_NEEDED)
    if approver.person in behind:
        return Refusal(ApprovalFault.SAME_PERSON, {"person": approver.person})
    if approver.giver in behind:
        return Refusal(ApprovalFault.SAME_MANDATE, {"person": approver.person, "giver": approver.giver})
    return None


def _apart(persons: Sequence[Standing]) -> int:
    """How many of these have nothing to do with one another: neither the same person nor the same mandate."""
    seen: set[str] = set()
    count = 0
    for standing in persons:
        own = {standing.person, standing.giver} - {""}
        if standing.person and not own & seen:
            count += 1
            seen |= own
    return count


def signed_by(persons: Sequence[str]) -> str:
    """Under which name the journal keeps an act of several persons: initiator first.

    >>> signed_by(["P-AAAAAAAA", "P-BBBBBBBB"])
    'person:P-AAAAAAAA+person:P-BBBBBBBB'
    """
    return "+".join(f"person:{person}" for person in persons)
