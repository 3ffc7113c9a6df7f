"""Moving units between accounts of one registry."""

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer, TransferFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.serials import SERIAL_MAX, SerialsFault
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.scene import DEV, SHOP, V2023, issuing_host, proposal, settle


def move(of: Units | None = None, *, source: str = DEV, target: str = SHOP) -> Transfer:
    return Transfer(units=of or units(V2023, 1, 40), source=source, target=target)


HELD = PlaceHold(hold="H-1", units=units(V2023, 40, 50), authority="DNA", reason="under review")

REFUSALS = (
    Case("the source is not open", AccountFault.UNKNOWN, lambda _: move(source="tha:nobody")),
    Case("the target is not open", AccountFault.UNKNOWN, lambda _: move(target="tha:nobody")),
    Case("the source is a chart account", AccountFault.NOT_A_HOLDING, lambda _: move(source="to:CHE")),
    Case("the target is a chart account", AccountFault.NOT_A_HOLDING, lambda _: move(target="retired:domestic")),
    Case("source and target are one account", TransferFault.SAME_ACCOUNT, lambda _: move(source=SHOP, target=SHOP)),
    Case("the range runs backwards", SerialsFault.BACKWARDS, lambda _: move(units(V2023, 2, 1))),
    Case("the range begins at zero", SerialsFault.OUT_OF_BOUNDS, lambda _: move(units(V2023, 0, 1))),
    Case("the range has no end", SerialsFault.OUT_OF_BOUNDS, lambda _: move(units(V2023, 1, SERIAL_MAX + 1))),
    Case("the class cannot be read", IdentifierFault.UNREADABLE, lambda _: move(units("CA9001-THA01-THA", 1, 2))),
    Case(
        "one serial is named as the class",
        IdentifierFault.UNREADABLE,
        lambda _: move(units(V2023.replace("#", "7"), 1, 2)),
    ),
    Case(
        "the number in the class is too large",
        IdentifierFault.NUMBER_TOO_LARGE,
        lambda _: move(units(V2023.replace("#", str(SERIAL_MAX + 1)), 1, 2)),
    ),
    Case(
        "the class is of 2020",
        IdentifierFault.VINTAGE_TOO_EARLY,
        lambda _: move(units(V2023.replace("2023", "2020"), 1, 2)),
    ),
    Case(
        "the target is an account of another Party",
        AccountFault.OTHER_PARTY,
        after(OpenAccount(account="che:klik", holder="KLIK", party=Party("CHE")), then=move(target="che:klik")),
    ),
    Case("one unit of them was never issued", UnitsFault.UNKNOWN, lambda _: move(units(V2023, 100, 101))),
    Case("the class has no units", UnitsFault.UNKNOWN, lambda _: move(units("CA9001-THA01-THA-#-2022", 1, 1))),
    Case("one unit of them is another's", UnitsFault.NOT_HELD, after(move(units(V2023, 7, 7)), then=move())),
    Case(
        "one unit of them is on its way abroad",
        UnitsFault.IN_FLIGHT,
        after(proposal(), then=move(units(V2023, 40, 41))),
    ),
    Case(
        "one unit of them is abroad", UnitsFault.LEFT, after(proposal(), settle("T-1"), then=move(units(V2023, 40, 41)))
    ),
    Case("one unit of them is on hold", UnitsFault.ON_HOLD, after(HELD, then=move())),
    Case(
        "one unit is another's and one on hold, and the holder comes first",
        UnitsFault.NOT_HELD,
        after(move(units(V2023, 7, 7)), HELD, then=move()),
    ),
    Case(
        "one unit does not exist and one is another's, and existence comes first",
        UnitsFault.UNKNOWN,
        after(move(units(V2023, 7, 7)), then=move(units(V2023, 1, 101))),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_domestic_transfer_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_a_domestic_transfer_splits_the_block_and_moves_no_balance() -> None:
    desk = issuing_host()
    entry = desk.do(move(units(V2023, 31, 40)))
    assert entry.act is Act.TRANSFERRED
    assert desk.held(V2023) == [("1..30", DEV), ("31..40", SHOP), ("41..100", DEV)]
    assert desk.adjustments() == {}
    assert desk.facts(V2023, 31) == desk.facts(V2023, 30)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (100, 100), (1, 100)])
def test_both_ends_of_a_range_belong_to_it(first: int, last: int) -> None:
    desk = issuing_host()
    desk.do(move(units(V2023, first, last)))
    assert (str(units(V2023, first, last).first), SHOP) in [(text.split("..")[0], at) for text, at in desk.held(V2023)]
    assert desk.books.balance("units", V2023, SHOP) == last - first + 1
