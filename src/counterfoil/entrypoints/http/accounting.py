"""The accounting that the API answers: emissions balance, CTF table 4 and what is due, each as of a day in its path.

The day stands in the path and has no default, so that the same address gives the same answer while the books stand
still, and may be cached.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from counterfoil.application.queries.calendar import calendar
from counterfoil.application.queries.ctf_table4 import ctf_table4, table_json
from counterfoil.application.queries.emissions_balance import party_balance
from counterfoil.application.queries.party_accounts import Gather, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault

BALANCES: Final = "/emissions-balances/{party}/{as_of}"
CALENDAR_YEARS: Final = 2


def balance(sight: Sight, key: str, gather: Gather = party_accounts) -> Mapping[str, Any] | Refusal:
    """The emissions balance of a Party (`THA/2025-12-31`), by its method."""
    party, day = key.split("/")
    as_of = read_day("as_of", day)
    return as_of if isinstance(as_of, Refusal) else party_balance(sight, party=party, as_of=as_of, gather=gather)


def summary(sight: Sight, key: str, gather: Gather = party_accounts) -> Mapping[str, Any] | Refusal:
    """CTF table 4 of a Party for a year, from all acts up to a day (`THA/2024/2026-11-01`)."""
    party, year, day = key.split("/")
    as_of = read_day("as_of", day)
    if isinstance(as_of, Refusal):
        return as_of
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "year", "value": year[:60]})
    table = ctf_table4(sight, party=party, year=int(year), as_of=as_of, gather=gather)
    if isinstance(table, Refusal):
        return table
    return table_json(table, registry={"demonstration": sight.registry.demonstration})


def due(sight: Sight, key: str) -> Mapping[str, Any] | Refusal:
    """What a Party owes in the year of a day and the one after it (`THA/2026-11-22`)."""
    party, day = key.split("/")
    on = read_day("on", day)
    return on if isinstance(on, Refusal) else calendar(sight, party=party, on=on, years=CALENDAR_YEARS)


def read_day(name: str, text: str) -> date | Refusal:
    """A day, or a year, which means its last day, as on the command line."""
    try:
        if len(text) == 4 and text.isascii() and text.isdecimal():
            return date(int(text), 12, 31)
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": name, "value": text[:60]})
