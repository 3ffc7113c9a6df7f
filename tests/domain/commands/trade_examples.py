"""One example of each command about trades, offers, invoices, opening books and statements of an authority.

Each is the command, its desk, and what happened before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from counterfoil.application.command import Command
from counterfoil.application.commands.bring_in import AnnounceOpening, BringInUnits, Row, row_json
from counterfoil.application.commands.give_mandate import WithdrawMandate
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.ledger.opening_book import END, link
from tests.domain.commands.desk import Desk
from tests.domain.commands.scene import BUSES, DEV, HOME, LOA, authorized_host, host
from tests.domain.commands.test_bring_in import account, activity, book, given, held
from tests.domain.commands.test_invoice import REFUND, WAIVER, bill, office, pay
from tests.domain.commands.test_offer import BACK, accept, home, offer
from tests.domain.commands.test_state_arrangement import stating
from tests.domain.commands.test_trade import end, fail, mandate, market, settle, trade

TradeExample = tuple[Command, Callable[[], Desk], tuple[Command, ...]]


@dataclass
class OpeningDesk(Desk):
    """A desk at which whatever row is asked was announced before, so that the row is judged and not its digest."""

    def ask(self, command: Command, *, on: date | None = None) -> Entry | Refusal:
        if isinstance(command, Row):
            quantity = command.units.last - command.units.first + 1 if isinstance(command, BringInUnits) else 0
            digest = link(row_json(command), command.rest)
            self.do(AnnounceOpening(opening="OB-1", document="a" * 64, rows=1, quantity=quantity, digest=digest))
        return super().ask(command, on=on)


def opening(desk: Desk | None = None) -> OpeningDesk:
    at = host() if desk is None else desk
    return OpeningDesk(**{each.name: getattr(at, each.name) for each in fields(at)})


def trade_examples() -> Iterator[TradeExample]:
    yield end(), market, ()
    yield mandate(mandate="M-2", unit_class=HOME, trade="T-1"), market, ()
    yield WithdrawMandate(mandate="M-1"), market, ()
    yield trade(), market, ()
    yield fail(), market, (trade(),)
    yield settle(), market, (trade(),)
    yield offer(), home, ()
    yield accept(), home, (offer(),)
    yield BACK, home, (offer(),)
    yield bill(act="issue"), office, ()
    yield pay(), office, (bill(),)
    yield WAIVER, office, (bill(),)
    yield REFUND, office, (bill(), pay())
    yield stating(reference="Order 1"), host, ()
    yield from openings()


def openings() -> Iterator[TradeExample]:
    yield book(account())[0], host, ()
    for row in (account(), activity(), given()):
        yield last(row), opening, ()
    yield last(held(account=DEV, activity=BUSES, authorization=LOA)), lambda: opening(authorized_host()), ()


def last(row: Row) -> Row:
    """The row as the last of its book."""
    return replace(row, rest=END)
