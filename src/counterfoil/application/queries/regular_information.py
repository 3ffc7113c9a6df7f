"""The regular information: annex 4 to the biennial transparency report, with the tables of para. 23(j).

Amounts come from CTF table 4 of the same day, so that text and tables cannot disagree.

Source: 2/CMA.3 annex paras. 21-22, 23(j); 6/CMA.4 annex VI; rulebook 4.3-4.4.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counterfoil.application.queries.ctf_table4 import ctf_table4
from counterfoil.application.queries.report_ground import (
    answered,
    approach_facts,
    full_texts,
    ground_of,
    known_of,
    metrics_of,
)
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting import ctf_completeness
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.deadlines import btr_covers
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.completeness import Gap, GapKind
from counterfoil.domain.reporting.narrative.element import ReportKind
from counterfoil.domain.reporting.narrative.outline import OUTLINES
from counterfoil.domain.reporting.narrative.report import ApproachFacts, NarrativeReport

_BROKEN: Final = (ctf_completeness.GapKind.SPLIT_DIFFERS, ctf_completeness.GapKind.DOES_NOT_ADD_UP)
"""What makes the tables of para. 23(j) wrong. That an inventory is missing is told by the structured summary."""


def regular_information(
    sight: Sight, *, party: str, year: int, as_of: date, approach: str = ""
) -> NarrativeReport | Refusal:
    """The report that goes with the biennial transparency report of `year`.

    It covers the years of which that report holds an inventory. Participation must have been attested anew since the
    year of the report began.

    Source: 2/CMA.3 annex para. 21(a); 18/CMA.1 annex para. 58.
    """
    covered = btr_covers(year)
    ground = ground_of(sight, party=party, year=covered, as_of=as_of, approach=approach)
    if isinstance(ground, Refusal):
        return ground
    table = ctf_table4(sight, party=party, year=covered, as_of=as_of)
    if isinstance(table, Refusal):
        return table
    facts = approach_facts(ground, table.split)
    found = answered(ground, OUTLINES[ReportKind.REGULAR], known_of(ground, facts, renewed_since=year))
    return NarrativeReport(
        ReportKind.REGULAR,
        party,
        year,
        as_of,
        ground.period.span,
        sight.registry.demonstration,
        found,
        facts,
        ndc=ground.ndc,
        account=ground.account,
        metrics=metrics_of(facts),
        table=table,
        own_gaps=tuple(_own_gaps(facts, table)),
        full_texts=full_texts(ground, found),
    )


def _own_gaps(facts: tuple[ApproachFacts, ...], table: Table4) -> Iterator[Gap]:
    """What no answer can make good: no approach, outcomes of unknown class (R-A62-13), wrong sums."""
    if not facts:
        yield Gap(GapKind.NO_APPROACH, "R.VI", "2/CMA.3 annex para. 22")
    for each in facts:
        if not each.classes:
            yield Gap(GapKind.FACT_MISSING, "R.VI", "2/CMA.3 annex para. 1(b)", each.id, "classes")
    for gap in ctf_completeness.gaps(table):
        if gap.kind in _BROKEN:
            yield Gap(GapKind.TABLE_INCOMPLETE, "R.V", "2/CMA.3 annex para. 23(j)", detail=f"{gap.line}/{gap.year}")
