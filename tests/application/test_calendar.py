"""The calendar of a Party: what is due, what was done on its day, and what is late."""

from datetime import date
from typing import Any

from counterfoil.application.commands.file_report import FileReport
from counterfoil.application.commands.record_statement import RecordStatement
from counterfoil.application.commands.submit_aef import SubmitAef
from counterfoil.application.queries.calendar import calendar
from counterfoil.application.queries.regular_information import regular_information
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.entrypoints.reports.narrative_files import json_bytes
from counterfoil.entrypoints.submitting.filing import Asked, Unfit, prepared
from counterfoil.packs.loader import load_aef_format
from tests.application.office import Office
from tests.application.test_federation import Pair


def test_the_calendar_knows_what_is_done() -> None:
    office = Office(today=date(2026, 3, 1))
    office.do(SubmitAef(party=Party("XAA"), year=2025, version="1.0", sha256="0" * 64))
    found = calendar(office.sight(), party="XAA", on=date(2026, 5, 1), years=6)
    assert not isinstance(found, Refusal)
    states = {(due["on"], due["duty"]): due["state"] for due in found["due"]}
    assert states[("2026-04-15", "annual_information")] == "done"
    assert states[("2026-12-31", "structured_summary")] == "due"
    assert states[("2031-12-31", "oimp_first_transfers")] == "due"
    late = calendar(office.sight(), party="XAA", on=date(2025, 5, 1), years=1)
    assert not isinstance(late, Refusal)
    assert [(due["on"], due["state"]) for due in late["due"]] == [("2025-04-15", "overdue")]


def states(office: Office, on: date) -> dict[tuple[str, str], Any]:
    found = calendar(office.sight(), party="XAA", on=on, years=1)
    assert not isinstance(found, Refusal)
    return {(due["on"], due["duty"]): (due["state"], due.get("filed_on"), due.get("late")) for due in found["due"]}


def test_a_filed_report_is_done_on_its_day_and_not_before() -> None:
    office = Office(today=date(2026, 12, 20))
    end = "2026-12-31"
    assert states(office, date(2027, 1, 1)) == {("2027-04-15", "annual_information"): ("due", None, None)}
    assert set(states(office, date(2026, 12, 31)).values()) == {("due", None, None), ("overdue", None, None)}
    for kind, year, version in ((ReportKind.SUMMARY, 2024, "1.0"), (ReportKind.REGULAR, 2026, "1.0")):
        office.do(FileReport(kind=kind, party=Party("XAA"), year=year, version=version, sha256="0" * 64))
    office.day(date(2027, 2, 1))
    office.do(FileReport(kind=ReportKind.SUMMARY, party=Party("XAA"), year=2024, version="1.1", sha256="1" * 64))
    for duty in ("regular_information", "structured_summary"):
        assert states(office, date(2026, 12, 19))[(end, duty)] == ("due", None, None)
        assert states(office, date(2026, 12, 31))[(end, duty)] == ("done", "2026-12-20", False)  # the first version


def test_an_initial_report_is_due_for_every_approach_that_was_authorized_from() -> None:
    office = Office(today=date(2025, 1, 10))
    office.activity()
    duty = ("2026-12-31", "initial_report")
    assert states(office, date(2026, 5, 1))[duty] == ("due", None, None)
    assert states(office, date(2028, 5, 1))[duty] == ("overdue", None, None)  # missed, it stays in sight
    office.day(date(2027, 2, 1))
    covering = {"kind": ReportKind.INITIAL, "party": Party("XAA"), "version": "1.0", "sha256": "0" * 64}
    office.do(FileReport(**covering, approaches=(CooperativeApproachId("CA9001"),)))
    assert states(office, date(2026, 12, 31))[duty] == ("due", None, None)
    assert duty not in states(office, date(2028, 5, 1))


def test_a_report_that_came_too_late_is_done_and_says_so() -> None:
    office = Office(today=date(2026, 6, 1))
    office.do(FileReport(kind=ReportKind.AEF, party=Party("XAA"), year=2025, version="1.0", sha256="0" * 64))
    key = ("2026-04-15", "annual_information")
    assert states(office, date(2026, 5, 1))[key] == ("overdue", None, None)
    assert states(office, date(2026, 6, 1))[key] == ("done", "2026-06-01", True)


def test_regular_information_is_made_filed_and_counted_for_the_year_of_its_biennial_report() -> None:
    on = date(2026, 11, 30)
    office = Office(today=on)
    office.activity()
    report = regular_information(office.sight(), party="XAA", year=2026, as_of=on)
    assert not isinstance(report, Refusal), report
    assert (report.year, report.covers) == (2026, 2024)
    assert report.table is not None and report.table.facts.years[-1] == 2024
    files = {"regular-XAA-2026.json": json_bytes(report, office.sight().registry)}
    named: dict[str, Any] = {
        "kind": ReportKind.REGULAR,
        "party": "XAA",
        "approaches": (),
        "version": "1.0",
        "files": files,
    }
    other = prepared(office.sight(), Asked(year=2024, **named), load_aef_format())
    assert isinstance(other, Unfit) and other.refusal.code == "filing.other_report"
    asked = Asked(year=2026, despite="The answers follow with version 1.1.", **named)
    found = prepared(office.sight(), asked, load_aef_format())
    assert not isinstance(found, Unfit), found
    office.do(found.command)
    assert states(office, on)[("2026-12-31", "regular_information")] == ("done", "2026-11-30", False)


def test_participation_is_attested_anew_since_the_year_of_the_biennial_report_began() -> None:
    office = Office(today=date(2025, 12, 31))
    office.activity()
    office.do(RecordStatement(party=Party("XAA"), element="I.A", attested=True, text={"en": "Party since 2016."}))
    for year, renewed in ((2026, False), (2024, True)):
        report = regular_information(office.sight(), party="XAA", year=year, as_of=date(2026, 12, 31))
        assert not isinstance(report, Refusal), report
        gaps = {gap.kind.value for gap in report.gaps if gap.element == "I.A"}
        assert ("not_renewed" not in gaps) is renewed


def test_an_acquiring_party_owes_an_initial_report_as_well() -> None:
    pair = Pair()
    pair.propose()
    pair.network.deliver()
    found = calendar(pair.buyer.sight(), party="XBB", on=date(2026, 6, 1), years=3)
    assert not isinstance(found, Refusal)
    assert [due["about"] for due in found["due"] if due["duty"] == "initial_report"] == ["CA9001"]
