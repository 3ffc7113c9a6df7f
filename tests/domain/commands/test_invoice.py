"""Invoices: the law's own amounts, numbered without a gap, and acts that wait for them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, Context
from counterfoil.application.commands.raise_invoice import RaiseInvoice, RecordPayment, RefundInvoice, WaiveInvoice
from counterfoil.application.lawful import judged
from counterfoil.domain.kernel.ids import NamingFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.asked import Act as LawAct
from counterfoil.domain.policy.asked import AskedFault
from counterfoil.domain.policy.figure import Figure, quantity
from counterfoil.domain.policy.kinds.fee import FeeFault, FeeRule, Per
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import PolicyFault
from counterfoil.domain.settlement.invoice import FEE_SETTLED, INVOICE, InvoiceFault, settled_key
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import host, issue
from tests.domain.commands.test_trade import law

BUSES = "activity:BUSES"


def fee(amount: str, *, before: bool, per: Per = Per.TONNE) -> FeeRule:
    return FeeRule("participants", "registry", Figure(quantity(amount)), per, before_act=before)


BY_TONNE = law(
    ("fee", fee("0.15 USD", before=True), LawAct.ISSUE), ("fee", fee("20 USD", before=False, per=Per.ACT), LawAct.ISSUE)
)
TOLD = law(("fee", fee("0.15 USD", before=False), LawAct.ISSUE))


def office(of: Law = BY_TONNE) -> Desk:
    desk = host()
    desk.law = of
    return desk


def bill(quantity_t: int | None = 100, **changes: Any) -> RaiseInvoice:
    content: dict[str, Any] = {
        "act": LawAct.ISSUE, "subject": BUSES, "payer": "DEV-CO", "currency": "USD", "due_on": date(2026, 4, 30),
        "quantity_t": quantity_t,
    }  # fmt: skip
    return RaiseInvoice(**{**content, **changes})


def pay(amount: int = 3_500, number: str = "2026-000001") -> RecordPayment:
    return RecordPayment(invoice=number, amount=amount, reference="BANK-1")


WAIVER = WaiveInvoice(invoice="2026-000001", authority="The authority", reason="A village runs it")
REFUND = RefundInvoice(invoice="2026-000001", amount=3_500, reference="BANK-2", reason="Withdrawn")


def lawless(desk: Desk) -> Command:
    desk.law = None
    return bill()


CASES = (
    Case("there is no law", InvoiceFault.NO_LAW, lawless),
    Case("nothing is asked in the currency", InvoiceFault.NO_FEE, lambda _: bill(currency="THB")),
    Case("nothing is asked for the act", InvoiceFault.NO_FEE, lambda _: bill(act=LawAct.CANCEL)),
    Case("nobody pays", InvoiceFault.UNCLEAR, lambda _: bill(payer=" ")),
    Case("its subject has a NUL", NamingFault.KEY_UNFIT, lambda _: bill(subject="activity:A\0B")),
    Case("its subject is too long for a key", NamingFault.KEY_UNFIT, lambda _: bill(subject="x" * 195)),
    Case("it was due before", InvoiceFault.UNCLEAR, lambda _: bill(due_on=date(2026, 3, 30))),
    Case("there is none to pay", InvoiceFault.UNKNOWN, lambda _: pay()),
    Case("a part is paid", InvoiceFault.AMOUNT_DIFFERS, after(bill(), then=pay(3_499))),
    Case("it is paid twice", InvoiceFault.STATE_DIFFERS, after(bill(), pay(), then=pay())),
    Case("the payment has no reference", InvoiceFault.UNCLEAR, after(bill(), then=replace(pay(), reference=" "))),
    Case("the refund has no reference", InvoiceFault.UNCLEAR, after(bill(), pay(), then=replace(REFUND, reference=""))),
    Case("its reference is a book", InvoiceFault.UNCLEAR, after(bill(), then=replace(pay(), reference="x" * 301))),
    Case("it is waived after payment", InvoiceFault.STATE_DIFFERS, after(bill(), pay(), then=WAIVER)),
    Case("nobody says why it is waived", InvoiceFault.UNCLEAR,
         after(bill(), then=WaiveInvoice(invoice="2026-000001", authority="A", reason=""))),
    Case("it is refunded before payment", InvoiceFault.STATE_DIFFERS, after(bill(), then=REFUND)),
    Case("it is refunded twice", InvoiceFault.STATE_DIFFERS, after(bill(), pay(), REFUND, then=REFUND)),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=titles)
def test_an_invoice_is_refused_when(case: Case) -> None:
    check_refused(case, office())


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (bill(act="sell"), AskedFault.ACT_UNKNOWN),
        (bill(None), PolicyFault.FACT_MISSING),
        (bill(answers={"colour": "red"}), AskedFault.FACT_UNKNOWN),
        (bill(answers={"price": "much"}), AskedFault.FACT_UNREADABLE),
    ],
)
def test_an_invoice_waits_for_what_the_law_needs_to_know(command: Command, code: str) -> None:
    outcome = office().ask(command)
    assert isinstance(outcome, Refusal) and outcome.code == code


def test_an_invoice_holds_the_laws_own_amounts_with_rule_and_provision() -> None:
    desk = office()
    assert desk.do(bill(101)).details == {"invoice": "2026-000001", "total": 3_515, "currency": "USD"}
    kept = desk.books.record(INVOICE, "2026-000001")
    assert [(line["rule"], line["amount"], line["provision"]) for line in kept["lines"]] == [
        ("r0", 1_515, "art. 1"), ("r1", 2_000, "art. 1")
    ]  # fmt: skip


def test_numbers_have_no_gap_in_a_year_and_begin_anew_in_the_next() -> None:
    desk = office()
    days = (TODAY, TODAY, date(2027, 1, 1))
    refused = desk.ask(bill(currency="THB"))
    assert isinstance(refused, Refusal)
    entries = [desk.do(bill(due_on=date(2027, 1, 31)), on=day) for day in days]
    assert [entry.details["invoice"] for entry in entries] == ["2026-000001", "2026-000002", "2027-000001"]


def lawfully(desk: Desk, command: Command) -> Entry | Refusal:
    entry = desk.ask(command)
    assert isinstance(entry, Entry), entry
    return judged(command, entry, desk.books, Context(desk.registry, TODAY, TODAY, law=desk.law))


def test_an_issuance_waits_for_its_fee_and_uses_it_up() -> None:
    desk = office()
    refused = lawfully(desk, issue(authorization=None))
    assert isinstance(refused, Refusal) and refused.code == FeeFault.UNPAID
    assert {name: refused.facts[name] for name in ("amount", "settled", "currency", "rule", "provision")} == {
        "amount": 1_500, "settled": 0, "currency": "USD", "rule": "r0", "provision": "art. 1"
    }  # fmt: skip
    desk.do(bill())
    desk.do(pay())
    entry = lawfully(desk, issue(quantity=60, authorization=None))
    assert isinstance(entry, Entry)
    desk.record(entry)
    assert desk.books.record(FEE_SETTLED, settled_key("issue", BUSES)) == {"r0": 600, "r1": 2_000}
    short = lawfully(desk, issue(quantity=41, authorization=None))
    assert isinstance(short, Refusal) and short.facts["settled"] == 600
    assert isinstance(lawfully(desk, issue(quantity=40, authorization=None)), Entry)


def test_nobody_answers_for_a_fee_that_is_not_settled() -> None:
    refused = lawfully(office(), issue(authorization=None, answers={"fee_paid.r0": 10**6}))
    assert isinstance(refused, Refusal) and refused.code == "law.answer_is_known"


def test_a_waiver_settles_and_a_refund_takes_back() -> None:
    desk = office()
    desk.do(bill())
    assert desk.do(WAIVER).act is Act.INVOICE_WAIVED
    assert isinstance(lawfully(desk, issue(authorization=None)), Entry)
    paid_back = office()
    for command in (bill(), pay(), REFUND):
        paid_back.do(command)
    assert isinstance(lawfully(paid_back, issue(authorization=None)), Refusal)


def test_a_fee_that_is_only_told_stops_nothing_and_is_not_used_up() -> None:
    desk = office(TOLD)
    entry = lawfully(desk, issue(authorization=None))
    assert isinstance(entry, Entry) and not [each for each in entry.records if each.kind == FEE_SETTLED]
