"""The checks of table 2: C14 to C23."""

from typing import Final

from counterfoil.domain.reporting.consistency import authorization_changes, authorization_rows
from counterfoil.domain.reporting.consistency.check import Check, I, N

AUTHORIZATION_CHECKS: Final[tuple[Check, ...]] = (
    Check(
        id="C14",
        severity=I,
        title_en="Versions of an authorization follow each other",
        title_zh_hant="授權版次依序銜接",
        source="4/CMA.6 paras. 7-10",
        run=authorization_rows.versions_in_order,
    ),
    Check(
        id="C15",
        severity=I,
        title_en="The authorization is not dated after the reported year",
        title_zh_hant="授權日期不晚於申報年份",
        source="2/CMA.3 annex para. 20",
        run=authorization_rows.dated_in_time,
    ),
    Check(
        id="C16",
        severity=I,
        title_en="Purposes are stated with what belongs to them",
        title_zh_hant="用途及其應附內容齊備",
        source="4/CMA.6 paras. 5(d)-(e), 12",
        run=authorization_rows.purposes_complete,
    ),
    Check(
        id="C17",
        severity=I,
        title_en="One cooperative approach has one first transfer definition",
        title_zh_hant="同一合作方法僅有一種首次轉讓定義",
        source="4/CMA.6 para. 15",
        run=authorization_rows.one_definition,
    ),
    Check(
        id="C18",
        severity=I,
        title_en="The metric of an authorization is complete",
        title_zh_hant="授權之計量單位完整",
        source="4/CMA.6 para. 5(l)",
        run=authorization_rows.metric_complete,
    ),
    Check(
        id="C19",
        severity=I,
        title_en="The authorized quantity is above zero",
        title_zh_hant="授權數量大於零",
        source="4/CMA.6 para. 5(h)",
        run=authorization_rows.quantity_possible,
    ),
    Check(
        id="C20",
        severity=I,
        title_en="Authorized Parties and entities are known",
        title_zh_hant="獲授權之締約方與實體均屬已知",
        source="4/CMA.6 para. 5(b)",
        run=authorization_rows.authorized_names_known,
    ),
    Check(
        id="C21",
        severity=I,
        title_en="The authorized time frame is possible",
        title_zh_hant="授權時間範圍合理",
        source="4/CMA.6 paras. 5(c), 14",
        run=authorization_rows.timeframe_possible,
    ),
    Check(
        id="C22",
        severity=I,
        title_en="A change spares what was first transferred",
        title_zh_hant="授權變更不及於已首次轉讓者",
        source="4/CMA.6 paras. 7-8",
        run=authorization_changes.spares_first_transferred,
    ),
    Check(
        id="C23",
        severity=N,
        title_en="The authorization document is on file",
        title_zh_hant="授權文件已存於平台",
        source="4/CMA.6 para. 10",
        run=authorization_rows.document_on_file,
        needs=("documents",),
    ),
)
