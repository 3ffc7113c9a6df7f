"""CTF table 4 of this registry's Party: from its accounts to the typed table and its JSON, which the checks read too.

Source: 2/CMA.3 annex para. 23; 5/CMA.3 annex II table 4.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.application.queries.figures import figure_json, years_json
from counterfoil.application.queries.party_accounts import Gather, PartyAccounts, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.ctf_completeness import gaps
from counterfoil.domain.accounting.ctf_indicators import IndicatorRow, indicator_rows
from counterfoil.domain.accounting.ctf_lines import Row
from counterfoil.domain.accounting.ctf_table4 import Facts, Table4, table4
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.flow import Basis
from counterfoil.domain.accounting.ndc import Standing, standing
from counterfoil.domain.kernel.refusal import Refusal


class SummaryFault(StrEnum):
    NOT_A_PARTY = "summary.not_a_party"
    YEAR_NOT_OVER = "summary.year_not_over"


def ctf_table4(
    sight: Sight,
    *,
    party: str,
    year: int,
    as_of: date,
    basis: Basis = Basis.VINTAGE,
    gather: Gather = party_accounts,
) -> Table4 | Refusal:
    """The table for the years of the NDC period up to `year`, from all acts up to `as_of`.

    A first transfer after the reported year counts in the year of its vintage: earlier columns are brought up to date.

    Source: 2/CMA.3 annex para. 23 (updates of information for earlier years).
    """
    if as_of < date(year, 12, 31):
        return Refusal(SummaryFault.YEAR_NOT_OVER, {"year": year, "on": as_of.isoformat()})
    accounts = gather(sight, party=party, year=year, as_of=as_of)
    if isinstance(accounts, Refusal):
        return accounts
    if not accounts.registry.is_party:
        return Refusal(SummaryFault.NOT_A_PARTY, {"jurisdiction": accounts.registry.party})
    return table4(facts_of(accounts, year=year, basis=basis))


def facts_of(
    accounts: PartyAccounts, *, year: int, method: Method | None = None, basis: Basis = Basis.VINTAGE
) -> Facts:
    """The facts of the table. `method` is asked for where none is locked."""
    known = accounts.account
    return Facts(
        party=accounts.registry.party,
        standing=standing_of(accounts),
        period=accounts.period.span,
        year=year,
        as_of=accounts.as_of,
        ndc=accounts.ndc,
        method=method if known is None else known.method,
        account=known,
        inventories=accounts.inventories,
        flows=tuple(accounts.flows),
        basis=basis,
        adaptation=dict(accounts.adaptation),
        omge=dict(accounts.omge),
        authorized_not_transferred=accounts.authorized_not_transferred,
    )


def standing_of(accounts: PartyAccounts) -> Standing:
    return standing(accounts.ndc, accounts.registry.party, is_party=accounts.registry.is_party)


def table_json(table: Table4, *, registry: Mapping[str, Any]) -> dict[str, Any]:
    """The table as JSON for machines: exact numbers, reasons, sources and gaps. Labels are added where it is shown."""
    facts = table.facts
    ndc = facts.ndc
    found = gaps(table)
    return {
        "report": "ctf_table_4",
        **registry,
        "party": facts.party,
        "standing": facts.standing.value,
        "as_of": facts.as_of.isoformat(),
        "period": {"first": facts.period.first, "last": facts.period.last},
        "years": list(facts.years),
        "ctf_year_basis": facts.basis.value,
        "method": None if facts.method is None else facts.method.value,
        "method_locked_on": None if facts.account is None else facts.account.locked_on.isoformat(),
        "assumed": list(facts.assumed),
        "state": "open" if facts.account is None else facts.account.state.value,
        "values": "final" if facts.final else "indicative",
        "ndc": None if ndc is None else {"id": ndc.id, "title": ndc.title, "kind": ndc.kind.value, **_source(table)},
        "indicators": [_indicator_json(row) for row in indicator_rows(facts)],
        "lines": [_row_json(row) for row in table.rows],
        "entities_authorized_for_oimp": list(table.entities),
        "authorized_for_oimp_not_first_transferred": facts.authorized_not_transferred,
        "split": [
            {
                "line": {"first_transferred": 6, "oimp": 7, "used": 8}[row.kind.value],
                "year": row.year,
                "cooperative_approach": row.approach,
                "sector": row.sector,
                "transferring_party": row.transferring,
                "acquiring_or_using_party": row.using,
                "vintage": row.vintage,
                "unit": row.commodity.removeprefix("metric:"),
                "quantity": row.quantity,
            }
            for row in table.split
        ],
        "inventories": list(table.sources),
        "complete": not found,
        "gaps": [
            {"kind": gap.kind.value, "line": gap.line, "year": gap.year or None, "reason": gap.reason or None}
            for gap in found
        ],
    }


def _source(table: Table4) -> dict[str, Any]:
    ndc = table.facts.ndc
    assert ndc is not None
    return {
        "accounting_year": ndc.accounting_year.value,
        "fiscal_year_begins": ndc.fiscal_year_begins or None,
        "of_measures": ndc.of_measures,
        "gwp": ndc.gwp or None,
        "document": ndc.source.document,
        "place": ndc.source.place,
        "url": ndc.source.url,
    }


def _row_json(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {
        "line": row.line.number,
        "key": row.line.key,
        "provision": row.line.provision,
        "unit": row.unit or None,
    }
    for name, value in (("part", row.part.value), ("about", row.about), ("statement", row.statement)):
        if value:
            told[name] = value
    if row.years:
        told["years"] = years_json(row.years)
    for name, figure in (("value", row.single), ("target_level", row.target), ("progress", row.progress)):
        if figure is not None:
            told[name] = figure_json(figure)
    if row.target_year is not None:
        told["target_year"] = row.target_year
    return told


def _indicator_json(row: IndicatorRow) -> dict[str, Any]:
    told: dict[str, Any] = {"key": row.kind.value, "provision": row.provision, "unit": row.unit}
    if row.about:
        told["about"] = row.about
    told["years"] = years_json(row.years)
    figures = (("reference", row.reference), ("target_level", row.target), ("change", row.change))
    told |= {name: figure_json(figure) for name, figure in figures if figure is not None}
    years = (("reference_year", row.reference_year), ("target_year", row.target_year))
    return told | {name: year for name, year in years if year is not None}
