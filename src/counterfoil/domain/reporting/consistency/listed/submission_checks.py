"""The checks of table 1: C09 to C13."""

from typing import Final

from counterfoil.domain.reporting.consistency import submission
from counterfoil.domain.reporting.consistency.check import Check, I, W

SUBMISSION_CHECKS: Final[tuple[Check, ...]] = (
    Check(
        id="C09",
        severity=I,
        title_en="The years of the submission fit together",
        title_zh_hant="提交資料之年份彼此相符",
        source="2/CMA.3 annex para. 20",
        run=submission.years_agree,
    ),
    Check(
        id="C10",
        severity=I,
        title_en="The NDC period is the same in every report",
        title_zh_hant="國家自定貢獻實施期間於各次申報中一致",
        source="2/CMA.3 annex para. 18(b); 4/CMA.6 annex II table 1",
        run=submission.periods_agree,
    ),
    Check(
        id="C11",
        severity=W,
        title_en="The reported year lies in the NDC period",
        title_zh_hant="申報年份在國家自定貢獻實施期間內",
        source="4/CMA.6 annex II table 1",
        run=submission.year_in_period,
    ),
    Check(
        id="C12",
        severity=W,
        title_en="Submitted by 15 April",
        title_zh_hant="於4月15日前提交",
        source="2/CMA.3 annex para. 20",
        run=submission.submitted_in_time,
    ),
    Check(
        id="C13",
        severity=I,
        title_en="The initial report came first",
        title_zh_hant="初始報告先行提交",
        source="4/CMA.6 paras. 26-27",
        run=submission.initial_report_came_first,
        needs=("initial_reports",),
    ),
)
