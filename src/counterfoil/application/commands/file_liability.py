"""File what an entity owes under a compliance scheme for a year that is over."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, record
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.schemes import adopted_law, covered
from counterfoil.domain.compliance.liability import (
    LIABILITY,
    LIABILITY_OF,
    Base,
    Liability,
    LiabilityFault,
    liability_key,
    unfit_liability,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLiability(Command):
    """File a liability of `entity` in `scheme` (as the adopted pack names it) for the emissions of `year`.

    `base_t` is what the charge and the limit are taken from, in tonnes; `base_money` a charge in minor units, where the
    limit is a share of it. Units that cover a part of it come from `account`. What else the law asks, such as
    `capacity_mw` or `sector`, stands in `answers`.
    """

    liability: str
    entity: str
    account: str
    scheme: str
    year: int
    emissions_t: int | None = None
    base_t: int | None = None
    base_money: int | None = None


def file_liability(command: FileLiability, books: Books, context: Context) -> Entry | Refusal:
    """Refused where the law does not put these emissions under the scheme, or the scheme is not in force.

    Source: requirements R-CMP-01 to R-CMP-03, R-CMP-07.
    """
    base = Base(command.emissions_t, command.base_t, command.base_money)
    key = liability_key(command.entity, command.scheme, command.year)
    refusal = unfit_liability(
        name=command.liability,
        entity=command.entity,
        scheme=command.scheme,
        year=command.year,
        base=base,
        on=context.on,
    ) or holding_open(books, command.account)
    if refusal is not None:
        return refusal
    known = command.liability if books.record(LIABILITY, command.liability) else books.record(LIABILITY_OF, key)
    if known is not None:
        return Refusal(
            LiabilityFault.ALREADY_FILED, {"liability": known, "scheme": command.scheme, "year": command.year}
        )
    law = adopted_law(context.law)
    if law is None:
        return Refusal(LiabilityFault.NO_LAW, {"scheme": command.scheme})
    facts = {**command.answers, **base.facts(), "scheme": command.scheme}
    found = covered(law, facts, year=command.year, on=context.on)
    if isinstance(found, Refusal):
        return found
    liability = Liability(
        command.liability,
        command.entity,
        command.account,
        command.scheme,
        command.year,
        context.on,
        found.law_on,
        law.pack,
        law.version,
        base,
        command.answers,
        charge=found.charge,
    )
    return Entry(
        Act.LIABILITY_FILED,
        context.on,
        records=(record(LIABILITY, liability.id, liability), record(LIABILITY_OF, key, liability.id)),
        details={"law": found.told, "law_on": found.law_on.isoformat()},
    )
