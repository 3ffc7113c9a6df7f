"""Records about reports and decisions that the API lists and shows: path, kind, one and many in words, an example."""

from typing import Final

Both = tuple[str, str]

REPORT_KINDS: Final[tuple[tuple[str, str, Both, Both, str], ...]] = (
    (
        "reports/filed",
        "report",
        ("The newest filed version of one report", "單一報告之最新提交版本"),
        ("Filed reports", "已提交之報告清單"),
        "aef:THA:2026",
    ),
    (
        "reports/versions",
        "report_version",
        ("One filed version of a report", "單一報告之提交版本"),
        ("All filed versions of reports", "報告各提交版本清單"),
        "aef:THA:2026:1.0",
    ),
    (
        "submissions",
        "submission",
        ("The newest imported submission of a Party for a year", "單一締約方某年度最新匯入之提交資料"),
        ("Imported submissions of all Parties", "各締約方匯入之提交資料清單"),
        "CHE:2026",
    ),
    (
        "submission-answers",
        "submission_answer",
        ("One answer of the reporting platform", "申報平台之單一回覆"),
        ("Answers of the reporting platform", "申報平台之回覆清單"),
        "aef:THA:2026:1.0:CARP-2026-17",
    ),
    (
        "consistency-results",
        "consistency_result",
        ("One result of the secretariat's consistency check", "秘書處一致性檢核之單一結果"),
        ("Results of the secretariat's consistency check", "秘書處一致性檢核結果清單"),
        "CC-2026-THA-1",
    ),
    (
        "review-findings",
        "review_finding",
        ("One finding of the technical expert review", "技術專家審查之單一發現"),
        ("Findings of the technical expert review", "技術專家審查發現清單"),
        "F-2026-1",
    ),
    (
        "review-answers",
        "review_answer",
        ("One answer to a review finding", "對審查發現之單一答覆"),
        ("Answers to review findings", "對審查發現之答覆清單"),
        "F-2026-1:01",
    ),
    (
        "ndcs",
        "ndc",
        ("The NDC of one period", "單一實施期間之國家自定貢獻"),
        ("Recorded NDCs", "已登載之國家自定貢獻清單"),
        "2021-2030",
    ),
    (
        "inventories",
        "inventory",
        ("One inventory series", "單一清冊序列"),
        ("Inventory series", "清冊序列清單"),
        "THA-BTR1",
    ),
    (
        "period-accounts",
        "period_account",
        ("The account of one NDC period: its method, and whether it is frozen", "單一實施期間之帳：方法及是否凍結"),
        ("Accounts of NDC periods", "實施期間帳清單"),
        "2021-2030",
    ),
    (
        "quotas",
        "quota",
        ("One quota of export, with what is left of it", "單一輸出配額及其餘額"),
        ("Quotas of export", "輸出配額清單"),
        "2026/nation",
    ),
    (
        "decisions",
        "decision",
        ("One decision of an authority", "單一主管機關決定"),
        ("Decisions of authorities", "主管機關決定清單"),
        "D-2026-7",
    ),
    (
        "recognitions",
        "recognition",
        ("How far the recognition of one transfer is", "單一轉讓之承認狀態"),
        ("Recognition of acquired transfers", "已取得轉讓之承認清單"),
        "THA-CHE-2026-1",
    ),
)
