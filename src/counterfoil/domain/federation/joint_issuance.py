"""One decision of two Parties, issuance in two books: what both must have said in the same words before either issues.

The shares of a verified quantity, which book gives the units their identifiers, and whether the partner's share passes
a transit account of that book, are data of the decision, as the two Parties agreed them. With no originating Party each
book issues its own share; with one, that book issues all, and the partner's share reaches it by a transfer, which is
then its first transfer. Either way a book's holdings follow from its own entries.

Source: requirements R-JPN-03 to R-JPN-05; consistency checks C50, C55.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, PARTY, Party, unfit
from counterfoil.domain.kernel.refusal import Refusal

JOINT_TERMS: Final = "joint_terms"
"""By decision: what this Party has said."""
JOINT_TERMS_THERE: Final = "joint_terms_there"
"""By partner and decision: what the partner's book says, as its notice proved it."""
JOINT_ISSUED_THERE: Final = "joint_issued_there"
"""By decision: that the partner's book has issued under it."""


class JointFault(StrEnum):
    SHARES_UNCLEAR = "joint_issuance.shares_unclear"
    ALREADY_AGREED = "joint_issuance.already_agreed"
    DIFFERS = "joint_issuance.differs"
    PARTNER_AWAITED = "joint_issuance.partner_awaited"
    OTHER_TERMS = "joint_issuance.other_terms"
    SHARE_DIFFERS = "joint_issuance.share_differs"
    ORIGINATES_ELSEWHERE = "joint_issuance.originates_elsewhere"
    UNKNOWN = "joint_issuance.unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTerms:
    """What both books must say alike. `shares` is t by Party and sums to `quantity`, whole t of one vintage.

    `document` is the SHA-256 of the joint committee's decision; `originating` the Party whose book issues all of it.
    """

    decision: str
    activity: str
    vintage: int
    quantity: int
    shares: Mapping[str, int]
    document: str
    originating: str = ""
    transit: str = ""

    def as_json(self) -> dict[str, JSON]:
        shares: dict[str, JSON] = {party: self.shares[party] for party in sorted(self.shares)}
        return {
            "decision": self.decision,
            "activity": self.activity,
            "vintage": self.vintage,
            "quantity": self.quantity,
            "shares": shares,
            "document": self.document,
            "originating": self.originating,
            "transit": self.transit,
        }

    def issuing(self, party: str) -> int:
        """How many units a Party's book issues under the decision."""
        if self.originating:
            return self.quantity if party == self.originating else 0
        return self.shares.get(party, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTerms:
    """The terms with what only this book needs to issue its part. It is nobody else's concern, and not compared."""

    terms: JointTerms
    partner: Party
    verification: str
    account: str
    unit_type: str
    scheme: str = ""
    authorization: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


def readable_terms(terms: JointTerms, *, own: str, partner: str) -> Refusal | None:
    """Two Parties, shares that are the whole, and the document in which they decided."""
    nameless = unfit("decision", terms.decision)
    if nameless is not None:
        return nameless
    whole = all(type(share) is int and share >= 0 for share in terms.shares.values())
    clear = (
        set(terms.shares) == {own, partner}
        and PARTY.match(partner) is not None
        and own != partner
        and whole
        and terms.quantity > 0
        and sum(terms.shares.values()) == terms.quantity
        and terms.originating in ("", own, partner)
        and DIGEST.match(terms.document) is not None
    )
    if clear:
        return None
    return Refusal(JointFault.SHARES_UNCLEAR, {"decision": terms.decision, "quantity": terms.quantity})


def differing(one: JointTerms, other: JointTerms) -> Refusal | None:
    """Refuses terms that are not the same, and names the members in which they differ."""
    first, second = one.as_json(), other.as_json()
    members = [name for name in first if first[name] != second[name]]
    if not members:
        return None
    return Refusal(JointFault.DIFFERS, {"decision": one.decision, "members": ", ".join(members)})
