"""The checks of several Parties against each other: C61 to C70."""

from typing import Final

from counterfoil.domain.reporting.consistency import attributes, conservation, counterparts, participation
from counterfoil.domain.reporting.consistency.check import Check, I, W

PARTY_CHECKS: Final[tuple[Check, ...]] = (
    Check(
        id="C61",
        aliases=("II01",),
        severity=I,
        title_en="The Party takes part in the approach",
        title_zh_hant="締約方參與該合作方法",
        source="2/CMA.3 annex para. 20; 6/CMA.4 annex I para. 37",
        run=participation.takes_part,
    ),
    Check(
        id="C62",
        severity=I,
        title_en="What was transferred was acquired",
        title_zh_hant="轉讓之單位經對方申報取得",
        source="2/CMA.3 annex para. 33(a); 6/CMA.4 annex I para. 38",
        run=counterparts.transfer_is_acquired,
        proposes_hold=True,
    ),
    Check(
        id="C63",
        severity=I,
        title_en="What was acquired was transferred",
        title_zh_hant="取得之單位經對方申報轉讓",
        source="2/CMA.3 annex para. 33(a); 6/CMA.4 annex I para. 38",
        run=counterparts.acquisition_was_transferred,
        proposes_hold=True,
    ),
    Check(
        id="C64",
        severity=I,
        title_en="Transferred and acquired amounts agree",
        title_zh_hant="轉讓量與取得量相符",
        source="6/CMA.4 main para. 17(e), annex I para. 38",
        run=counterparts.amounts_agree,
    ),
    Check(
        id="C65",
        severity=W,
        title_en="Both Parties date a movement alike",
        title_zh_hant="雙方所載日期相近",
        source="6/CMA.4 annex I para. 38",
        run=counterparts.dates_agree,
    ),
    Check(
        id="C66",
        aliases=(
            "II03",
            "II04",
            "II05",
        ),
        severity=I,
        title_en="All rows describe a unit alike",
        title_zh_hant="各列對同一單位之記載一致",
        source="6/CMA.4 annex I paras. 4-5, 37",
        run=attributes.attributes_agree,
        proposes_hold=True,
    ),
    Check(
        id="C67",
        severity=I,
        title_en="The cooperative approach is listed",
        title_zh_hant="合作方法已列於平台",
        source="6/CMA.4 annex I paras. 28-31",
        run=participation.approach_is_listed,
        needs=("approaches",),
    ),
    Check(
        id="C68",
        severity=I,
        title_en="First transferred units are accounted for",
        title_zh_hant="首次轉讓之單位去向完整",
        source="2/CMA.3 annex para. 33; 6/CMA.4 annex I para. 38",
        run=conservation.units_conserved,
        proposes_hold=True,
    ),
    Check(
        id="C69",
        severity=I,
        title_en="One Party uses a unit",
        title_zh_hant="單位僅由一締約方使用",
        source="2/CMA.3 annex paras. 7, 8(b)",
        run=conservation.used_by_one_party,
        proposes_hold=True,
    ),
    Check(
        id="C70",
        severity=I,
        title_en="An underlying unit stands behind one serial",
        title_zh_hant="同一底層單位僅對應一序號",
        source="6/CMA.4 annex I para. 4; 2/CMA.3 annex para. 17",
        run=conservation.underlying_units_once,
        proposes_hold=True,
    ),
)
