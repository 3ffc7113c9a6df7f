"""Adopt a rulebook as the registry's own practice: it speaks where the adopted pack says nothing about accounts."""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import SELF, Command, Context, record
from counterfoil.application.commands.adopt_pack import AdoptFault
from counterfoil.application.safeguarded import PRACTICE, Practice
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


class PracticeFault(StrEnum):
    NO_RULEBOOK = "practice.no_rulebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPractice(Command):
    """Obey the safeguards of a rulebook, such as `account-safeguards`, in the version that is loaded."""

    practice: str
    version: str


def adopt_practice(command: AdoptPractice, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what is not loaded, another version, and a pack that is no rulebook. Source: R-GOV-02."""
    law = context.laws.law(command.practice)
    if law is None:
        known = ", ".join(context.laws.names()) or "-"
        return Refusal(AdoptFault.UNKNOWN, {"pack": command.practice[:80], "known": known})
    if law.kind != "rulebook":
        return Refusal(PracticeFault.NO_RULEBOOK, {"pack": law.pack, "kind": law.kind})
    if law.version != command.version:
        facts = {"pack": law.pack, "asked": command.version[:40], "loaded": law.version}
        return Refusal(AdoptFault.OTHER_VERSION, facts)
    chosen = record(PRACTICE, SELF, Practice(law.pack, law.version))
    if books.record(PRACTICE, SELF) == chosen.value:
        return Refusal(AdoptFault.ALREADY_ADOPTED, {"pack": law.pack, "version": law.version})
    return Entry(Act.PRACTICE_ADOPTED, context.on, records=(chosen,), details={"practice": law.pack})
