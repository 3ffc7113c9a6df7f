"""Lessons for others: nothing of the register can be recognized in them."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.reporting.lessons import as_values, general_provision, lessons, order, redacted
from counterfoil.domain.reporting.review import IssueType, ReviewArea, ReviewFinding, ReviewOutcome, ReviewState

WORDS = (
    "Compare",
    "the",
    "table",
    "with",
    "records",
    "after",
    "every",
    "correction",
    "更正後請核對",
    "and",
    "NDC",
    "use",
)
SERIALS = st.builds(
    "CA{:04d}-{}{:02d}-{}-{}-{}".format,
    st.integers(1, 9999), st.just("XAA"), st.integers(1, 99), st.just("XAA"), st.integers(1, 10**9), st.just(2030),
)  # fmt: skip
PARTIES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3).filter(
    lambda code: (
        code.casefold() not in " ".join(WORDS).casefold()
        and code not in ("AEF", "BTR", "CMA", "CTF", "GHG", "GWP", "IMP", "MPG", "NDC", "TER", "UTC", "PDF", "CO2")
    )
)
ENTITIES = (
    st.text("bcdfghklmnprstvwxz 甲乙丙丁戊電業", min_size=4, max_size=20)
    .map(str.strip)
    .filter(lambda name: len(name) > 3)
)
NUMBERS = st.integers(10, 10**12).map(lambda number: f"{number:,}").filter(lambda text: text.strip("0,") not in ("1",))
DAYS = st.dates(date(2021, 1, 1), date(2050, 1, 1)).map(date.isoformat)


def finding(**changes: Any) -> ReviewFinding:
    content: dict[str, Any] = {
        "finding": "F-1", "report": "aef:XAA:2025", "version": "1.0", "team": "TERT-1",
        "area": ReviewArea.METRICS, "provision": "2/CMA.3 annex para. 9", "issue": IssueType.QUALITATIVE,
        "significant": False, "persistent": False, "text": "secret", "recommendation": "secret", "approach": "CA9001",
        "confidential": False, "found_on": date(2026, 5, 1), "state": ReviewState.CLOSED,
        "outcome": ReviewOutcome.RESOLVED, "closing_reason": "secret",
    }  # fmt: skip
    return ReviewFinding(**{**content, **changes})


@given(
    entities=st.lists(ENTITIES, max_size=4),
    others=st.lists(st.one_of(SERIALS, PARTIES, NUMBERS, DAYS), max_size=6),
    data=st.data(),
)
def test_no_name_code_day_or_number_of_the_register_appears(entities: list[str], others: list[str], data: Any) -> None:
    secrets = [*entities, *others]
    mixed = data.draw(st.permutations([*secrets, *WORDS]))
    glue = data.draw(st.sampled_from((" ", ", ", " – ", "; ", "\n")))
    (told,) = lessons([finding(lesson=glue.join(mixed))], set(entities))
    text = told.texts[0]
    for secret in secrets:
        assert secret.casefold() not in text.casefold().replace("~", ""), (secret, text)
    everything = json.dumps(as_values([told]), ensure_ascii=False)
    assert "secret" not in everything and "TERT" not in everything and "XAA" not in everything


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_any_text_can_be_looked_through_and_long_names_are_gone(text: str, names: list[str]) -> None:
    told = redacted(f"{text} {names[0] if names else ''}", names)
    for name in names:
        plain = name.strip()
        if len(plain) >= 4 and plain not in "[…]" and name.isalnum():
            assert plain not in told


@given(st.integers(0, 10**15))
def test_an_order_is_a_power_of_ten_that_is_not_more_than_its_number(number: int) -> None:
    found = order(number)
    assert found <= number < found * 10 or number == found == 0


def test_words_of_the_field_and_of_the_text_stay() -> None:
    told = redacted("Compare AEF and NDC with 4/CMA.6 after every correction of CO2 figures.", {"klik"})
    assert told == "Compare AEF and NDC with 4/CMA.6 after every correction of CO2 figures."


def test_a_short_name_is_hidden_as_a_word_only() -> None:
    assert redacted("EA and the area of Asia", {"ea"}) == "[…] and the area of Asia"


def test_a_provision_keeps_its_decision_and_loses_the_rest() -> None:
    assert general_provision("4/CMA.6 paras. 26-27 for CA9001") == "4/CMA.6 paras. 26-27"
    assert general_provision("para. 9 of XAA") == "–"


def test_findings_of_one_kind_are_one_group_with_the_gravest_marks() -> None:
    found = lessons(
        [finding(), finding(finding="F-2", significant=True), finding(area=ReviewArea.NDC, outcome=None)], ()
    )
    assert [(one.area, one.recurring, one.significant) for one in found] == [
        ("metrics", True, True),
        ("ndc", False, False),
    ]
