"""What the law in force asks before an account is opened: a file on its holder, and one Party behind a foreign one."""

from typing import Any

from counterfoil.application.command import Context
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.domain.activities.activity import ENTITY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.people.organisation import OrganisationFault
from counterfoil.domain.people.safeguards import KYC, Safeguards, known_well


def opening_terms(command: OpenAccount, books: Books, context: Context) -> Refusal | None:
    """Refuses the account of a holder without a good file, or of a foreign entity without exactly one Party.

    The Party itself needs neither. An entity is foreign when its country is not this registry's.

    Source: A6.4-PROC-REGS-001 para. 51(b), adopted here; R-GOV-02.
    """
    safeguards, own = context.safeguards, context.registry.party
    if not isinstance(safeguards, Safeguards) or safeguards.terms is None or command.holder == own:
        return None
    file: Any = books.record(KYC, command.holder)
    until = None if file is None else file["kyc_valid_until"]
    refusal = known_well(safeguards, holder=command.holder, valid_until=until, today=context.today)
    if refusal is not None or not safeguards.terms.one_party:
        return refusal
    entity: Any = books.record(ENTITY, command.holder)
    foreign = entity is None or entity["country"] != own
    if not foreign or set(command.authorized_by) == {command.party or own}:
        return None
    named = ", ".join(sorted(set(command.authorized_by))) or "-"
    return Refusal(OrganisationFault.ONE_PARTY, {"kind": "foreign_entity", "parties": named[:120]})
