"""Whether the law of this registry's jurisdiction permits an act: asked after the rules of the decisions agreed to it.

The rules of the Paris Agreement are code; what differs between jurisdictions is a pack, and this is the one place where
the engine asks it. What the engine knows of the act it says itself; what only people know stands in the `answers` of
the command, or of the activity that the units come from. The entry keeps what was asked and of which law, so that the
same question can be put again years later.

Read next: `domain/policy/permits.py`. Source: ADR-0024.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.answer import first_refusal, told
from counterfoil.application.command import Command, Context, stored
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.acquire import AcceptTransfer
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, Retire
from counterfoil.application.commands.convert import Convert, scheme_of
from counterfoil.application.commands.distribute import Distribute
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.list_units import ListUnits
from counterfoil.application.commands.record_decision import RecordDecision
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.commands.reissue import LABEL, LabelUnits, Reissue
from counterfoil.application.commands.results_paid import known_of_results
from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.conversion import (
    asked_of_conversion,
    asked_of_distribution,
    asked_of_label,
    asked_of_reissue,
    converted,
    shared_out,
)
from counterfoil.application.decided import (
    about,
    decided,
    quota_asked,
    quota_drawn_on,
    step_asked,
    unknown_words,
)
from counterfoil.application.division import divided
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Move
from counterfoil.domain.policy.asked import Act, asked_from
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.unit_type import Reversibility, UnitType

LAW: Final = "law"
"""The member of an entry's details that says which law was asked, and what."""

TYPE_WORD: Final = "type_word"
"""What the class or the facts of units say of their type, before it is read as a word of the law."""

Facts = Mapping[str, Any]


class LawfulFault(StrEnum):
    ANSWER_IS_KNOWN = "law.answer_is_known"
    WORD_UNKNOWN = "law.word_unknown"


@dataclass(frozen=True, slots=True)
class Question:
    """What the engine asks of the law about one command: nothing, where the facts are None."""

    act: Act
    facts: Callable[[Any, Entry, Books, Context], Facts | Refusal | None]


def judged(command: Command, entry: Entry, books: Books, context: Context) -> Entry | Refusal:
    """The entry with the question that was put to the law, or the law's first refusal.

    Returns the entry as it is where the registry has no pack, or the law is not asked about such an act.
    """
    question = QUESTIONS.get(type(command))
    law = context.law
    if not isinstance(law, Law) or question is None:
        return entry
    known = question.facts(command, entry, books, context)
    if isinstance(known, Refusal):
        return known
    if known is None:
        return entry
    asked = _asked(command, _typed(law, decided(known, question.act, law, books, entry.effective_on)))
    if isinstance(asked, Refusal):
        return asked
    act = asked_from(question.act.value, asked, law.facts)
    if isinstance(act, Refusal):
        return act
    rulings = permits(law, act, entry.effective_on)
    refusal = first_refusal(rulings)
    if refusal is not None:
        return refusal
    consequence = CONSEQUENCES.get(type(command))
    done = entry if consequence is None else consequence(command, entry, rulings, books, context)
    if isinstance(done, Refusal):
        return done
    return done._replace(details={**done.details, LAW: told(law, question.act, asked, rulings)})


def _typed(law: Law, known: dict[str, Any]) -> dict[str, Any]:
    """The type of the units in the law's own word, when that of their class stands for one: `SPE_GRK` for `SPE-GRK`."""
    word = known.pop(TYPE_WORD, "")
    codes = {clause.content.code for rule in law.rules.values() if rule.kind == "unit_type" for clause in rule.versions}
    code = next((code for code in sorted(codes) if word and scheme_of(code) == scheme_of(word)), None)
    return known if code is None or "unit_type" in known else {**known, "unit_type": code}


def _asked(command: Command, known: dict[str, Any]) -> dict[str, Any] | Refusal:
    """The answers of the activity, then those of the command, then what the engine knows: nobody may contradict it."""
    answers = {**known.pop("answers", {}), **command.answers}
    for name, value in answers.items():
        if name in known and known[name] != value:
            return Refusal(LawfulFault.ANSWER_IS_KNOWN, {"fact": name[:80], "answer": str(value)[:80]})
    return {**answers, **known}


# What the engine knows of each act


def _activity(books: Books, name: str) -> dict[str, Any]:
    """What the register says of an activity, with the answers that were given at its registration."""
    activity = stored(books, ACTIVITY, name, Activity)
    if activity is None:
        return {}
    known: dict[str, Any] = {"answers": dict(activity.answers), "sector": activity.sector}
    if activity.reversibility is not Reversibility.NOT_APPLICABLE:
        known["reversible"] = activity.reversibility is Reversibility.REVERSIBLE
    for fact, value in (
        ("activity_type", activity.activity_type),
        ("standard", activity.standard),
        ("methodology", activity.methodology),
    ):
        if value:
            known[fact] = value
    return known


def _registered(command: RegisterActivity, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, books, context
    named = {
        "activity_type": command.activity_type,
        "sector": command.sector,
        "standard": command.standard,
        "methodology": command.methodology,
    }
    return {fact: value for fact, value in named.items() if value}


def _authorized(command: Authorize, entry: Entry, books: Books, context: Context) -> Facts:
    activity = command.activities[0] if len(command.activities) == 1 else None
    known = {} if activity is None else _activity(books, activity)
    known |= about(activity=activity, authorization=command.authorization)
    if isinstance(context.law, Law):
        known |= quota_drawn_on(command.quota, context.law, books, entry.effective_on)
    if len(command.activity_types) == 1:
        known["activity_type"] = command.activity_types[0]
    if len(command.authorized_parties) == 1:
        known["partner"] = command.authorized_parties[0]
    if len(command.purposes) == 1:
        known["purpose"] = command.purposes[0].value
    if activity is not None:
        known |= known_of_results(books, activity, command.vintages)
    if command.authorized_quantity is not None:
        known["quantity_t"] = command.authorized_quantity
    return known


def _issued(command: Issue, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    known = {**_activity(books, command.activity), "quantity_t": command.quantity, "vintage": command.vintage}
    known |= about(activity=command.activity, authorization=command.authorization)
    known |= known_of_results(books, command.activity, (command.vintage,))
    return {**known, TYPE_WORD: command.scheme} if command.unit_type is UnitType.DOMESTIC else known


def _moved(entry: Entry, books: Books) -> dict[str, Any]:
    """What the units of an entry are: their quantity, and what all of them have in common."""
    quantity = 0
    lots: list[tuple[UnitClass, UnitFacts]] = []
    for move in entry.moves:
        of = unit_class(move.unit_class)
        assert isinstance(of, UnitClass), "a move of the books has a class that can be read"
        quantity += move.size
        lots += [(of, unit_facts(each.facts)) for each in books.holdings(move.unit_class, move.first, move.last)]
    known: dict[str, Any] = {"quantity_t": quantity, **about()}
    if not lots:
        return known
    of, facts = lots[0]
    if all(each.activity == facts.activity for _, each in lots):
        known |= _activity(books, facts.activity)
        known |= known_of_results(books, facts.activity, {each.vintage for each, _ in lots if each.vintage})
        if all(each.authorization == facts.authorization for _, each in lots):
            known |= about(activity=facts.activity, authorization=facts.authorization)
    for name, values in (
        ("vintage", {each.vintage for each, _ in lots}),
        ("origin", {each.party for each, _ in lots}),
        ("authorized", {each.authorization is not None for _, each in lots}),
        ("first_transferred", {each.status is Status.FIRST_TRANSFERRED for _, each in lots}),
        ("activity_type", {each.activity_type for _, each in lots}),
        (TYPE_WORD, {each.law_type or of.scheme for of, each in lots}),
    ):
        (value,) = values if len(values) == 1 else (None,)
        if value not in (None, ""):
            known[name] = value
    del of
    return known


def _first_transfer(command: ProposeTransfer, entry: Entry, books: Books, context: Context) -> Facts:
    del context
    known = _moved(entry, books)
    known["partner"] = command.partner
    known["corresponding_adjustment"] = bool(known.get("authorized"))
    known["national_record"] = True
    return known


def _acquired(command: AcceptTransfer, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, books, context
    return {"partner": command.partner, "quantity_t": sum(part.last - part.first + 1 for part in command.parts)}


def _transferred(command: Transfer, entry: Entry, books: Books, context: Context) -> Facts:
    del command, context
    return _moved(entry, books)


def _used(command: UseTowardsNdc, entry: Entry, books: Books, context: Context) -> Facts:
    del command, context
    return {**_moved(entry, books), "purpose": "NDC"}


def _cancelled(command: Cancel, entry: Entry, books: Books, context: Context) -> Facts:
    del context
    known = _moved(entry, books)
    if command.purpose.value in ("IMP", "OP"):
        known["purpose"] = command.purpose.value
    return known


def _retired(command: Retire, entry: Entry, books: Books, context: Context) -> Facts:
    del command, context
    return _moved(entry, books)


def _convert(command: Convert, entry: Entry, books: Books, context: Context) -> Facts:
    """Authorized units are not converted, so whether anything is authorized is said of what they become, by people."""
    del context
    known = _moved(entry._replace(moves=entry.moves[:1]), books)
    known.pop("authorized", None)
    return {**known, **asked_of_conversion(command, entry.moves[0].size)}


def _reissue(command: Reissue, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return {**_activity(books, command.activity), **asked_of_reissue(command)}


def _label(command: LabelUnits, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return {**_activity(books, command.activity), **asked_of_label(command)}


def _list(command: ListUnits, entry: Entry, books: Books, context: Context) -> Facts:
    """What is listed: units of this book, or units of another registry that carry a label of this one."""
    del context
    if command.units is None:
        return {TYPE_WORD: books.record(LABEL, command.label)["to_type"]}
    units = command.units
    stays = Move(units.unit_class, units.first, units.last, command.account, command.account)
    return _moved(entry._replace(moves=(stays,)), books)


def _distribute(command: Distribute, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return {**_activity(books, command.activity), **asked_of_distribution(command)}


def _quota_set(command: SetQuota, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return quota_asked(command, books)


def _decision(command: RecordDecision, entry: Entry, books: Books, context: Context) -> Facts | Refusal | None:
    """Every word of a decision is one of the law; only a step that is granted is asked of it."""
    assert isinstance(context.law, Law)
    unknown = unknown_words(command, context.law, entry.effective_on)
    if unknown is not None:
        return Refusal(LawfulFault.WORD_UNKNOWN, {**unknown})
    return step_asked(command, books, entry.effective_on) if command.step and command.granted else None


QUESTIONS: Final[Mapping[type[Command], Question]] = {
    RegisterActivity: Question(Act.REGISTER, _registered),
    Authorize: Question(Act.AUTHORIZE, _authorized),
    Issue: Question(Act.ISSUE, _issued),
    ProposeTransfer: Question(Act.FIRST_TRANSFER, _first_transfer),
    AcceptTransfer: Question(Act.ACQUIRE, _acquired),
    Transfer: Question(Act.TRANSFER, _transferred),
    UseTowardsNdc: Question(Act.USE, _used),
    Cancel: Question(Act.CANCEL, _cancelled),
    Retire: Question(Act.CANCEL, _retired),
    Convert: Question(Act.CONVERT, _convert),
    Reissue: Question(Act.CONVERT, _reissue),
    LabelUnits: Question(Act.CONVERT, _label),
    ListUnits: Question(Act.LIST, _list),
    Distribute: Question(Act.DISTRIBUTE, _distribute),
    SetQuota: Question(Act.SET_QUOTA, _quota_set),
    RecordDecision: Question(Act.ADVANCE, _decision),
}
"""Which command asks the law about which act. Of a command that is not named here, no pack speaks."""

CONSEQUENCES: Final[Mapping[type[Command], Callable[..., Entry | Refusal]]] = {
    Issue: divided,
    Convert: converted,
    Reissue: converted,
    LabelUnits: converted,
    Distribute: shared_out,
}
"""What an answer of the law does to the entry, beyond allowing it: command, entry, rulings, books and context in."""
