"""The outlines have every element that the decisions ask for, and each element says how it is answered."""

import re
import tomllib
from collections import Counter
from importlib import resources

import pytest

from counterfoil.domain.reporting.narrative.element import Element, Need, ReportKind
from counterfoil.domain.reporting.narrative.outline import BY_KEY, OUTLINES

CATALOGUE = tomllib.loads((resources.files("counterfoil") / "catalogue" / "report_elements.toml").read_text("utf-8"))
WANTED = {
    ReportKind.INITIAL: (
        *(f"I.{letter}" for letter in "ABCDEF"),
        *(f"II.{letter}" for letter in "ABCDEFG"),
        *("III.A", "III.B.1", "III.B.2", "III.C", "III.D", "III.E"),
        *(f"IV.{letter}" for letter in "ABCDEF"),
        *("IV.G.1", "IV.G.2", "IV.G.3"),
        *(f"IV.H.{number}" for number in range(1, 7)),
    ),
    ReportKind.REGULAR: (
        *(f"I.{letter}" for letter in "ABCDEF"),
        *("II.A", "II.B", "III", "IV.A", "IV.B", "IV.C", "V", "VI.A", "VI.B.1", "VI.B.2", "VI.B.3", "VI.C"),
        *("VI.D.1", "VI.D.2", "VI.D.3", *(f"VI.{letter}" for letter in "EFGHIJK")),
    ),
}


@pytest.mark.parametrize("kind", WANTED)
def test_a_report_has_every_number_of_its_outline_in_order(kind: ReportKind) -> None:
    numbers = [element.number for element in OUTLINES[kind]]
    found = [number for number in numbers if number in WANTED[kind]]
    assert tuple(found) == WANTED[kind]


def test_an_updated_initial_report_asks_only_what_is_asked_of_one_approach() -> None:
    asked = OUTLINES[ReportKind.UPDATED_INITIAL]
    assert {element.number.partition(".")[0] for element in asked} == {"IV"}
    assert all(element.per_approach for element in asked)


def test_no_two_elements_share_a_key() -> None:
    every = {id(element): element for outline in OUTLINES.values() for element in outline}
    assert max(Counter(element.key for element in every.values()).values()) == 1
    assert set(BY_KEY) == {element.key for element in every.values()}


@pytest.mark.parametrize("element", BY_KEY.values(), ids=lambda element: element.key)
def test_an_element_has_a_heading_a_chapter_and_a_way_to_answer_it_in_both_languages(element: Element) -> None:
    assert element.key in CATALOGUE and element.chapter in CATALOGUE
    assert CATALOGUE[element.key]["title"].keys() == CATALOGUE[element.key]["asks"].keys() == {"en", "zh-Hant"}
    assert re.search(r"/CMA\.\d", element.provision)
    assert element.asks or element.fact is not None


def test_no_heading_is_left_over() -> None:
    chapters = {element.chapter for element in BY_KEY.values()}
    assert set(CATALOGUE) == set(BY_KEY) | chapters


def test_adaptation_and_overall_mitigation_are_compulsory_in_both_reports() -> None:
    compulsory = {element.key for element in BY_KEY.values() if element.compulsory}
    assert compulsory == {"IV.H.5", "IV.H.6", "R.VI.J", "R.VI.K"}
    assert all(BY_KEY[key].need is Need.MANDATORY for key in compulsory)
