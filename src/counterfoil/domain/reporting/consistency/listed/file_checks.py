"""The checks of the file, before any row: C01 to C08."""

from typing import Final

from counterfoil.domain.reporting.consistency.check import B, Check, I

FILE_CHECKS: Final[tuple[Check, ...]] = (
    Check(
        id="C01",
        severity=B,
        title_en="The workbook has the sheets of the format",
        title_zh_hant="活頁簿具備格式規定之工作表",
        source="4/CMA.6 annex II",
    ),
    Check(
        id="C02",
        severity=B,
        title_en="Every table has its labels in order",
        title_zh_hant="各表欄位名稱齊全且順序正確",
        source="4/CMA.6 annex II",
    ),
    Check(
        id="C03",
        severity=B,
        title_en="Party, version and reported year can be read",
        title_zh_hant="可讀出締約方、版次與申報年份",
        source="4/CMA.6 annex II table 1",
    ),
    Check(
        id="C04",
        severity=B,
        title_en="Party, year and version were not submitted before",
        title_zh_hant="同一締約方、年份與版次未曾提交",
        source="4/CMA.6 para. 32",
    ),
    Check(
        id="C05",
        severity=B,
        title_en="The version is newer than the one on file",
        title_zh_hant="版次較已收存者新",
        source="4/CMA.6 para. 32",
    ),
    Check(
        id="C06",
        severity=B,
        title_en="Fields of the CARP are left to it",
        title_zh_hant="集中計算與報告平台之欄位保留原狀",
        source="4/CMA.6 paras. 29, 37",
    ),
    Check(
        id="C07",
        severity=B,
        title_en="Every cell has the form of its field",
        title_zh_hant="各儲存格符合其欄位之格式",
        source="4/CMA.6 annex II",
    ),
    Check(
        id="C08",
        severity=I,
        title_en="Controlled words are in their list",
        title_zh_hant="受控詞彙均在清單內",
        source="6/CMA.4 annex I paras. 28-31",
    ),
)
