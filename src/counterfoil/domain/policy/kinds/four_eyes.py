"""Which acts need more than one person, and how many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, noted


class GuardedAct(StrEnum):
    """What a law may put under several persons. Where the word is one of `Act`, it means the same act."""

    REGISTER = "register"
    AUTHORIZE = "authorize"
    """Authorizations, and their change, completion, reduction and revocation."""
    ISSUE = "issue"
    CONVERT = "convert"
    TRANSFER = "transfer"
    FIRST_TRANSFER = "first_transfer"
    USE = "use"
    CANCEL = "cancel"
    """Cancellation and retirement, for whatever purpose."""
    SURRENDER = "surrender"
    ACCOUNT_OPENING = "account_opening"
    TRUSTED_LIST = "trusted_list"
    """A change of the accounts to which another account may send without delay."""
    HOLD = "hold"
    """Holds, and their release."""
    CORRECT = "correct"
    ADOPT_PACK = "adopt_pack"
    """The adoption of a law, this rule included."""
    PARTNER = "partner"
    """The link to a partner registry, whose messages may bring units in."""
    SETTINGS = "settings"
    """Keys, witnesses, and the rules of participation."""


@dataclass(frozen=True, slots=True)
class FourEyesRule:
    """`guards`: the acts. `persons`: how many must stand behind each, two where nothing is said."""

    guards: tuple[GuardedAct, ...]
    persons: int = 2


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Says how many persons an act needs. Whether they stand behind it is asked where the act comes in."""
    del law, on
    for clause in clauses:
        if asked.act.value in clause.content.guards:
            yield noted("four_eyes", clause.basis, notes=(("persons", str(clause.content.persons)),))


_WORDS: Final = frozenset(each.value for each in GuardedAct)
FOUR_EYES: Final = Kind("four_eyes", FourEyesRule, frozenset(act for act in Act if act.value in _WORDS), decide)
