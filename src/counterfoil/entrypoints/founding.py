"""Founding a registry in a folder, for the command line and for the browser: its keys, its first entry, its pack.

What would be refused is refused before a key is made, so nothing is left behind.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.command import Context, Registry
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.found import Found, found
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_reading, open_for_writing

BY: Final = "local"
BTR_AFTER: Final = 2
"""Least years between the end of a period and the report on it; reports fall due in even years.

Source: 18/CMA.1 para. 3.
"""


@dataclass(frozen=True, slots=True)
class Founded:
    """A registry that was just founded: the name of its log, and its public key (base64)."""

    origin: str
    public_key: str


def btr_year(last: int) -> int:
    """The year of the final report on a period that ends with a year.

    >>> btr_year(2030), btr_year(2035)
    (2032, 2038)
    """
    return last + BTR_AFTER + last % 2


def origin_of(party: str, registry: str) -> str:
    """The name of a log that nobody chose."""
    return f"{re.sub('[^a-z]', '', party.lower()) or 'x'}/{registry.lower()}"


def foreseen(founding: Found, folder: Folder) -> Refusal | None:
    """Ask the rule before anything is written."""
    books = Books()
    if folder.founded:
        with open_for_reading(folder) as readable:
            books = readable.books
    nobody = Registry(registry="", party=founding.party, name="", origin="", public_key="")
    decided = found(founding, books, Context(nobody, date.min, date.min))
    return decided if isinstance(decided, Refusal) else None


def founded_in(folder: Folder, founding: Found, adoption: Sequence[AdoptPack], *, holder: str) -> Founded | Refusal:
    """Make the key and the ledger, and do the first acts.

    A key without a ledger is what an interrupted founding leaves: it is used, never replaced.

    Args:
        holder: What the lock names as its holder.

    Raises:
        Outage: the folder cannot be used.
    """
    signer = FileSigner.open(folder.key) if folder.key.exists() else create_key(folder, name=founding.origin)
    public_key = base64.b64encode(signer.public_key).decode()
    opened = open_for_writing(folder, holder, create=True)
    if isinstance(opened, Refusal):
        return opened
    with opened as writable:
        named = replace(founding, origin=signer.name, public_key=public_key)
        outcomes = [writable.driver.do([Submission(act, BY)])[0] for act in (named, *adoption)]
    for outcome in outcomes:
        if isinstance(outcome, Outage):
            raise outcome
        if not isinstance(outcome, Receipt):
            return outcome
    return Founded(signer.name, public_key)
