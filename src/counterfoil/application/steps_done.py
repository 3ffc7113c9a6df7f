"""The steps of the law's procedure that an activity has behind it, by the law's own names."""

from datetime import date

from counterfoil.application.commands.living import living
from counterfoil.application.life_law import table_in
from counterfoil.domain.activities.cycle import DEFAULT
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.stages import Stage


def steps_done(books: Books, name: str, law: Law, on: date) -> frozenset[str]:
    """A stage of work is done when the activity has left it, an approval or registration when it has come to it."""
    known = living(books, name)
    table = DEFAULT if isinstance(known, Refusal) else table_in(law, known[0], on)
    if isinstance(known, Refusal) or isinstance(table, Refusal):
        return frozenset()
    life = known[1]
    reached = set(life.passed) | (set(table.steps.values()) if life.was_registered else set())
    if life.stage in (Stage.IDEA, Stage.CONSULTATION, Stage.VALIDATION):
        reached.discard(life.stage)
    return frozenset(step for step, stage in table.steps.items() if stage in reached)
