"""Opening accounts."""

import pytest

from counterfoil.application.commands.open_account import OpenAccount, holding_open
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountFault
from tests.domain.commands.desk import Case, Desk, check_refused, registry, titles


def opening(account: str) -> OpenAccount:
    return OpenAccount(account=account, holder="KLIK")


def twice(desk: Desk) -> OpenAccount:
    desk.do(opening("tha:dev"))
    return opening("tha:dev")


REFUSALS = (
    Case("it has one word", AccountFault.CODE_UNREADABLE, lambda _: opening("tha")),
    Case("it begins with a capital", AccountFault.CODE_UNREADABLE, lambda _: opening("THA:dev")),
    Case("it holds a space", AccountFault.CODE_UNREADABLE, lambda _: opening("tha:the developer")),
    *(
        Case(f"it begins with {word}", AccountFault.CODE_RESERVED, lambda _, word=word: opening(f"{word}:dev"))
        for word in ("issued", "imported", "from", "pending", "to", "used", "cancelled", "retired")
    ),
    Case("it is open", AccountFault.ALREADY_OPEN, twice),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_an_account_code_is_refused_when(case: Case) -> None:
    check_refused(case, Desk(registry("THA")))


def test_an_account_is_open_under_this_party_unless_another_is_named() -> None:
    desk = Desk(registry("THA"))
    assert isinstance(holding_open(desk.books, "tha:dev"), Refusal)
    desk.do(opening("tha:dev"))
    assert holding_open(desk.books, "tha:dev") is None
    assert desk.books.record("account", "tha:dev")["party"] == "THA"
