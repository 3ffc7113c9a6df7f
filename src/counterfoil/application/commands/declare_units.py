"""Declare units against a liability: the part that the law accepts is used or retired in the same entry.

One declaration has exactly one effect on the accounts, and that effect is decided by the same rules as the act alone:
a surrender for NDC use *is* the use, so nothing is subtracted twice. What is not accepted does not move.
"""

from dataclasses import dataclass, replace
from typing import Any

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire, cancel, retire
from counterfoil.application.commands.foreign import revoked
from counterfoil.application.commands.reach import Piece, Reached, reach
from counterfoil.application.commands.use import UseTowardsNdc, use_towards_ndc
from counterfoil.application.schemes import Accepted, accepted, adopted_law
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.compliance.liability import LIABILITY, Liability, LiabilityFault
from counterfoil.domain.compliance.surrender import (
    SURRENDER,
    AccountingEffect,
    NotAccepted,
    Surrender,
    SurrenderFault,
)
from counterfoil.domain.compliance.voluntary import VOLUNTARY
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import NAME
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.serials import SerialRange
from counterfoil.domain.units.unit_type import UnitType


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareUnits(Command):
    """Declare units of the liable entity's account. `effect` is the one effect that the surrender has on the accounts.

    `voluntary` names an entry of the voluntary register instead of units; it is always refused, with the reason.
    `entity` is the entity that the authorization must name, where it names some.
    """

    surrender: str
    liability: str
    effect: AccountingEffect
    units: Units | None = None
    voluntary: str = ""
    entity: str | None = None


def declare_units(command: DeclareUnits, books: Books, context: Context) -> Entry | Refusal:
    """Asks the law of the scheme, then the rule of the effect. A part above the limit stays with its holder.

    Source: requirements R-CMP-01, R-INT-02, R-INT-05, R-TWN-03; 2/CMA.3 annex paras. 1(d), 8(b), 20-21.
    """
    liability = _liability(command, books)
    if isinstance(liability, Refusal):
        return liability
    law = adopted_law(context.law)
    if law is None:
        return Refusal(LiabilityFault.NO_LAW, {"scheme": liability.scheme})
    if command.units is None:
        return _voluntary(command, books, liability)
    reached = reach(books, command.units, account=liability.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    refusal = _unalike(reached) or _unauthorized(command, reached, books, context)
    if refusal is not None:
        return refusal
    facts = _facts(command, liability, reached, books, context)
    if isinstance(facts, Refusal):
        return facts
    found = accepted(
        law,
        facts,
        taken_t=liability.accepted_t,
        deducted_t=liability.deducted_t,
        law_on=liability.law_on,
        on=context.on,
    )
    if isinstance(found, Refusal):
        return found
    units = replace(command.units, last=command.units.first + found.quantity - 1)
    entry = _effect(command, units, liability, books, context)
    return entry if isinstance(entry, Refusal) else _kept(command, entry, liability, found)


def _liability(command: DeclareUnits, books: Books) -> Liability | Refusal:
    if not NAME.match(command.surrender):
        return Refusal(SurrenderFault.ID_UNREADABLE, {"surrender": command.surrender[:80]})
    if books.record(SURRENDER, command.surrender) is not None:
        return Refusal(SurrenderFault.ALREADY_DECLARED, {"surrender": command.surrender})
    liability = stored(books, LIABILITY, command.liability, Liability)
    return liability or Refusal(SurrenderFault.LIABILITY_UNKNOWN, {"liability": command.liability[:80]})


def _voluntary(command: DeclareUnits, books: Books, liability: Liability) -> Refusal:
    """No national record and no authorization of a host stand behind what the voluntary register lists."""
    known = books.record(VOLUNTARY, command.voluntary)
    programme = "-" if known is None else known["programme"]
    facts = {"voluntary": command.voluntary[:80], "programme": programme, "scheme": liability.scheme}
    return Refusal(SurrenderFault.VOLUNTARY_ONLY, facts)


def _unalike(reached: Reached) -> Refusal | None:
    """One question to the law is about units of one kind: the same activity, type and standing."""
    kinds = {_kind(piece) for piece in reached.pieces}
    if len(kinds) > 1 or any(piece.facts.metric.commodity != Metric().commodity for piece in reached.pieces):
        return Refusal(SurrenderFault.UNITS_DIFFER, {"units": f"{reached.of.key} {reached.serials}"})
    return None


def _kind(piece: Piece) -> tuple[Any, ...]:
    facts = piece.facts
    return (facts.unit_type, facts.law_type, facts.activity, facts.status, facts.authorization)


def _unauthorized(command: DeclareUnits, reached: Reached, books: Books, context: Context) -> Refusal | None:
    """Domestic units have no effect abroad, and authorized ones have one: neither may pose as the other."""
    authorized = _authorized(reached.of, reached.pieces[0].facts, books, context)
    if authorized is (command.effect is AccountingEffect.NONE):
        facts = {"units": f"{reached.of.key} {reached.serials}", "effect": command.effect.value}
        return Refusal(SurrenderFault.EFFECT_NOT_AUTHORIZED, {**facts})
    return None


def _authorized(of: UnitClass, facts: UnitFacts, books: Books, context: Context) -> bool:
    """Whether units stand under an authorization; not those that lost it before their first transfer.

    Source: 4/CMA.6 paras. 7-8.
    """
    return facts.status is not Status.UNAUTHORIZED and not revoked(books, context, host=of.party, facts=facts)


def _facts(
    command: DeclareUnits, liability: Liability, reached: Reached, books: Books, context: Context
) -> dict[str, Any] | Refusal:
    """What the engine knows of the units and the liability, over what people answered. Nobody may contradict it."""
    facts, of = reached.pieces[0].facts, reached.of
    authorized = _authorized(of, facts, books, context)
    known: dict[str, Any] = {
        **liability.base.facts(),
        "scheme": liability.scheme,
        "quantity_t": reached.serials.size,
        "origin": of.party or context.registry.party,
        "authorized": authorized,
        "corresponding_adjustment": authorized,
        "first_transferred": facts.status is Status.FIRST_TRANSFERRED,
        "national_record": True,
        "used_before": False,
        **_activity(books, facts),
    }
    if of.vintage is not None:
        known["vintage"] = of.vintage
    answers = {**liability.answers, **command.answers}
    if (unit_type := law_type(facts, of)) != UnitType.ITMO or "unit_type" not in answers:
        known["unit_type"] = unit_type
    for name, value in answers.items():
        if name in known and known[name] != value:
            return Refusal(SurrenderFault.ANSWER_IS_KNOWN, {"fact": name[:80], "answer": str(value)[:80]})
    return {**answers, **known}


def law_type(facts: UnitFacts, of: UnitClass) -> str:
    """The type of units by the word that packs use: the law's own word, the scheme of domestic units, or the type."""
    return facts.law_type or (of.scheme or "").replace("_", "-") or facts.unit_type.value


def _activity(books: Books, facts: UnitFacts) -> dict[str, str]:
    """Standard and methodology of an activity of this register; of a foreign one, people must answer."""
    activity = stored(books, ACTIVITY, facts.activity, Activity)
    named = {} if activity is None else {"standard": activity.standard, "methodology": activity.methodology}
    return {name: value for name, value in {**named, "activity_type": facts.activity_type}.items() if value}


def _effect(
    command: DeclareUnits, units: Units, liability: Liability, books: Books, context: Context
) -> Entry | Refusal:
    """The one accounting effect, by the rule that decides it everywhere else."""
    account, beneficiary = liability.account, liability.entity
    match command.effect:
        case AccountingEffect.NDC:
            use = UseTowardsNdc(units=units, account=account, year=liability.year, entity=command.entity)
            return use_towards_ndc(use, books, context)
        case AccountingEffect.OIMP:
            purpose = CancellationPurpose.IMP
            asked = Cancel(
                units=units, account=account, purpose=purpose, beneficiary=beneficiary, entity=command.entity
            )
            return cancel(asked, books, context)
        case AccountingEffect.NONE:
            return retire(Retire(units=units, account=account, beneficiary=beneficiary), books, context)


def _kept(command: DeclareUnits, entry: Entry, liability: Liability, found: Accepted) -> Entry:
    """The entry of the effect, with the surrender and the liability as they stand after it."""
    assert command.units is not None
    after = liability.taking(found.limit, accepted_t=found.quantity, deducted_t=found.deducted_t, charge=found.charge)
    surrender = Surrender(
        id=command.surrender,
        liability=liability.id,
        entity=liability.entity,
        scheme=liability.scheme,
        year=liability.year,
        unit_class=command.units.unit_class,
        declared=SerialRange(command.units.first, command.units.last),
        accepted_t=found.quantity,
        effect=command.effect,
        unit_type=found.unit_type,
        limit=found.limit,
        cap_t=found.cap_t,
        deducted_t=found.deducted_t,
        law_on=liability.law_on,
        declared_on=entry.effective_on,
        pack=found.pack,
        version=found.version,
        charge=found.charge,
    )
    return entry._replace(
        records=(*entry.records, record(LIABILITY, after.id, after), record(SURRENDER, surrender.id, surrender)),
        details={**entry.details, "compliance": _said(surrender), "law": found.told},
    )


def _said(surrender: Surrender) -> dict[str, JSON]:
    """The outcome in public words: what was accepted, and which serials stay with their holder and why."""
    said: dict[str, JSON] = {
        "surrender": surrender.id,
        "liability": surrender.liability,
        "effect": surrender.effect.value,
        "accepted_t": surrender.accepted_t,
        "deducted_t": surrender.deducted_t,
        "law_on": surrender.law_on.isoformat(),
    }
    rest = surrender.not_accepted
    if rest is not None:
        said["not_accepted"] = {
            "first": rest.first,
            "last": rest.last,
            "code": NotAccepted.CAP_EXCEEDED.value,
            "cap_t": surrender.cap_t,
        }
    return said
