"""Founding a registry."""

from typing import Any

import pytest

from counterfoil.application.command import REGISTRY, SELF, NdcPeriod
from counterfoil.application.commands.found import Found, FoundFault
from counterfoil.domain.ledger.entry import Act
from tests.domain.commands.desk import Case, Desk, check_refused, registry, titles


def founding(**changes: Any) -> Found:
    content: dict[str, Any] = {
        "registry": "THA01",
        "party": "THA",
        "name": "Thailand",
        "origin": "registry.example/tha01",
        "public_key": "",
    }
    return Found(**{**content, **changes})


def after(desk: Desk) -> Found:
    desk.do(founding())
    return founding(registry="THA02")


REFUSALS = (
    Case("the registry was founded before", FoundFault.ALREADY_FOUNDED, after),
    Case("its identifier has no digits", FoundFault.ID_UNREADABLE, lambda _: founding(registry="THAI")),
    Case("a line break hides behind it", FoundFault.ID_UNREADABLE, lambda _: founding(registry="THA01\n")),
    Case("its Party has two letters", FoundFault.PARTY_UNREADABLE, lambda _: founding(party="TH")),
    Case("its log's name has a space", FoundFault.ORIGIN_UNREADABLE, lambda _: founding(origin="a log")),
    Case(
        "a period runs backwards",
        FoundFault.PERIODS_OVERLAP,
        lambda _: founding(ndc_periods=(NdcPeriod(2030, 2021, 2032),)),
    ),
    Case(
        "two periods share a year",
        FoundFault.PERIODS_OVERLAP,
        lambda _: founding(ndc_periods=(NdcPeriod(2030, 2035, 2036), NdcPeriod(2021, 2030, 2032))),
    ),
    Case(
        "it is the international registry and says it is a Party",
        FoundFault.INTERNATIONAL_IS_NO_PARTY,
        lambda _: founding(purpose="international"),
    ),
    Case(
        "it is the mechanism registry and says it is a Party",
        FoundFault.MECHANISM_IS_NO_PARTY,
        lambda _: founding(purpose="mechanism"),
    ),
    Case(
        "the identifier and the Party are both wrong, and the identifier comes first",
        FoundFault.ID_UNREADABLE,
        lambda _: founding(registry="", party=""),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_founding_is_refused_when(case: Case) -> None:
    check_refused(case, Desk(registry("THA")))


def test_a_founding_names_the_registry_and_puts_its_periods_in_order() -> None:
    desk = Desk(registry("THA"))
    entry = desk.do(founding(ndc_periods=(NdcPeriod(2031, 2035, 2036), NdcPeriod(2021, 2030, 2032))))
    assert entry.act is Act.REGISTRY_FOUNDED
    founded = desk.books.record(REGISTRY, SELF)
    assert founded["registry"] == "THA01"
    assert [period["first"] for period in founded["ndc_periods"]] == [2021, 2031]
