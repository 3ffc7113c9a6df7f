"""Corrections: a reversing entry that names the wrong one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.commands.choose_method import ChooseMethod, FreezePeriod
from counterfoil.application.commands.correct import Correct, CorrectFault
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.import_units import ImportIssuance
from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act, Backdating
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    LOA,
    SHOP,
    V2023,
    host,
    issue,
    issuing_host,
    oimp_letter,
    proposal,
    sold,
)
from tests.domain.commands.test_accounting_records import record_ndc

MOVE = Transfer(units=units(V2023, 1, 40), source=DEV, target=SHOP)
BACK = Transfer(units=units(V2023, 1, 40), source=SHOP, target=DEV)
PLAIN = issue(authorization=None, quantity=10)


ISSUED = issuing_host().last


def correct(entry: int, **changes: Any) -> Correct:
    return Correct(**{"entry": entry, "authority": "DNA", "reason": "a typing error", **changes})


def then_correct(*before: Command) -> Callable[[Desk], Command]:
    """The correction of the last of some commands."""

    def act(desk: Desk) -> Correct:
        for command in before:
            desk.do(command)
        return correct(desk.last)

    return act


def corrected_twice(desk: Desk) -> Correct:
    desk.do(MOVE)
    wrong = desk.last
    desk.do(correct(wrong))
    return correct(wrong)


def issuance_of_moved_units(desk: Desk) -> Correct:
    wrong = desk.last
    desk.do(MOVE)
    return correct(wrong)


REFUSALS = (
    Case("nobody answers for it", CorrectFault.AUTHORITY_MISSING, lambda desk: correct(desk.last, authority="")),
    Case("it has no reason", CorrectFault.AUTHORITY_MISSING, lambda desk: correct(desk.last, reason="")),
    Case("the entry is not there", CorrectFault.ENTRY_UNKNOWN, lambda desk: correct(desk.last + 1)),
    Case("the number is below zero", CorrectFault.ENTRY_UNKNOWN, lambda _: correct(-1)),
    Case("the entry was corrected", CorrectFault.ALREADY_CORRECTED, corrected_twice),
    Case(
        "it is dated before the entry", CorrectFault.BEFORE_ENTRY, lambda desk: correct(desk.last), on=date(2020, 1, 1)
    ),
    Case(
        "the entry opened an account",
        CorrectFault.NOT_CORRECTABLE,
        then_correct(OpenAccount(account="tha:x", holder="x")),
    ),
    Case("the other side has the proposal", CorrectFault.NOT_CORRECTABLE, then_correct(proposal())),
    Case("the entry is a correction", CorrectFault.NOT_CORRECTABLE, then_correct(MOVE, correct(ISSUED + 1))),
    Case(
        "one of its units is on hold",
        UnitsFault.ON_HOLD,
        after(
            MOVE, PlaceHold(hold="H", units=units(V2023, 40, 60), authority="a", reason="r"), then=correct(ISSUED + 1)
        ),
    ),
    Case("its units moved on", CorrectFault.UNITS_MOVED_ON, issuance_of_moved_units),
    Case(
        "its units came back by another entry", CorrectFault.UNITS_MOVED_ON, after(MOVE, BACK, then=correct(ISSUED + 1))
    ),
)


def frozen() -> Desk:
    """CHE with a use towards its NDC of 2021 to 2030, whose account is frozen since 2031."""
    _, desk = sold()
    desk.do(record_ndc(ndc="CHE-2", parties=(Party("CHE"),)))
    desk.do(ChooseMethod(first=2021, last=2030, method=Method.AVERAGING))
    desk.do(UseTowardsNdc(units=units(V2023, 1, 10), account=BUYER, year=2025))
    desk.do(FreezePeriod(first=2021, last=2030, reason="the period is over"), on=date(2031, 5, 1))
    return desk


FROZEN = (
    Case(
        "the period is frozen and nobody decided it",
        CorrectFault.MANDATE_MISSING,
        lambda desk: correct(desk.last - 1),
        on=date(2032, 1, 1),
    ),
    Case(
        "what asks for it is no decision of the CMA",
        CorrectFault.MANDATE_UNREADABLE,
        lambda desk: correct(desk.last - 1, mandate="the registrar"),
        on=date(2032, 1, 1),
    ),
)


@pytest.mark.parametrize("case", FROZEN, ids=titles)
def test_a_correction_of_final_figures_is_refused_when(case: Case) -> None:
    check_refused(case, frozen())


def test_final_figures_are_corrected_where_the_cma_decides_it() -> None:
    desk = frozen()
    used = desk.last - 1
    entry = desk.do(correct(used, mandate="14/CMA.14"), on=date(2032, 1, 1))
    assert entry.details["mandate"] == desk.books.record("corrected", str(used))["mandate"] == "14/CMA.14"
    assert desk.adjustments() == {}


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_correction_is_refused_when(case: Case) -> None:
    desk = issuing_host()
    assert desk.last == ISSUED
    check_refused(case, desk)


def state(desk: Desk) -> object:
    """Where units are and what the balances say, without the entries that brought them there."""
    pieces = [(held.unit_class, held.serials, held.account, dict(held.facts)) for held in desk.books.all_holdings()]
    balances = {key: amount for key, amount in desk.books.all_balances().items() if amount}
    return merged(pieces), balances, first_transferred_quantity(desk.books, LOA)


def merged(pieces: list[Any]) -> list[Any]:
    """Neighbours with the same facts as one: a correction need not undo a split."""
    found: list[Any] = []
    for of, serials, account, facts in pieces:
        if found and found[-1][0] == of and found[-1][2] + 1 == serials.first and found[-1][3:] == [account, facts]:
            found[-1][2] = serials.last
        else:
            found.append([of, serials.first, serials.last, account, facts])
    return found


def oimp_host() -> Desk:
    desk = host()
    desk.do(oimp_letter(FirstTransferDefinition.AUTHORIZATION, Purpose.NDC, Purpose.OP))
    desk.do(issue(quantity=50))
    desk.do(issue(authorization=None, quantity=50))
    return desk


OMGE = Cancel(units=units(V2023, 11, 20), account=DEV, purpose=CancellationPurpose.OMGE)
KYOTO = ImportIssuance(
    party="BR", project="2569", first=1, last=9, unit_type="CER", commitment_period="1", completed_at="", provenance=""
)

ACTS = (
    ("an issuance", issuing_host, issue(quantity=50)),
    ("an issuance that was the first transfer", oimp_host, issue(quantity=50)),
    ("a late authorization", oimp_host, AuthorizeUnits(units=units(V2023, 51, 70), account=DEV, authorization=LOA)),
    ("a domestic transfer", issuing_host, MOVE),
    ("a cancellation that was the first transfer", issuing_host, OMGE),
    ("a cancellation after the first transfer", oimp_host, OMGE),
    ("a retirement", oimp_host, Retire(units=units(V2023, 51, 52), account=DEV)),
    ("a use", lambda: sold()[1], UseTowardsNdc(units=units(V2023, 5, 9), account=BUYER, year=2025)),
)


@pytest.mark.parametrize(("what", "scene", "wrong"), ACTS, ids=[what for what, _, _ in ACTS])
def test_a_correction_restores_units_balances_and_counts_after(what: str, scene: Any, wrong: Command) -> None:
    desk = scene()
    before = state(desk)
    desk.do(wrong)
    assert state(desk) != before, what
    entry = desk.do(correct(desk.last))
    assert state(desk) == before
    assert (entry.act, entry.corrects) == (Act.CORRECTED, desk.last - 1)
    assert desk.books.record("corrected", str(desk.last - 1))["reason"] == "a typing error"


def test_a_corrected_import_leaves_no_units_and_may_be_imported_again() -> None:
    desk = host()
    desk.do(KYOTO)
    desk.do(correct(desk.last))
    assert desk.held("BR-#") == []
    desk.do(KYOTO)
    assert desk.held("BR-#") == [("1..9", "cdm:BR-2569")]


def test_what_a_corrected_issuance_took_from_the_verification_may_be_issued_again() -> None:
    desk = issuing_host()
    desk.do(correct(desk.last))
    assert desk.books.record("verification", "V-1")["issued"] == []
    desk.do(issue(quantity=600))


def test_entries_are_corrected_from_the_latest_backwards() -> None:
    desk = issuing_host()
    issued = desk.last
    desk.do(MOVE)
    moved = desk.last
    desk.do(Transfer(units=units(V2023, 5, 9), source=SHOP, target=DEV))
    last = desk.last
    for entry in (moved, issued):
        check_refused(Case("too early", CorrectFault.UNITS_MOVED_ON, lambda _, entry=entry: correct(entry)), desk)
    for entry in (last, moved, issued):
        desk.do(correct(entry))
    assert desk.held(V2023) == []


def test_a_correction_of_one_issuance_is_not_held_up_by_a_corrected_move_over_two() -> None:
    desk = issuing_host()
    first = desk.last
    desk.do(issue())
    second = desk.last
    desk.do(Transfer(units=units(V2023, 50, 150), source=DEV, target=SHOP))
    desk.do(correct(desk.last))
    desk.do(correct(first))
    assert desk.books.balance("units", V2023, DEV) == 100
    desk.do(correct(second))
    assert desk.held(V2023) == []


def test_a_correction_of_the_past_says_so_and_one_of_today_does_not() -> None:
    desk = issuing_host()
    desk.do(MOVE, on=date(2026, 1, 1))
    past = desk.ask(correct(desk.last), on=date(2026, 1, 1))
    today = desk.ask(correct(desk.last), on=TODAY)
    assert [getattr(entry, "backdated", "refused") for entry in (past, today)] == [Backdating.CORRECTION, None]
