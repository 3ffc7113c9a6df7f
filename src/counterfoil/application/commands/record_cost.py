"""What running the system costs, and who contributes to it of their own will: amounts with their sources."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, record
from counterfoil.domain.kernel.ids import NAME
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

OPERATING_COST: Final = "operating_cost"
CONTRIBUTION: Final = "contribution"
AMOUNT_MAX: Final = 10**15
"""In the smallest unit of a currency."""
TEXT_MAX: Final = 500
YEAR_MIN, YEAR_MAX = 2021, 9999
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


class CostFault(StrEnum):
    ID_UNREADABLE = "cost.id_unreadable"
    ALREADY_RECORDED = "cost.already_recorded"
    AMOUNT_UNREADABLE = "cost.amount_unreadable"
    SOURCE_MISSING = "cost.source_missing"


class CostKind(StrEnum):
    """What money is spent on: the machines and software, the review of reports, help for others, anything else."""

    INFRASTRUCTURE = "infrastructure"
    REVIEW = "review"
    SUPPORT = "support"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOperatingCost(Command):
    """Record what something cost in a year.

    `amount` counts the smallest unit of `currency` (ISO 4217), such as cents. `source` says where the amount is from.
    """

    cost: str
    kind: CostKind
    year: int
    amount: int
    currency: str
    source: str


def record_operating_cost(command: RecordOperatingCost, books: Books, context: Context) -> Entry | Refusal:
    """A cost is recorded once; a correction is another record with a negative amount. Source: requirement R-C30-04."""
    refusal = _unfit(command.cost, OPERATING_COST, command, books)
    if refusal is not None:
        return refusal
    value = {
        "cost": command.cost,
        "kind": command.kind.value,
        "year": command.year,
        "amount": command.amount,
        "currency": command.currency,
        "source": command.source.strip(),
    }
    return Entry(Act.OPERATING_COST_RECORDED, context.on, records=(record(OPERATING_COST, command.cost, value),))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContribution(Command):
    """Record a voluntary contribution to running the system, for a year and a purpose.

    `amount` counts the smallest unit of `currency` (ISO 4217). `contributor` is an institution or a Party.
    """

    contribution: str
    contributor: str
    kind: CostKind
    year: int
    amount: int
    currency: str
    source: str


def record_contribution(command: RecordContribution, books: Books, context: Context) -> Entry | Refusal:
    """A contribution is recorded once, with who gave it. Source: requirement R-C30-05."""
    refusal = _unfit(command.contribution, CONTRIBUTION, command, books)
    if refusal is not None:
        return refusal
    if not 0 < len(command.contributor.strip()) <= TEXT_MAX:
        return Refusal(CostFault.SOURCE_MISSING, {"id": command.contribution})
    value = {
        "contribution": command.contribution,
        "contributor": command.contributor.strip(),
        "kind": command.kind.value,
        "year": command.year,
        "amount": command.amount,
        "currency": command.currency,
        "source": command.source.strip(),
    }
    return Entry(Act.CONTRIBUTION_RECORDED, context.on, records=(record(CONTRIBUTION, command.contribution, value),))


def _unfit(key: str, kind: str, command: RecordOperatingCost | RecordContribution, books: Books) -> Refusal | None:
    if not NAME.match(key):
        return Refusal(CostFault.ID_UNREADABLE, {"id": key[:80]})
    if books.record(kind, key) is not None:
        return Refusal(CostFault.ALREADY_RECORDED, {"id": key})
    readable = _CURRENCY.match(command.currency) and YEAR_MIN <= command.year <= YEAR_MAX
    if not readable or not 0 < abs(command.amount) <= AMOUNT_MAX:
        return Refusal(CostFault.AMOUNT_UNREADABLE, {"id": key})
    if not 0 < len(command.source.strip()) <= TEXT_MAX:
        return Refusal(CostFault.SOURCE_MISSING, {"id": key})
    return None
