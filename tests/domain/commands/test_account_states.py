"""Accounts that are suspended, in custody or closed, and holds with a last day."""

from datetime import date

import pytest

from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.commands.hold import EndHold, HoldFault, PlaceHold, ReleaseHold
from counterfoil.application.commands.suspend_account import (
    CloseAccount,
    MoveFromCustody,
    ResumeAccount,
    SuspendAccount,
)
from counterfoil.application.commands.transfer import Transfer, TransferFault
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.people.account_state import AccountStateFault
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.guarded_scene import GuardedDesk, asked, guarded, move
from tests.domain.commands.scene import DEV, SHOP, V2023

LAST = date(2026, 4, 10)


def suspend(account: str = DEV, **changes: object) -> SuspendAccount:
    said = {"authority": "Court", "reason": "dispute", **changes}
    return SuspendAccount(account=account, **said)  # type: ignore[arg-type]


def resume(account: str = DEV) -> ResumeAccount:
    return ResumeAccount(account=account, authority="Court", reason="settled")


def close(account: str = DEV, **changes: str) -> CloseAccount:
    return CloseAccount(account=account, **{"reason": "left the market", **changes})


def by_court(**changes: object) -> MoveFromCustody:
    said = {"units": units(V2023, 1, 40), "source": DEV, "target": SHOP, "authority": "Court", "reason": "judgment"}
    return MoveFromCustody(**{**said, **changes})  # type: ignore[arg-type]


def hold(**changes: object) -> PlaceHold:
    said = {"hold": "H-1", "units": units(V2023, 1, 10), "authority": "DNA", "reason": "review", "until": LAST}
    return PlaceHold(**{**said, **changes})  # type: ignore[arg-type]


REFUSALS = (
    Case("the account to suspend is unknown", AccountFault.UNKNOWN, lambda _: suspend("tha:nobody")),
    Case("a suspension has no reason", AccountStateFault.REASON_MISSING, lambda _: suspend(reason=" ")),
    Case("a suspension has no authority", AccountStateFault.REASON_MISSING, lambda _: suspend(authority="")),
    Case("its last day was yesterday", AccountStateFault.UNTIL_PAST, lambda _: suspend(until=date(2026, 3, 30))),
    Case("a closed account is suspended", AccountStateFault.CLOSED, after(close(SHOP), then=suspend(SHOP))),
    Case("the account to resume is unknown", AccountFault.UNKNOWN, lambda _: resume("tha:nobody")),
    Case("an open account is resumed", AccountStateFault.NOT_SUSPENDED, lambda _: resume()),
    Case("a closed account is resumed", AccountStateFault.NOT_SUSPENDED, after(close(SHOP), then=resume(SHOP))),
    Case("units leave a suspended account", AccountStateFault.SUSPENDED, after(suspend(), then=move())),
    Case("its units are asked to leave", AccountStateFault.SUSPENDED, after(suspend(), then=asked())),
    Case(
        "its units are cancelled by its holder",
        AccountStateFault.SUSPENDED,
        after(
            move(),
            suspend(SHOP, incoming=True),
            then=Transfer(units=units(V2023, 1, 2), source=SHOP, target=DEV),
        ),
    ),
    Case(
        "units come where a suspension stops them too",
        AccountStateFault.SUSPENDED,
        after(suspend(SHOP, incoming=True), then=move()),
    ),
    Case("units come to a closed account", AccountStateFault.CLOSED, after(close(SHOP), then=move())),
    Case("units leave an account in custody", AccountStateFault.IN_CUSTODY, after(close(authority="DNA"), then=move())),
    Case("the account to close is unknown", AccountFault.UNKNOWN, lambda _: close("tha:nobody")),
    Case("an account is closed without a reason", AccountStateFault.REASON_MISSING, lambda _: close(SHOP, reason="")),
    Case("it is closed twice", AccountStateFault.CLOSED, after(close(SHOP), then=close(SHOP))),
    Case("it holds units, and no authority takes them", AccountStateFault.HOLDS_UNITS, lambda _: close()),
    Case("an authority moves what an open account holds", AccountStateFault.NOT_IN_CUSTODY, lambda _: by_court()),
    Case(
        "the day after a suspension's last, it moves it no more",
        AccountStateFault.NOT_IN_CUSTODY,
        lambda desk: lapsed(desk),  # noqa: PLW0108  defined below
    ),
    Case("it gives no reason", AccountStateFault.REASON_MISSING, after(suspend(), then=by_court(reason=""))),
    Case("it moves them to the same account", TransferFault.SAME_ACCOUNT, after(suspend(), then=by_court(target=DEV))),
    Case("a hold has no authority", HoldFault.AUTHORITY_MISSING, lambda _: hold(authority=" ")),
    Case("a hold's last day was yesterday", HoldFault.UNTIL_PAST, lambda _: hold(until=date(2026, 3, 30))),
    Case(
        "a release has no authority",
        HoldFault.AUTHORITY_MISSING,
        after(hold(), then=ReleaseHold(hold="H-1", authority="", reason="over")),
    ),
    Case(
        "a request's hold is released by hand",
        HoldFault.OF_A_REQUEST,
        after(asked(), then=ReleaseHold(hold="request:R-1", authority="DNA", reason="over")),
    ),
    Case("no such hold is to end", HoldFault.UNKNOWN, lambda _: EndHold(hold="H-9")),
    Case("a hold has no last day", HoldFault.NOT_OVER, after(hold(until=None), then=EndHold(hold="H-1"))),
    Case("a hold's last day is still to come", HoldFault.NOT_OVER, after(hold(), then=EndHold(hold="H-1"))),
)


def lapsed(desk: object) -> MoveFromCustody:
    assert isinstance(desk, GuardedDesk)
    desk.do(suspend(until=LAST))
    desk.at("2026-04-11 10:00")
    return by_court()


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_state_of_an_account_or_a_hold_refuses_when(case: Case) -> None:
    check_refused(case, guarded())


def test_a_suspension_holds_on_its_last_day_and_lapses_after_it() -> None:
    desk = guarded()
    desk.do(suspend(until=LAST))
    desk.at("2026-04-10 23:59")
    check_refused(Case("last day", AccountStateFault.SUSPENDED, lambda _: move()), desk)
    desk.at("2026-04-11 10:00").do(move())


def test_a_suspended_account_still_takes_what_comes_and_goes_on_when_it_is_let() -> None:
    desk = guarded()
    desk.do(suspend(SHOP))
    desk.do(move())
    desk.do(suspend())
    desk.do(resume())
    desk.do(move(41, 50))


def test_an_authority_cancels_and_moves_what_a_leaving_company_holds_and_then_it_is_closed() -> None:
    desk = guarded()
    desk.do(close(authority="DNA"))
    desk.do(by_court(units=units(V2023, 1, 100)))
    entry = desk.do(close())
    assert entry.details == {"stand": "closed"}
    assert desk.held(V2023) == [("1..100", SHOP)]
    check_refused(Case("for ever", AccountStateFault.NOT_SUSPENDED, lambda _: resume()), desk)


def test_an_administrative_cancellation_reaches_a_suspended_account_and_the_holders_own_does_not() -> None:
    desk = guarded()
    desk.do(suspend())
    own = Retire(units=units(V2023, 1, 10), account=DEV)
    assert getattr(desk.ask(own), "code", "").startswith(("account.", "retirement."))
    ordered = Cancel(
        units=units(V2023, 1, 10),
        account=DEV,
        purpose=CancellationPurpose.ADMINISTRATIVE,
        authority="Court",
        reason="judgment",
    )
    # Its own rules speak: units under a letter are not cancelled so. The suspension does not.
    assert not getattr(desk.ask(ordered), "code", "").startswith("account.")


def test_a_hold_holds_on_its_last_day_and_is_ended_after_it() -> None:
    desk = guarded()
    desk.do(hold())
    desk.at("2026-04-10 12:00")
    check_refused(Case("last day", HoldFault.NOT_OVER, lambda _: EndHold(hold="H-1")), desk)
    desk.at("2026-04-11 12:00").do(EndHold(hold="H-1"))
    desk.do(move())
