"""The Article 6.4 mechanism registry as a book beside those of Parties: what a host states to it, and what it tells.

Its units belong to a host Party and are born in the mechanism's own book, so both books have a part in their first
transfer: the mechanism's entry makes it, and the host's entry adds it to the host's balance.

Source: 3/CMA.3 annex paras. 55, 63; A6.4-PROC-REGS-001 paras. 42-52, 67-78; A6.4-PROC-AC-002 paras. 163-164; ADR-0036.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import Party

MECHANISM: Final = "mechanism"
"""The purpose of the mechanism registry; it is no Party and issues for the hosts that have stated activities to it."""
STATEMENT: Final = "mechanism_statement"
"""By activity: the host's statement, in the host's book as it was made and in the mechanism's as it was taken."""


FORWARDED_TO: Final = "forwarded_to"
"""A fact of own units in the mechanism registry: the Party to which it forwarded them, first transferred before."""


class MechanismFault(StrEnum):
    NOT_THE_MECHANISM = "mechanism.not_the_mechanism"
    NOT_OF_MECHANISM = "mechanism.activity_not_of_mechanism"
    ISSUED_BY_HOST = "mechanism.issued_by_host"
    STATED_ELSEWHERE = "mechanism.stated_elsewhere"
    ALREADY_STATED = "mechanism.already_stated"
    ACTIVITY_TAKEN = "mechanism.activity_taken"
    NOT_STATED = "mechanism.not_stated"
    OTHER_LETTER = "mechanism.other_letter"
    HOST_ISSUES_THERE = "mechanism.host_issues_there"


class ToldFault(StrEnum):
    """Why a host does not book a first transfer that the mechanism registry tells it."""

    NOT_ISSUED_THERE = "first_transferred_there.not_issued_there"
    STANDS_HERE = "first_transferred_there.stands_here"
    NOT_BY_LETTER = "first_transferred_there.not_by_letter"
    NOT_YET = "first_transferred_there.not_yet"
    TWICE = "first_transferred_there.named_twice"
    NOT_KNOWN_YET = "first_transferred_there.not_known_yet"


@dataclass(frozen=True, slots=True)
class Statement:
    """A host's word on the units of one activity: under which letter, or that they are mitigation contributions.

    Attributes:
        partner: The Party code of the other book: of the mechanism in the host's, of the host in the mechanism's.
        authorization: The host's letter; empty for units that are not authorized.
        letter_version: The version of the letter that was stated; 0 without a letter.
        may_follow: Whether the host may authorize such units later.

    Source: A6.4-PROC-AC-002 paras. 163-164.
    """

    activity: str
    partner: Party
    authorization: str = ""
    letter_version: int = 0
    may_follow: bool = False
