"""C22 and C66 against what an authorization says: terms that deny a change, and a metric that no row repeats."""

from typing import Any

import pytest

from counterfoil.domain.reporting.aef_terms import REACHES_FIRST_TRANSFERRED
from tests.application.test_aef_submission import office_with, submission
from tests.domain.reporting.submissions import checked, history, holding, seen, swapped
from tests.domain.reporting.test_catalogue import AMENDED, HOST_2025, world

MWH: dict[str, Any] = {"metric": "non-GHG", "non_ghg_metric": "MWh", "gwp_values": None}

ALLOWED = [
    f"By letter of both Parties. {REACHES_FIRST_TRANSFERRED}",
    "Also after the first transfer, by agreement.",
    "Changes may reach ITMOs that were already first transferred.",
    "No changes after first transfer unless both Parties agree in writing.",
    "The Parties decide by letter. Not only before but also after first transfer a change is possible.",
    "Changes after first transfer are possible unless a Party objects.",
    "雙方同意者，首次轉讓後亦得變更。",
    "不論是否已首次轉讓，均得變更。",
]
DENIED = [
    "Changes only before first transfer",
    "Changes only before, never after first transfer.",
    "Changes shall not affect ITMOs already first transferred.",
    "Changes by agreement, except after first transfer.",
    "No change after first transfer.",
    "The first transfer is the first international transfer.",
    "Changes also by letter. First transfer ends this right.",
    "首次轉讓後不得變更。",
    "僅得於首次轉讓前變更。",
]


@pytest.mark.parametrize(("terms", "severity"), [*((each, "W") for each in ALLOWED), *((each, "I") for each in DENIED)])
def test_only_terms_that_allow_changes_after_first_transfer_soften_the_finding(terms: str, severity: str) -> None:
    submissions = world(HOST_2025, authorized={"authorization_terms": terms}, authorizations=(AMENDED,))
    assert [found for _, found, _ in seen(checked(*submissions), "C22")] == [severity]


def test_an_authorization_in_a_metric_that_none_of_its_rows_has_is_named_once_in_table_2() -> None:
    """II04 between table 2 and tables 3 and 4: every row is in tonnes under an authorization of megawatt hours."""
    outcome = checked(*history(**MWH))
    (found,) = [one for one in outcome.findings if one.check == "C66"]
    assert (found.text_key, found.place.file, found.place.sheet) == (
        "C66.metric_of_no_row",
        "aef-XAA-2023-v1.0.xlsx",
        "Table 2 Authorizations",
    )
    assert outcome.message(found) == (
        "Authorization XAA-1 states the metric non-GHG MWh; all its units are reported in another, such as GHG "
        "(XAA, aef-XAA-2024-v1.0.xlsx, Table 3 Actions!I5)."
    )


def test_a_row_in_another_metric_than_its_authorization_is_named_where_others_have_it() -> None:
    outcome = checked(*swapped(history(), 4, holdings=(holding(quantity_non_ghg=1000, **MWH),)))
    (found,) = [one for one in outcome.findings if one.check == "C66"]
    assert (found.text_key, found.place.party, found.place.sheet) == (
        "C66.authorized_metric",
        "XBB",
        "Table 4 Holdings",
    )
    assert outcome.message(found) == "The metric here is non-GHG MWh; authorization XAA-1 of XAA states GHG."


def test_a_metric_column_that_contradicts_itself_is_a_matter_of_another_check() -> None:
    assert seen(checked(*history(non_ghg_metric="MWh")), "C66") == []


@pytest.mark.parametrize("reaches", [True, False])
def test_our_own_report_says_where_the_terms_allow_changes_after_first_transfer(*, reaches: bool) -> None:
    (row,) = submission(office_with(terms_allow_change_after_first_transfer=reaches), 2025).authorizations
    assert (REACHES_FIRST_TRANSFERRED in (row.authorization_terms or "")) is reaches
