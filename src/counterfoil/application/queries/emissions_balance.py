"""The emissions balance of this registry's Party as of a day: flows, adjustments, balance, safeguards, by method.

Source: 2/CMA.3 annex paras. 7-17, 23(k).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from counterfoil.application.queries.ctf_table4 import facts_of, standing_of
from counterfoil.application.queries.figures import figure_json, years_json
from counterfoil.application.queries.party_accounts import Gather, PartyAccounts, elapsed_year, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import Closing
from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.ctf_table4 import Facts, Table4, comparisons, table4
from counterfoil.domain.accounting.emissions_balance import Method, largest_relative_deviation
from counterfoil.domain.accounting.figure import Figure, less
from counterfoil.domain.accounting.flow import FlowKind, by_year, net_flows
from counterfoil.domain.accounting.ndc import NdcKind, inside
from counterfoil.domain.accounting.period_account import METHODS, MethodFault, period_key
from counterfoil.domain.accounting.safeguards import (
    Safeguard,
    World,
    no_double_use,
    no_net_increase,
    target_kept,
    unused_listed,
    uses_are_backed,
)
from counterfoil.domain.accounting.target import Comparison
from counterfoil.domain.kernel.refusal import Refusal


def party_balance(
    sight: Sight, *, party: str, as_of: date, method: Method | None = None, gather: Gather = party_accounts
) -> Mapping[str, Any] | Refusal:
    """The balance after the last year that is over on the day. What is not known stands there with its reason.

    Args:
        method: Asked for where none is locked for the period, to look ahead. A locked method is never replaced.
        gather: Who gives the accounts; by default the journal is folded.

    Source: 2/CMA.3 annex paras. 7-8.
    """
    elapsed = elapsed_year(as_of)
    begun = any(period.first <= elapsed for period in sight.registry.ndc_periods)
    # On a day after a period's last one its final figures are asked for, not the empty first year of the next.
    accounts = gather(sight, party=party, year=elapsed if begun else as_of.year, as_of=as_of)
    if isinstance(accounts, Refusal):
        return accounts
    refusal = _method_fits(accounts, method)
    if refusal is not None:
        return refusal
    table = table4(facts_of(accounts, year=elapsed, method=method))
    return _view(accounts, table)


def _method_fits(accounts: PartyAccounts, method: Method | None) -> Refusal | None:
    if method is None:
        return None
    facts = {"period": period_key(accounts.period.first, accounts.period.last), "method": method.value}
    known = accounts.account
    if known is not None and known.method is not method:
        return Refusal(MethodFault.LOCKED, {**facts, "known": known.method.value, "on": known.locked_on.isoformat()})
    kind = NdcKind.SINGLE_YEAR if accounts.ndc is None else accounts.ndc.kind
    if accounts.ndc is not None and method not in METHODS[kind]:
        return Refusal(MethodFault.NOT_FOR_KIND, {**facts, "kind": kind.value})
    return None


def _view(accounts: PartyAccounts, table: Table4) -> dict[str, Any]:
    facts = table.facts
    known = accounts.account
    balances = table.row(13).years
    compared = comparisons(facts, balances)
    return {
        "party": facts.party,
        "standing": standing_of(accounts).value,
        "as_of": facts.as_of.isoformat(),
        "period": period_key(facts.period.first, facts.period.last),
        "ndc": None if facts.ndc is None else facts.ndc.id,
        "accounting_year": None if facts.ndc is None else facts.ndc.accounting_year.value,
        "fiscal_year_begins": None if facts.ndc is None else facts.ndc.fiscal_year_begins or None,
        "method": None if facts.method is None else facts.method.value,
        "method_locked_on": None if known is None else known.locked_on.isoformat(),
        "state": "open" if known is None else known.state.value,
        "values": "final" if facts.final else "indicative",
        "years": {str(year): _year(table, year) for year in facts.years},
        "cumulative": figure_json(Fraction(net_flows(facts.of(TONNES), facts.period).cumulative(_last(facts)))),
        "year_not_over": _not_over(facts),
        "first_transferred_outside_scope": _outside(facts),
        "deviation_from_average": _deviation(facts),
        "non_ghg": {unit: _metric(facts, unit) for unit in _metrics(facts)},
        "targets": {name: _compared(each) for name, each in compared.items()},
        "safeguards": {each.id: _safeguard(each) for each in _safeguards(accounts, facts, compared)},
        "awaiting_use": accounts.awaiting_by_book.get(TONNES, 0),
        "agrees_with_book": accounts.agrees_with_book,
    }


def _last(facts: Facts) -> int:
    return facts.years[-1] if facts.years else facts.period.first - 1


_PATHS: Final = {Method.TRAJECTORY: 1, Method.MULTI_YEAR: 2}
"""The line that holds the trajectory or the budget of each method that has one."""


def _year(table: Table4, year: int) -> dict[str, Any]:
    """The year's figures; with a path, also its level and what is left to it (below zero: the balance is above it).

    A year above its path is no breach: a single-year target asks its year, a budget the sum.
    """
    named = {"emissions": 3, "first_transferred": 6, "oimp": 7, "used": 8, "net": 9, "adjustment": 11, "balance": 13}
    told = {name: figure_json(table.row(number).years[year]) for name, number in named.items()}
    line = None if table.facts.method is None else _PATHS.get(table.facts.method)
    if line is not None:
        level = table.row(line).years[year]
        told |= {"path": figure_json(level), "to_path": figure_json(less(level, table.row(13).years[year]))}
    return told


def _not_over(facts: Facts) -> dict[str, int]:
    """What stands in years of the period that are not over: in no average and no balance yet."""
    flows = net_flows(facts.of(TONNES), facts.period)
    years = range(_last(facts) + 1, facts.period.last + 1)
    return {str(year): flows.net(year) for year in years if flows.net(year)}


def _outside(facts: Facts) -> int | None:
    """First transfers from sectors outside the NDC's scope, which count as well; None where the scope is not said.

    Source: 2/CMA.3 annex para. 14.
    """
    ndc = facts.ndc
    if ndc is None or not ndc.activity_sectors:
        return None
    added = [flow for flow in facts.of(TONNES) if flow.kind is not FlowKind.USED]
    return sum(flow.quantity for flow in added if not inside(ndc, flow.sector))


def _deviation(facts: Facts) -> Any:
    if facts.method is not Method.AVERAGING or not facts.years:
        return None
    found = largest_relative_deviation(net_flows(facts.of(TONNES), facts.period), as_of=_last(facts))
    return None if found is None else figure_json(found)


def _metrics(facts: Facts) -> list[str]:
    return sorted({flow.commodity for flow in facts.flows if flow.commodity != TONNES})


def _metric(facts: Facts, commodity: str) -> dict[str, Any]:
    """A non-GHG book: the metric's own amounts, and what they stand for by each authorization's conversion.

    Source: 2/CMA.3 annex paras. 9, 22(d), 23(k).
    """
    flows = facts.of(commodity)
    told: dict[str, Any] = {}
    for kind in FlowKind:
        of_kind = [flow for flow in flows if flow.kind is kind]
        converted: dict[int, Figure] = {}
        for flow in of_kind:
            if flow.conversion:
                before = converted.get(flow.year, Fraction(0))
                assert isinstance(before, Fraction)
                converted[flow.year] = before + flow.quantity * Fraction(flow.conversion)
        told[kind.value] = {str(year): amount for year, amount in by_year(of_kind, kind).items()}
        told[f"{kind.value}_tco2e"] = years_json(converted)
    return told


def _compared(each: Comparison) -> dict[str, Any]:
    return {
        "target": figure_json(each.target),
        "reached": figure_json(each.reached),
        "margin": figure_json(each.margin),
        "outcome": each.outcome.value,
    }


def no_net_increase_over(books: Sequence[PartyAccounts]) -> Safeguard:
    """S1 from the books of as many Parties as are here; a partner whose book is not makes it indeterminate.

    Source: 2/CMA.3 annex paras. 7, 17.
    """
    known: dict[str, int | None] = dict.fromkeys(partner for each in books for partner in each.partners)
    closed: Counter[Closing] = Counter()
    for each in books:
        tonnes = [flow for flow in each.flows if flow.commodity == TONNES]
        known[each.party] = sum(-flow.quantity if flow.kind is FlowKind.USED else flow.quantity for flow in tonnes)
        closed.update(each.closed_by_book.get(TONNES, {}))
        closed[Closing.UNUSED] += each.awaiting_by_book.get(TONNES, 0)
    world = World(known, oimp=closed[Closing.OIMP], omge=closed[Closing.OMGE], unused=closed[Closing.UNUSED])
    return no_net_increase(world)


def _safeguards(accounts: PartyAccounts, facts: Facts, compared: Mapping[str, Comparison]) -> tuple[Safeguard, ...]:
    """S1 to S5 as far as one registry can tell: the books of other Parties are not here."""
    conditional = set() if facts.ndc is None else {target.name for target in facts.ndc.targets if target.conditional}
    final = compared if facts.final else {}
    return (
        no_net_increase_over([accounts]),
        no_double_use(accounts.used, missing=accounts.partners),
        uses_are_backed(accounts.used, accounts.acquired),
        target_kept(
            [each for name, each in final.items() if name not in conditional],
            [each for name, each in final.items() if name in conditional],
        ),
        unused_listed(
            accounts.unused,
            by_book=accounts.awaiting_by_book,
            by_units=accounts.awaiting_by_units,
            period_over=facts.final,
        ),
    )


def _safeguard(each: Safeguard) -> dict[str, Any]:
    return {"verdict": each.verdict.value, "found": list(each.found[:20])}
