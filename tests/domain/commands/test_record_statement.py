"""Answers for reports: what is recorded, version by version, and what is refused by its own name."""

from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.record_statement import RecordStatement, same_answer
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.reporting.narrative.money import Money
from counterfoil.domain.reporting.narrative.statement import (
    MONEY_MAX,
    STATEMENT,
    TEXT_MAX,
    Document,
    Number,
    Statement,
    StatementFault,
    YearAmount,
)
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles
from tests.domain.commands.scene import host

SAID = {"en": "The registry keeps every unit.", "zh-Hant": "登錄系統逐一記載各單位。"}
CA = "CA9001"


def says(element: str = "I.D", **content: Any) -> RecordStatement:
    return RecordStatement(element=element, **({"text": SAID} | content))


def of_approach(element: str = "IV.B", **content: Any) -> RecordStatement:
    return says(element, **{"approach": CA, **content})


def money(amount: int = 10_050, **changes: Any) -> tuple[Money, ...]:
    return (Money(**{"amount": amount, "currency": "USD", "recipient": "Fund", "method": "1 % of value", **changes}),)


def latest(at: Desk, key: str) -> Statement:
    found = stored(at.books, STATEMENT, key, Statement)
    assert found is not None
    return found


def test_an_answer_stands_under_party_approach_and_element() -> None:
    at = host()
    assert at.do(says(attested=True)).act is Act.STATEMENT_RECORDED
    at.do(of_approach())
    assert latest(at, "THA:*:I.D").attested
    assert latest(at, "THA:CA9001:IV.B").text == SAID


def test_a_later_answer_is_a_new_version_and_the_earlier_one_stays_in_the_journal() -> None:
    at = host()
    first: Any = at.do(says(attested=True)).records[0].value
    at.do(says(attested=True, text={"en": "The registry is kept by the ministry."}))
    assert latest(at, "THA:*:I.D").version == 2
    assert (first["version"], first["text"]) == (1, SAID)


def test_the_same_answer_is_told_from_another_one_or_one_of_another_day() -> None:
    at = host()
    command = says(attested=True)
    at.do(command)
    known = latest(at, "THA:*:I.D")
    assert same_answer(command, known)
    assert not same_answer(says(), known)
    assert not same_answer(says(attested=True, on=at.today.replace(day=1)), known)
    assert not same_answer(says(attested=True, confidential={"a": "b"}), known)


def test_money_is_kept_in_the_smallest_unit_of_its_currency() -> None:
    at = host()
    at.do(of_approach("R.VI.J", money=money()))
    (kept,) = latest(at, "THA:CA9001:R.VI.J").money
    assert (kept.amount, kept.plain) == (10_050, "100.50")


def test_the_longest_texts_of_both_languages_fit_into_an_entry() -> None:
    longest = {"en": "x" * TEXT_MAX, "zh-Hant": "減" * TEXT_MAX}
    entry = host().do(of_approach(text=longest, documents=(Document("ab" * 32, "減" * 100),) * 8))
    assert len(str(entry.records[0].value).encode()) < 14_000


REFUSALS = (
    Case("it is of another Party", StatementFault.OTHER_PARTY, after(then=says(party=Party("CHE")))),
    Case("no report has the element", StatementFault.ELEMENT_UNKNOWN, after(then=says("VII.Z"))),
    Case("an approach is missing", StatementFault.APPROACH_MISSING, after(then=says("IV.B"))),
    Case("an approach is not asked for", StatementFault.APPROACH_NOT_ASKED, after(then=says("I.D", approach=CA))),
    Case("the approach is unknown", StatementFault.APPROACH_UNKNOWN, after(then=of_approach(approach="CA7777"))),
    Case("it is empty", StatementFault.EMPTY, after(then=says(text={}))),
    Case("money answers a text", StatementFault.PART_NOT_ASKED, after(then=of_approach(money=money()))),
    Case("its language is unknown", StatementFault.LANGUAGE_UNKNOWN, after(then=says(text={"xx": "A text."}))),
    Case("its text is too long", StatementFault.TEXT_TOO_LONG, after(then=says(text={"en": "x" * (TEXT_MAX + 1)}))),
    Case("its text is blank", StatementFault.TEXT_TOO_LONG, after(then=says(text={"en": " "}))),
    Case(
        "a document has no title",
        StatementFault.TEXT_TOO_LONG,
        after(then=says(documents=(Document("ab" * 32, ""),))),
    ),
    Case(
        "it names too many amounts",
        StatementFault.TOO_MANY,
        after(then=of_approach("R.VI.J", money=money() * (MONEY_MAX + 1))),
    ),
    Case(
        "a number is below zero",
        StatementFault.NUMBER_UNREADABLE,
        after(then=of_approach("R.VI.K", numbers=(Number(-1, "tCO2e"),))),
    ),
    Case(
        "a number has no unit",
        StatementFault.NUMBER_UNREADABLE,
        after(then=of_approach("R.VI.K", numbers=(Number(1, " "),))),
    ),
    Case(
        "its years fall",
        StatementFault.YEARS_UNREADABLE,
        after(then=of_approach("IV.D", years=(YearAmount(2023, 1), YearAmount(2022, 1)))),
    ),
    Case("its period has one end", StatementFault.YEARS_UNREADABLE, after(then=of_approach("IV.C", first=2021))),
    Case(
        "its period runs backwards",
        StatementFault.YEARS_UNREADABLE,
        after(then=of_approach("IV.C", first=2030, last=2021)),
    ),
    Case(
        "an amount has no currency",
        StatementFault.MONEY_UNREADABLE,
        after(then=of_approach("R.VI.J", money=money(currency="dollars"))),
    ),
    Case(
        "an amount goes to nobody",
        StatementFault.MONEY_UNREADABLE,
        after(then=of_approach("R.VI.J", money=money(recipient=""))),
    ),
    Case(
        "a digest is no SHA-256",
        StatementFault.DIGEST_UNREADABLE,
        after(then=says(documents=(Document("letter.pdf", "Letter"),))),
    ),
    Case(
        "adaptation is called not applicable",
        StatementFault.COMPULSORY,
        after(then=of_approach("R.VI.J", text={}, not_applicable=SAID)),
    ),
    Case(
        "zero has no reason",
        StatementFault.ZERO_WITHOUT_REASON,
        after(then=of_approach("IV.H.5", text={}, money=money(0))),
    ),
    Case("it says yes and no", StatementFault.BOTH_WAYS, after(then=says("II.G", not_applicable=SAID))),
    Case(
        "nothing is confidential in it",
        StatementFault.NOTHING_SEALED,
        after(then=of_approach(confidential_basis=SAID)),
    ),
)
NOT_A_PARTY = (Case("the registry is of no Party", StatementFault.NOT_A_PARTY, after(then=says(attested=True))),)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_an_answer_is_refused_when(case: Case) -> None:
    check_refused(case, host())


@pytest.mark.parametrize("case", NOT_A_PARTY, ids=titles)
def test_an_answer_for_nobody_is_refused_when(case: Case) -> None:
    check_refused(case, Desk(registry("TWN", is_party=False)))


def test_a_confidential_answer_keeps_its_basis_in_public_and_its_content_back() -> None:
    at = host()
    entry = at.ask(of_approach(text={}, confidential_basis=SAID, confidential={"text": "the price"}))
    assert isinstance(entry, Entry)
    assert "the price" not in str(entry)
