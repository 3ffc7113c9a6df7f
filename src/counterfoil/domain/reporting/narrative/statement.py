"""A Party's answer to one element, and what makes it readable before it may stand in the journal.

Texts stand in the languages in which the Party gave them. A long text lies in the evidence store by its SHA-256, with a
summary here. What depends on other records (does the document exist, is the year inside the period) is asked when a
report is made: `completeness.py`.

Source: 2/CMA.3 annex paras. 18-24; rulebook 4.2-4.3.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.element import Answer, Element
from counterfoil.domain.reporting.narrative.money import Money

STATEMENT: Final = "statement"
NO_APPROACH: Final = "*"
LANGUAGES: Final = ("en", "zh-Hant")

TEXT_MAX: Final = 1_200
"""Characters of one text in the journal. Both languages of an answer and its other parts fit into one entry."""
SHORT_MAX: Final = 300
"""Characters of a reason, a recipient, a title or a unit."""
NUMBERS_MAX, MONEY_MAX, DOCUMENTS_MAX, YEARS_MAX = 12, 8, 12, 60
YEAR_MIN, YEAR_MAX = 1990, 2200
AMOUNT_MAX: Final = 10**15
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


class StatementFault(StrEnum):
    NOT_A_PARTY = "statement.not_a_party"
    OTHER_PARTY = "statement.other_party"
    ELEMENT_UNKNOWN = "statement.element_unknown"
    APPROACH_MISSING = "statement.approach_missing"
    APPROACH_NOT_ASKED = "statement.approach_not_asked"
    APPROACH_UNKNOWN = "statement.approach_unknown"
    EMPTY = "statement.empty"
    PART_NOT_ASKED = "statement.part_not_asked"
    LANGUAGE_UNKNOWN = "statement.language_unknown"
    TEXT_TOO_LONG = "statement.text_too_long"
    TOO_MANY = "statement.too_many"
    NUMBER_UNREADABLE = "statement.number_unreadable"
    YEARS_UNREADABLE = "statement.years_unreadable"
    MONEY_UNREADABLE = "statement.money_unreadable"
    DIGEST_UNREADABLE = "statement.digest_unreadable"
    COMPULSORY = "statement.compulsory"
    ZERO_WITHOUT_REASON = "statement.zero_without_reason"
    BOTH_WAYS = "statement.both_ways"
    NOTHING_SEALED = "statement.nothing_sealed"


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number with its unit, and what it counts."""

    value: int
    unit: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class YearAmount:
    """What is expected or was reached in one year, in the statement's unit."""

    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the evidence store by its SHA-256. `title` is how a reader would ask for it."""

    sha256: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One version of an answer; earlier ones stay in the journal. Which parts it may have, the element says.

    `text` holds texts by language, `full_text` the digests of longer ones. `years` are in `unit`; `first` and `last`
    are a period of years. `not_applicable` gives, by language, the reason why the element does not apply.
    `confidential_basis` names the basis on which the content is kept back; the content then stands in sealed fields.
    """

    party: str
    element: str
    version: int
    stated_on: date
    approach: str = ""
    attested: bool = False
    text: Mapping[str, str] = field(default_factory=dict)
    full_text: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[Number, ...] = ()
    years: tuple[YearAmount, ...] = ()
    unit: str = "tCO2e"
    first: int | None = None
    last: int | None = None
    money: tuple[Money, ...] = ()
    documents: tuple[Document, ...] = ()
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    confidential_basis: Mapping[str, str] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return statement_key(self.party, self.approach, self.element)

    @property
    def answers(self) -> frozenset[Answer]:
        """The kinds of content that are there."""
        there = {
            Answer.ATTESTATION: self.attested,
            Answer.TEXT: any(self.text.values()),
            Answer.NUMBERS: bool(self.numbers),
            Answer.YEARS: bool(self.years),
            Answer.PERIOD: self.first is not None and self.last is not None,
            Answer.MONEY: bool(self.money),
            Answer.DOCUMENT: bool(self.documents),
        }
        return frozenset(kind for kind, found in there.items() if found)

    @property
    def only_zero(self) -> bool:
        """Whether every amount of numbers and money is zero."""
        amounts = [each.value for each in self.numbers] + [each.amount for each in self.money]
        return bool(amounts) and not any(amounts)

    @property
    def digests(self) -> tuple[str, ...]:
        """Everything in the evidence store that the answer refers to."""
        return (*(each.sha256 for each in self.documents), *self.full_text.values())


def statement_key(party: str, approach: str, element: str) -> str:
    """The key of the latest version of an answer.

    >>> statement_key("THA", "", "I.A"), statement_key("THA", "CA9001", "IV.B")
    ('THA:*:I.A', 'THA:CA9001:IV.B')
    """
    return f"{party}:{approach or NO_APPROACH}:{element}"


def readable(statement: Statement, element: Element) -> Refusal | None:
    """The first reason why an answer cannot stand in the journal: its languages, sizes, numbers, and what it is for.

    Source: 2/CMA.3 annex paras. 18-19, 21-22, 24; rulebook 4.2-4.3.
    """
    for refusal in _complaints(statement, element):
        return refusal
    return None


def _complaints(statement: Statement, element: Element) -> Iterator[Refusal]:
    facts: dict[str, JSON] = {"element": element.key}
    yield from _texts(statement, facts)
    yield from _amounts(statement, facts)
    yield from _years(statement, facts)
    for document in statement.documents:
        if not document.title.strip() or len(document.title) > SHORT_MAX or len(document.url) > SHORT_MAX:
            yield Refusal(StatementFault.TEXT_TOO_LONG, {**facts, "part": "documents", "characters_max": SHORT_MAX})
    for digest in statement.digests:
        if not DIGEST.match(digest):
            yield Refusal(StatementFault.DIGEST_UNREADABLE, {**facts, "digest": digest[:80]})
    yield from _content(statement, element, facts)


def _texts(statement: Statement, facts: Mapping[str, JSON]) -> Iterator[Refusal]:
    parts = {
        "text": (statement.text, TEXT_MAX),
        "full_text": (statement.full_text, SHORT_MAX),
        "not_applicable": (statement.not_applicable, SHORT_MAX),
        "confidential_basis": (statement.confidential_basis, SHORT_MAX),
    }
    for part, (texts, characters_max) in parts.items():
        for language, text in texts.items():
            if language not in LANGUAGES:
                known = ", ".join(LANGUAGES)
                yield Refusal(StatementFault.LANGUAGE_UNKNOWN, {**facts, "language": language[:20], "known": known})
            if not text.strip() or len(text) > characters_max:
                yield Refusal(StatementFault.TEXT_TOO_LONG, {**facts, "part": part, "characters_max": characters_max})


def _amounts(statement: Statement, facts: Mapping[str, JSON]) -> Iterator[Refusal]:
    sizes = (
        ("numbers", len(statement.numbers), NUMBERS_MAX),
        ("money", len(statement.money), MONEY_MAX),
        ("documents", len(statement.documents), DOCUMENTS_MAX),
        ("years", len(statement.years), YEARS_MAX),
    )
    for part, count, count_max in sizes:
        if count > count_max:
            yield Refusal(StatementFault.TOO_MANY, {**facts, "part": part, "count_max": count_max})
    for number in statement.numbers:
        words = (number.unit, number.about)
        if not 0 <= number.value <= AMOUNT_MAX or not number.unit.strip() or max(map(len, words)) > SHORT_MAX:
            yield Refusal(StatementFault.NUMBER_UNREADABLE, {**facts, "value": number.value})
    for money in statement.money:
        words = (money.recipient, money.method)
        said = money.amount == 0 or all(word.strip() for word in words)
        fits = 0 <= money.amount <= AMOUNT_MAX and max(map(len, words)) <= SHORT_MAX
        if not (fits and said and _CURRENCY.match(money.currency)):
            yield Refusal(
                StatementFault.MONEY_UNREADABLE, {**facts, "amount": money.amount, "currency": money.currency[:10]}
            )


def _years(statement: Statement, facts: Mapping[str, JSON]) -> Iterator[Refusal]:
    years = [each.year for each in statement.years]
    ends = [statement.first, statement.last]
    given = [each for each in ends if each is not None]
    ordered = years == sorted(set(years))
    paired = len(given) != 1 and given == sorted(given)
    inside = all(YEAR_MIN <= year <= YEAR_MAX for year in (*years, *given))
    amounts = all(0 <= each.amount <= AMOUNT_MAX for each in statement.years)
    if not (ordered and paired and inside and amounts and 0 < len(statement.unit.strip()) <= SHORT_MAX):
        yield Refusal(StatementFault.YEARS_UNREADABLE, {**facts, "year_min": YEAR_MIN, "year_max": YEAR_MAX})


def _content(statement: Statement, element: Element, facts: Mapping[str, JSON]) -> Iterator[Refusal]:
    """What the element admits. A text and documents may stand beside everything."""
    answers = statement.answers
    unasked = answers - set(element.asks) - {Answer.TEXT, Answer.DOCUMENT}
    if unasked:
        yield Refusal(StatementFault.PART_NOT_ASKED, {**facts, "part": min(unasked).value})
    if statement.not_applicable and element.compulsory:
        yield Refusal(StatementFault.COMPULSORY, facts)
    if statement.not_applicable and (answers or statement.confidential_basis):
        yield Refusal(StatementFault.BOTH_WAYS, facts)
    if statement.only_zero and element.compulsory and Answer.TEXT not in answers:
        yield Refusal(StatementFault.ZERO_WITHOUT_REASON, facts)
    if not (answers or statement.not_applicable or statement.confidential_basis):
        yield Refusal(StatementFault.EMPTY, facts)
