"""When an element is complete: not when something is there, but when it says what it must, without contradiction."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.reporting.narrative.completeness import Gap, GapKind, Known, gaps_of
from counterfoil.domain.reporting.narrative.element import Condition, Fact
from counterfoil.domain.reporting.narrative.money import Money
from counterfoil.domain.reporting.narrative.outline import BY_KEY
from counterfoil.domain.reporting.narrative.statement import Document, Number, Statement, YearAmount

CA, DIGEST = "CA9001", "ab" * 32
SAID = {"en": "A text that says something."}
REASON = {"en": "Nothing of this kind exists here."}
KNOWN = Known(
    YearSpan(2021, 2030),
    renewed_since=2025,
    digests=frozenset({DIGEST}),
    facts={"": frozenset({Fact.NDC, Fact.METHOD, Fact.METRICS, Fact.AUTHORIZATIONS, Fact.USES}),
           CA: frozenset({Fact.PARTICIPANTS, Fact.ENTITIES, Fact.ADAPTATION, Fact.OMGE})},
    conditions={"": {Condition.PATH: False}, CA: {Condition.GHG: True, Condition.NON_GHG: False}},
    durations={CA: YearSpan(2022, 2024)},
    omge={CA: 40},
)  # fmt: skip
NO_RECORDS = replace(KNOWN, facts={}, conditions={})
REVERSIBLE = replace(KNOWN, conditions={CA: {Condition.REVERSIBLE: True}})


def says(element: str, **content: Any) -> Statement:
    approach = CA if BY_KEY[element].per_approach else ""
    return Statement("THA", element, 1, date(2026, 3, 31), approach, **content)


@dataclass(frozen=True)
class Judged:
    """An element, its answer, what the register knows, and the gaps that must be found."""

    why: str
    element: str
    content: dict[str, Any] | None
    gaps: tuple[GapKind, ...] = ()
    known: Known = field(default_factory=lambda: KNOWN)
    detail: str | None = None


YEARS = tuple(YearAmount(year, 10) for year in (2022, 2023, 2024))
ATTESTED = {"attested": True, "text": SAID}
CASES = (
    Judged("it is attested with a text", "I.A", ATTESTED),
    Judged("it is attested with a document", "I.A", {"attested": True, "documents": (Document(DIGEST, "Decree"),)}),
    Judged("nobody has answered", "I.A", None, (GapKind.NOT_ANSWERED,)),
    Judged("an attestation has no evidence", "I.A", {"attested": True}, (GapKind.EVIDENCE_MISSING,)),
    Judged("a text does not attest", "I.A", {"text": SAID}, (GapKind.PART_MISSING,), detail="attestation"),
    Judged("a text is a placeholder", "IV.B", {"text": {"en": "T.B.D. ..."}}, (GapKind.SAYS_NOTHING,)),
    Judged("one of two languages is a placeholder", "IV.B", {"text": {**SAID, "zh-Hant": "待補"}},
           (GapKind.SAYS_NOTHING,)),
    Judged("a document does not exist", "IV.A", {"documents": (Document("cd" * 32, "Letter"),)},
           (GapKind.DOCUMENT_ABSENT,), detail="cd" * 32),
    Judged("the letter is there", "IV.A", {"documents": (Document(DIGEST, "Letter"),)}),
    Judged("a text is no copy of the letter", "IV.A", {"text": SAID}, (GapKind.PART_MISSING,), detail="document"),
    Judged("the long text is lost", "IV.B", {"text": SAID, "full_text": {"en": "ef" * 32}},
           (GapKind.DOCUMENT_ABSENT,)),
    Judged("the NDC answers by itself", "II.A", None),
    Judged("the NDC is not recorded", "II.A", None, (GapKind.FACT_MISSING,), NO_RECORDS),
    Judged("the NDC stands in a biennial report", "II.A", {"not_applicable": REASON}, (), NO_RECORDS),
    Judged("the method is recorded but not explained", "III.B.1", None, (GapKind.NOT_ANSWERED,)),
    Judged("the method is explained but not recorded", "III.B.1", {"text": SAID}, (GapKind.FACT_MISSING,),
           NO_RECORDS, "method"),
    Judged("averaging has no trajectory", "III.B.2", None),
    Judged("a trajectory must be explained", "III.B.2", None, (GapKind.NOT_ANSWERED,),
           replace(KNOWN, conditions={"": {Condition.PATH: True}})),
    Judged("a methodology quantifies the NDC", "III.C", {"text": SAID}),
    Judged("numbers quantify the NDC", "III.C", {"numbers": (Number(5, "tCO2e", "target level"),)}),
    Judged("a target level of zero is no number", "III.C", {"numbers": (Number(0, "tCO2e", "target level"),)},
           (GapKind.NOT_POSITIVE,)),
    Judged("no non-GHG metric is in use", "III.D", None, (),
           replace(KNOWN, conditions={"": {Condition.NON_GHG: False}})),
    Judged("it may not apply, and nobody says so", "II.G", None, (GapKind.NOT_ANSWERED,)),
    Judged("it does not apply for a reason", "II.G", {"not_applicable": REASON}),
    Judged("the reason is empty talk", "II.G", {"not_applicable": {"en": "n/a"}}, (GapKind.SAYS_NOTHING,)),
    Judged("expected mitigation fits the duration", "IV.D", {"years": YEARS}),
    Judged("a year lies outside the duration", "IV.D", {"years": (*YEARS, YearAmount(2025, 10))},
           (GapKind.YEAR_OUTSIDE,), detail="2025"),
    Judged("a year is left out", "IV.D", {"years": (YEARS[0], YEARS[2])}, (GapKind.YEAR_ABSENT,), detail="2023"),
    Judged("a year has nothing", "IV.D", {"years": (*YEARS[:2], YearAmount(2024, 0))}, (GapKind.NOT_POSITIVE,)),
    Judged("a text is no amount by year", "IV.D", {"text": SAID}, (GapKind.PART_MISSING,), detail="years"),
    Judged("the approach ends before the NDC period", "IV.C", {"first": 2015, "last": 2020}, (GapKind.YEAR_OUTSIDE,)),
    Judged("removals may be reversed", "IV.G.3", {"not_applicable": REASON}, (GapKind.APPLIES,), REVERSIBLE),
    Judged("reductions declare why they cannot be reversed", "IV.G.3", {"not_applicable": REASON}),
    Judged("nothing for adaptation, with a reason", "IV.H.5", {"money": (Money(0, "USD"),), "text": SAID}),
    Judged("a text is no amount for adaptation", "R.VI.J", {"text": SAID}, (GapKind.PART_MISSING,), detail="money"),
    Judged("zero, and the journal shows cancelled units", "R.VI.K", {"numbers": (Number(0, "tCO2e"),), "text": SAID},
           (GapKind.CONTRADICTS_LEDGER,), detail="40"),
    Judged("what the journal shows", "R.VI.K", {"numbers": (Number(40, "tCO2e"),)}),
    Judged("the outcomes are in tonnes", "R.VI.C", None, (GapKind.NOT_ANSWERED,)),
    Judged("conversion is not asked of tonnes", "R.VI.D.1", None),
    Judged("authorizations come from the register", "R.III", None),
    Judged("the annex is voluntary", "R.Annex", None),
    Judged("less than the journal shows", "R.VI.K", {"numbers": (Number(1, "tCO2e"),)},
           (GapKind.CONTRADICTS_LEDGER,), detail="40"),
    Judged("more than the journal shows", "R.VI.K", {"numbers": (Number(90, "tCO2e"),)},
           (GapKind.CONTRADICTS_LEDGER,), detail="40"),
    Judged("another unit than the journal's", "R.VI.K", {"numbers": (Number(40, "MWh"),)},
           (GapKind.CONTRADICTS_LEDGER,), detail="40"),
    Judged("parts that add up to what the journal shows", "R.VI.K",
           {"numbers": (Number(30, "tCO2e"), Number(10, "tCO2e"))}),
    Judged("an amount that is always asked for is not confidential", "R.VI.K",
           {"confidential_basis": {"en": "Trade secrets act"}}, (GapKind.PART_MISSING,), detail="numbers"),
    Judged("a confidential explanation of a wrong amount", "R.VI.K",
           {"numbers": (Number(1, "tCO2e"),), "confidential_basis": {"en": "Trade secrets act"}},
           (GapKind.CONTRADICTS_LEDGER,)),
    Judged("one year of a duration", "IV.D", {"years": YEARS[:2]}, (GapKind.YEAR_ABSENT,), detail="2024"),
    Judged("the approach begins after the NDC period", "IV.C", {"first": 2031, "last": 2035},
           (GapKind.YEAR_OUTSIDE,), detail="2031-2035"),
    Judged("words are no recorded NDC", "II.A", {"text": SAID}, (GapKind.FACT_MISSING,), NO_RECORDS, "ndc"),
    Judged("words stand beside the recorded NDC", "II.A", {"text": SAID}),
    Judged("the register says that it is not met", "I.E", ATTESTED, (GapKind.NOT_MET,),
           replace(KNOWN, unmet={"I.E": date(2025, 6, 1)}), "2025-06-01"),
    Judged("it is confidential, with a basis", "IV.B", {"confidential_basis": {"en": "Trade secrets act"}}),
)  # fmt: skip


def judged(case: Judged) -> tuple[Gap, ...]:
    element = BY_KEY[case.element]
    statement = None if case.content is None else says(case.element, **case.content)
    return gaps_of(element, CA if element.per_approach else "", statement, case.known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_an_element_is_judged_by_what_its_answer_holds(case: Judged) -> None:
    found = judged(case)
    assert tuple(gap.kind for gap in found) == case.gaps
    assert all(gap.provision == BY_KEY[case.element].provision for gap in found)
    if case.detail is not None:
        assert [gap.detail for gap in found] == [case.detail]


def test_participation_is_attested_anew_in_each_regular_information() -> None:
    old = replace(says("I.D", **ATTESTED), stated_on=date(2024, 12, 31))
    assert [gap.kind for gap in gaps_of(BY_KEY["I.D"], "", old, KNOWN)] == [GapKind.NOT_RENEWED]
    assert not gaps_of(BY_KEY["I.D"], "", old, replace(KNOWN, renewed_since=None))


def test_every_kind_of_gap_of_an_element_is_found_by_some_case() -> None:
    told_by_reports = {GapKind.NO_APPROACH, GapKind.TABLE_INCOMPLETE, GapKind.NOT_RENEWED}
    assert {kind for case in CASES for kind in case.gaps} == set(GapKind) - told_by_reports
