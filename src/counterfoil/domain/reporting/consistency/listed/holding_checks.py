"""The checks of tables 4 and 5: C52 to C60."""

from typing import Final

from counterfoil.domain.reporting.consistency import closing, entities, holding_rows
from counterfoil.domain.reporting.consistency.check import Check, I

HOLDING_CHECKS: Final[tuple[Check, ...]] = (
    Check(
        id="C52",
        severity=I,
        title_en="A serial is held once",
        title_zh_hant="同一序號僅持有一次",
        source="6/CMA.4 annex I para. 5",
        run=holding_rows.held_once,
    ),
    Check(
        id="C53",
        severity=I,
        title_en="Held blocks are valid by themselves",
        title_zh_hant="持有區段各欄有效",
        source="6/CMA.4 annex I paras. 4-6",
        run=holding_rows.rows_valid,
    ),
    Check(
        id="C54",
        severity=I,
        title_en="The authorization of a holding is on file",
        title_zh_hant="持有量之授權已申報",
        source="4/CMA.6 paras. 11, 29-30",
        run=holding_rows.authorization_known,
    ),
    Check(
        id="C55",
        aliases=("ISC01",),
        severity=I,
        title_en="Closing holdings follow from opening and actions",
        title_zh_hant="期末持有量符合期初與各行動",
        source="2/CMA.3 annex paras. 20(b), 29",
        run=closing.closing_follows,
    ),
    Check(
        id="C56",
        severity=I,
        title_en="Nothing used or cancelled is held",
        title_zh_hant="已使用或註銷者不再持有",
        source="2/CMA.3 annex para. 21(e)",
        run=holding_rows.nothing_ended_is_held,
        proposes_hold=True,
    ),
    Check(
        id="C57",
        severity=I,
        title_en="A serial has one holder",
        title_zh_hant="同一序號僅有一持有者",
        source="6/CMA.4 annex I paras. 4-5",
        run=holding_rows.one_holder,
        proposes_hold=True,
    ),
    Check(
        id="C58",
        severity=I,
        title_en="Holdings and actions describe the same units",
        title_zh_hant="持有量與行動對同一單位之記載一致",
        source="6/CMA.4 annex I paras. 5-6",
        run=holding_rows.agrees_with_actions,
    ),
    Check(
        id="C59",
        severity=I,
        title_en="Authorized entities are identified",
        title_zh_hant="獲授權實體可資識別",
        source="4/CMA.6 annex II table 5",
        run=entities.rows_complete,
    ),
    Check(
        id="C60",
        severity=I,
        title_en="The using entity is listed",
        title_zh_hant="使用之實體已列於表5",
        source="4/CMA.6 annex II tables 3, 5",
        run=entities.using_entity_is_listed,
    ),
)
