"""Importing issuances and cancellations of Kyoto units."""

from typing import Any

import pytest

from counterfoil.application.commands.cancel import Cancel, CancelFault, CancellationPurpose, Retire
from counterfoil.application.commands.import_units import ImportCancellation, ImportFault, ImportIssuance
from counterfoil.application.commands.issue import AuthorizeUnits, UnitsAuthorizedFault
from counterfoil.application.commands.use import UseFault, UseTowardsNdc
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Backdating
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.serials import SERIAL_MAX, SerialsFault
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.scene import LOA, authorized_host

BR = "cdm:BR-2569"
ROW: dict[str, Any] = {
    "party": "BR",
    "project": "2569",
    "unit_type": "CER",
    "commitment_period": "1",
    "completed_at": "2010-05-01",
    "provenance": "issuances.csv:2",
}


def issuance(first: int, last: int, **changes: Any) -> ImportIssuance:
    return ImportIssuance(**{**ROW, "first": first, "last": last, **changes})


def cancellation(first: int, last: int, **changes: Any) -> ImportCancellation:
    return ImportCancellation(**{**ROW, "first": first, "last": last, **changes})


FIRST = issuance(1, 100)

REFUSALS = (
    Case("the type is unknown", ImportFault.UNIT_TYPE_UNKNOWN, lambda _: issuance(1, 2, unit_type="AAU")),
    Case("the type is none of Kyoto's", ImportFault.UNIT_TYPE_UNKNOWN, lambda _: issuance(1, 2, unit_type="ITMO")),
    Case("the range runs backwards", SerialsFault.BACKWARDS, lambda _: issuance(2, 1)),
    Case("the range has no end", SerialsFault.OUT_OF_BOUNDS, lambda _: issuance(1, SERIAL_MAX + 1)),
    Case("the Party cannot be read", IdentifierFault.UNREADABLE, lambda _: issuance(1, 2, party="br")),
    Case("the units are there", ImportFault.ALREADY_ISSUED, after(FIRST, then=issuance(10, 20, project="7"))),
    Case("one unit of them is there", ImportFault.OVERLAPS, after(FIRST, then=issuance(100, 101))),
    Case(
        "the units are there as another type",
        ImportFault.ALREADY_ISSUED,
        after(FIRST, then=issuance(1, 100, unit_type="tCER", commitment_period="2")),
    ),
    Case("a cancelled type is unknown", ImportFault.UNIT_TYPE_UNKNOWN, lambda _: cancellation(1, 2, unit_type="")),
    Case("the project has no units", ImportFault.PROJECT_UNKNOWN, lambda _: cancellation(1, 2)),
    Case(
        "the units are another project's",
        ImportFault.OTHER_PROJECT,
        after(FIRST, issuance(101, 200, project="7"), then=cancellation(90, 110)),
    ),
    Case(
        "the units are of another type",
        ImportFault.OTHER_TYPE,
        after(FIRST, then=cancellation(1, 10, unit_type="lCER")),
    ),
    Case("one unit does not exist", UnitsFault.UNKNOWN, after(FIRST, then=cancellation(100, 101))),
    Case(
        "one unit was cancelled",
        CancelFault.ALREADY_CANCELLED,
        after(FIRST, cancellation(10, 20), then=cancellation(20, 30)),
    ),
    Case(
        "the units would be cancelled for an international purpose",
        CancelFault.VOLUNTARY_ONLY,
        after(FIRST, then=Cancel(units=units("BR-#", 1, 2), account=BR, purpose=CancellationPurpose.OMGE)),
    ),
    Case(
        "the units would be retired",
        CancelFault.VOLUNTARY_ONLY,
        after(FIRST, then=Retire(units=units("BR-#", 1, 2), account=BR)),
    ),
    Case(
        "the units would be used",
        UseFault.NOT_AN_ITMO,
        after(FIRST, then=UseTowardsNdc(units=units("BR-#", 1, 2), account=BR, year=2025)),
    ),
    Case(
        "the units would be authorized",
        UnitsAuthorizedFault.NOT_AUTHORIZABLE,
        after(FIRST, then=AuthorizeUnits(units=units("BR-#", 1, 2), account=BR, authorization=LOA)),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_kyoto_units_are_refused_when(case: Case) -> None:
    check_refused(case, authorized_host())


def test_an_import_opens_the_project_account_and_keeps_where_it_came_from() -> None:
    desk = authorized_host()
    entry = desk.do(FIRST)
    assert entry.backdated is Backdating.IMPORT
    assert entry.details["provenance"] == "issuances.csv:2"
    assert desk.held("BR-#") == [("1..100", BR)]
    assert desk.facts("BR-#", 1) == {"type": "CER", "activity": "BR-2569", "origin": "cdm/cp1"}
    desk.do(issuance(101, 110))
    assert desk.books.balance("units", "BR-#", BR) == 110


def test_the_same_serials_of_two_parties_are_different_units() -> None:
    desk = authorized_host()
    desk.do(FIRST)
    desk.do(issuance(1, 100, party="IN"))
    assert desk.held("IN-#") == [("1..100", "cdm:IN-2569")]


def test_a_cancellation_splits_its_block_and_moves_no_adjustment() -> None:
    desk = authorized_host()
    desk.do(FIRST)
    desk.do(cancellation(41, 60))
    assert desk.held("BR-#") == [("1..40", BR), ("41..60", "cancelled:voluntary"), ("61..100", BR)]
    assert desk.adjustments() == {}
