"""The pack that a registry obeys: named in its own journal, and looked up among those that are loaded.

A registry whose journal names a pack that is not loaded does not start: nothing is handled silently without the rules
it claims. One whose pack has another version than the one adopted starts, and refuses every act but the adoption of it.

Source: ADR-0024.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import SELF
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import Laws

PACK: Final = "pack"
"""The kind of the record under which the adopted pack stands, with the key `self`."""


class AdoptedFault(StrEnum):
    NOT_LOADED = "pack.not_loaded"
    VERSION_DIFFERS = "pack.version_differs"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A pack and its version, as the journal names them."""

    pack: str
    version: str


def adopted(books: Books) -> Adopted | None:
    """What the journal says, or None where the registry has no pack."""
    value = books.record(PACK, SELF)
    return None if value is None else Adopted(value["pack"], value["version"])


def law_in(books: Books, laws: Laws) -> Law | Refusal | None:
    """The law that the registry obeys; a refusal where it is here in another version; None without a pack.

    Raises:
        Outage: `pack.not_loaded`.
    """
    named = adopted(books)
    if named is None:
        return None
    law = laws.law(named.pack)
    if law is None:
        raise Outage(AdoptedFault.NOT_LOADED, {"pack": named.pack, "version": named.version})
    if law.version != named.version:
        facts = {"pack": named.pack, "adopted": named.version, "loaded": law.version}
        return Refusal(AdoptedFault.VERSION_DIFFERS, facts)
    return law
