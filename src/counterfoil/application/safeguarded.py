"""Which safeguards of accounts are in force: those of the adopted pack, then those of the adopted practice."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.application.adopted import AdoptedFault
from counterfoil.application.command import SELF
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.people.safeguards import Safeguards, in_force
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import Laws

PRACTICE: Final = "practice"
"""The kind of the record under which the adopted practice stands, with the key `self`."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A rulebook and its version, as the journal names them."""

    practice: str
    version: str


def safeguards_on(books: Books, laws: Laws, law: Law | Refusal | None, day: date) -> Safeguards | Refusal | None:
    """The safeguards of a day; a refusal where the practice that was adopted is not here in that version.

    The day is that of recording: nobody goes back to one of less law.
    """
    practice = books.record(PRACTICE, SELF)
    found = [law] if isinstance(law, Law) else []
    if practice is not None:
        loaded = laws.law(practice["practice"])
        if loaded is None or loaded.version != practice["version"]:
            version = "-" if loaded is None else loaded.version
            facts = {"pack": practice["practice"], "adopted": practice["version"], "loaded": version}
            return Refusal(AdoptedFault.VERSION_DIFFERS, facts)
        found.append(loaded)
    return in_force(tuple(found), day) if found else None
