"""The initial report, and the updated initial report of one further cooperative approach.

Source: 2/CMA.3 annex paras. 18-19; 6/CMA.4 annex V; 4/CMA.6 annex I; rulebook 4.2.
"""

from datetime import date

from counterfoil.application.queries.report_ground import (
    NarrativeFault,
    answered,
    approach_facts,
    full_texts,
    ground_of,
    known_of,
    metrics_of,
)
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.completeness import Gap, GapKind
from counterfoil.domain.reporting.narrative.element import ReportKind
from counterfoil.domain.reporting.narrative.outline import OUTLINES
from counterfoil.domain.reporting.narrative.report import NarrativeReport


def initial_report(
    sight: Sight, *, party: str, year: int, as_of: date, approach: str = "", updated: bool = False
) -> NarrativeReport | Refusal:
    """The report as the journal stood at the end of `as_of`. What is missing is a gap, never left out.

    Args:
        year: The year of the report; it tells the NDC period.
        updated: Only what is asked of one further approach, which must be named.
    """
    if updated and not approach:
        return Refusal(NarrativeFault.APPROACH_REQUIRED, {"party": party[:20]})
    ground = ground_of(sight, party=party, year=year, as_of=as_of, approach=approach)
    if isinstance(ground, Refusal):
        return ground
    kind = ReportKind.UPDATED_INITIAL if updated else ReportKind.INITIAL
    facts = approach_facts(ground)
    found = answered(ground, OUTLINES[kind], known_of(ground, facts))
    none = () if facts else (Gap(GapKind.NO_APPROACH, "IV", "2/CMA.3 annex para. 18(g)"),)
    return NarrativeReport(
        kind,
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
        own_gaps=none,
        full_texts=full_texts(ground, found),
    )
