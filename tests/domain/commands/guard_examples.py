"""One example of each command about the safeguards of accounts: the command, its desk, and what happened before."""

from collections.abc import Callable, Iterator
from datetime import date

from counterfoil.application.command import Command
from counterfoil.application.commands.adopt_practice import AdoptPractice
from counterfoil.application.commands.anchor_trail import AnchorTrail
from counterfoil.application.commands.hold import EndHold, PlaceHold
from counterfoil.application.commands.request_transfer import AbortTransfer, ExecuteTransfer
from counterfoil.application.commands.suspend_account import (
    CloseAccount,
    MoveFromCustody,
    ResumeAccount,
    SuspendAccount,
)
from counterfoil.application.commands.trust_account import DistrustAccount, TrustAccount
from counterfoil.domain.policy.kinds.account_guard import MOVE_LIMIT
from tests.domain.commands.desk import Desk, units
from tests.domain.commands.guarded_scene import LIMITS, GuardedDesk, asked, file_of, guarded, law
from tests.domain.commands.scene import DEV, SHOP, V2023, issuing_host

GuardExample = tuple[Command, Callable[[], Desk], tuple[Command, ...]]


def practising() -> GuardedDesk:
    return guarded(laws={"safe": law("safe", "rulebook", **{MOVE_LIMIT: LIMITS})})


def after_the_last_day() -> GuardedDesk:
    desk = guarded()
    units_held = units(V2023, 1, 10)
    desk.do(PlaceHold(hold="H-1", units=units_held, authority="DNA", reason="R", until=date(2026, 4, 1)))
    return desk.at("2026-04-03 10:00")


def guard_examples() -> Iterator[GuardExample]:
    trust = TrustAccount(account=DEV, trusted=SHOP)
    suspend = SuspendAccount(account=DEV, authority="Court", reason="R")
    yield AdoptPractice(practice="safe", version="1"), practising, ()
    yield AnchorTrail(rows=60, digest="ab" * 32), issuing_host, ()
    yield file_of(), issuing_host, ()
    yield trust, issuing_host, ()
    yield DistrustAccount(account=DEV, trusted=SHOP), issuing_host, (trust,)
    yield asked(), guarded, ()
    yield ExecuteTransfer(request="R-1"), guarded, (asked(),)
    yield AbortTransfer(request="R-1", reason="R"), guarded, (asked(),)
    yield suspend, issuing_host, ()
    yield ResumeAccount(account=DEV, authority="Court", reason="R"), issuing_host, (suspend,)
    yield CloseAccount(account=SHOP, reason="R"), issuing_host, ()
    moved = units(V2023, 1, 40)
    yield (
        MoveFromCustody(units=moved, source=DEV, target=SHOP, authority="Court", reason="R"),
        issuing_host,
        (suspend,),
    )
    yield EndHold(hold="H-1"), after_the_last_day, ()
