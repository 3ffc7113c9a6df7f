"""After a restore no unit moves, by whatever act, until every partner was asked or set aside."""

from datetime import date

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.recover import BeginRecovery, EndRecovery, RecoveryFault, recovery_of
from counterfoil.application.commands.witness_partner import RecordReconciliation
from counterfoil.domain.federation.link import LinkState
from counterfoil.domain.kernel.ids import Party
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles, units
from tests.domain.commands.guarded_scene import guarded, move
from tests.domain.commands.scene import V2023, issue, issuing_host, proposal
from tests.domain.commands.test_case import case, close, confirm

CHE, JPN = Party("CHE"), Party("JPN")
BEGIN = BeginRecovery(taken_at="2026-03-30T02:00:00Z", entries=12)
HASH = "ab" * 32


def end(party: Party = CHE, authority: str = "", reason: str = "") -> EndRecovery:
    return EndRecovery(partner=party, authority=authority, reason=reason)


def compared(party: Party = CHE, *, complete: bool = True) -> RecordReconciliation:
    return RecordReconciliation(
        partner=party,
        left=HASH,
        came=HASH,
        complete=complete,
        differing=0,
        under_way=0,
        cases=0,
        evidence=HASH,
    )


def waiting_for_che(then: Command) -> Case:
    return Case(
        f"the book was not compared: {type(then).__name__}",
        RecoveryFault.UNRECONCILED,
        after(BEGIN, compared(JPN), end(JPN), then=then),
    )


REFUSALS = (
    Case("nothing was restored", RecoveryFault.NOT_WAITING, lambda _: end()),
    Case("it was asked already", RecoveryFault.NOT_WAITING, after(BEGIN, compared(), end(), then=end())),
    Case("the books were not compared", RecoveryFault.NOT_RECONCILED, after(BEGIN, then=end())),
    Case("they were compared before", RecoveryFault.NOT_RECONCILED, after(compared(), BEGIN, then=end())),
    Case("in part only", RecoveryFault.NOT_RECONCILED, after(BEGIN, compared(complete=False), then=end())),
    Case("nobody decides", RecoveryFault.NOT_RECONCILED, after(BEGIN, then=end(reason="it is gone"))),
    waiting_for_che(move()),
    waiting_for_che(issue()),
    waiting_for_che(proposal()),
)


@pytest.mark.parametrize("each", REFUSALS, ids=titles)
def test_after_a_restore_it_is_refused_when(each: Case) -> None:
    check_refused(each, guarded())


NOBODY = (Case("there is nobody to ask", RecoveryFault.NO_PARTNERS, lambda _: BEGIN),)


@pytest.mark.parametrize("each", NOBODY, ids=titles)
def test_a_recovery_is_refused_when(each: Case) -> None:
    check_refused(each, Desk(registry("THA")))


def test_what_moves_nothing_goes_on_and_units_move_again_when_all_were_asked() -> None:
    desk = guarded()
    desk.do(BEGIN)
    desk.do(PlaceHold(hold="H-1", units=units(V2023, 90, 91), authority="DNA", reason="r"))
    desk.do(compared())
    desk.do(end())
    desk.do(end(JPN, "DNA", "its registry was closed"))
    recovery = recovery_of(desk.books)
    assert recovery is not None and (recovery.waiting, recovery.set_aside) == ((), (JPN,))
    desk.do(move())


def test_what_was_signed_away_is_given_up_while_others_wait() -> None:
    desk = guarded()
    desk.do(BEGIN)
    desk.do(case())
    desk.do(close())
    desk.do(confirm())
    check_refused(Case("still waiting", RecoveryFault.UNRECONCILED, lambda _: move(21, 30)), desk)


def test_a_second_restore_waits_again_for_all_who_are_linked() -> None:
    desk = issuing_host()
    desk.do(ChangeLink(party=JPN, state=LinkState.SUSPENDED, reason="r"))
    desk.do(BEGIN)
    desk.do(compared())
    desk.do(end())
    desk.do(BEGIN)
    recovery = recovery_of(desk.books)
    assert recovery is not None
    assert (recovery.number, recovery.waiting, recovery.begun_on) == (2, (CHE, JPN), date(2026, 3, 31))
    desk.do(ChangeLink(party=JPN, state=LinkState.PROPOSED, reason="begun anew"))
    desk.do(BEGIN)
    recovery = recovery_of(desk.books)
    assert recovery is not None and recovery.waiting == (CHE,)
