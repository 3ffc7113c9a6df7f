"""Confidential fields of the annual information: sealed with the act, shown to whom the report is for, else marked."""

from dataclasses import fields, replace
from datetime import date, time
from fractions import Fraction

from counterfoil.adapters.documents.spooled_actions import SpooledActions
from counterfoil.application.commands.cancel import CancellationPurpose
from counterfoil.application.queries.aef_confidential import Confidential
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_json import submission_values
from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from counterfoil.packs.loader import load_aef_format
from tests.application.office import Office
from tests.application.test_aef_submission import cancelled, office_with, submission
from tests.domain.reporting.submissions import first_transfer, use

FORM = load_aef_format()
MARK = "Confidential · 機密"
SECRET = "a project nobody may know of"


def sealed() -> Office:
    """One cancellation with two sealed fields of its rows, and one field that is no field of a row."""
    office = office_with()
    office.issued()
    secret = {
        "aef_using_cancelling_entity_id": "E-SECRET-7",
        "aef_additional_explanatory_information": SECRET,
        "aef_first_id": "CA9001-XAA01-XAA-9-2023",
        "price_eur": 5,
    }
    office.do(replace(cancelled(1, 10, CancellationPurpose.OMGE), confidential=secret))
    office.do(cancelled(11, 20, CancellationPurpose.OMGE))
    return office


def shown(office: Office, *, public: bool) -> Submission:
    found = aef_submission(
        office.sight(),
        party="XAA",
        year=2025,
        version="1.0",
        submitted_on=date(2026, 3, 31),
        confidential=Confidential(FORM, public=public),
    )
    assert not isinstance(found, Refusal)
    return found


def told(row: ActionRow) -> tuple[str | None, str | None]:
    return row.using_cancelling_entity_id, row.additional_explanatory_information


def test_the_report_for_the_secretariat_shows_the_values_and_says_that_they_are_confidential() -> None:
    first, second = shown(sealed(), public=False).actions
    assert told(first) == (
        "E-SECRET-7",
        f"{SECRET} [{MARK}: Additional explanatory information, Using/cancelling authorized entity ID]",
    )
    assert told(second) == (None, None)


def test_the_public_copy_marks_what_is_confidential_and_holds_none_of_it() -> None:
    one = shown(sealed(), public=True)
    assert [told(row) for row in one.actions] == [(MARK, MARK), (None, None)]
    everything = str(submission_values(one))
    assert "SECRET" not in everything and SECRET not in everything


def test_a_report_that_nobody_asked_to_open_holds_only_what_the_journal_says() -> None:
    assert [told(row) for row in submission(sealed()).actions] == [(None, None), (None, None)]


def test_an_erased_value_is_marked_in_every_copy() -> None:
    office = sealed()
    (seq,) = {opening.seq for opening in office.store.reading().openings()}
    office.store.erase(seq, "aef_using_cancelling_entity_id")
    assert told(shown(office, public=False).actions[0])[0] == MARK


def test_only_texts_that_a_row_can_do_without_may_be_confidential() -> None:
    assert FORM.confidential == {"using_cancelling_entity_id", "additional_explanatory_information"}
    first = shown(sealed(), public=False).actions[0]
    assert first.first_id == "CA9001-XAA01-XAA-1-2023"


def test_actions_come_back_from_the_disk_as_they_went() -> None:
    rows = (
        first_transfer(quantity_co2=Fraction(1, 3), quantity_non_ghg=2**70),
        use(action_time=time(12, 30, 1, 5000), additional_explanatory_information="=中\n"),
        *(first_transfer(at, at) for at in range(1, 1_000)),
    )
    spooled = SpooledActions.gathered(iter(rows))
    assert (len(spooled), tuple(spooled), tuple(spooled)) == (len(rows), rows, rows)
    assert (spooled[1], spooled[-1], list(spooled[2:4])) == (rows[1], rows[-1], list(rows[2:4]))
    assert {spec.name for spec in fields(ActionRow)} >= FORM.confidential
