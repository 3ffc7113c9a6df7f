"""Who stands behind an act, asked by the writer before it decides: permission over one's own things, and four eyes.

A guard is asked with the books that the act will be decided on, so nobody can change a holder between the question and
the act. An act of a partner registry, or of a demonstration, has none.

Source: ADR-0026, ADR-0027.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counterfoil.application.command import Command, Context
from counterfoil.application.guarded import guarded_as
from counterfoil.application.owners import owners_of
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.people.four_eyes import Demand, demanded, enough
from counterfoil.domain.people.permission import Permissions
from counterfoil.domain.people.safeguards import Safeguards
from counterfoil.domain.people.separation import apart
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.kinds.four_eyes import GuardedAct
from counterfoil.domain.policy.law import Law

PRACTICE: Final = "registry-practice"
"""The rulebook that says which acts need two persons where the adopted law says nothing of it."""
KNOWN_MAX: Final = 256
"""Answers of the law that are kept; a bound for memory."""


@dataclass(slots=True)
class Demands:
    """What the law asks for each guarded act on a day, looked up once: an act costs a look into a table."""

    _known: dict[tuple[str, str, GuardedAct, date], Demand | None] = field(default_factory=dict)

    def of(self, command: Command, context: Context) -> Demand | None:
        """The strictest of what a command needs. The day is that of recording: nobody goes back to one of less law."""
        found = [self._demand(act, context) for act in guarded_as(command)]
        demands = [demand for demand in found if demand is not None]
        return max(demands, key=lambda demand: demand.persons, default=None)

    def _demand(self, act: GuardedAct, context: Context) -> Demand | None:
        own = context.law if isinstance(context.law, Law) else None
        key = ("", "", act, context.today) if own is None else (own.pack, own.version, act, context.today)
        if key not in self._known:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            laws = [law for law in (own, context.laws.law(PRACTICE)) if law is not None]
            self._known[key] = demanded(laws, act, context.today)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Guard:
    """`actors` must each be permitted; those of them who are persons count towards four eyes.

    Without actors, the folder's owner or a plain token acts: nothing but four eyes is asked, and nobody counts.
    """

    permissions: Permissions
    demands: Demands
    actors: Sequence[Standing] = ()

    def __call__(self, command: Command, books: Books, context: Context) -> Refusal | None:
        refusal = self.permitted(command, books) or self.parted(command, context)
        if refusal is not None:
            return refusal
        return enough(self.demands.of(command, context), self.actors, action=type(command).__name__)

    def permitted(self, command: Command, books: Books) -> Refusal | None:
        """Whether every actor may do this to what it is about."""
        action = type(command).__name__
        for standing in self.actors:
            refusal = self.permissions.may(standing, action, lambda: owners_of(command, books))
            if refusal is not None:
                return refusal
        return None

    def parted(self, command: Command, context: Context) -> Refusal | None:
        """Whether the bodies behind the actors are those whose duty this is, where the law parts them."""
        if not self.actors or not isinstance(context.safeguards, Safeguards):
            return None
        return apart(context.safeguards, guarded_as(command), self.actors, action=type(command).__name__)


@dataclass(slots=True)
class Inquiry:
    """A guard for looking only: it asks for permission, and notes how many persons the act would need."""

    guard: Guard
    demand: Demand | None = None

    def __call__(self, command: Command, books: Books, context: Context) -> Refusal | None:
        self.demand = self.guard.demands.of(command, context)
        return self.guard.permitted(command, books) or self.guard.parted(command, context)
