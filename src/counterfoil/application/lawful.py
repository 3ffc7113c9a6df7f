"""Whether the law of this registry's jurisdiction permits an act: asked after the rules of the decisions agreed to it.

The rules of the Paris Agreement are code; what differs between jurisdictions is a pack, and this is the one place where
the engine asks it. What the engine knows of the act it says itself; what only people know stands in the `answers` of
the command, or of the activity that the units come from. The entry keeps what was asked and of which law, so that the
same question can be put again years later.

Read next: `domain/policy/permits.py`. Source: ADR-0024.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.answer import first_refusal, told
from counterfoil.application.asked_of_letter import letter_known, letter_named
from counterfoil.application.asked_of_trade import delivered, publicly, sealed_money, traded
from counterfoil.application.asked_of_units import TYPE_WORD, activity_known, moved, offered
from counterfoil.application.command import Command, Context
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.acquire import AcceptTransfer
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, Retire
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.consent import as_acceptance
from counterfoil.application.commands.convert import Convert, scheme_of
from counterfoil.application.commands.declare_units import DeclareUnits
from counterfoil.application.commands.distribute import Distribute
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.joint_issuance import own_terms
from counterfoil.application.commands.list_units import ListUnits
from counterfoil.application.commands.offer_units import AcceptOffer
from counterfoil.application.commands.propose_activity import AdvanceActivity
from counterfoil.application.commands.record_decision import RecordDecision
from counterfoil.application.commands.record_trade import RecordTrade
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.commands.reissue import LABEL, LabelUnits, Reissue
from counterfoil.application.commands.results_paid import known_of_results
from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.application.commands.settle_trade import SettleTrade
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
from counterfoil.application.fees import charged, fees_paid, subjects_of
from counterfoil.domain.compliance.surrender import AccountingEffect
from counterfoil.domain.federation.mechanism import STATEMENT
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Move
from counterfoil.domain.policy.asked import Act, asked_from
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import UnitType

LAW: Final = "law"
"""The member of an entry's details that says which law was asked, and what."""

LAW_OF_EFFECT: Final = "law_of_effect"
"""The same of a declaration's effect: that it is a use, or a cancellation, is asked of the law as if it were alone."""

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
    if not isinstance(context.law, Law):
        return entry
    command = as_acceptance(command, books)
    for question in _questions(command):
        found = _judged(question, command, entry, books, context)
        if isinstance(found, Refusal):
            return found
        entry = found
    return entry


def _judged(question: Question, command: Command, entry: Entry, books: Books, context: Context) -> Entry | Refusal:
    law = context.law
    assert isinstance(law, Law)
    known = question.facts(command, entry, books, context)
    if isinstance(known, Refusal):
        return known
    if known is None:
        return entry
    subjects = subjects_of(command, known)
    settled = fees_paid(subjects, question.act, law, books, entry.effective_on)
    asked = _asked(command, _typed(law, decided(known, question.act, law, books, entry.effective_on) | settled))
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
    done = charged(done, subjects, question.act, rulings, books)
    place = LAW_OF_EFFECT if LAW in done.details else LAW
    return done._replace(details={**done.details, place: told(law, question.act, publicly(asked, command), rulings)})


def _questions(command: Command) -> Sequence[Question]:
    """What is asked about a command; about a declaration of units, what is asked about its effect alone.

    Units that are to be used as they arrive are acquired and used by one act, so the law is asked about both. Of what
    waits for a person it is asked when that person consents, who can answer.
    """
    if isinstance(command, DeclareUnits):
        return (EFFECTS[command.effect],)
    found = QUESTIONS.get(type(command))
    asked = () if found is None else (found,)
    return (*asked, _USE_ON_ARRIVAL) if type(command) is AcceptTransfer and command.retire is not None else asked


def _typed(law: Law, known: dict[str, Any]) -> dict[str, Any]:
    """The type of the units in the law's own word, when that of their class stands for one: `SPE_GRK` for `SPE-GRK`."""
    word = known.pop(TYPE_WORD, "")
    codes = {clause.content.code for rule in law.rules.values() if rule.kind == "unit_type" for clause in rule.versions}
    code = next((code for code in sorted(codes) if word and scheme_of(code) == scheme_of(word)), None)
    return known if code is None or "unit_type" in known else {**known, "unit_type": code}


def _asked(command: Command, known: dict[str, Any]) -> dict[str, Any] | Refusal:
    """The answers of the activity, then those of the command, then what the engine knows: nobody may contradict it."""
    answers = {**known.pop("answers", {}), **sealed_money(command), **command.answers}
    for name, value in answers.items():
        if name in known and known[name] != value:
            return Refusal(LawfulFault.ANSWER_IS_KNOWN, {"fact": name[:80], "answer": str(value)[:80]})
    return {**answers, **known}


# What the engine knows of each act


def _registered(command: RegisterActivity, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, books, context
    named = {
        "activity_type": command.activity_type,
        "sector": command.sector,
        "standard": command.standard,
        "methodology": command.methodology,
    }
    return {fact: value for fact, value in named.items() if value}


def _advanced(command: AdvanceActivity, entry: Entry, books: Books, context: Context) -> Facts | None:
    """Of its stages, registration alone is an act of the law; which stage may follow which stands in its table."""
    del entry, context
    if command.stage is not Stage.REGISTERED:
        return None
    return {**activity_known(books, command.activity), **about(activity=command.activity)}


def _authorized(command: Authorize, entry: Entry, books: Books, context: Context) -> Facts:
    activity = command.activities[0] if len(command.activities) == 1 else None
    known = {} if activity is None else activity_known(books, activity)
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


def _letter(command: ChangeAuthorization | RevokeAuthorization, entry: Entry, books: Books, context: Context) -> Facts:
    del context
    return letter_known(command, entry, books)


_SAID_BY_BOTH: Final = frozenset({"both_ledgers", "both_sides_consent"})
_SAID_BY_HOST: Final = frozenset({"authorization_statement"})


def _issued(command: Issue, entry: Entry, books: Books, context: Context) -> Facts:
    del entry
    known = {**activity_known(books, command.activity), "quantity_t": command.quantity, "vintage": command.vintage}
    known |= about(activity=command.activity, authorization=command.authorization)
    known |= known_of_results(books, command.activity, (command.vintage,))
    known |= letter_named(command.authorization, books)
    if own_terms(books, command.decision) is not None and isinstance(context.law, Law):
        # Both books have said the same, so nobody needs to answer for it.
        known |= dict.fromkeys(_SAID_BY_BOTH & context.law.facts.keys(), True)
    if books.record(STATEMENT, command.activity) is not None and isinstance(context.law, Law):
        known |= dict.fromkeys(_SAID_BY_HOST & context.law.facts.keys(), True)
    return {**known, TYPE_WORD: command.scheme} if command.unit_type is UnitType.DOMESTIC else known


def _first_transfer(command: ProposeTransfer, entry: Entry, books: Books, context: Context) -> Facts:
    known = moved(entry.moves, books, context)
    known["partner"] = command.partner
    known["corresponding_adjustment"] = bool(known.get("authorized"))
    known["national_record"] = True
    return known


def _acquired(command: AcceptTransfer, entry: Entry, books: Books, context: Context) -> Facts:
    del entry
    return offered(command, books, context)


def _used_on_arrival(command: AcceptTransfer, entry: Entry, books: Books, context: Context) -> Facts:
    del entry
    return {**offered(command, books, context), "first_transferred": True, "recognized": False, "purpose": "NDC"}


def _transferred(command: Transfer | AcceptOffer, entry: Entry, books: Books, context: Context) -> Facts:
    del command
    return moved(entry.moves, books, context)


def _used(command: UseTowardsNdc | DeclareUnits, entry: Entry, books: Books, context: Context) -> Facts:
    del command
    return {**moved(entry.moves, books, context), "purpose": "NDC"}


def _cancelled(command: Cancel, entry: Entry, books: Books, context: Context) -> Facts:
    known = moved(entry.moves, books, context)
    if command.purpose.value in ("IMP", "OP"):
        known["purpose"] = command.purpose.value
    return known


def _offset(command: DeclareUnits, entry: Entry, books: Books, context: Context) -> Facts:
    del command
    return {**moved(entry.moves, books, context), "purpose": "IMP"}


def _retired(command: Retire | DeclareUnits, entry: Entry, books: Books, context: Context) -> Facts:
    del command
    return moved(entry.moves, books, context)


def _convert(command: Convert, entry: Entry, books: Books, context: Context) -> Facts:
    """Authorized units are not converted, so whether anything is authorized is said of what they become, by people."""
    known = moved(entry.moves[:1], books, context)
    known.pop("authorized", None)
    return {**known, **asked_of_conversion(command, entry.moves[0].size)}


def _reissue(command: Reissue, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return {**activity_known(books, command.activity), **asked_of_reissue(command)}


def _label(command: LabelUnits, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return {**activity_known(books, command.activity), **asked_of_label(command)}


def _list(command: ListUnits, entry: Entry, books: Books, context: Context) -> Facts:
    """What is listed: units of this book, or units of another registry that carry a label of this one."""
    if command.units is None:
        return {TYPE_WORD: books.record(LABEL, command.label)["to_type"]}
    units = command.units
    stays = Move(units.unit_class, units.first, units.last, command.account, command.account)
    return moved((stays,), books, context)


def _distribute(command: Distribute, entry: Entry, books: Books, context: Context) -> Facts:
    del entry, context
    return {**activity_known(books, command.activity), **asked_of_distribution(command)}


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
    AdvanceActivity: Question(Act.REGISTER, _advanced),
    Authorize: Question(Act.AUTHORIZE, _authorized),
    ChangeAuthorization: Question(Act.CHANGE, _letter),
    RevokeAuthorization: Question(Act.REVOKE, _letter),
    Issue: Question(Act.ISSUE, _issued),
    ProposeTransfer: Question(Act.FIRST_TRANSFER, _first_transfer),
    AcceptTransfer: Question(Act.ACQUIRE, _acquired),
    Transfer: Question(Act.TRANSFER, _transferred),
    AcceptOffer: Question(Act.TRANSFER, _transferred),
    UseTowardsNdc: Question(Act.USE, _used),
    Cancel: Question(Act.CANCEL, _cancelled),
    Retire: Question(Act.CANCEL, _retired),
    Convert: Question(Act.CONVERT, _convert),
    Reissue: Question(Act.CONVERT, _reissue),
    LabelUnits: Question(Act.CONVERT, _label),
    ListUnits: Question(Act.LIST, _list),
    RecordTrade: Question(Act.TRADE, traded),
    SettleTrade: Question(Act.TRANSFER, delivered),
    Distribute: Question(Act.DISTRIBUTE, _distribute),
    SetQuota: Question(Act.SET_QUOTA, _quota_set),
    RecordDecision: Question(Act.ADVANCE, _decision),
}
"""Which command asks the law about which act. Of a command that is not named here, no pack speaks."""

_USE_ON_ARRIVAL: Final = Question(Act.USE, _used_on_arrival)

EFFECTS: Final[Mapping[AccountingEffect, Question]] = {
    AccountingEffect.NDC: Question(Act.USE, _used),
    AccountingEffect.OIMP: Question(Act.CANCEL, _offset),
    AccountingEffect.NONE: Question(Act.CANCEL, _retired),
}
"""What is asked about the effect of a declaration of units, after the rules of its scheme accepted them."""

CONSEQUENCES: Final[Mapping[type[Command], Callable[..., Entry | Refusal]]] = {
    Issue: divided,
    Convert: converted,
    Reissue: converted,
    LabelUnits: converted,
    Distribute: shared_out,
}
"""What an answer of the law does to the entry, beyond allowing it: command, entry, rulings, books and context in."""
