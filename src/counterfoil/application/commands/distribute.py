"""Record how the proceeds of a sale are divided by law. No money moves here: the division is recorded, once."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Command, Context, record
from counterfoil.domain.activities.activity import ACTIVITY, ActivityFault
from counterfoil.domain.kernel.ids import unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

DISTRIBUTION: Final = "distribution"
PROCEEDS_MAX: Final = 10**15
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


class DistributeFault(StrEnum):
    NO_LAW = "distribute.no_law"
    ALREADY_RECORDED = "distribute.already_recorded"
    AMOUNT_UNREADABLE = "distribute.amount_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribute(Command):
    """Divide the proceeds of a sale of an activity's units, in the smallest unit of `currency` (ISO 4217).

    `received_on` is the day on which the money came in, `paid_on` the day on which the shares were paid.
    """

    distribution: str
    activity: str
    proceeds: int
    currency: str
    received_on: date
    paid_on: date | None = None
    source: str = ""


def distribute(command: Distribute, books: Books, context: Context) -> Entry | Refusal:
    """The shares are the law's; without a law there is nothing to record. Source: requirement R-ZWE-03; ADR-0024."""
    nameless = unfit("distribution", command.distribution)
    if nameless is not None:
        return nameless
    if context.law is None:
        return Refusal(DistributeFault.NO_LAW, {"distribution": command.distribution})
    if books.record(DISTRIBUTION, command.distribution) is not None:
        return Refusal(DistributeFault.ALREADY_RECORDED, {"distribution": command.distribution})
    if books.record(ACTIVITY, command.activity) is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    if not _CURRENCY.match(command.currency) or not 0 < command.proceeds <= PROCEEDS_MAX:
        return Refusal(
            DistributeFault.AMOUNT_UNREADABLE, {"proceeds": command.proceeds, "currency": command.currency[:20]}
        )
    value: dict[str, Any] = {
        "activity": command.activity,
        "proceeds": command.proceeds,
        "currency": command.currency,
        "received_on": command.received_on.isoformat(),
    }
    if command.paid_on is not None:
        value["paid_on"] = command.paid_on.isoformat()
    if command.source:
        value["source"] = command.source[:500]
    return Entry(Act.DISTRIBUTED, context.on, records=(record(DISTRIBUTION, command.distribution, value),))
