"""State that a part of the country's own system exists, is piloted, or is missing: evidence of the readiness view."""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, record
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stated_arrangement import (
    ARRANGEMENT_RECORD,
    Stated,
    StatedArrangement,
    unfounded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateArrangement(Command):
    """State one line of the readiness view: that the country has, pilots or lacks it, or that it does not apply.

    `criterion` is the word of the rulebook `readiness`, such as `digital_monitoring`. `document` is the SHA-256 of the
    authority's document in the evidence store; `since` the day from which it holds. A later statement takes its place.
    """

    criterion: str
    state: Stated
    authority: str
    document: str
    since: date | None = None
    reference: str = ""


def state_arrangement(command: StateArrangement, books: Books, context: Context) -> Entry | Refusal:
    """Who states what of which criterion, and by which document. Source: requirement R-GLB-14."""
    del books
    stated = StatedArrangement(
        criterion=command.criterion,
        state=command.state,
        authority=command.authority.strip(),
        stated_on=context.on,
        document=command.document,
        since=command.since,
        reference=command.reference.strip(),
        assumed=command.assumed,
    )
    refusal = unfounded(stated)
    if refusal is not None:
        return refusal
    return Entry(
        Act.ARRANGEMENT_STATED,
        context.on,
        records=(record(ARRANGEMENT_RECORD, stated.criterion, stated),),
        details={"criterion": stated.criterion, "state": stated.state.value},
    )
