"""The using Party's own authorization, where the cooperative approach asks for one beside the host's.

Source: 2/CMA.3 annex paras. 1(d), 18(g); the bilateral agreements that ask for two letters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal

USING_AUTHORIZATION: Final = "using_authorization"
USING_LETTERS: Final = "using_letters"
"""By Party and approach: how many letters are kept beside the first, each under its number."""
LETTERS_MAX: Final = 100


class UsingPartyFault(StrEnum):
    REFERENCE_MISSING = "using_party.reference_missing"
    NOT_PARTICIPATING = "using_party.not_participating"
    PERIOD_BACKWARDS = "using_party.period_backwards"
    NOT_AUTHORIZED = "using_party.not_authorized"
    TOO_MANY = "using_party.too_many"


@dataclass(frozen=True, slots=True)
class UsingAuthorization:
    """What one Party authorized itself to acquire and use in one approach. No letter named means all of the host's."""

    party: Party
    cooperative_approach: CooperativeApproachId
    reference: str
    valid_from: date
    valid_to: date | None = None
    authorizations: tuple[AuthorizationId, ...] = ()
    document: str | None = None
    assumed: tuple[str, ...] = ()

    def covers(self, authorization: str, *, on: date) -> bool:
        """Whether it is in force on a day and speaks of a letter of the host."""
        in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_force and (not self.authorizations or authorization in self.authorizations)


def using_party_key(party: str, approach: str) -> str:
    return f"{party}:{approach}"


def numbered_key(key: str, number: int) -> str:
    """The key of a letter of a Party in an approach, in the order of recording; the first has no number."""
    return f"{key}@{number:04d}" if number else key


def authorized_by_user(
    known: Iterable[UsingAuthorization], *, party: Party, approach: str, authorization: str, on: date
) -> Refusal | None:
    """Whether one of the using Party's letters is in force on the day and speaks of the host's letter.

    Source: 2/CMA.3 annex paras. 1(d), 18(g).
    """
    if any(letter.covers(authorization, on=on) for letter in known):
        return None
    return Refusal(
        UsingPartyFault.NOT_AUTHORIZED,
        {"party": party, "approach": approach, "authorization": authorization, "on": on.isoformat()},
    )
