"""What a scenario may measure at its end, each from the committed books of a registry alone."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from counterfoil.application.commands.distribute import DISTRIBUTION
from counterfoil.application.commands.list_units import LISTING
from counterfoil.application.commands.reissue import REISSUED
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import by_year
from counterfoil.domain.authorizations.quota import QUOTA, Quota
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.entry import ADJUSTMENTS
from counterfoil.domain.units.metric import Metric
from counterfoil.entrypoints.scenarios.compliance_measures import COMPLIANCE_MEASURES
from counterfoil.entrypoints.scenarios.readiness_measures import READINESS_MEASURES
from counterfoil.entrypoints.scenarios.reporting_measures import REPORTING_MEASURES

Measure = Callable[[Sight, str], int]
"""A look and what is asked for in; units, tonnes, or money in its smallest unit out."""


def in_account(sight: Sight, account: str) -> int:
    """Units in an account, or in all accounts whose code begins with it when it ends with a colon."""
    return sum(
        each.serials.size
        for each in sight.all_holdings()
        if each.account == account or (account.endswith(":") and each.account.startswith(account))
    )


def in_role(sight: Sight, name: str) -> int:
    """Units in all accounts of a role: `holding`, `pending`, `abroad` or `terminal`."""
    wanted = AccountRole(name)
    return sum(each.serials.size for each in sight.all_holdings() if role(each.account) is wanted)


def everywhere(sight: Sight, _: str) -> int:
    """All units that the registry ever brought in, wherever they stand now."""
    return sum(each.serials.size for each in sight.all_holdings())


def adjustment(sight: Sight, year: str) -> int:
    """The Party's net corresponding adjustment in tonnes: of a year, or of all years together."""
    pairs = [
        (row.account, row.amount)
        for row in sight.reading.balances()
        if row.book == ADJUSTMENTS and row.commodity == Metric().commodity
    ]
    years = by_year(Party(sight.registry.party), pairs)
    return sum(entry.net for each, entry in years.items() if not year or str(each) == year)


def entries(sight: Sight, act: str) -> int:
    """How many entries the journal has of an act."""
    return sum(1 for each in sight.entries() if each.entry.act.value == act)


def in_class(sight: Sight, key: str) -> int:
    """Units of a class that were ever issued, wherever they stand now."""
    return sum(each.serials.size for each in sight.all_holdings() if each.unit_class == key)


def reissued(sight: Sight, registry: str) -> int:
    """Units of another registry, cancelled there, for which units were issued here."""
    series = (ranges for key, ranges in sight.records(REISSUED) if key.startswith(f"{registry}|"))
    return sum(last - first + 1 for ranges in series for first, last in ranges)


def listed(sight: Sight, exchange: str) -> int:
    """Units that are listed on an exchange."""
    listings = (row for _, row in sight.records(LISTING))
    return sum(row["last"] - row["first"] + 1 for row in listings if row["exchange"] == exchange and "last" in row)


def divided(sight: Sight, part: str) -> int:
    """What the divisions of proceeds gave to a part by its name, in the smallest unit of their currency."""
    rows = (row for _, row in sight.records(DISTRIBUTION))
    return sum(quantity for row in rows for name, _, quantity in row["parts"] if name == part)


def quota_left(sight: Sight, quota: str) -> int:
    """Tonnes of a quota that are neither allocated nor drawn."""
    known = sight.record(QUOTA, quota)
    return 0 if known is None else from_json(Quota, known).left_t


MEASURES: Final = MappingProxyType(
    {
        "account": in_account,
        "role": in_role,
        "units": everywhere,
        "adjustment": adjustment,
        "entries": entries,
        "quota_left": quota_left,
        **REPORTING_MEASURES,
        "class": in_class,
        "reissued": reissued,
        "listed": listed,
        "divided": divided,
        **COMPLIANCE_MEASURES,
        **READINESS_MEASURES,
    }
)
"""Measures by the word that a scenario's file uses. `world_adjustment` adds up all registries, in `play.py`."""
