"""Record what a Party says on one element of its initial report or regular information."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counterfoil.application.command import Command, Context, Registry, record, stored
from counterfoil.application.commands.foreign import FOREIGN_APPROACH
from counterfoil.domain.activities.activity import APPROACH
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.reporting.narrative.element import Element
from counterfoil.domain.reporting.narrative.money import Money
from counterfoil.domain.reporting.narrative.outline import BY_KEY
from counterfoil.domain.reporting.narrative.statement import (
    STATEMENT,
    Document,
    Number,
    Statement,
    StatementFault,
    YearAmount,
    readable,
    statement_key,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStatement(Command):
    """Record a Party's answer to one element, for one cooperative approach where the element is asked of each.

    A later answer is a new version; the earlier ones stay in the journal. `text` has the languages `en` and `zh-Hant`,
    one or both; a longer text goes into the evidence store, with its SHA-256 in `full_text`. Money is in the smallest
    unit of its currency. With `confidential_basis` the content stands in `confidential`, of which only hashes are
    public.
    """

    element: str
    party: Party | None = None
    approach: str = ""
    attested: bool = False
    text: Mapping[str, str] = field(default_factory=dict)
    full_text: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[Number, ...] = ()
    years: tuple[YearAmount, ...] = ()
    unit: str = "tCO2e"
    first: int | None = None
    last: int | None = None
    money: tuple[Money, ...] = ()
    documents: tuple[Document, ...] = ()
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    confidential_basis: Mapping[str, str] = field(default_factory=dict)


_CONTENT: Final = tuple(
    name for name in Statement.__dataclass_fields__ if name not in ("party", "version", "stated_on")
)


def record_statement(command: RecordStatement, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what answers no element, names an unknown approach, or cannot be read; gaps are told by the report.

    Source: 2/CMA.3 annex paras. 18-19, 21-22, 24.
    """
    key = statement_key(context.registry.party, command.approach, command.element)
    statement = answer(
        command,
        registry=context.registry,
        on=context.on,
        known=stored(books, STATEMENT, key, Statement),
        approach_known=any(books.record(kind, command.approach) for kind in (APPROACH, FOREIGN_APPROACH)),
    )
    if isinstance(statement, Refusal):
        return statement
    return Entry(
        Act.STATEMENT_RECORDED,
        context.on,
        records=(record(STATEMENT, statement.key, statement),),
        details={"element": statement.element, "approach": statement.approach, "version": statement.version},
    )


def answer(
    command: RecordStatement, *, registry: Registry, on: date, known: Statement | None, approach_known: bool
) -> Statement | Refusal:
    """The statement that the command makes, whoever asks: the writer, or a trial run.

    Args:
        known: The latest version of this answer.
        approach_known: Whether the register has the approach that the command names.
    """
    element = _asked(command, registry, approach_known=approach_known)
    if isinstance(element, Refusal):
        return element
    content = {name: getattr(command, name) for name in _CONTENT}
    version = 1 if known is None else known.version + 1
    statement = Statement(party=registry.party, version=version, stated_on=on, **content)
    refusal = readable(statement, element)
    if refusal is not None:
        return refusal
    if command.confidential_basis and not command.confidential:
        return Refusal(StatementFault.NOTHING_SEALED, {"element": element.key})
    return statement


def same_answer(command: RecordStatement, known: Statement) -> bool:
    """Whether a command would only say again what stands: the same content, and of the same day if it names one.

    What is confidential cannot be compared, so that it is never the same.
    """
    same = all(getattr(command, name) == getattr(known, name) for name in _CONTENT)
    return same and command.on in (None, known.stated_on) and not command.confidential


def _asked(command: RecordStatement, registry: Registry, *, approach_known: bool) -> Element | Refusal:
    """The element, when this registry's Party may answer it for this approach."""
    facts = {"element": command.element[:40], "approach": command.approach[:20]}
    if not registry.is_party:
        return Refusal(StatementFault.NOT_A_PARTY, {**facts, "jurisdiction": registry.party})
    if command.party not in (None, registry.party):
        return Refusal(StatementFault.OTHER_PARTY, {**facts, "party": str(command.party)[:20], "own": registry.party})
    element = BY_KEY.get(command.element)
    if element is None:
        return Refusal(StatementFault.ELEMENT_UNKNOWN, facts)
    if element.per_approach and not command.approach:
        return Refusal(StatementFault.APPROACH_MISSING, facts)
    if command.approach and not element.per_approach:
        return Refusal(StatementFault.APPROACH_NOT_ASKED, facts)
    if command.approach and not approach_known:
        return Refusal(StatementFault.APPROACH_UNKNOWN, facts)
    return element
