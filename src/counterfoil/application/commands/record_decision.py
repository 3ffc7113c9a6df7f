"""Record what an authority decided about an activity or an authorization: the law asks for it at later acts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.application.command import Command, Context, later, record, stored
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.authorizations.decision import (
    DECISION,
    DECISIONS,
    DECISIONS_MAX,
    QUANTITY_MAX,
    WORD_MAX,
    Decision,
    DecisionFault,
)
from counterfoil.domain.kernel.ids import AUTHORIZATION, DIGEST, NAME, PARTY, ActivityId, AuthorizationId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record

REFERENCE_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecision(Command):
    """Record a decision of an authority about an activity, or about an authorization, also one still to be given.

    `level`, `cycle` with `step`, and `fact` are words of the law: the level that approves, the step that is taken, the
    question that is answered with yes, or with no where it is not `granted`. `quantity` is the most that the level
    approves of the authorization. `document` is the SHA-256 of the decision in the evidence store. `host` is the Party
    whose letter the authorization is, where it is not this one's: the law then asks for the decision before its units
    are accepted here.
    """

    decision: str
    authority: str
    activity: ActivityId | None = None
    authorization: AuthorizationId | None = None
    granted: bool = True
    level: str = ""
    cycle: str = ""
    step: str = ""
    fact: str = ""
    quantity: int | None = None
    reference: str = ""
    document: str | None = None
    host: Party | None = later(None)

    @property
    def about(self) -> str:
        return about_letter(self.authorization, self.host or "") if self.authorization else f"activity:{self.activity}"


def about_letter(authorization: str, host: str) -> str:
    """What a decision about a letter is filed under. Letters of different hosts may have the same name."""
    return f"authorization:{host}:{authorization}" if host else f"authorization:{authorization}"


def record_decision(command: RecordDecision, books: Books, context: Context) -> Entry | Refusal:
    """Who decided, what, about what, and by which document; it never changes, a later one takes its place.

    Source: requirements R-MYS-01, R-IDN-17.
    """
    for refusal in _complaints(command, books, context):
        return refusal
    decision = Decision(
        id=command.decision,
        about=command.about,
        authority=command.authority.strip(),
        decided_on=context.on,
        granted=command.granted,
        level=command.level,
        cycle=command.cycle,
        step=command.step,
        fact=command.fact,
        quantity=command.quantity,
        reference=command.reference.strip(),
        document=command.document,
        assumed=command.assumed,
    )
    names = [*(books.record(DECISIONS, command.about) or ()), decision.id]
    return Entry(
        Act.DECISION_RECORDED,
        context.on,
        records=(record(DECISION, decision.id, decision), Record(DECISIONS, command.about, names)),
        details={"decision": decision.id, "about": decision.about, "granted": decision.granted},
    )


def _complaints(command: RecordDecision, books: Books, context: Context) -> Iterator[Refusal]:
    """What is wrong, in the order in which it is looked for."""
    facts = {"decision": command.decision[:WORD_MAX]}
    if not NAME.match(command.decision):
        yield Refusal(DecisionFault.ID_UNREADABLE, facts)
    if books.record(DECISION, command.decision) is not None:
        yield Refusal(DecisionFault.ALREADY_RECORDED, facts)
    if not _about_is_clear(command, books, context):
        yield Refusal(DecisionFault.ABOUT_UNCLEAR, facts)
    words = (command.authority, command.level, command.cycle, command.step, command.fact)
    document = command.document is None or DIGEST.match(command.document)
    bounded = all(len(word) <= WORD_MAX for word in words) and len(command.reference) <= REFERENCE_MAX
    if not (command.authority.strip() and bounded and document):
        yield Refusal(DecisionFault.CONTENT_UNREADABLE, facts)
    if bool(command.cycle) != bool(command.step) or not (command.level or command.step or command.fact):
        yield Refusal(DecisionFault.SAYS_NOTHING, facts)
    if command.quantity is not None and not _quantity_is_clear(command):
        yield Refusal(DecisionFault.QUANTITY_UNCLEAR, facts)
    if len(books.record(DECISIONS, command.about) or ()) >= DECISIONS_MAX:
        yield Refusal(DecisionFault.TOO_MANY, {**facts, "about": command.about, "decisions_max": DECISIONS_MAX})


def _about_is_clear(command: RecordDecision, books: Books, context: Context) -> bool:
    """One thing: an activity that is registered, or an identifier that an authorization can have, of whichever host."""
    if bool(command.activity) == bool(command.authorization):
        return False
    if command.host is not None and not (
        command.authorization and PARTY.match(command.host) and command.host != context.registry.party
    ):
        return False
    if command.authorization:
        return AUTHORIZATION.match(command.authorization) is not None
    return books.record(ACTIVITY, command.activity or "") is not None


def _quantity_is_clear(command: RecordDecision) -> bool:
    """A quantity is counted against an authorization, so it needs one, and a level that approves it."""
    quantity = command.quantity or 0
    return bool(command.authorization and command.level and command.granted) and 0 < quantity <= QUANTITY_MAX


def decisions_about(books: Books, abouts: Sequence[str]) -> list[Decision]:
    """Every decision about these things, in the order in which they were recorded about each."""
    names = [name for about in abouts for name in books.record(DECISIONS, about) or ()]
    found = [stored(books, DECISION, name, Decision) for name in names]
    return [decision for decision in found if decision is not None]
