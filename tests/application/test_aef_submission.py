"""The journal as AEF rows: each act gives the rows of rulebook section 1.6, and everything domestic gives none."""

from datetime import date
from fractions import Fraction

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_rows import ActionRow, HoldingRow, Submission
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.application.office import LETTER, Office

CLASS = "CA9001-XAA01-XAA-#-2023"
IMP = {"purposes": (Purpose.NDC, Purpose.IMP), "oimp_detail": "an aviation scheme"}


def submission(office: Office, year: int = 2025) -> Submission:
    found = aef_submission(office.sight(), party="XAA", year=year, version="1.0", submitted_on=date(year + 1, 3, 31))
    assert not isinstance(found, Refusal), found
    return found


def brief(row: ActionRow) -> tuple[str, str | None, str, str]:
    return row.action_type, row.action_subtype, row.first_id, row.last_id


def held(row: HoldingRow) -> tuple[str, str, int | object]:
    return row.first_id, row.last_id, row.quantity_co2


def office_with(**authorize: object) -> Office:
    office = Office()
    office.activity(**authorize)  # type: ignore[arg-type]
    return office


def cancelled(first: int, last: int, purpose: CancellationPurpose) -> Cancel:
    return Cancel(
        units=Units(CLASS, first, last), account="xaa:holder", purpose=purpose, authority="registrar", reason="why"
    )


def test_an_empty_year_is_a_report() -> None:
    office = office_with()
    found = submission(office, 2024)
    assert (found.actions, found.holdings, found.authorizations, found.entities) == ((), (), (), ())


def test_authorization_and_entity_stand_in_tables_2_and_5() -> None:
    found = submission(office_with())
    (authorization,) = found.authorizations
    assert (authorization.authorization_id, authorization.authorization_version) == (LETTER, 1)
    assert (authorization.purposes, authorization.first_transfer_definition) == ("NDC", None)
    assert [(entity.authorized_entity_id, entity.cooperative_approach_id) for entity in found.entities] == [
        ("E-1", "CA9001")
    ]


def test_a_revocation_says_so_and_its_units_are_held_no_more() -> None:
    office = office_with()
    office.issued()
    office.day(date(2025, 6, 1))
    office.do(RevokeAuthorization(authorization=LETTER, statement="none left", reason="error in the baseline"))
    found = submission(office)
    assert [row.additional_explanatory_information for row in found.authorizations] == [
        None,
        "Revoked with effect from 01/06/2025: error in the baseline",
    ]
    assert found.holdings == ()


def test_issuance_for_ndc_use_gives_no_action_but_a_holding() -> None:
    office = office_with()
    office.issued()
    found = submission(office)
    assert found.actions == ()
    assert [held(row) for row in found.holdings] == [("CA9001-XAA01-XAA-1-2023", "CA9001-XAA01-XAA-1000-2023", 1_000)]


@pytest.mark.parametrize(
    ("definition", "subtype"),
    [(FirstTransferDefinition.AUTHORIZATION, "Authorization"), (FirstTransferDefinition.ISSUANCE, "Issuance")],
)
def test_for_other_purposes_issuance_is_the_first_transfer(definition: FirstTransferDefinition, subtype: str) -> None:
    office = office_with(first_transfer_definition=definition, **IMP)
    office.issued()
    (row,) = submission(office).actions
    assert brief(row) == ("First transfer", subtype, "CA9001-XAA01-XAA-1-2023", "CA9001-XAA01-XAA-1000-2023")
    assert (row.vintage, row.acquiring_party_id, row.action_date) == (2023, None, date(2025, 1, 15))
    assert (row.purpose_itmo_used_for_oimp, row.using_cancelling_party_id) == ("IMP", None)


def test_authorization_after_issuance_is_then_the_first_transfer_of_those_units_only() -> None:
    office = office_with(first_transfer_definition=FirstTransferDefinition.ISSUANCE, **IMP)
    office.issued(letter=None)
    assert submission(office).holdings == ()
    office.do(AuthorizeUnits(units=Units(CLASS, 101, 300), account="xaa:holder", authorization=LETTER))
    found = submission(office)
    assert [brief(row)[2:] for row in found.actions] == [("CA9001-XAA01-XAA-101-2023", "CA9001-XAA01-XAA-300-2023")]
    assert [held(row)[2] for row in found.holdings] == [200]


def test_by_use_or_cancellation_the_cancellation_is_the_first_transfer_and_the_only_row() -> None:
    office = office_with(first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION, **IMP)
    office.issued()
    office.do(cancelled(1, 10, CancellationPurpose.IMP))
    (row,) = submission(office).actions
    assert brief(row)[:2] == ("First transfer", "Use or cancellation")
    assert (row.purpose_itmo_used_for_oimp, row.using_cancelling_party_id) == ("IMP", "XAA")


def test_after_a_first_transfer_a_cancellation_is_a_row_of_its_own() -> None:
    office = office_with(first_transfer_definition=FirstTransferDefinition.ISSUANCE, **IMP)
    office.issued()
    office.do(cancelled(1, 10, CancellationPurpose.IMP), cancelled(11, 20, CancellationPurpose.OMGE))
    rows = submission(office).actions
    assert [brief(row)[:2] for row in rows] == [
        ("First transfer", "Issuance"),
        ("Cancellation", "Other cancellations"),
        ("Cancellation", "Voluntary cancellation to deliver OMGE"),
    ]


def test_cancellation_for_overall_mitigation_before_any_transfer_is_the_first_transfer() -> None:
    office = office_with()
    office.issued()
    office.do(cancelled(1, 20, CancellationPurpose.OMGE))
    (row,) = submission(office).actions
    assert brief(row)[:2] == ("First transfer", "Voluntary cancellation to deliver OMGE")
    assert sum(int(row.quantity_co2) for row in submission(office).holdings) == 980


def test_an_amount_in_another_metric_is_converted_exactly_and_adjusts_a_book_of_its_own() -> None:
    office = office_with(metric=Metric(MetricKind.NON_GHG, "MWh", conversion="0.45"))
    office.issued()
    office.do(cancelled(1, 10, CancellationPurpose.OMGE), cancelled(11, 11, CancellationPurpose.OMGE))
    found = submission(office)
    assert [(row.quantity_non_ghg, row.quantity_co2) for row in found.actions] == [
        (10, Fraction(9, 2)),
        (1, Fraction(9, 20)),
    ]
    assert [(row.metric, row.non_ghg_metric, row.gwp_values) for row in found.actions[:1]] == [("non-GHG", "MWh", None)]
    assert office.writer.books.balance("adjustments", "metric:MWh", "ndc:XAA:2023:added") == 11
    assert office.writer.books.balance("adjustments", "tCO2e", "ndc:XAA:2023:added") == 0


def test_domestic_moves_and_unauthorized_units_never_appear() -> None:
    office = office_with()
    office.issued(letter=None)
    office.do(
        OpenAccount(account="xaa:other", holder="other"),
        Transfer(units=Units(CLASS, 1, 500), source="xaa:holder", target="xaa:other"),
        Retire(units=Units(CLASS, 1, 100), account="xaa:other"),
        Cancel(units=Units(CLASS, 101, 200), account="xaa:other", purpose=CancellationPurpose.VOLUNTARY),
    )
    found = submission(office)
    assert (found.actions, found.holdings) == ((), ())


def test_what_was_corrected_gives_no_row() -> None:
    office = office_with()
    office.issued()
    wrong = office.do(cancelled(1, 20, CancellationPurpose.OMGE))[0]
    office.do(Correct(entry=wrong.seq, authority="registrar", reason="not asked for"))
    found = submission(office)
    assert found.actions == ()
    assert [held(row)[2] for row in found.holdings] == [1_000]


def test_what_was_corrected_after_the_years_end_is_held_at_it() -> None:
    office = office_with()
    office.issued()
    wrong = office.do(cancelled(1, 20, CancellationPurpose.OMGE))[0]
    office.day(date(2026, 2, 1))
    office.do(Correct(entry=wrong.seq, authority="registrar", reason="not asked for"))
    for year in (2025, 2026):
        found = submission(office, year)
        assert found.actions == ()
        assert [held(row)[2] for row in found.holdings] == [1_000]


def test_the_holdings_are_those_of_the_years_end() -> None:
    office = office_with()
    office.issued()
    office.day(date(2026, 1, 1))
    office.do(cancelled(1, 20, CancellationPurpose.OMGE))
    assert [held(row)[2] for row in submission(office, 2025).holdings] == [1_000]
    assert submission(office, 2025).actions == ()
    assert [held(row)[2] for row in submission(office, 2026).holdings] == [980]
    assert len(submission(office, 2026).actions) == 1


def test_blocks_that_touch_are_reported_as_one_whatever_accounts_hold_them() -> None:
    office = office_with()
    office.issued()
    office.do(
        OpenAccount(account="xaa:other", holder="other"),
        Transfer(units=Units(CLASS, 301, 500), source="xaa:holder", target="xaa:other"),
    )
    assert [held(row)[2] for row in submission(office).holdings] == [1_000]


@pytest.mark.parametrize(
    ("party", "year", "fault"),
    [("XBB", 2025, "aef.other_party"), ("XAA", 2020, "aef.year_too_early"), ("XAA", 2031, "aef.no_period")],
)
def test_a_report_is_refused_for(party: str, year: int, fault: str) -> None:
    found = aef_submission(
        office_with().sight(), party=party, year=year, version="1.0", submitted_on=date(year + 1, 3, 31)
    )
    assert isinstance(found, Refusal) and found.code == fault
