"""Holds: an overlay that stops movements of exactly its serials."""

import pytest

from counterfoil.application.commands.hold import HoldFault, PlaceHold, ReleaseHold
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.units.serials import SerialsFault
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.scene import DEV, SHOP, V2023, issuing_host


def hold(key: str = "H-1", first: int = 40, last: int = 50) -> PlaceHold:
    return PlaceHold(hold=key, units=units(V2023, first, last), authority="DNA", reason="under review")


def release(key: str = "H-1") -> ReleaseHold:
    return ReleaseHold(hold=key, authority="DNA", reason="cleared")


def move(first: int, last: int) -> Transfer:
    return Transfer(units=units(V2023, first, last), source=DEV, target=SHOP)


REFUSALS = (
    Case("its key stands", HoldFault.ALREADY_PLACED, after(hold(), then=hold(first=1, last=2))),
    Case("its key stood once", HoldFault.ALREADY_PLACED, after(hold(), release(), then=hold())),
    Case("its range runs backwards", SerialsFault.BACKWARDS, lambda _: hold(first=2, last=1)),
    Case("a unit does not exist", UnitsFault.UNKNOWN, lambda _: hold(first=100, last=101)),
    Case("nothing is held under the key", HoldFault.UNKNOWN, lambda _: release()),
    Case("it was released", HoldFault.ALREADY_RELEASED, after(hold(), release(), then=release())),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_hold_or_its_release_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_a_hold_stops_its_own_serials_and_no_others() -> None:
    desk = issuing_host()
    desk.do(hold())
    desk.do(move(39, 39))
    desk.do(move(51, 51))
    for serial in (40, 50):
        refusal = check_refused(Case("held", UnitsFault.ON_HOLD, lambda _, serial=serial: move(serial, serial)), desk)
        assert (refusal.facts["hold"], refusal.facts["reason"]) == ("H-1", "under review")


def test_units_under_two_holds_move_when_both_are_released() -> None:
    desk = issuing_host()
    desk.do(hold("H-1"))
    desk.do(hold("H-2", 45, 45))
    desk.do(release("H-1"))
    desk.do(move(40, 44))
    check_refused(Case("one stands", UnitsFault.ON_HOLD, lambda _: move(45, 45)), desk)
    desk.do(release("H-2"))
    desk.do(move(45, 45))
