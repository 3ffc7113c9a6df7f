"""Records from JSON: everything that a check needs can be given, and nothing misspelt is taken for absent."""

from fractions import Fraction
from typing import Any

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.records import Records
from counterfoil.domain.reporting.records_json import records_from_json
from counterfoil.domain.reporting.structured_summary import FinalAssessment, Line
from tests.domain.reporting.recorded import records, summaries


def values() -> dict[str, Any]:
    """The records of the consistent world as JSON values."""
    known = records()
    return {
        "initial_reports": [
            {
                "party": one.party,
                "submitted_on": one.submitted_on.isoformat(),
                "cooperative_approaches": list(one.approaches),
                "ndc_first_year": one.ndc_first_year,
                "ndc_last_year": one.ndc_last_year,
                "method": one.method,
                "metrics": ["GHG"],
            }
            for one in known.initial_reports or ()
        ],
        "cooperative_approaches": [{"id": "CA9001", "parties": ["XAA", "XBB"]}],
        "authorization_documents": [{"party": "XAA", "authorization_id": "XAA-1"}],
        "inventories": [
            {"party": party, "year": year, "t_co2eq": amount.numerator}
            for (party, year), amount in (known.inventories or {}).items()
        ],
        "withdrawn_units": [
            {"registry": "VCS", "first_unit": "VCS-1-1", "last_unit": "VCS-1-100", "claim": "a voluntary claim"}
        ],
        "structured_summaries": [
            {
                "file": one.file,
                "party": one.party,
                "submitted_on": "2026-12-31",
                "ndc_first_year": 2021,
                "ndc_last_year": 2030,
                "method": "trajectory",
                "lines": {
                    str(int(line)): {str(year): str(amount) for year, amount in amounts.items()}
                    for line, amounts in one.lines.items()
                },
                "splits": [
                    {
                        "line": int(row.line),
                        "year": row.year,
                        "t_co2eq": str(row.amount),
                        "cooperative_approach_id": "CA9001",
                        "sector": "Transportation",
                    }
                    for row in one.splits
                ],
                "adaptation_t": 0,
                "omge_t": 0,
            }
            for one in summaries()
        ],
    }


def test_records_are_read_as_they_were_meant() -> None:
    assert records_from_json(values(), "records.json") == records()


def test_what_is_not_given_is_not_an_empty_list() -> None:
    assert records_from_json({}, "records.json") == Records()
    given = records_from_json({"cooperative_approaches": []}, "records.json")
    assert isinstance(given, Records)
    assert given.approaches == []


def test_a_summary_without_a_name_has_that_of_the_file_and_fractions_are_exact() -> None:
    one = values()["structured_summaries"][0]
    del one["file"]
    one["lines"] = {"10": {"2023": "1000/3", "2024": "0.1"}}
    one["final"] = {"compared": 1, "target": "2.5", "achieved": True, "target_year": 2028}
    found = records_from_json({"structured_summaries": [one]}, "btr.json")
    assert isinstance(found, Records)
    assert found.summaries is not None
    assert found.summaries[0].file == "btr.json"
    assert found.summaries[0].final == FinalAssessment(
        compared=Fraction(1), target=Fraction(5, 2), achieved=True, target_year=2028
    )
    assert found.summaries[0].amounts(Line.AVERAGE) == {2023: Fraction(1000, 3), 2024: Fraction(1, 10)}


WRONG: list[tuple[str, object, str]] = [
    ("no object", [], "the file"),
    ("a misspelt list", {"inventory": []}, "the file.inventory"),
    ("no list", {"inventories": {}}, "inventories"),
    ("a key that is missing", {"inventories": [{"party": "XAA"}]}, "inventories[0].year"),
    ("a binary fraction", {"inventories": [{"party": "XAA", "year": 2024, "t_co2eq": 0.1}]}, "inventories[0].t_co2eq"),
    ("a year as a text", {"inventories": [{"party": "XAA", "year": "2024", "t_co2eq": 1}]}, "inventories[0].year"),
    ("true as a year", {"inventories": [{"party": "XAA", "year": True, "t_co2eq": 1}]}, "inventories[0].year"),
    ("a division by zero", {"inventories": [{"party": "X", "year": 2024, "t_co2eq": "1/0"}]}, "inventories[0].t_co2eq"),
    (
        "a method of one's own",
        {"initial_reports": [{**values()["initial_reports"][0], "method": "sum"}]},
        "initial_reports[0].method",
    ),
    (
        "a line that does not exist",
        {"structured_summaries": [{**values()["structured_summaries"][0], "lines": {"99": {}}}]},
        "structured_summaries[0].lines.99",
    ),
    (
        "a day that does not exist",
        {"structured_summaries": [{**values()["structured_summaries"][0], "submitted_on": "2026-02-30"}]},
        "structured_summaries[0].submitted_on",
    ),
]


@pytest.mark.parametrize(("what", "given", "place"), WRONG, ids=[row[0] for row in WRONG])
def test_records_are_refused_with_the_place_for(what: str, given: object, place: str) -> None:
    assert records_from_json(given, "r.json") == Refusal("records.unreadable", {"file": "r.json", "place": place}), what
