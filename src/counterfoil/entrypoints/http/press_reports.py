"""The reports that the press makes of the register: the annual information, narratives and the structured summary.

Each is what the report command writes, one file of it. Only the press's own process imports this module.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from counterfoil.adapters.documents.aef_xlsx import write_workbook
from counterfoil.adapters.documents.spooled_actions import SpooledActions
from counterfoil.application.command import Registry
from counterfoil.application.paper import Paper
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.queries.aef_confidential import Confidential
from counterfoil.application.queries.aef_rows_of import DEMONSTRATION_NOTE
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.ctf_table4 import ctf_table4
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.application.queries.regular_information import regular_information
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.note import read_note
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.domain.reporting.narrative.report import NarrativeReport
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading
from counterfoil.entrypoints.ctf_sheets import ctf_sheets
from counterfoil.entrypoints.http.press import Facts, Order, Product
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.reports.narrative_files import json_bytes
from counterfoil.entrypoints.reports.narrative_paper import narrative_paper
from counterfoil.entrypoints.reports.printing import printer
from counterfoil.entrypoints.reports.summary_paper import summary_paper
from counterfoil.entrypoints.reports.words import Words

NARRATIVES: Final[dict[Product, Callable[..., NarrativeReport | Refusal]]] = {
    Product.INITIAL: initial_report,
    Product.UPDATED_INITIAL: partial(initial_report, updated=True),
    Product.REGULAR: regular_information,
}


def printed(folder: Path, order: Order, target: Path) -> Refusal | None:
    """Write what was ordered into the target, or say why not."""
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        match order.product:
            case Product.AEF:
                return _annual(sight, order.facts, target)
            case Product.SUMMARY:
                return _summary(sight, order.facts, target)
            case _:
                return _narrative(sight, NARRATIVES[order.product], order.facts, target)


def _annual(sight: Sight, facts: Facts, target: Path) -> Refusal | None:
    day = date.fromisoformat(str(facts["on"])) if facts["on"] else _last_day(sight)
    form = aef_format()
    submission = aef_submission(
        sight,
        party=str(facts["party"]),
        year=_whole(facts["year"]),
        version=str(facts["version"]),
        submitted_on=day,
        # Nobody asks a token whether its holder may see what is confidential: HTTP gives the public copy.
        confidential=Confidential(form, public=True),
        gathered=SpooledActions.gathered,
    )
    if isinstance(submission, Refusal):
        return submission
    return write_workbook(aef_layout(submission, form), target, created=day)


def _narrative(
    sight: Sight, query: Callable[..., NarrativeReport | Refusal], facts: Facts, target: Path
) -> Refusal | None:
    report = query(sight, **_asked(facts), approach=str(facts["approach"]))
    if isinstance(report, Refusal):
        return report
    if facts["format"] == "json":
        target.write_bytes(json_bytes(report, sight.registry))
    else:
        _print(partial(narrative_paper, report, registry=sight.registry), facts, target)
    return None


def _summary(sight: Sight, facts: Facts, target: Path) -> Refusal | None:
    """CTF table 4 on paper, or as the workbook of `report summary`."""
    table = ctf_table4(sight, **_asked(facts))
    if isinstance(table, Refusal):
        return table
    registry: Registry = sight.registry
    if facts["format"] == "xlsx":
        note = DEMONSTRATION_NOTE if registry.demonstration else None
        return write_workbook(ctf_sheets(table, _texts(facts), note=note), target, created=table.facts.as_of)
    _print(partial(summary_paper, table, registry=registry), facts, target)
    return None


def _asked(facts: Facts) -> dict[str, Any]:
    return {
        "party": str(facts["party"]),
        "year": _whole(facts["year"]),
        "as_of": date.fromisoformat(str(facts["as_of"])),
    }


def _print(paper: Callable[[Words], Paper], facts: Facts, target: Path) -> None:
    target.write_bytes(printer(str(facts["format"]))(paper(Words(_texts(facts)))))


def _texts(facts: Facts) -> Texts:
    return Texts(str(facts["language"]))


def _whole(value: object) -> int:
    return msgspec.convert(value, int)


def _last_day(sight: Sight) -> date:
    """The day of the last commit, so that the same books give the same file."""
    row = sight.reading.last_checkpoint()
    note = None if row is None else read_note(row.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if checkpoint is None:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": ""})
    return date.fromisoformat(checkpoint.recorded_at[:10])
