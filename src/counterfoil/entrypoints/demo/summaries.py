"""The structured summary of each Party with an NDC: CTF table 4 as JSON, and as a workbook in each language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from counterfoil.application.queries.aef_rows_of import DEMONSTRATION_NOTE
from counterfoil.application.queries.ctf_table4 import ctf_table4, table_json
from counterfoil.application.queries.emissions_balance import no_net_increase_over
from counterfoil.application.queries.figures import figure_json
from counterfoil.application.queries.party_accounts import PartyAccounts, party_accounts
from counterfoil.domain.accounting.ctf_completeness import gaps
from counterfoil.domain.accounting.ctf_lines import LINES
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.ctf_sheets import Text, ctf_sheets, labelled
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage

FOLDER: Final = "summaries"
"""Beside the registries, so that a pattern for their AEF workbooks never takes one of these for a submission."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One table and the files in which it was written."""

    table: Table4
    files: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """What the screen and `summary.json` tell of it: how whole it is, and its last column."""
        last = self.table.facts.years[-1]
        method, found = self.table.facts.method, gaps(self.table)
        named = {"cumulative_net": 12, "adjustment": 11, "emissions": 3, "balance": 13}
        return {
            "year": self.table.facts.year,
            "method": None if method is None else method.value,
            "lines": len({row.line.number for row in self.table.rows}),
            "of": len(LINES),
            **{name: figure_json(self.table.row(number).years[last]) for name, number in named.items()},
            "complete": not found,
            "gaps": len(found),
            "reasons": sorted({gap.reason for gap in found if gap.reason}),
            "files": list(self.files),
        }


def write_summaries(stage: Stage, script: Script, texts: Mapping[str, Text]) -> dict[str, dict[str, Any]]:
    """One summary for each Party with a file of its NDC, for the last reported year, as of the day of its report.

    Args:
        texts: The words of each language, by its name.
    """
    year = script.reported_years()[-1]
    folder = stage.out / FOLDER
    folder.mkdir(exist_ok=True)
    told: dict[str, dict[str, Any]] = {}
    for path in script.ndc_files:
        table = _table(stage, path.stem, year, script.reported_on(year))
        told[path.stem] = Summary(table, _written(table, folder, texts)).as_json()
    return told


def no_net_increase_in_the_world(stage: Stage, script: Script) -> dict[str, Any]:
    """Safeguard S1 over the books of all registries, which no registry could tell alone."""
    year = script.reported_years()[-1]
    books: list[PartyAccounts] = []
    for party in script.parties:
        sight = stage.sight(party)
        try:
            accounts = party_accounts(sight, party=party, year=year, as_of=script.reported_on(year))
        finally:
            sight.reading.close()
        if isinstance(accounts, Refusal):
            raise PlayFailed(accounts)
        books.append(accounts)
    found = no_net_increase_over(books)
    return {"verdict": found.verdict.value, "found": list(found.found)}


def _table(stage: Stage, party: str, year: int, as_of: date) -> Table4:
    sight = stage.sight(party)
    try:
        table = ctf_table4(sight, party=party, year=year, as_of=as_of)
    finally:
        sight.reading.close()
    if isinstance(table, Refusal):
        raise PlayFailed(table)
    return table


def _written(table: Table4, folder: Path, texts: Mapping[str, Text]) -> tuple[str, ...]:
    from counterfoil.adapters.documents.aef_xlsx import write_workbook

    stem = f"summary-{table.facts.party}-{table.facts.year}"
    value = labelled(table, table_json(table, registry={"demonstration": DEMONSTRATION_NOTE}), texts)
    (folder / f"{stem}.json").write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
    names = [f"{FOLDER}/{stem}.json"]
    for language, text in texts.items():
        path = folder / f"{stem}.{language}.xlsx"
        sheets = ctf_sheets(table, text, note=DEMONSTRATION_NOTE)
        refusal = write_workbook(sheets, path, created=table.facts.as_of)
        if refusal is not None:
            raise PlayFailed(refusal)
        names.append(f"{FOLDER}/{path.name}")
    return tuple(names)
