"""A statement about units that were used, cancelled or retired, with their true status and where the journal proves it.

Read before: `domain/compliance/claim.py`. Source: requirements R-INT-06, R-INT-15, R-TWN-04, R-ZWE-05.
"""

from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.queries.letters import Letter, LetterKind, UnitsSaid, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import UnitFacts, unit_facts
from counterfoil.domain.compliance.claim import (
    ClaimFault,
    Claims,
    Statement,
    claims_of,
    end_status,
    sayable,
)
from counterfoil.domain.compliance.voluntary import VOLUNTARY
from counterfoil.domain.kernel.refusal import Refusal

FORMAT: Final = "counterfoil-claim-statement-1"


@dataclass(frozen=True, slots=True)
class ClaimStatement:
    """What is said of the units of one act. `sovereign` is what their States said of them, `labels` what others did."""

    letter: Letter
    claims: Claims
    sovereign: dict[str, Any]
    labels: dict[str, Any]

    @property
    def said(self) -> UnitsSaid:
        said = self.letter.said
        assert isinstance(said, UnitsSaid)
        return said


def claim_statement(sight: Sight, of: str, *, wanted: Statement | None = None) -> ClaimStatement | Refusal:
    """The statement about the units of an act that ended them.

    Args:
        of: The entry's number, or the identifier of a unit, for the act that last touched it.
        wanted: What somebody wants to say; refused where these units do not carry it.
    """
    voluntary = sight.record(VOLUNTARY, of)
    if voluntary is not None:
        facts = {"voluntary": of, "programme": voluntary["programme"]}
        return Refusal(ClaimFault.VOLUNTARY_REGISTER, facts)
    found = letter(sight, LetterKind.RETIREMENT, of)
    if isinstance(found, Refusal):
        return found
    said: UnitsSaid = found.said
    surrendered = said.details.get("compliance") or {}
    claims = claims_of(
        end_status(found.ground.act, str(said.details.get("purpose", ""))),
        quantity=said.quantity,
        surrendered_t=min(said.quantity, int(surrendered.get("accepted_t", 0))),
    )
    refusal = None if wanted is None else sayable(claims, wanted, entry=found.ground.entry)
    if refusal is not None:
        return refusal
    return ClaimStatement(found, claims, _sovereign(_facts(sight, found.ground.entry)), _labels(sight, said))


def _facts(sight: Sight, entry: int) -> list[UnitFacts]:
    """The facts of the moved units; they are at their end, so nothing changes them any more."""
    known = sight.entry(entry)
    assert known is not None
    return [
        unit_facts(holding.facts)
        for move in known.entry.moves
        for holding in sight.holdings_between(move.unit_class, move.first, move.last)
    ]


def _sovereign(facts: list[UnitFacts]) -> dict[str, Any]:
    """What States said: authorized, first transferred (so the host adjusted), recognized by the buyer."""
    return {
        "authorizations": sorted({each.authorization for each in facts if each.authorization}),
        "authorized": bool(facts) and all(each.authorization is not None for each in facts),
        "first_transferred": bool(facts) and all(each.first_transferred_on is not None for each in facts),
        "recognized_by": sorted({each.recognized_by for each in facts if each.recognized_by}),
    }


def _labels(sight: Sight, said: UnitsSaid) -> dict[str, Any]:
    """What others said of the activities: standard, methodology, and the yes and no answers about labels.

    A label that is missing takes nothing from a unit that its State authorized: it is shown, and decides nothing.
    """
    shown: dict[str, Any] = {}
    for name in said.activities:
        activity = sight.record("activity", name) or {}
        answers = activity.get("answers") or {}
        told = {key: value for key, value in sorted(answers.items()) if isinstance(value, bool)}
        shown[name] = {
            "standard": activity.get("standard", ""),
            "methodology": activity.get("methodology", ""),
            "answers": told,
        }
    return shown


def claim_json(statement: ClaimStatement) -> dict[str, Any]:
    """The statement for programs. `proof.entry` is the number to ask `prove` for."""
    ground, said, claims = statement.letter.ground, statement.said, statement.claims
    registry = ground.registry
    return {
        "format": FORMAT,
        "registry": {"id": registry.registry, "party": registry.party, "origin": registry.origin},
        "demonstration": registry.demonstration,
        "act": ground.act,
        "on": ground.on.isoformat(),
        "quantity": said.quantity,
        "units": [{"first": lot.first_id, "last": lot.last_id, "quantity": lot.quantity} for lot in said.lots],
        "activities": dict(said.activities),
        "details": {name: value for name, value in said.details.items() if name not in ("law", "compliance")},
        "status": claims.status.value,
        "may_say": [each.value for each in claims.may],
        "may_not_say": [each.value for each in claims.may_not],
        "compliance_value_t": claims.compliance_value_t,
        "sovereign": statement.sovereign,
        "labels": statement.labels,
        "proof": {
            "entry": ground.entry,
            "leaf_hash": ground.leaf_hash,
            "checkpoint": ground.checkpoint.number,
            "root": ground.checkpoint.root.hex(),
        },
    }
