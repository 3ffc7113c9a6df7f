"""Each profile says the same in its own way: what is read back is what was written."""

import json
from dataclasses import replace
from datetime import time
from fractions import Fraction

import pytest
from hypothesis import given, settings

from counterfoil.application.queries.aef_check import NamedRaw, check
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_json import submission_from_values, submission_values
from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.aef_profile import profile_fault, raw_workbook
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.packs.loader import load_aef_format
from tests.domain.reporting.recorded import whole_history
from tests.domain.reporting.submissions import (
    FORM,
    SHEET_3,
    authorization,
    entity,
    first_transfer,
    holding,
    itmo,
    report,
    use,
)
from tests.domain.reporting.test_round_trip import submissions

NOMENCLATURE = load_aef_format(profile="nomenclature-2026")
FULL = report(
    "XAA",
    2024,
    first_transfer(action_subtype="Use or cancellation", acquiring_party_id=None),
    use(11, 20, action_time=time(23, 59, 59, 999_000), using_cancelling_party_id="XAA"),
    authorizations=(authorization(first_transfer_definition="Authorization"),),
    holdings=(
        holding(2001, 2010, quantity_co2=Fraction(9, 2), quantity_non_ghg=10, metric="non-GHG", non_ghg_metric="MWh"),
    ),
    entities=(entity(),),
)


def written(one: Submission) -> dict[str, list[list[object]]]:
    return {sheet.name: [list(row) for row in sheet.rows] for sheet in raw_workbook(one, NOMENCLATURE).sheets}


def test_the_nomenclature_profile_writes_serials_moments_and_spelling_of_the_nomenclature() -> None:
    sheets = written(FULL)
    assert sheets["Table 2 Authorizations"][4].count("Authorisation") == 1
    row = sheets[SHEET_3][4]
    assert row[1] == "2024-03-01T00:00:00.000Z"
    assert row[3] == "Use or Cancellation"
    assert row[8:10] == [1, 1000]
    assert sheets[SHEET_3][5][1] == "2025-02-01T23:59:59.999Z"
    assert sheets["Table 4 Holdings"][4][5:7] == [2001, 2010]
    texts = [cell for rows in sheets.values() for line in rows for cell in line if isinstance(cell, str)]
    assert not [text for text in texts if "CARP" in text], "fields of the CARP stay empty"


@pytest.mark.parametrize("form", [FORM, NOMENCLATURE], ids=lambda form: form.profile)
def test_what_a_profile_wrote_it_reads_back(form) -> None:  # type: ignore[no-untyped-def]
    read = read_submission(raw_workbook(FULL, form), form, "x.xlsx")
    assert read.seen == ()
    assert read.filed is not None
    assert read.filed.submission == FULL


def test_a_serial_alone_is_no_identifier_of_the_other_profile() -> None:
    outcome = check([NamedRaw("x.xlsx", raw_workbook(FULL, NOMENCLATURE))], FORM)
    assert {"C33"} <= {one.check for one in outcome.findings}


def test_the_consistent_history_is_consistent_under_each_profile() -> None:
    for form in (FORM, NOMENCLATURE):
        books = [NamedRaw(str(at), raw_workbook(one, form)) for at, one in enumerate(whole_history())]
        assert check(books, form).findings == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"first_id": "CA9001-XAA02-XAA-1-2023", "last_id": "CA9001-XAA02-XAA-1000-2023"},
        {"vintage": 2022},
        {"first_id": "one"},
    ],
)
def test_what_serials_alone_cannot_say_is_refused_and_not_lost(changes: dict[str, object]) -> None:
    one = replace(FULL, actions=(replace(first_transfer(), **changes),))  # type: ignore[arg-type]
    refused = profile_fault(one, NOMENCLATURE)
    assert isinstance(refused, Refusal)
    assert refused.code == "aef.profile.other_registry"
    assert profile_fault(one, FORM) is None
    assert profile_fault(FULL, NOMENCLATURE) is None


def test_units_of_the_mechanism_come_from_its_own_registry() -> None:
    ids = {"first_id": "CA0001-UN01-XAA-1-2023", "last_id": "CA0001-UN01-XAA-9-2023"}
    one = report("XAA", 2024, first_transfer(1, 9, cooperative_approach_id="CA0001", **ids))
    read = read_submission(raw_workbook(one, NOMENCLATURE), NOMENCLATURE, "x.xlsx")
    assert read.filed is not None
    assert read.filed.submission == one


@given(one=submissions)
@settings(max_examples=30, deadline=None)
def test_a_submission_survives_json_without_loss(one: Submission) -> None:
    assert submission_from_values(json.loads(json.dumps(submission_values(one)))) == one


WRONG: list[tuple[str, object, str]] = [
    ("not a submission", {"party": "XAA"}, "aef.json.not_a_submission"),
    ("a list", [], "aef.json.not_a_submission"),
    ("an unknown key", {**submission_values(FULL), "extra": 1}, "extra"),
    (
        "a table that is missing",
        {key: value for key, value in submission_values(FULL).items() if key != "actions"},
        "actions",
    ),
    ("a binary fraction", {**submission_values(FULL), "reported_year": 2024.5}, "reported_year"),
    ("a number of the wrong size", {**submission_values(FULL), "reported_year": 10**40}, "reported_year"),
    ("a version of one number", {**submission_values(FULL), "version": "1"}, "version"),
    (
        "a row without its identifier",
        {**submission_values(FULL), "holdings": [{}]},
        "holdings[0].cooperative_approach_id",
    ),
]


@pytest.mark.parametrize(("what", "values", "place"), WRONG, ids=[row[0] for row in WRONG])
def test_json_is_refused_with_the_place_for(what: str, values: object, place: str) -> None:
    refused = submission_from_values(values)
    assert isinstance(refused, Refusal), what
    assert place in (refused.code, refused.facts.get("place"))


def test_an_identifier_is_written_in_full_without_separators() -> None:
    assert submission_values(FULL)["holdings"][0]["first_id"] == itmo(2001)
