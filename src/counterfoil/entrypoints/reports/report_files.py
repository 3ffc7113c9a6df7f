"""All files of a report, made from one value: JSON for machines; PDF, DOCX and XLSX for people, in each language."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from counterfoil.adapters import durable
from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.application.command import Registry
from counterfoil.application.queries.aef_rows_of import DEMONSTRATION_NOTE
from counterfoil.application.queries.ctf_table4 import table_json
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.report import NarrativeReport
from counterfoil.entrypoints.ctf_sheets import ctf_sheets, labelled
from counterfoil.entrypoints.language import LANGUAGES, Texts
from counterfoil.entrypoints.reports.narrative_files import json_bytes, report_stem
from counterfoil.entrypoints.reports.narrative_paper import narrative_paper
from counterfoil.entrypoints.reports.printing import print_papers, write_whole
from counterfoil.entrypoints.reports.summary_paper import summary_paper


def narrative_files(report: NarrativeReport, registry: Registry, out: Path) -> list[Path]:
    """Write every file of a narrative report into a folder; the JSON is the first."""
    durable.made_folder(out)
    stem = report_stem(report)
    main = out / f"{stem}.json"
    write_whole(main, json_bytes(report, registry))
    texts = [Texts(language) for language in LANGUAGES]
    return [main, *print_papers(partial(narrative_paper, report, registry=registry), out, stem, texts=texts)]


def summary_values(table: Table4, registry: Registry) -> dict[str, Any]:
    """The structured summary as it stands in its JSON, with each line's words in both languages."""
    value = table_json(table, registry={"demonstration": _note(registry)})
    return labelled(table, value, {language: Texts(language) for language in LANGUAGES})


def summary_files(table: Table4, registry: Registry, out: Path) -> list[Path] | Refusal:
    """Write every file of a structured summary into a folder; the JSON is the first. Refuses what no workbook holds."""
    durable.made_folder(out)
    stem = f"ctf4-{table.facts.party}-{table.facts.year}"
    main = out / f"{stem}.json"
    text = json.dumps(summary_values(table, registry), ensure_ascii=False, indent=2)
    write_whole(main, f"{text}\n".encode())
    books = [out / f"{stem}.{language}.xlsx" for language in LANGUAGES]
    for language, book in zip(LANGUAGES, books, strict=True):
        sheets = ctf_sheets(table, Texts(language), note=_note(registry))
        refusal = write_workbook(sheets, book, created=table.facts.as_of)
        if refusal is not None:
            return refusal
    texts = [Texts(language) for language in LANGUAGES]
    paper = partial(summary_paper, table, registry=registry)
    return [main, *books, *print_papers(paper, out, stem, texts=texts, endings=("docx", "pdf"))]


def _note(registry: Registry) -> str | None:
    return DEMONSTRATION_NOTE if registry.demonstration else None
