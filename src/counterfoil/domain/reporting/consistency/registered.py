"""The table of checks: id, the secretariat's codes, weight, titles, source, and the function that decides.

Checks without a function are made while a workbook is read (`aef_tables.py`, `aef_parse.py`, `aef_cells.py`) or when
versions are put in order (`arrival.py`). Ids are those of rulebook 5.3 and are never reused.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from counterfoil.domain.reporting.consistency import (
    action_fields,
    authorized,
    holdings,
    identifiers,
    serial_history,
    submission,
)
from counterfoil.domain.reporting.consistency.check import Check
from counterfoil.domain.reporting.consistency.world import World
from counterfoil.domain.reporting.finding import Finding, Observation, Severity

B, I, W = Severity.BLOCKING, Severity.INCONSISTENT, Severity.WARNING  # noqa: E741 (the letters of rulebook 5.2)


CHECKS: Final[tuple[Check, ...]] = (
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
    Check(
        id="C09",
        severity=I,
        title_en="The years of the submission fit together",
        title_zh_hant="提交資料之年份彼此相符",
        source="2/CMA.3 annex para. 20",
        run=submission.years_agree,
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
        id="C24",
        aliases=("STC01",),
        severity=I,
        title_en="The action lies in the reported year",
        title_zh_hant="行動日期在申報年份內",
        source="2/CMA.3 annex para. 20",
        run=action_fields.dated_in_reported_year,
    ),
    Check(
        id="C25",
        severity=I,
        title_en="The subtype belongs to the action type",
        title_zh_hant="行動子類屬於該行動類別",
        source="common nomenclatures, table 26(b)",
        run=action_fields.subtype_fits_type,
    ),
    Check(
        id="C26",
        severity=I,
        title_en="An acquisition names the transferring Party",
        title_zh_hant="取得行動載明轉讓締約方",
        source="4/CMA.6 annex II table 3",
        run=action_fields.acquisition_names_its_source,
    ),
    Check(
        id="C27",
        severity=I,
        title_en="A transfer names the acquiring Party",
        title_zh_hant="轉讓行動載明取得締約方",
        source="4/CMA.6 annex II table 3, para. 16",
        run=action_fields.outward_act_names_its_target,
    ),
    Check(
        id="C28",
        aliases=("II06",),
        severity=I,
        title_en="A use or cancellation names its Party",
        title_zh_hant="使用或註銷載明其締約方",
        source="4/CMA.6 annex II table 3",
        run=action_fields.use_names_its_party,
    ),
    Check(
        id="C29",
        severity=I,
        title_en="A use towards an NDC names its year",
        title_zh_hant="用於國家自定貢獻者載明年份",
        source="2/CMA.3 annex para. 8(b)",
        run=action_fields.use_towards_ndc_names_its_year,
    ),
    Check(
        id="C30",
        aliases=("STC03",),
        severity=I,
        title_en="Use and vintage lie in the NDC period",
        title_zh_hant="使用年份與減量年份在國家自定貢獻實施期間內",
        source="2/CMA.3 annex para. 8(b)",
        run=action_fields.use_stays_in_ndc_period,
    ),
    Check(
        id="C31",
        severity=I,
        title_en="Only the host reports a first transfer",
        title_zh_hant="僅首次轉讓締約方申報首次轉讓",
        source="2/CMA.3 annex para. 2",
        run=action_fields.first_transfer_is_the_hosts,
    ),
    Check(
        id="C32",
        severity=W,
        title_en="An acquired unit comes from abroad",
        title_zh_hant="取得之單位來自他國",
        source="2/CMA.3 annex paras. 2(a), 29",
        run=action_fields.acquisition_is_from_abroad,
    ),
    Check(
        id="C33",
        severity=I,
        title_en="First and last id are one block",
        title_zh_hant="首尾識別碼構成同一序號區段",
        source="6/CMA.4 annex I paras. 5-6",
        run=identifiers.block_is_valid,
    ),
    Check(
        id="C34",
        aliases=("II07",),
        severity=I,
        title_en="The identifier agrees with the columns",
        title_zh_hant="識別碼與各欄相符",
        source="6/CMA.4 annex I para. 5",
        run=identifiers.identifier_equals_columns,
    ),
    Check(
        id="C35",
        severity=I,
        title_en="The quantity equals the size of the block",
        title_zh_hant="數量等於序號區段之單位數",
        source="6/CMA.4 annex I para. 6",
        run=identifiers.quantity_equals_block,
    ),
    Check(
        id="C36",
        severity=I,
        title_en="Quantity and vintage are possible",
        title_zh_hant="數量與減量年份合理",
        source="2/CMA.3 annex para. 1(e)",
        run=identifiers.quantity_and_vintage_possible,
    ),
    Check(
        id="C37",
        aliases=("II05",),
        severity=I,
        title_en="Underlying units match the block",
        title_zh_hant="底層單位與序號區段相符",
        source="6/CMA.4 annex I para. 4",
        run=identifiers.underlying_units_match,
    ),
    Check(
        id="C38",
        severity=I,
        title_en="No action before the authorization",
        title_zh_hant="行動不早於授權",
        source="4/CMA.6 para. 11",
        run=authorized.not_before_authorization,
    ),
    Check(
        id="C39",
        severity=I,
        title_en="The action lies in the authorized time frame",
        title_zh_hant="行動在授權時間範圍內",
        source="4/CMA.6 para. 5(c)",
        run=authorized.inside_timeframe,
    ),
    Check(
        id="C40",
        severity=I,
        title_en="The authorization is on file",
        title_zh_hant="授權已申報",
        source="4/CMA.6 paras. 11, 29-30",
        run=authorized.authorization_is_known,
    ),
    Check(
        id="C41",
        aliases=("STC02",),
        severity=I,
        title_en="The purpose is authorized",
        title_zh_hant="用途經授權",
        source="2/CMA.3 annex para. 1(d), (f)",
        run=authorized.purpose_is_authorized,
    ),
    Check(
        id="C42",
        aliases=("II06",),
        severity=I,
        title_en="The using Party or entity is authorized",
        title_zh_hant="使用之締約方或實體經授權",
        source="4/CMA.6 para. 5(b)",
        run=authorized.user_is_authorized,
    ),
    Check(
        id="C43",
        aliases=("STC04",),
        severity=I,
        title_en="The first transfer follows its definition",
        title_zh_hant="首次轉讓符合其定義",
        source="2/CMA.3 annex para. 2; 4/CMA.6 paras. 12, 15-17",
        run=authorized.first_transfer_follows_definition,
    ),
    Check(
        id="C44",
        severity=I,
        title_en="First transfer for OIMP before the final report",
        title_zh_hant="其他國際減緩目的之首次轉讓於期限內紀錄",
        source="4/CMA.6 para. 14",
        run=authorized.oimp_first_transfer_in_time,
    ),
    Check(
        id="C45",
        severity=I,
        title_en="A serial is first transferred once",
        title_zh_hant="每一序號僅首次轉讓一次",
        source="2/CMA.3 annex para. 2",
        run=serial_history.first_transferred_once,
    ),
    Check(
        id="C46",
        severity=I,
        title_en="A serial is used or cancelled once",
        title_zh_hant="每一序號僅使用或註銷一次",
        source="2/CMA.3 annex paras. 8(b), 21(e)",
        run=serial_history.ends_once,
    ),
    Check(
        id="C47",
        severity=I,
        title_en="Nothing happens after use or cancellation",
        title_zh_hant="使用或註銷後不再有行動",
        source="2/CMA.3 annex para. 21(e)",
        run=serial_history.nothing_after_the_end,
    ),
    Check(
        id="C48",
        severity=I,
        title_en="The first transfer comes first",
        title_zh_hant="首次轉讓先於其他行動",
        source="2/CMA.3 annex para. 2; 4/CMA.6 para. 11",
        run=serial_history.first_transfer_comes_first,
    ),
    Check(
        id="C49",
        aliases=("II02",),
        severity=I,
        title_en="An action is reported once",
        title_zh_hant="同一行動僅申報一次",
        source="6/CMA.4 annex I para. 37",
        run=serial_history.reported_once,
    ),
    Check(
        id="C50",
        severity=I,
        title_en="What was moved out was held",
        title_zh_hant="移出之單位確為持有",
        source="2/CMA.3 annex paras. 20(a), 29",
        run=holdings.held_what_it_moved,
    ),
    Check(
        id="C51",
        severity=I,
        title_en="The authorized quantity is not exceeded",
        title_zh_hant="未超過授權數量",
        source="4/CMA.6 para. 5(h)",
        run=authorized.authorized_quantity_not_exceeded,
    ),
)

BY_ID: Final[Mapping[str, Check]] = {check.id: check for check in CHECKS}


def finding(check_id: str, observation: Observation) -> Finding:
    """An observation under the identity and the weight of its check."""
    check = BY_ID[check_id]
    return Finding(
        check=check.id,
        aliases=check.aliases,
        severity=observation.severity or check.severity,
        text_key=f"{check.id}.{observation.case}",
        place=observation.place,
        facts=observation.facts,
    )


def consistency_findings(world: World) -> Iterator[Finding]:
    """Run every check that looks at submissions, in the order of the table."""
    for check in CHECKS:
        if check.run is not None:
            for observation in check.run(world):
                yield finding(check.id, observation)
