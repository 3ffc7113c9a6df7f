"""Every word that a report can need is there in both languages; days and numbers look as each language writes them."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from counterfoil.application.paper import Titles
from counterfoil.domain.accounting import ctf_completeness
from counterfoil.domain.accounting.figure import NO_GAPS, Unavailable
from counterfoil.domain.accounting.flow import FlowKind
from counterfoil.domain.accounting.ndc import InventorySector, NdcKind, TargetForm
from counterfoil.domain.reporting.narrative.completeness import Gap, GapKind
from counterfoil.domain.reporting.narrative.element import Answer, Condition, Fact, ReportKind
from counterfoil.domain.reporting.narrative.money import Money
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose, purposes_text
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.language import LANGUAGES, Texts
from counterfoil.entrypoints.reports.answers import gap_text, way_out
from counterfoil.entrypoints.reports.words import Words

PURPOSES = ("NDC",), ("IMP",), ("OP",), ("IMP", "OP"), ("NDC", "IMP"), ("NDC", "OP"), ("NDC", "IMP", "OP")


def keys() -> Iterator[str]:
    """The keys that are put together from closed lists."""
    for stem, words in {
        "report.title": ReportKind,
        "report.gap": GapKind,
        "report.way_out": GapKind,
        "report.condition": Condition,
        "report.detail": (*Answer, *Fact),
        "report.flow": FlowKind,
        "report.summary_way_out": (*ctf_completeness.GapKind, *(set(Unavailable) - NO_GAPS)),
        "report.kind": NdcKind,
        "report.form": TargetForm,
        "report.sector": InventorySector,
        "report.mitigation": MitigationType,
        "report.definition": FirstTransferDefinition,
    }.items():
        yield from (f"{stem}.{word.value}" for word in words)
    yield from (f"report.purposes.{purposes_text([Purpose(one) for one in each])}" for each in PURPOSES)
    yield from (f"report.titles.{name}" for name in Titles.__dataclass_fields__)
    yield from (f"report.month.{month}" for month in range(1, 13))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_closed_list_has_its_text(language: str) -> None:
    texts = Texts(language)
    assert not [key for key in keys() if texts.known(key) is None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", GapKind)
def test_every_gap_says_what_is_missing_and_the_way_out(kind: GapKind, language: str) -> None:
    words = Words(Texts(language))
    gap = Gap(kind, "R.VI.J", "2/CMA.3 annex para. 22(j)", "CA9001", "money")
    told, way = gap_text(gap, words), way_out(gap, words)
    assert told.strip() and way.strip()
    assert not {"{", "}"} & set(told + way)


def test_days_numbers_and_money_are_written_as_each_language_does() -> None:
    english, chinese = (Words(Texts(language)) for language in LANGUAGES)
    assert (english.day(date(2026, 1, 5)), chinese.day(date(2026, 1, 5))) == ("5 January 2026", "2026年1月5日")
    assert english.number(1_234_567) == chinese.number(1_234_567) == "1,234,567"
    assert (english.number(Fraction(-11_000, 3)), english.number(Fraction(-1, 3))) == ("-3,666.67", "-0.33")
    assert english.money(Money(123_456, "USD")) == "USD 1,234.56"
    assert english.money(Money(123_456, "JPY")) == "JPY 123,456"
    assert english.money(Money(5, "KWD")) == "KWD 0.005"
    assert (english.unit("tCO2e"), chinese.unit("tCO2e")) == ("t CO2 eq", "公噸二氧化碳當量")


def test_what_is_assumed_and_closed_lists_are_told_in_the_language_of_the_reader() -> None:
    english, chinese = (Words(Texts(language)) for language in LANGUAGES)
    assumed = ("period = 2021-2030", "kind = single_year", "method = averaging", "a text of the Party")
    told = chinese.assumed(assumed)
    assert told == "國家自定貢獻實施期間：2021-2030；單年或多年期：單年；相應調整方法：平均法；a text of the Party"
    assert " = " not in english.assumed(assumed) + told and "_" not in told
    assert (english.sector("Transportation"), chinese.sector("Transportation")) == ("Transportation", "運輸")
    assert chinese.sector("Rail freight") == "Rail freight"
    assert (chinese.target("unconditional"), chinese.target("2030")) == ("無條件目標", "2030")
    assert (english.percent("0.30"), english.percent("0.3189"), english.percent("a third")) == (
        "30 %",
        "31.89 %",
        "a third",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gap_without_a_name_leaves_no_empty_place(language: str) -> None:
    words = Words(Texts(language))
    for kind in (GapKind.FACT_MISSING, GapKind.PART_MISSING):
        told = gap_text(Gap(kind, "IV.A", "2/CMA.3 annex para. 18(g)"), words)
        assert not any(empty in told for empty in (": .", "lacks .", "：。", "  "))
