"""Whether a narrative report is complete: every element, by what its answer holds and what the register knows.

"Object present" is no check (rulebook section 7, error 14): a text must say something, a year lie in its period, a
document exist, a zero have its reason, and no answer may contradict the ledger. Each gap names its element and kind.

Source: rulebook 4.2 (completeness rule), 4.3; requirements R-A62-13 to -15, R-C30-08.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.reporting.narrative.element import TONNES, Answer, Condition, Element, Fact, Need
from counterfoil.domain.reporting.narrative.statement import Statement

LETTERS_MIN: Final = 8
"""A text with fewer letters says nothing: `TBD`, `n/a`, a row of dots."""


class GapKind(StrEnum):
    """What keeps an element from being complete. Each has a text and a way out in both languages."""

    NOT_ANSWERED = "not_answered"
    FACT_MISSING = "fact_missing"
    PART_MISSING = "part_missing"
    SAYS_NOTHING = "says_nothing"
    EVIDENCE_MISSING = "evidence_missing"
    DOCUMENT_ABSENT = "document_absent"
    NOT_RENEWED = "not_renewed"
    NOT_MET = "not_met"
    YEAR_OUTSIDE = "year_outside"
    YEAR_ABSENT = "year_absent"
    NOT_POSITIVE = "not_positive"
    APPLIES = "applies"
    CONTRADICTS_LEDGER = "contradicts_ledger"
    NO_APPROACH = "no_approach"
    TABLE_INCOMPLETE = "table_incomplete"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong. `detail` is the part, year, digest or quantity that it is about."""

    kind: GapKind
    element: str
    provision: str
    approach: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows when the report is made, by approach where it differs (`""`: of the Party).

    `facts` are those that are there, `conditions` those that are known to hold or not. `digests` exist in the evidence
    store. `durations` are the periods stated for the approaches. `adaptation` and `omge` are quantities in t CO2 eq.
    `unmet` are elements on participation of which the register itself says, since a day, that they are not met.
    """

    period: YearSpan
    renewed_since: int | None = None
    digests: frozenset[str] = frozenset()
    facts: Mapping[str, frozenset[Fact]] = field(default_factory=dict)
    conditions: Mapping[str, Mapping[Condition, bool]] = field(default_factory=dict)
    durations: Mapping[str, YearSpan] = field(default_factory=dict)
    adaptation: Mapping[str, int] = field(default_factory=dict)
    omge: Mapping[str, int] = field(default_factory=dict)
    unmet: Mapping[str, date] = field(default_factory=dict)

    def has(self, fact: Fact, approach: str) -> bool:
        return fact in self.facts.get(approach, frozenset())

    def holds(self, condition: Condition, approach: str) -> bool | None:
        """Whether a condition holds; None where the register cannot tell, so that the Party must say."""
        return self.conditions.get(approach, {}).get(condition)


def applies(element: Element, approach: str, known: Known) -> bool | None:
    """Whether the element is asked at all; None where it depends on what the Party says."""
    if element.when is not None:
        return known.holds(element.when, approach)
    return None if element.need is Need.IF_APPLICABLE else True


def gaps_of(element: Element, approach: str, statement: Statement | None, known: Known) -> tuple[Gap, ...]:
    """Everything that is missing or wrong in one element, each thing once."""
    found = dict.fromkeys(
        Gap(kind, element.key, element.provision, approach, detail)
        for kind, detail in _findings(element, approach, statement, known)
    )
    return tuple(found)


def _findings(
    element: Element, approach: str, statement: Statement | None, known: Known
) -> Iterator[tuple[GapKind, str]]:
    asked = applies(element, approach, known)
    present = element.fact is not None and known.has(element.fact, approach)
    if statement is None:
        if asked is not False and element.need is not Need.VOLUNTARY and not (present and element.fact_suffices):
            yield _unanswered(element), ""
        return
    yield from _documents(statement, known)
    if statement.not_applicable:
        if asked is True:
            yield GapKind.APPLIES, ""
        for text in statement.not_applicable.values():
            yield from _words(text, "not_applicable")
        return
    if statement.confidential_basis and not element.compulsory:
        return
    # Words stand in for a missing record only where the element asks for words.
    if element.fact is not None and not present and not (element.fact_suffices and element.asks):
        yield GapKind.FACT_MISSING, element.fact.value
    if not (present and element.fact_suffices):
        yield from _parts(element, statement)
    yield from _values(element, approach, statement, known)


def _unanswered(element: Element) -> GapKind:
    """A record that would answer the element by itself is what is missing; otherwise the Party's answer."""
    suffices = element.fact is not None and element.fact_suffices and not element.per_approach
    return GapKind.FACT_MISSING if suffices else GapKind.NOT_ANSWERED


def _documents(statement: Statement, known: Known) -> Iterator[tuple[GapKind, str]]:
    for digest in statement.digests:
        if digest not in known.digests:
            yield GapKind.DOCUMENT_ABSENT, digest


def _parts(element: Element, statement: Statement) -> Iterator[tuple[GapKind, str]]:
    there = statement.answers
    absent = [part for part in element.asks if part not in there]
    if element.any_of:
        absent = [] if len(absent) < len(element.asks) else absent[:1]
    for part in absent:
        yield GapKind.PART_MISSING, part.value
    if element.evidenced and not there & {Answer.TEXT, Answer.DOCUMENT}:
        yield GapKind.EVIDENCE_MISSING, ""
    for text in statement.text.values():
        yield from _words(text, Answer.TEXT.value)


def _words(text: str, part: str) -> Iterator[tuple[GapKind, str]]:
    if sum(character.isalpha() for character in text) < LETTERS_MIN:
        yield GapKind.SAYS_NOTHING, part


def _values(element: Element, approach: str, statement: Statement, known: Known) -> Iterator[tuple[GapKind, str]]:
    if element.evidenced and known.renewed_since is not None and statement.stated_on.year < known.renewed_since:
        yield GapKind.NOT_RENEWED, statement.stated_on.isoformat()
    if element.key in known.unmet and statement.attested:
        yield GapKind.NOT_MET, known.unmet[element.key].isoformat()
    yield from _years(approach, statement, known)
    if Answer.NUMBERS in element.asks and not element.compulsory:
        for number in statement.numbers:
            if number.value <= 0:
                yield GapKind.NOT_POSITIVE, number.about or number.unit
    yield from _against_ledger(element, approach, statement, known)


def _against_ledger(
    element: Element, approach: str, statement: Statement, known: Known
) -> Iterator[tuple[GapKind, str]]:
    """What was cancelled for overall mitigation is the journal's amount, as C78 asks of the annual information.

    A gift for adaptation is told in money, which no journal of units knows: only nothing contradicts something.

    Source: 2/CMA.3 annex paras. 38, 40.
    """
    match element.fact:
        case Fact.OMGE if statement.numbers:
            tonnes = [each.value for each in statement.numbers if each.unit == TONNES]
            shown = known.omge.get(approach, 0)
            if shown not in {sum(tonnes), *tonnes}:
                yield GapKind.CONTRADICTS_LEDGER, str(shown)
        case Fact.ADAPTATION if statement.only_zero and known.adaptation.get(approach, 0):
            yield GapKind.CONTRADICTS_LEDGER, str(known.adaptation[approach])
        case _:
            pass


def _years(approach: str, statement: Statement, known: Known) -> Iterator[tuple[GapKind, str]]:
    """Expected mitigation stands in the approach's duration, every year of it once, and each above zero."""
    if statement.first is not None and statement.last is not None:
        span = YearSpan(statement.first, statement.last)
        if span.last < known.period.first or span.first > known.period.last:
            yield GapKind.YEAR_OUTSIDE, f"{span.first}-{span.last}"
    duration = known.durations.get(approach) if approach else known.period
    for each in statement.years:
        if duration is not None and each.year not in duration:
            yield GapKind.YEAR_OUTSIDE, str(each.year)
        if each.amount <= 0:
            yield GapKind.NOT_POSITIVE, str(each.year)
    if statement.years:
        there = {each.year for each in statement.years}
        whole = duration if approach and duration is not None else YearSpan(min(there), max(there))
        for year in whole.years():
            if year not in there:
                yield GapKind.YEAR_ABSENT, str(year)
