"""The conditions of lists for a block of units, side by side with what their State said of them.

What the register knows decides first, then what was answered when the activity was registered, then what the reader
says. Nobody may contradict what the register knows. Facts that a list asks for and nobody said leave it open.

Read before: `domain/compliance/conditions.py`. Source: requirements R-FRI-01, R-FRI-06, R-INT-08.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.commands.declare_units import law_type
from counterfoil.application.queries.law import answered_view, text_view
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, AuthorizationState
from counterfoil.domain.authorizations.objection import OPEN_OBJECTIONS, About, about_key
from counterfoil.domain.compliance.conditions import (
    Acceptance,
    ConditionsFault,
    Place,
    acceptance,
    conditions,
    is_list,
    place_of,
    stays_valid,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import HOLD, Holding
from counterfoil.domain.policy.asked import WORD_MAX, Act, asked_from
from counterfoil.domain.policy.facts import FACTS
from counterfoil.domain.policy.law import Law
from counterfoil.domain.units.identifier import UnitClass, identifier, unit_identifier
from counterfoil.domain.units.unit_type import Reversibility

FORMAT: Final = "counterfoil-conditions-1"
HOLDS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    """A block of units with everything that is known of it: `known` cannot be contradicted, `answers` can."""

    of: UnitClass
    holding: Holding
    facts: UnitFacts
    status: Status
    known: Mapping[str, Any]
    answers: Mapping[str, Any]


def block_of(sight: Sight, unit: str, *, on: date) -> Block | Refusal:
    """The block in which a unit stands, and what the register knows of it by the names of the law's facts."""
    read = unit_identifier(unit)
    if isinstance(read, Refusal):
        return read
    of, serial = read
    found = sight.holdings_between(of.key, serial, serial)
    if not found:
        return Refusal(ShowFault.UNIT_UNKNOWN, {"identifier": identifier(of.key, serial)})
    facts = unit_facts(found[0].facts)
    status = Status.UNAUTHORIZED if _revoked(sight, of, facts, on) else facts.status
    activity = sight.record("activity", facts.activity) or {}
    known = {**_known(of, found[0], facts, status, own=sight.registry.party), **_of_activity(activity)}
    return Block(of, found[0], facts, status, known, activity.get("answers") or {})


def _revoked(sight: Sight, of: UnitClass, facts: UnitFacts, on: date) -> bool:
    """Whether this Party took the letter back before the first transfer. Source: 4/CMA.6 paras. 7-8."""
    if facts.status is not Status.AUTHORIZED or of.party != sight.registry.party:
        return False
    letter = sight.record(AUTHORIZATION_RECORD, facts.authorization or "") or {}
    in_effect = str(letter.get("effective_on") or "") <= on.isoformat()
    return letter.get("state") == AuthorizationState.REVOKED.value and in_effect


def _known(of: UnitClass, holding: Holding, facts: UnitFacts, status: Status, *, own: str) -> dict[str, Any]:
    authorized = status is not Status.UNAUTHORIZED
    known: dict[str, Any] = {
        "quantity_t": holding.serials.size,
        "origin": of.party or own,
        "unit_type": law_type(facts, of),
        "authorized": authorized,
        "corresponding_adjustment": authorized,
        "first_transferred": status is Status.FIRST_TRANSFERRED,
        "national_record": True,
        "used_before": place_of(holding.account) is Place.SPENT,
    }
    if facts.reversibility is not Reversibility.NOT_APPLICABLE:
        known["reversible"] = facts.reversibility is Reversibility.REVERSIBLE
    named = {"vintage": of.vintage, "sector": facts.sector, "activity_type": facts.activity_type}
    return {**known, **{name: value for name, value in named.items() if value not in (None, "")}}


def _of_activity(activity: Mapping[str, Any]) -> dict[str, Any]:
    """Standard and methodology of an activity of this register; of a foreign one, people must say."""
    return {name: activity[name] for name in ("standard", "methodology") if activity.get(name)}


def conditions_view(
    sight: Sight, unit: str, lists: Sequence[Law], *, said: Mapping[str, str], on: date
) -> dict[str, Any] | Refusal:
    """Both sides for the block of a unit.

    Args:
        said: What the reader answers, by the names of facts.

    Refuses a pack that is no list, a fact that no list knows, and an answer against the register.
    """
    block = block_of(sight, unit, on=on)
    if isinstance(block, Refusal):
        return block
    refusal = _unusable(block, lists, said)
    if refusal is not None:
        return refusal
    shown: list[dict[str, Any]] = []
    for law in lists:
        view = list_view(block, law, said, on)
        if isinstance(view, Refusal):
            return view
        shown.append(view)
    found = [Acceptance(each["acceptance"]) for each in shown]
    return {
        "format": FORMAT,
        "on": on.isoformat(),
        "demonstration": sight.registry.demonstration,
        "units": units_view(block.holding),
        "state": _state_view(sight, block),
        "lists": shown,
        "stays_valid": stays_valid(block.status, found) and place_of(block.holding.account) is not Place.SPENT,
    }


def _unusable(block: Block, lists: Sequence[Law], said: Mapping[str, str]) -> Refusal | None:
    if not lists:
        return Refusal(ConditionsFault.LISTS_MISSING)
    for law in lists:
        if not is_list(law):
            return Refusal(ConditionsFault.NOT_A_LIST, {"pack": law.pack})
    for name, value in said.items():
        if name in block.known:
            facts = {"fact": name[:WORD_MAX], "answer": value[:WORD_MAX], "known": _word(block.known[name])}
            return Refusal(ConditionsFault.ANSWER_IS_KNOWN, {**facts})
        if name not in FACTS and all(name not in law.facts for law in lists):
            return Refusal(ConditionsFault.FACT_UNKNOWN, {"fact": name[:WORD_MAX]})
    return None


def _word(known: Any) -> str:
    """A fact of the register as a person answers it."""
    return ("yes" if known else "no") if isinstance(known, bool) else str(known)


def list_view(block: Block, law: Law, said: Mapping[str, str], on: date) -> dict[str, Any] | Refusal:
    """What one list says; facts that it does not know are not put to it."""
    asked = {**block.answers, **said, **block.known}
    own = {name: value for name, value in asked.items() if name in FACTS or name in law.facts}
    act = asked_from(Act.ACCEPT.value, own, law.facts)
    if isinstance(act, Refusal):
        return act
    rulings = conditions(law, act, on)
    return {
        "title": text_view(law.title),
        "kind": law.kind,
        "acceptance": acceptance(rulings).value,
        "asked": {name: str(own[name]) if not isinstance(own[name], bool | int) else own[name] for name in sorted(own)},
        **answered_view(law, act, on, rulings),
    }


def units_view(holding: Holding) -> dict[str, Any]:
    serials = holding.serials
    return {
        "unit_class": holding.unit_class,
        "first": identifier(holding.unit_class, serials.first),
        "last": identifier(holding.unit_class, serials.last),
        "quantity": serials.size,
    }


def _state_view(sight: Sight, block: Block) -> dict[str, Any]:
    """What the State and this register say of the block; `holds` and `objections` stand against it for now."""
    facts, holding = block.facts, block.holding
    first = facts.first_transferred_on
    return {
        "host": block.known["origin"],
        "activity": facts.activity,
        "status": block.status.value,
        "authorization": facts.authorization,
        "first_transferred_on": None if first is None else first.isoformat(),
        "recognized_by": facts.recognized_by or None,
        "permitted_use": facts.permitted_use.value,
        "place": place_of(holding.account).value,
        "holds": holds_on(sight, holding),
        "objections": objections_to(sight, facts),
    }


def holds_on(sight: Sight, holding: Holding) -> list[str]:
    """The holds that touch a block and are not released; at most `HOLDS_MAX` are looked through."""
    return [
        key
        for key, hold in sight.records(HOLD, limit=HOLDS_MAX)
        if hold["released_on"] is None
        and hold["unit_class"] == holding.unit_class
        and hold["first"] <= holding.last
        and holding.first <= hold["last"]
    ]


def objections_to(sight: Sight, facts: UnitFacts) -> list[str]:
    """The open objections to the activity or the letter of units."""
    named = [(About.ACTIVITY, facts.activity)]
    if facts.authorization is not None:
        named.append((About.AUTHORIZATION, facts.authorization))
    return [name for kind, about in named for name in sight.record(OPEN_OBJECTIONS, about_key(kind, about)) or ()]
