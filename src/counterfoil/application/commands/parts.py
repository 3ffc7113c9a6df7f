"""The parts into which newly issued units fall: to whom each goes, and what becomes of it at once."""

from dataclasses import dataclass

from counterfoil.domain.accounting.adjustment import Closing
from counterfoil.domain.accounting.first_transfer import Event


@dataclass(frozen=True, slots=True)
class Part:
    """Units that go to one account at their birth.

    `event` is what happens to them at once and may be their first transfer; `closing` how they end, where they do.
    `rule` is the rule of the law that took them, empty for the holder's rest.
    """

    account: str
    quantity: int
    rule: str = ""
    event: Event | None = None
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """All parts that are born in this book, in the order of their serials."""

    parts: tuple[Part, ...]

    @property
    def here(self) -> int:
        return sum(part.quantity for part in self.parts)


def undivided(account: str, quantity: int) -> Division:
    """Everything to the holder, as without any levy."""
    return Division((Part(account, quantity),))
