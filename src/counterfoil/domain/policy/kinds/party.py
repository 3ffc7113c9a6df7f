"""Whether the jurisdiction is a Party to the Paris Agreement, and which acts that leaves open.

Source: Paris Agreement, arts. 6.2, 13 and 20; ADR-0008.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import CODE, Names
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused

NDC: Final = "NDC"


class PartyFault(StrEnum):
    NOT_A_PARTY = "policy.party.not_a_party"
    WITHIN_PARTY = "policy.party.within_party"


class PartyStatus(StrEnum):
    PARTY = "party"
    NON_PARTY = "non_party"
    UNION = "union"
    UNION_MEMBER = "union_member"
    WITHIN_PARTY = "within_party"
    """A territory of a Party: that Party authorizes, adjusts and reports. It keeps no shadow account."""


APART: Final = frozenset({PartyStatus.NON_PARTY, PartyStatus.WITHIN_PARTY})
"""Who cannot do what only a Party may do."""


@dataclass(frozen=True, slots=True)
class PartyRule:
    """`of`: the Party that a territory belongs to (needed for `within_party`), or the union of a member."""

    status: PartyStatus
    of: Annotated[str, Names(CODE)] = ""


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """A jurisdiction that is no Party cannot authorize, first transfer, use towards an NDC, or report.

    For a territory its Party does so, and its adjustments stand in that Party's balance.
    """
    del law, on
    for clause in clauses:
        if clause.content.status not in APART:
            yield allowed("party", clause.basis)
        elif asked.act is Act.USE and asked.missing("purpose"):
            yield asks("party", clause.basis, ("purpose",))
        elif asked.act is Act.USE and asked.word("purpose") != NDC:
            yield allowed("party", clause.basis)
        elif clause.content.status is PartyStatus.WITHIN_PARTY:
            facts = {"act": asked.act.value, "party": clause.content.of}
            yield refused("party", clause.basis, PartyFault.WITHIN_PARTY, {**facts})
        else:
            yield refused("party", clause.basis, PartyFault.NOT_A_PARTY, {"act": asked.act.value})


PARTY: Final = Kind("party", PartyRule, frozenset({Act.AUTHORIZE, Act.FIRST_TRANSFER, Act.USE, Act.REPORT}), decide)
