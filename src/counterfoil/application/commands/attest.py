"""Attest a Party's participation responsibilities, and say whether authorizations wait for that."""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import SELF, Command, Context, record, stored
from counterfoil.domain.authorizations.participation import (
    AUTHORIZATION_RULES,
    PARTICIPATION_RECORD,
    Attestation,
    AuthorizationRules,
    Participation,
    ParticipationFault,
    Responsibility,
    attested,
)
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


@dataclass(frozen=True, slots=True)
class Attested:
    """One responsibility as attested: `evidence` a SHA-256 or an address, `report` the report that renews it."""

    responsibility: Responsibility
    evidence: str = ""
    met: bool = True
    statement: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestParticipation(Command):
    """Attest participation responsibilities a to f of a Party: of this one, or of a partner as far as it is shown.

    Each report renews them. One that is no longer met is attested with `met` false and a statement.
    """

    party: Party
    attestations: tuple[Attested, ...]


def attest_participation(command: AttestParticipation, books: Books, context: Context) -> Entry | Refusal:
    """Source: 2/CMA.3 annex paras. 4, 18(a), 21(a)."""
    found = attested(
        command.party,
        stored(books, PARTICIPATION_RECORD, command.party, Participation),
        [_dated(each, context.on) for each in command.attestations],
    )
    if isinstance(found, Refusal):
        return found
    return Entry(
        Act.PARTICIPATION_ATTESTED,
        context.on,
        records=(record(PARTICIPATION_RECORD, command.party, replace(found, assumed=command.assumed)),),
        details={
            "party": command.party,
            "responsibilities": [each.responsibility.value for each in command.attestations],
        },
    )


def _dated(each: Attested, on: date) -> Attestation:
    return Attestation(each.responsibility, each.evidence, on, each.met, each.statement, each.report)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAuthorizationRules(Command):
    """Say whether authorizations of this Party take effect only once responsibilities a to e are attested.

    A registry that never said so goes on as before: what is missing is recorded with each authorization, and stops
    nothing.
    """

    attestations_required: bool
    reason: str


def set_authorization_rules(command: SetAuthorizationRules, books: Books, context: Context) -> Entry | Refusal:
    """The rule is the registry's own; it holds from its day on. Source: ADR-0021."""
    del books
    if not command.reason:
        return Refusal(ParticipationFault.REASON_MISSING)
    rules = AuthorizationRules(command.attestations_required, command.reason)
    return Entry(
        Act.AUTHORIZATION_RULES_SET,
        context.on,
        records=(record(AUTHORIZATION_RULES, SELF, rules),),
        details={"attestations_required": command.attestations_required, "reason": command.reason},
    )
