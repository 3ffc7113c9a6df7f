"""The safeguards of accounts that are in force on a day, and what each of them asks of units that leave.

The law is the adopted pack's where it has a rule of the kind, else that of the practice that the registry adopted. A
registry without either has no delay, no limit and no terms. Suspended and closed accounts bind always.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.working_hours import moment_text
from counterfoil.domain.policy.asked import Act
from counterfoil.domain.policy.basis import Basis
from counterfoil.domain.policy.kinds.account_guard import (
    ACCOUNT_TERMS,
    MOVE_DELAY,
    MOVE_LIMIT,
    AccountTermsRule,
    MoveDelayRule,
    MoveLimitRule,
    Untrusted,
)
from counterfoil.domain.policy.kinds.role import RoleRule
from counterfoil.domain.policy.law import Law

KYC: Final = "kyc"
"""Until which day the file on a holder is good: the kind of the record, with the holder as its key."""
MOVED: Final = "moved"
"""By account: how many units left it on its last day, where the law sets a limit."""


class SafeguardFault(StrEnum):
    MUST_WAIT = "transfer.must_wait"
    NOT_TRUSTED = "transfer.not_trusted"
    ACT_EXCEEDED = "limit.act_exceeded"
    DAY_EXCEEDED = "limit.day_exceeded"
    KYC_MISSING = "account.kyc_missing"
    KYC_OVER = "account.kyc_over"


@dataclass(frozen=True, slots=True)
class Safeguards:
    """The rules in force, each with the provision on which its refusals stand."""

    delay: MoveDelayRule | None = None
    limit: MoveLimitRule | None = None
    terms: AccountTermsRule | None = None
    bases: Mapping[str, Basis] | None = None
    parted: Basis | None = None
    """The provision that parts the body that authorizes from the one that runs the registry, where there is one."""

    def stands_on(self, kind: str) -> dict[str, JSON]:
        basis = (self.bases or {})[kind]
        return {"rule": basis.name, "pack": basis.pack, "provision": basis.provision}


def in_force(laws: tuple[Law, ...], on: date) -> Safeguards | None:
    """The safeguards of the first law that has a rule of each kind; None where none has any."""
    found: dict[str, tuple[object, Basis]] = {}
    parted = None
    for law in laws:
        parted = parted or _parted(law, on)
        for kind in (MOVE_DELAY, MOVE_LIMIT, ACCOUNT_TERMS):
            clause = next(law.in_force(kind, on), None)
            if clause is not None and kind not in found:
                found[kind] = clause.content, clause.basis
    if not found and parted is None:
        return None
    delay, limit, terms = (found.get(kind, (None,))[0] for kind in (MOVE_DELAY, MOVE_LIMIT, ACCOUNT_TERMS))
    assert delay is None or isinstance(delay, MoveDelayRule)
    assert limit is None or isinstance(limit, MoveLimitRule)
    assert terms is None or isinstance(terms, AccountTermsRule)
    return Safeguards(delay, limit, terms, {kind: basis for kind, (_, basis) in found.items()}, parted)


def _parted(law: Law, on: date) -> Basis | None:
    """Where a law says that one body does not both authorize and issue: as terms of accounts, or of an authority."""
    for clause in law.in_force(ACCOUNT_TERMS, on):
        if clause.content.separate_bodies:
            return clause.basis
    for clause in law.in_force("role", on):
        role: RoleRule = clause.content
        both = {Act.AUTHORIZE, Act.ISSUE}
        if both.intersection(role.may) and both.intersection(role.never):
            return clause.basis
    return None


def trusted_or_slow(safeguards: Safeguards, *, account: str, target: str, trusted: bool) -> Refusal | None:
    """Refuses a target outside the trusted list where the law does not merely delay it: `transfer.not_trusted`."""
    rule = safeguards.delay
    if rule is None or trusted or rule.untrusted is Untrusted.DELAY:
        return None
    facts = {"account": account[:120], "target": target[:120], **safeguards.stands_on(MOVE_DELAY)}
    return Refusal(SafeguardFault.NOT_TRUSTED, facts)


def must_wait(safeguards: Safeguards, *, account: str, target: str, due_ms: int) -> Refusal:
    """The refusal of a transfer that may not be done at once, with the moment from which it may."""
    facts: dict[str, JSON] = {"account": account[:120], "target": target[:120], "due": moment_text(due_ms)}
    return Refusal(SafeguardFault.MUST_WAIT, {**facts, **safeguards.stands_on(MOVE_DELAY)})


def within_limits(safeguards: Safeguards, *, account: str, units: int, moved: int) -> Refusal | None:
    """Whether so many units may leave an account, of which `moved` units left today already.

    Returns:
        None, or the refusal `limit.act_exceeded` or `limit.day_exceeded`, which says what remains today.
    """
    rule = safeguards.limit
    if rule is None:
        return None
    facts: dict[str, JSON] = {"account": account[:120], "units": units, **safeguards.stands_on(MOVE_LIMIT)}
    if rule.per_act and units > rule.per_act:
        return Refusal(SafeguardFault.ACT_EXCEEDED, {**facts, "limit": rule.per_act})
    if rule.per_day and moved + units > rule.per_day:
        left = max(0, rule.per_day - moved)
        return Refusal(SafeguardFault.DAY_EXCEEDED, {**facts, "limit": rule.per_day, "left": left})
    return None


def known_well(safeguards: Safeguards, *, holder: str, valid_until: str | None, today: date) -> Refusal | None:
    """Whether the file on a holder is there and has not run out; its last day still counts.

    Returns:
        None, or the refusal `account.kyc_missing` or `account.kyc_over`.
    """
    if safeguards.terms is None or not safeguards.terms.kyc:
        return None
    facts: dict[str, JSON] = {"holder": holder[:120], **safeguards.stands_on(ACCOUNT_TERMS)}
    if valid_until is None:
        return Refusal(SafeguardFault.KYC_MISSING, facts)
    if today > date.fromisoformat(valid_until):
        return Refusal(SafeguardFault.KYC_OVER, {**facts, "valid_until": valid_until})
    return None
