"""The kinds of bodies that a registry knows, as data: which roles their persons may hold, and on what terms.

Source: requirement R-GOV-01 (the set of roles); 2/CMA.3 annex para. 29 (accounts of a registry).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.basis import Text


class OrganisationFault(StrEnum):
    ROLE_NOT_OF_KIND = "organisation.role_not_of_kind"
    UNTIL_MISSING = "organisation.until_missing"
    ONE_PARTY = "organisation.one_authorizing_party"


@dataclass(frozen=True, slots=True)
class OrganisationKind:
    """A kind of body, and the roles that its persons may hold.

    With `until_required`, every membership in it ends on a day that is named at its beginning. With
    `one_authorizing_party`, each of its accounts is under exactly one Party, which authorized the body.
    """

    name: str
    label: Text
    roles: frozenset[str]
    until_required: bool = False
    one_authorizing_party: bool = False


def membership(kind: OrganisationKind, *, role: str, until: date | None) -> Refusal | None:
    """Whether somebody may hold a role in a body of this kind.

    Returns:
        None, or the refusal `organisation.role_not_of_kind` or `organisation.until_missing`, in this order.
    """
    if role not in kind.roles:
        facts = {"role": role[:60], "kind": kind.name, "roles": ", ".join(sorted(kind.roles)) or "-"}
        return Refusal(OrganisationFault.ROLE_NOT_OF_KIND, facts)
    if kind.until_required and until is None:
        return Refusal(OrganisationFault.UNTIL_MISSING, {"role": role, "kind": kind.name})
    return None


def account_parties(kind: OrganisationKind, parties: Collection[str]) -> Refusal | None:
    """Whether an account of such a body may stand under these authorizing Parties.

    Args:
        parties: The Parties whose authorization of the body is shown for this account.

    Source: A6.4-PROC-REGS-001 para. 51(b), adopted here as for `HoldingAccount`.
    """
    if kind.one_authorizing_party and len(set(parties)) != 1:
        named = ", ".join(sorted(set(parties))) or "-"
        return Refusal(OrganisationFault.ONE_PARTY, {"kind": kind.name, "parties": named[:120]})
    return None
