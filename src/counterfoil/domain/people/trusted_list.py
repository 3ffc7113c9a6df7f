"""The accounts to which another account may send at once: each counts from a moment after its entry.

Model: the trusted account lists of the EU's Union Registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.working_hours import moment_ms, moment_text

TRUSTED: Final = "trusted"
"""The kind of the record; its key is the account whose list it is."""
LIST_MAX: Final = 40
"""Accounts of one list: the whole list stands in a leaf of the journal."""


class TrustedFault(StrEnum):
    ITSELF = "trusted.itself"
    ALREADY = "trusted.already"
    FULL = "trusted.full"
    UNKNOWN = "trusted.unknown"


@dataclass(frozen=True, slots=True)
class TrustedList:
    """`usable_from`: by the trusted account, the moment from which it counts. One abroad is named with its Party."""

    account: str
    usable_from: Mapping[str, str] = field(default_factory=dict)

    def trusts(self, target: str, now_ms: int) -> bool:
        """The moment itself counts already."""
        since = self.usable_from.get(target)
        return since is not None and now_ms >= moment_ms(since)


def listed_as(target: str, partner: str | None = None) -> str:
    """How an account stands in a list: a code of this registry, or the Party and the code there.

    >>> listed_as("tha:shop"), listed_as("che:buyer", "CHE")
    ('tha:shop', 'CHE che:buyer')
    """
    return target if partner is None else f"{partner} {target}"


def with_trusted(known: TrustedList, target: str, *, from_ms: int) -> TrustedList | Refusal:
    """The list with one more account. Who is on it keeps the moment that was set: an entry is not made twice.

    Returns:
        The list, or the refusal `trusted.itself`, `trusted.already` or `trusted.full`.
    """
    facts = {"account": known.account[:120], "trusted": target[:120]}
    if target == known.account:
        return Refusal(TrustedFault.ITSELF, facts)
    if target in known.usable_from:
        return Refusal(TrustedFault.ALREADY, {**facts, "usable_from": known.usable_from[target]})
    if len(known.usable_from) >= LIST_MAX:
        return Refusal(TrustedFault.FULL, {**facts, "most": LIST_MAX})
    return TrustedList(known.account, {**known.usable_from, target: moment_text(from_ms)})


def without_trusted(known: TrustedList, target: str) -> TrustedList | Refusal:
    """The list without an account, from this moment; or the refusal `trusted.unknown`."""
    if target not in known.usable_from:
        return Refusal(TrustedFault.UNKNOWN, {"account": known.account[:120], "trusted": target[:120]})
    rest = {code: since for code, since in known.usable_from.items() if code != target}
    return TrustedList(known.account, rest)
