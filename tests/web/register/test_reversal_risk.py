"""What a buyer is told of a unit coming back: from unit, issuance and activity, and what is not recorded."""

from types import SimpleNamespace
from typing import Any

import pytest

from counterfoil.domain.accounting.unit_facts import UnitFacts
from counterfoil.domain.units.unit_type import Reversibility, UnitType
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.moment import NOW
from counterfoil.entrypoints.web.portal.reversal_risk import Pool, reversal_risk
from tests.http.desk import asking
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio
UNIT = "CA9001-THA01-THA-71-2023"
CLASS = "CA1-XAA01-XAA-#-2025"
ACTIVITY = {
    "crediting_periods": [{"first_day": "2025-01-01", "last_day": "2034-12-31"}],
    "integrity": [{"kind": "safeguards", "values": ["tenure_held"], "document": None}],
}
BIRTH = {
    "seq": 12,
    "moves": [[CLASS, 1, 907, "issued:F-1", "xaa:dev"], [CLASS, 908, 1_000, "issued:F-1", "xaa:buffer"]],
}


def asked(*, act: str = "Issued", birth: dict[str, Any] = BIRTH) -> Any:
    """The risk of a unit of a forest, in books that have nothing else."""
    records = {"activity": ACTIVITY, "activity_life": {"suspended_on": "2026-03-01"}}
    sight: Any = SimpleNamespace(
        record=lambda kind, _key: records.get(kind),
        registry=SimpleNamespace(registry="XAA01"),
        reading=SimpleNamespace(row=lambda _seq: SimpleNamespace(leaf=birth)),
        codec=SimpleNamespace(decode=lambda leaf: leaf),
    )
    standings = SimpleNamespace(of=lambda account: {CLASS: 93, "other": 7} if account == "xaa:buffer" else {})
    ground = SimpleNamespace(standings=SimpleNamespace(ask=lambda _sight, question: question(standings)))
    view = {"steps": [{"registry": "XAA01", "seq": 12, "act": act}]}
    facts = UnitFacts(UnitType.ITMO, "F-1", reversibility=Reversibility.REVERSIBLE)
    visit: Any = SimpleNamespace(ground=ground)
    return reversal_risk(sight, visit, view, facts, NOW)


def test_what_was_set_aside_is_told_with_how_much_of_how_much_and_what_the_pool_holds() -> None:
    found = asked()
    assert found.class_of == "reversible"
    assert found.pool == Pool("xaa:buffer", deposited=93, issued=1_000, holds=100, entry=12)
    assert (found.credited_to, found.suspended_on) == ("2034-12-31", "2026-03-01")
    assert found.stated[0]["values"] == ["tenure_held"]


def test_nothing_set_aside_and_a_birth_elsewhere_are_told_apart() -> None:
    bare = asked(birth={**BIRTH, "moves": BIRTH["moves"][:1]})
    away = asked(act="Acquired")
    assert (bare.pool, bare.born_here) == (None, True)
    assert (away.pool, away.born_here) == (None, False)


async def test_the_page_of_a_unit_discloses_it_in_both_languages(host: Folder, user: Folder) -> None:
    for language in ("en", "zh-Hant"):
        t = Texts(language)
        async with asking(host) as client:
            page = await seen(client, f"/units/{UNIT}?lang={language}")
        assert t("web.risk.no_pool") in page.text and t("web.risk.class.not_applicable") in page.text
        async with asking(user) as client:
            page = await seen(client, f"/units/{UNIT}?lang={language}")
        assert t("web.risk.elsewhere") in page.text and t("web.risk.no_pool") not in page.text
