"""Adopt the pack of the jurisdiction: from this entry on its law is asked about every act that it speaks of."""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.adopted import PACK, Adopted
from counterfoil.application.command import SELF, Command, Context, record
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


class AdoptFault(StrEnum):
    UNKNOWN = "pack.unknown"
    OTHER_VERSION = "pack.other_version"
    OTHER_JURISDICTION = "pack.other_jurisdiction"
    ALREADY_ADOPTED = "pack.already_adopted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPack(Command):
    """Obey a pack in a version that is loaded. `version` is named, so that nobody adopts what they have not read."""

    pack: str
    version: str


def adopt_pack(command: AdoptPack, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a pack of another jurisdiction, one that is not loaded, and another version than the loaded one.

    Source: ADR-0024.
    """
    law = context.laws.law(command.pack)
    if law is None:
        known = ", ".join(context.laws.names()) or "-"
        return Refusal(AdoptFault.UNKNOWN, {"pack": command.pack[:80], "known": known})
    if law.version != command.version:
        facts = {"pack": law.pack, "asked": command.version[:40], "loaded": law.version}
        return Refusal(AdoptFault.OTHER_VERSION, facts)
    if law.jurisdiction and law.jurisdiction != context.registry.party:
        facts = {"pack": law.pack, "jurisdiction": law.jurisdiction, "own": context.registry.party}
        return Refusal(AdoptFault.OTHER_JURISDICTION, facts)
    adopted = Adopted(law.pack, law.version)
    chosen = record(PACK, SELF, adopted)
    if books.record(PACK, SELF) == chosen.value:
        return Refusal(AdoptFault.ALREADY_ADOPTED, {"pack": law.pack, "version": law.version})
    return Entry(Act.PACK_ADOPTED, context.on, records=(chosen,), details={"pack": law.pack, "version": law.version})
