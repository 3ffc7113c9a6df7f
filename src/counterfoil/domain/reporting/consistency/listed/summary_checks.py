"""The checks of the structured summary: C71 to C78."""

from typing import Final

from counterfoil.domain.reporting.consistency import summary_lines, summary_sources
from counterfoil.domain.reporting.consistency.check import Check, I, W

SUMMARY_CHECKS: Final[tuple[Check, ...]] = (
    Check(
        id="C71",
        severity=I,
        title_en="Lines 6 to 8 equal the annual information",
        title_zh_hant="第6至8列與年度資訊相符",
        source="2/CMA.3 annex paras. 23(c)-(e), 33",
        run=summary_sources.lines_equal_aefs,
        needs=("summaries",),
    ),
    Check(
        id="C72",
        severity=I,
        title_en="Lines 9 to 13 recompute",
        title_zh_hant="第9至13列可重算",
        source="2/CMA.3 annex paras. 7-8, 23(f)-(h), (k)",
        run=summary_lines.lines_recompute,
        needs=("summaries",),
    ),
    Check(
        id="C73",
        severity=I,
        title_en="Method, metrics and period stay as declared",
        title_zh_hant="方法、計量單位與期間與原聲明一致",
        source="2/CMA.3 annex paras. 7, 18(c)",
        run=summary_sources.method_is_locked,
        needs=("summaries",),
    ),
    Check(
        id="C74",
        severity=I,
        title_en="The tables of paragraph 23(j) add up",
        title_zh_hant="第23(j)段各表加總相符",
        source="2/CMA.3 annex para. 23(j)",
        run=summary_sources.splits_add_up,
        needs=("summaries",),
    ),
    Check(
        id="C75",
        severity=I,
        title_en="The balance has the right sign",
        title_zh_hant="餘額之正負號正確",
        source="2/CMA.3 annex paras. 7-8",
        run=summary_lines.sign_is_right,
        needs=("summaries",),
    ),
    Check(
        id="C76",
        severity=W,
        title_en="Emissions equal the latest inventory",
        title_zh_hant="排放量與最新清冊相符",
        source="2/CMA.3 annex para. 23(a)",
        run=summary_sources.inventory_agrees,
        needs=(
            "summaries",
            "inventories",
        ),
    ),
    Check(
        id="C77",
        severity=I,
        title_en="The target is compared with the right value",
        title_zh_hant="以正確數值與目標比較",
        source="2/CMA.3 annex para. 23(l); 18/CMA.1 annex para. 70",
        run=summary_lines.target_comparison,
        needs=("summaries",),
    ),
    Check(
        id="C78",
        severity=W,
        title_en="Adaptation and OMGE totals equal the annual information",
        title_zh_hant="調適與全球整體減緩總量與年度資訊相符",
        source="2/CMA.3 annex paras. 38, 40",
        run=summary_sources.contributions_agree,
        needs=("summaries",),
    ),
)
