"""The facts that rules ask for: their names, types and labels. A pack declares further ones of its own.

One closed list for all packs, so that the same question is asked alike everywhere and a misspelt fact is found.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from counterfoil.domain.policy.basis import Text

FactValue: TypeAlias = bool | int | str | Fraction | date | frozenset[str]


class FactType(StrEnum):
    """How a fact is written, and what it becomes."""

    YES_NO = "yes_no"
    TONNES = "tonnes"
    COUNT = "count"
    MONEY = "money"
    """Minor units of the fact `currency`, such as cents."""
    NUMBER = "number"
    """An exact decimal, such as 24.9."""
    YEAR = "year"
    DAY = "day"
    WORD = "word"
    WORDS = "words"
    CODE = "code"
    """A jurisdiction, ISO 3166-1 alpha-3."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One question about an act."""

    name: str
    type: FactType
    label: Text


def _fact(name: str, kind: str, en: str, zh_hant: str) -> Fact:
    return Fact(name, FactType(kind), Text(en, zh_hant))


FACTS: Final = {
    fact.name: fact
    for fact in (
        # The act and who does it.
        _fact("authority", "word", "Authority that acts", "行為機關"),
        _fact("partner", "code", "Other jurisdiction", "對方管轄區"),
        _fact("origin", "code", "Jurisdiction that the units come from", "單位來源管轄區"),
        _fact("purpose", "word", "Purpose of use: NDC, IMP or OP", "用途：NDC、IMP 或 OP"),
        _fact("use", "word", "Use of the units", "單位用途"),
        _fact("scheme", "word", "Compliance scheme", "履約制度"),
        _fact("approvals", "words", "Approvals given so far", "已取得之核准"),
        _fact("cycle", "word", "Name of the procedure", "程序名稱"),
        _fact("step", "word", "Step that is asked for", "所請步驟"),
        _fact("done", "words", "Steps done so far", "已完成之步驟"),
        _fact("field", "word", "Field to be shown", "擬公開欄位"),
        _fact("reader", "word", "Reader: public, partner or national", "閱覽者：public、partner 或 national"),
        # The units.
        _fact("unit_type", "word", "Type of the units", "單位類型"),
        _fact("from_type", "word", "Type of the units given up", "原單位類型"),
        _fact("to_type", "word", "Type of the units asked for", "擬取得之單位類型"),
        _fact("quantity_t", "tonnes", "Quantity, tonnes", "數量（公噸）"),
        _fact("vintage", "year", "Vintage", "減量年份"),
        _fact("authorized", "yes_no", "Authorized by the host", "已獲地主國授權"),
        _fact("partner_authorized", "yes_no", "Authorized by the other jurisdiction", "已獲對方管轄區授權"),
        _fact("corresponding_adjustment", "yes_no", "Host applies a corresponding adjustment", "地主國為相應調整"),
        _fact("first_transferred", "yes_no", "First transferred already", "已首次轉讓"),
        _fact("recognized", "yes_no", "Transfer recognized by the acquiring Party", "取得締約方已承認該轉讓"),
        _fact("cancellation_proof", "yes_no", "Accepted proof of cancellation at the source", "已受理之來源註銷證明"),
        _fact("used_before", "yes_no", "Used or declared before", "曾經使用或申報"),
        _fact("national_record", "yes_no", "Recorded in the national registry", "已載於國家登錄系統"),
        # The activity.
        _fact("activity_type", "word", "Type of activity", "活動類型"),
        _fact("sector", "word", "Sector", "部門"),
        _fact("standard", "word", "Crediting programme or standard", "額度機制或標準"),
        _fact("methodology", "word", "Methodology", "方法學"),
        _fact("project_class", "word", "Class of project", "專案類別"),
        _fact("additional", "yes_no", "Additional", "具外加性"),
        _fact("reversible", "yes_no", "Reductions or removals may be reversed", "有逆轉風險"),
        _fact("sdg_count", "count", "Sustainable development goals advanced", "有助益之永續發展目標數"),
        _fact("results_paid", "yes_no", "Paid for already as a result, without transfer", "已受依成果付款（無轉讓）"),
        _fact("foreign_invested", "yes_no", "With foreign investment", "有外國投資"),
        # Room for export. Tonnes of one year and level.
        _fact("level", "word", "Level: nation, sector or enterprise", "層級：nation、sector 或 enterprise"),
        _fact("achieved_t", "tonnes", "Reductions achieved, tonnes", "已達成減量（公噸）"),
        _fact("target_t", "tonnes", "Target of the NDC, tonnes", "國家自定貢獻目標（公噸）"),
        _fact("excess_t", "tonnes", "Reductions beyond the benchmark, tonnes", "超出標竿之減量（公噸）"),
        _fact("quota_t", "tonnes", "Quota, tonnes", "配額（公噸）"),
        _fact("quota_used_t", "tonnes", "Quota used so far, tonnes", "已用配額（公噸）"),
        _fact("parent_quota_t", "tonnes", "Quota of the level above, tonnes", "上層配額（公噸）"),
        _fact("allocated_t", "tonnes", "Quota given to others so far, tonnes", "已配予他人之配額（公噸）"),
        _fact("verified_t", "tonnes", "Verified reductions of the activity, tonnes", "活動經查證之減量（公噸）"),
        _fact("exported_t", "tonnes", "Exported so far by the activity, tonnes", "活動已輸出數量（公噸）"),
        # Compliance.
        _fact("emissions_t", "tonnes", "Emissions of the year, tonnes", "年排放量（公噸）"),
        _fact("capacity_mw", "number", "Capacity, megawatts", "裝置容量（百萬瓦）"),
        _fact("base_t", "tonnes", "Base of the limit, tonnes", "上限基數（公噸）"),
        _fact("base_money", "money", "Base of the limit, money", "上限基數（金額）"),
        _fact(
            "surrendered_t",
            "tonnes",
            "Surrendered so far for the same year under the same limit, tonnes",
            "同年度同一上限下已繳交數量（公噸）",
        ),
        _fact(
            "surrendered_jointly_t",
            "tonnes",
            "Surrendered so far for the same year under the joint limit, tonnes",
            "同年度共同上限下已繳交數量（公噸）",
        ),
        _fact("deducted_t", "tonnes", "Taken from the base so far for the year, tonnes", "同年度已自基數扣減（公噸）"),
        # Money.
        _fact("currency", "word", "Currency", "幣別"),
        _fact("price", "money", "Price of one tonne", "每公噸價格"),
        _fact("value", "money", "Value of the units", "單位價值"),
        _fact("proceeds", "money", "Proceeds of the sale", "出售所得"),
        _fact("received_on", "day", "Day on which the proceeds came in", "所得入帳日"),
        _fact("paid_on", "day", "Day on which the share was paid", "分配給付日"),
    )
}
