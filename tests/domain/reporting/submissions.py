"""Submissions to change one thing in, and the way from a submission to what the checks say of it.

The world: XAA is the host, XBB acquires and uses, XCC is a third Party. Block 1-1000 of vintage 2023 is authorized for
NDC use and IMP, first transferred to XBB in 2024, and used by XBB in 2025.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from counterfoil.domain.reporting.aef_layout import Link, aef_layout
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow, Submission
from counterfoil.domain.reporting.aef_workbook import Cell, RawSheet, RawWorkbook
from counterfoil.domain.reporting.finding import Severity
from counterfoil.domain.reporting.records import Records
from counterfoil.packs.loader import load_aef_format

FORM = load_aef_format()
SHEET_3 = "Table 3 Actions"
OIMP: dict[str, Any] = {"oimp_authorized": "international aviation"}
"""What an authorization for other purposes must also state."""


def itmo(serial: int | str, *, host: str = "XAA", vintage: int = 2023, approach: str = "CA9001") -> str:
    return f"{approach}-{host}01-{host}-{serial}-{vintage}"


def authorization(**changes: Any) -> AuthorizationRow:
    row = AuthorizationRow(
        authorization_id="XAA-1",
        date_of_authorization=date(2023, 5, 1),
        cooperative_approach_id="CA9001",
        authorization_version=1,
        metric="GHG",
        gwp_values="AR5",
        sectors=("Transportation",),
        activity_types=("Transport",),
        purposes="NDC",
        authorized_party_ids=("XBB",),
        authorized_timeframe="2021 - 2030",
    )
    return replace(row, **changes)


def action(kind: str, first: int = 1, last: int = 1000, *, day: date, **changes: Any) -> ActionRow:
    row = ActionRow(
        action_date=day,
        action_type=kind,
        cooperative_approach_id="CA9001",
        authorization_id="XAA-1",
        first_transferring_party_id="XAA",
        party_itmo_registry_id="XAA01",
        first_id=itmo(first),
        last_id=itmo(last),
        metric="GHG",
        gwp_values="AR5",
        quantity_co2=last - first + 1,
        mitigation_type="Emission reductions",
        vintage=2023,
    )
    return replace(row, **changes)


def first_transfer(first: int = 1, last: int = 1000, *, day: date = date(2024, 3, 1), **changes: Any) -> ActionRow:
    facts = {"action_subtype": "First transfer to another Party", "acquiring_party_id": "XBB", **changes}
    return action("First transfer", first, last, day=day, **facts)


def acquisition(first: int = 1, last: int = 1000, *, day: date = date(2024, 3, 2), **changes: Any) -> ActionRow:
    facts = {"transferring_party_id": "XAA", "party_itmo_registry_id": "XBB01", **changes}
    return action("Acquisition", first, last, day=day, **facts)


def transfer(first: int = 1, last: int = 1000, *, day: date = date(2024, 6, 1), **changes: Any) -> ActionRow:
    facts = {"acquiring_party_id": "XCC", "party_itmo_registry_id": "XBB01", **changes}
    return action("Transfer", first, last, day=day, **facts)


def use(first: int = 1, last: int = 1000, *, day: date = date(2025, 2, 1), **changes: Any) -> ActionRow:
    facts = {
        "using_cancelling_party_id": "XBB",
        "year_itmo_used_towards_ndc": 2025,
        "party_itmo_registry_id": "XBB01",
        **changes,
    }
    return action("Use", first, last, day=day, **facts)


def cancellation(first: int = 1, last: int = 1000, *, day: date = date(2025, 2, 1), **changes: Any) -> ActionRow:
    facts = {
        "action_subtype": "Other cancellations",
        "using_cancelling_party_id": "XBB",
        "purpose_itmo_used_for_oimp": "IMP",
        "party_itmo_registry_id": "XBB01",
        **changes,
    }
    return action("Cancellation", first, last, day=day, **facts)


def holding(first: int = 1, last: int = 1000, **changes: Any) -> HoldingRow:
    row = HoldingRow(
        cooperative_approach_id="CA9001",
        authorization_id="XAA-1",
        first_transferring_party_id="XAA",
        party_itmo_registry_id="XBB01",
        first_id=itmo(first),
        last_id=itmo(last),
        metric="GHG",
        gwp_values="AR5",
        quantity_co2=last - first + 1,
        mitigation_type="Emission reductions",
        vintage=2023,
    )
    return replace(row, **changes)


def entity(**changes: Any) -> EntityRow:
    row = EntityRow(
        date_of_authorization=date(2023, 5, 1),
        authorized_entity_name="Buyer Ltd",
        authorized_entity_country_of_incorporation="XBB",
        authorized_entity_id="B-1",
        cooperative_approach_id="CA9001",
    )
    return replace(row, **changes)


def report(party: str, year: int, *actions: ActionRow, **changes: Any) -> Submission:
    one = Submission(
        party=party,
        version="1.0",
        reported_year=year,
        submitted_on=date(year + 1, 3, 31),
        ndc_first_year=2021,
        ndc_last_year=2030,
        actions=actions,
    )
    return replace(one, **changes)


def host_2023(**changes: Any) -> Submission:
    """The host's report of the year of authorization."""
    return report("XAA", 2023, authorizations=(authorization(**changes),))


def history(**authorized: Any) -> list[Submission]:
    """The whole consistent history: authorized 2023, moved 2024, used 2025."""
    return [
        host_2023(**authorized),
        report("XAA", 2024, first_transfer()),
        report("XAA", 2025),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(), holdings=(holding(),)),
        report("XBB", 2025, use()),
    ]


def laid_out(submission: Submission) -> RawWorkbook:
    """The workbook of a submission as a reader would see it, without a file in between.

    The default profile writes days only; a time of an action is put into its cell here, as other registries do.
    """
    sheets = []
    for sheet in aef_layout(submission, FORM):
        rows = [[_cell(cell) for cell in row.cells] for row in sheet.rows]
        if sheet.name == SHEET_3:
            for row, acted in zip(rows[4:], submission.actions, strict=True):
                if acted.action_time is not None:
                    row[1] = datetime.combine(acted.action_date, acted.action_time)
        sheets.append(RawSheet(sheet.name, rows))
    return RawWorkbook(tuple(sheets))


def _cell(cell: object) -> Cell:
    return cell.sheet if isinstance(cell, Link) else cell  # type: ignore[return-value]


def named(submission: Submission) -> str:
    return f"aef-{submission.party}-{submission.reported_year}-v{submission.version}.xlsx"


def checked(*submissions: Submission, records: Records | None = None) -> CheckReport:
    """What the checks say of these submissions together, and of the records beside them."""
    return check([NamedRaw(named(one), laid_out(one)) for one in submissions], FORM, records=records)


def seen(report_: CheckReport, check_id: str) -> list[tuple[str, str, str | None]]:
    """The findings of one check: case, severity and cell."""
    return [
        (one.text_key.partition(".")[2], one.severity.value, one.place.cell)
        for one in report_.findings
        if one.check == check_id
    ]


def ids(report_: CheckReport) -> list[str]:
    return [one.check for one in report_.findings]


def contradictions(report_: CheckReport) -> list[tuple[str, str]]:
    """What was found apart from missing information: the other side of a movement, or the year before."""
    missing = Severity.NOT_AVAILABLE
    return [(one.text_key, one.severity.value) for one in report_.findings if one.severity is not missing]


def swapped(submissions: Sequence[Submission], index: int, **changes: Any) -> list[Submission]:
    """The submissions with one of them changed."""
    return [replace(one, **changes) if at == index else one for at, one in enumerate(submissions)]


def host(*actions: ActionRow, year: int = 2024, **authorized: Any) -> list[Submission]:
    """The host alone: its authorization and its actions of one year."""
    return [host_2023(**authorized), report("XAA", year, *actions)]


def acquirer(*actions: ActionRow, **authorized: Any) -> list[Submission]:
    """The consistent history with other actions of XBB in 2025."""
    return swapped(history(**authorized), 5, actions=actions)
