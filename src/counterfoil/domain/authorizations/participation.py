"""A Party's participation responsibilities, as attested facts with their evidence.

The decision asks for a report on them. That an authorization has no effect while one of a-e is unattested is a rule of
the house, which each registry switches on or off by an act of its own (ADR-0021).

Source: 2/CMA.3 annex para. 4(a)-(f), para. 18(a), para. 21(a).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal

PARTICIPATION_RECORD: Final = "participation"
AUTHORIZATION_RULES: Final = "authorization_rules"


class ParticipationFault(StrEnum):
    PARTY_UNREADABLE = "participation.party_unreadable"
    NOTHING_ATTESTED = "participation.nothing_attested"
    EVIDENCE_MISSING = "participation.evidence_missing"
    UNATTESTED = "participation.unattested"
    REASON_MISSING = "participation.reason_missing"


class Responsibility(StrEnum):
    """The six responsibilities, by the letter of their subparagraph."""

    PARTY_TO_AGREEMENT = "a"
    NDC_MAINTAINED = "b"
    AUTHORIZATION_ARRANGEMENTS = "c"
    TRACKING_ARRANGEMENTS = "d"
    INVENTORY_PROVIDED = "e"
    CONTRIBUTES_TO_GOALS = "f"


REQUIRED: Final = tuple(
    responsibility for responsibility in Responsibility if responsibility is not Responsibility.CONTRIBUTES_TO_GOALS
)
"""What must be attested before an authorization takes effect where the registry asks for it."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """One responsibility, as met or as no longer met, with what shows it.

    `evidence` is a SHA-256 of the evidence store or a public address; `report` the regular information that renews it.
    """

    responsibility: Responsibility
    evidence: str
    attested_on: date
    met: bool = True
    statement: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class Participation:
    """The latest attestation of each responsibility of one Party."""

    party: Party
    attestations: tuple[Attestation, ...] = ()
    assumed: tuple[str, ...] = ()

    def unattested(self, on: date) -> tuple[Responsibility, ...]:
        """The required responsibilities that are not attested as met by a day."""
        met = {each.responsibility for each in self.attestations if each.met and each.attested_on <= on}
        return tuple(responsibility for responsibility in REQUIRED if responsibility not in met)


@dataclass(frozen=True, slots=True)
class AuthorizationRules:
    """What this registry asks of its own Party before an authorization takes effect."""

    attestations_required: bool = False
    reason: str = ""


def attested(party: Party, known: Participation | None, new: Iterable[Attestation]) -> Participation | Refusal:
    """The attestations of a Party with the new ones in the place of the old.

    A responsibility that is no longer met needs a statement rather than evidence.

    Source: 2/CMA.3 annex paras. 4, 18(a), 21(a).
    """
    added = tuple(new)
    if not PARTY.match(party):
        return Refusal(ParticipationFault.PARTY_UNREADABLE, {"party": party[:20]})
    if not added:
        return Refusal(ParticipationFault.NOTHING_ATTESTED, {"party": party})
    for each in added:
        if not (each.evidence if each.met else each.statement):
            return Refusal(ParticipationFault.EVIDENCE_MISSING, {"responsibility": each.responsibility.value})
    latest = {each.responsibility: each for each in (known.attestations if known is not None else ())}
    latest |= {each.responsibility: each for each in added}
    return Participation(party, tuple(latest[name] for name in Responsibility if name in latest))


def effective(
    rules: AuthorizationRules | None, participation: Participation | None, *, party: Party, on: date
) -> Refusal | None:
    """Whether authorizations of a Party take effect on a day, as this registry's own rule asks.

    Source: 2/CMA.3 annex para. 4; ADR-0021.
    """
    if rules is None or not rules.attestations_required:
        return None
    unattested = (participation or Participation(party)).unattested(on)
    if unattested:
        return Refusal(
            ParticipationFault.UNATTESTED, {"party": party, "on": on.isoformat(), "missing": ", ".join(unattested)}
        )
    return None
