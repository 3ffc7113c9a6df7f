"""Offers inside a registry: what is offered stays and goes nowhere else, and one acceptance wins."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.cancel import Retire
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.list_units import ListingFault, ListUnits
from counterfoil.application.commands.offer_units import AcceptOffer, OfferUnits, WithdrawOffer
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer, TransferFault
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.settlement.offer import OFFER, Offer, OfferFault, OfferState
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import DEV, HOME, SHOP, host, issue
from tests.domain.commands.test_trade import law

LAST = date(2026, 4, 30)
NEXT = date(2026, 5, 1)
OTHER = "tha:other"


def home() -> Desk:
    """THA with one hundred domestic units of the developer, and two accounts that could take them."""
    desk = host()
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    desk.do(OpenAccount(account=OTHER, holder="OTHER"))
    return desk


def offer(name: str = "O-1", first: int = 1, last: int = 30, **changes: Any) -> OfferUnits:
    content: dict[str, Any] = {
        "offer": name, "account": DEV, "units": units(HOME, first, last), "until": LAST, "currency": "THB",
        "confidential": {"price": 17_500},
    }  # fmt: skip
    return OfferUnits(**{**content, **changes})


def accept(account: str = SHOP, name: str = "O-1") -> AcceptOffer:
    return AcceptOffer(offer=name, account=account)


BACK = WithdrawOffer(offer="O-1")
LISTED = ListUnits(listing="X-1", exchange="FTIX", account=DEV, units=units(HOME, 30, 40))
HELD = PlaceHold(hold="H-1", units=units(HOME, 1, 1), authority="office", reason="asked about")

OFFERS = (
    Case("its name is taken", OfferFault.NAME_TAKEN, after(offer(), then=offer(first=31, last=40))),
    Case("it is over before it begins", OfferFault.DAY_UNFIT, lambda _: offer(until=date(2026, 3, 30))),
    Case("it would last for years", OfferFault.DAY_UNFIT, lambda _: offer(until=date(2027, 4, 2))),
    Case("it has no price", OfferFault.PRICE_NOT_SEALED, lambda _: offer(confidential={})),
    Case("its price is a text", OfferFault.PRICE_NOT_SEALED, lambda _: offer(confidential={"price": "17"})),
    Case("its currency is no code", OfferFault.PRICE_NOT_SEALED, lambda _: offer(currency="baht")),
    Case("one offers to oneself", TransferFault.SAME_ACCOUNT, lambda _: offer(to=DEV)),
    Case("there is no such account", AccountFault.UNKNOWN, lambda _: offer(to="tha:nobody")),
    Case("another holds them", UnitsFault.NOT_HELD, lambda _: offer(account=SHOP)),
    Case("they are offered", OfferFault.UNITS_OFFERED, after(offer(), then=offer("O-2", 30, 35))),
    Case("they are held", UnitsFault.ON_HOLD, after(HELD, then=offer())),
)
ACCEPTANCES = (
    Case("there is no offer", OfferFault.UNKNOWN, lambda _: accept()),
    Case("another was first", OfferFault.ENDED, after(offer(), accept(OTHER), then=accept())),
    Case("it was taken back", OfferFault.ENDED, after(offer(), BACK, then=accept())),
    Case("its last day is over", OfferFault.LAPSED, after(offer(), then=accept()), on=NEXT),
    Case("it was made to another", OfferFault.OTHER_ACCOUNT, after(offer(to=OTHER), then=accept())),
    Case("the seller accepts it", TransferFault.SAME_ACCOUNT, after(offer(), then=accept(DEV))),
    Case("a hold was placed since", UnitsFault.ON_HOLD, after(offer(), HELD, then=accept())),
    Case("there is none to take back", OfferFault.UNKNOWN, lambda _: BACK),
    Case("it cannot be taken back twice", OfferFault.ENDED, after(offer(), BACK, then=BACK)),
)


@pytest.mark.parametrize("case", OFFERS, ids=titles)
def test_an_offer_is_refused_when(case: Case) -> None:
    check_refused(case, home())


@pytest.mark.parametrize("case", ACCEPTANCES, ids=titles)
def test_an_offer_is_not_accepted_or_withdrawn_when(case: Case) -> None:
    check_refused(case, home())


def test_listed_units_are_not_offered() -> None:
    desk = home()
    desk.law = law()
    check_refused(Case("they are listed", ListingFault.ALREADY_LISTED, after(LISTED, then=offer())), desk)


@pytest.mark.parametrize(
    "command",
    [
        Transfer(units=units(HOME, 30, 31), source=DEV, target=SHOP),
        Retire(units=units(HOME, 1, 1), account=DEV, reason="own use"),
        LISTED,
    ],
    ids=lambda each: type(each).__name__,
)
def test_offered_units_go_nowhere_else_until_the_last_day_is_over(command: Any) -> None:
    desk = home()
    desk.law = law()
    check_refused(Case("they are offered", OfferFault.UNITS_OFFERED, after(offer(), then=command), on=LAST), desk)
    desk.do(command, on=NEXT)


def test_offered_units_do_not_leave_for_abroad() -> None:
    desk = home()
    away = ProposeTransfer(
        transfer=TransferId("T-1"), partner=Party("CHE"), source=DEV, target="che:buyer", parts=(units(HOME, 1, 5),)
    )
    check_refused(Case("they are offered", OfferFault.UNITS_OFFERED, after(offer(), then=away)), desk)


def test_an_accepted_offer_moves_its_units_once_and_says_no_price() -> None:
    desk = home()
    made = desk.do(offer())
    assert (made.act, made.moves, desk.facts(HOME, 30)["offered"]) == (Act.UNITS_OFFERED, (), ["O-1", "2026-04-30"])
    entry = desk.do(accept(), on=LAST)
    assert entry.act is Act.OFFER_ACCEPTED and "17500" not in str((made, entry))
    assert desk.held(HOME) == [("1..30", SHOP), ("31..100", DEV)]
    assert "offered" not in desk.facts(HOME, 1)
    known = stored(desk.books, OFFER, "O-1", Offer)
    assert known is not None and (known.state, known.buyer) == (OfferState.ACCEPTED, SHOP)
    desk.do(Transfer(units=units(HOME, 1, 30), source=SHOP, target=OTHER))


def test_units_of_an_offer_that_was_taken_back_are_free_at_once() -> None:
    desk = home()
    desk.do(offer())
    assert desk.do(BACK).act is Act.OFFER_WITHDRAWN
    assert "offered" not in desk.facts(HOME, 1)
    desk.do(offer("O-2"))


def test_tidying_a_lapsed_offer_leaves_the_next_offer_of_the_same_units_alone() -> None:
    desk = home()
    desk.do(offer())
    desk.today = NEXT
    desk.do(replace(offer("O-2", 11, 20), until=date(2026, 6, 1)))
    desk.do(BACK)
    assert desk.facts(HOME, 11)["offered"] == ["O-2", "2026-06-01"]
    assert "offered" not in desk.facts(HOME, 1)
    assert TODAY < NEXT
