"""What a narrative report's files are called, and the bytes of the one for machines."""

import json

from counterfoil.application.command import Registry
from counterfoil.application.queries.aef_rows_of import DEMONSTRATION_NOTE
from counterfoil.application.queries.narrative_json import narrative_json
from counterfoil.domain.reporting.narrative.element import ReportKind
from counterfoil.domain.reporting.narrative.report import NarrativeReport
from counterfoil.entrypoints.reports.words import label


def report_stem(report: NarrativeReport) -> str:
    """The name of the files without their endings; a report on one approach names it."""
    parts = [report.kind.value, report.party, str(report.year)]
    if report.kind is ReportKind.UPDATED_INITIAL:
        parts += [each.id for each in report.approaches]
    return "-".join(parts)


def json_bytes(report: NarrativeReport, registry: Registry) -> bytes:
    """The report as JSON. The same journal and day give the same bytes."""
    marks = {
        "registry": registry.registry,
        "demonstration": DEMONSTRATION_NOTE if report.demonstration else None,
    }
    value = narrative_json(report, label=label, registry=marks)
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
