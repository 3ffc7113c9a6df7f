"""The JSON file of `report summary` is a record: its numbers are taken, its reasons are no numbers."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.records import Records
from counterfoil.domain.reporting.records_json import records_from_json
from counterfoil.domain.reporting.structured_summary import FinalAssessment, Line, SplitAmount, StructuredSummary
from tests.domain.reporting.recorded import initial_report, records, whole_history
from tests.domain.reporting.submissions import checked

THIRD = {"exact": "1000/3", "rounded": "333.33"}
UNKNOWN = {"not_available": "ndc_not_recorded"}


def line(number: int, years: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "line": number,
        "key": "k",
        "provision": "p",
        "unit": "tCO2e",
        **({"years": years} if years else {}),
        **more,
    }


def values() -> dict[str, Any]:
    years = {str(year): 1000 if year == 2023 else 0 for year in range(2021, 2026)}
    nothing = dict.fromkeys(years, 0)
    return {
        "report": "ctf_table_4",
        "party": "XAA",
        "as_of": "2026-11-22",
        "period": {"first": 2021, "last": 2030},
        "ctf_year_basis": "vintage",
        "method": "averaging",
        "lines": [
            line(3, dict.fromkeys(years, UNKNOWN)),
            line(6, years),
            line(6, nothing, unit="metric:MWh"),
            line(7, nothing),
            line(8, nothing),
            line(9, years),
            line(
                10, {"2021": 0, "2022": 0, "2023": {"exact": "1000/3", "rounded": "333.33"}, "2024": 250, "2025": 200}
            ),
            line(11, dict.fromkeys(years, 200)),
            line(12, {"2021": 0, "2022": 0, "2023": 1000, "2024": 1000, "2025": 1000}),
            line(13, dict.fromkeys(years, UNKNOWN)),
            line(15, nothing, part="adaptation"),
            line(15, {**nothing, "2024": 20}, part="omge"),
            line(16, about="2030", statement="at most 100 t", target_level=100, target_year=2029),
            line(18, about="2030", value=90),
            line(19, about="2030", value=10),
            line(20, about="2030", statement="met"),
        ],
        "split": [
            {
                "line": 6,
                "year": 2023,
                "cooperative_approach": "CA9001",
                "sector": "Transportation",
                "transferring_party": "XAA",
                "acquiring_or_using_party": "XBB",
                "vintage": 2023,
                "unit": "tCO2e",
                "quantity": 1000,
            }
        ],
        "something": "more than the checks ask for",
    }


def test_a_report_is_read_as_a_structured_summary() -> None:
    found = records_from_json(values(), "ctf4-XAA-2025.json")
    assert isinstance(found, Records)
    assert found.summaries is not None
    (one,) = found.summaries
    assert isinstance(one, StructuredSummary)
    assert (one.file, one.party, one.submitted_on) == ("ctf4-XAA-2025.json", "XAA", date(2026, 11, 22))
    assert one.amounts(Line.FIRST_TRANSFERRED)[2023] == 1000
    assert one.amounts(Line.AVERAGE)[2023] == Fraction(1000, 3)
    assert one.amounts(Line.EMISSIONS) == {}
    assert one.final == FinalAssessment(compared=Fraction(90), target=Fraction(100), achieved=True, target_year=2029)
    assert (one.adaptation_t, one.omge_t) == (0, 20)
    assert one.splits == (
        SplitAmount(
            line=Line.FIRST_TRANSFERRED,
            year=2023,
            amount=Fraction(1000),
            cooperative_approach_id="CA9001",
            sector="Transportation",
            transferring_party="XAA",
            using_party="XBB",
            vintage=2023,
        ),
    )


def test_a_report_is_checked_with_the_records_beside_it() -> None:
    found = records_from_json(values(), "ctf4.json")
    assert isinstance(found, Records)
    beside = records(summaries=None, initial_reports=[initial_report(method="averaging")], inventories=None)
    outcome = checked(*whole_history(), records=beside.joined(found))
    found_keys = [one.text_key for one in outcome.findings if one.place.file == "ctf4.json"]
    assert found_keys == ["C77.not_available", "C78.omge"]


def test_without_a_method_no_adjustment_is_asked_for() -> None:
    undecided = {**values(), "method": None, "lines": [row for row in values()["lines"] if row["line"] not in (10, 11)]}
    found = records_from_json(undecided, "ctf4.json")
    assert isinstance(found, Records)
    outcome = checked(*whole_history(), records=found)
    assert [one.text_key for one in outcome.findings if one.check == "C72"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"party": 1},
        {"as_of": "today"},
        {"period": {}},
        {"lines": [{"line": 6, "years": {"2023": 0.5}}]},
        {"lines": [{"line": 6, "years": {"2023": {"exact": "1/0"}}}]},
        {"lines": None},
        {"split": [{"line": 5}]},
    ],
)
def test_a_report_of_another_form_is_refused(change: dict[str, Any]) -> None:
    refused = records_from_json({**values(), **change}, "ctf4.json")
    assert refused == Refusal("records.unreadable", {"file": "ctf4.json", "place": "report"})
