"""Both ends of every range, and the cases beside a rule that look like it: what is found, and what is not."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from tests.domain.reporting.submissions import (
    OIMP,
    acquirer,
    acquisition,
    action,
    authorization,
    cancellation,
    checked,
    contradictions,
    first_transfer,
    history,
    host,
    host_2023,
    itmo,
    report,
    seen,
    swapped,
    transfer,
    use,
)

D = date
VINTAGE_2021 = {"first_id": itmo(1, vintage=2021), "last_id": itmo(1000, vintage=2021), "vintage": 2021}
UNITS = ("underlying_unit_registry_id", "underlying_unit_first_unit_id", "underlying_unit_last_unit_id")


def units(*values: str | None, **changes: Any) -> list[Submission]:
    return host(first_transfer(**dict(zip(UNITS, values, strict=True)), **changes))


def by_authorization(day: date, **period: int) -> list[Submission]:
    """An OIMP first transfer by authorization, dated that day, of vintage 2023."""
    row = first_transfer(
        day=day, action_subtype="Authorization", acquiring_party_id=None, purpose_itmo_used_for_oimp="IMP"
    )
    granted = host_2023(purposes="IMP", first_transfer_definition="Authorization", authorized_timeframe=None, **OIMP)
    return [replace(granted, **period), report("XAA", day.year, row, **period)]


def oimp(subtype: str, definition: str, purposes: str = "IMP", approach: str = "CA9001") -> list[Submission]:
    """A first transfer with the subtype under an authorization with the definition."""
    target = "XBB" if subtype == "First transfer to another Party" else None
    ids = {"first_id": itmo(1, approach=approach), "last_id": itmo(1000, approach=approach)}
    row = first_transfer(action_subtype=subtype, acquiring_party_id=target, cooperative_approach_id=approach, **ids)
    return host(row, purposes=purposes, first_transfer_definition=definition, cooperative_approach_id=approach, **OIMP)


def abroad(transferred: date, acquired: date, *others: ActionRow) -> list[Submission]:
    """First transfer and acquisition on two days, and what XBB did besides."""
    return [
        host_2023(),
        report("XAA", 2024, first_transfer(day=transferred)),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(day=acquired), *others),
    ]


def cancelled_abroad(apart: int, **changes: Any) -> list[Submission]:
    """The host's first transfer by cancellation, and the cancelling Party's own row some days later."""
    granted = {"purposes": "IMP", "first_transfer_definition": "Use or cancellation", **OIMP}
    facts = {"using_cancelling_party_id": "XBB", "purpose_itmo_used_for_oimp": "IMP", "acquiring_party_id": None}
    row = first_transfer(action_subtype="Use or cancellation", **{**facts, **changes})
    return [
        host_2023(**granted),
        report("XAA", 2024, row),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(day=D(2024, 1, 5)), cancellation(day=D(2024, 3, 1) + timedelta(days=apart))),
    ]


def timed(use_at: time | None, transfer_at: time | None) -> list[Submission]:
    """A use and a transfer of the same units on one day."""
    day = D(2025, 2, 1)
    return acquirer(use(day=day, action_time=use_at), transfer(1, 10, day=day, action_time=transfer_at))


NOON, ONE = time(12), time(13)
FRAME = "Use: from 01/02/2025 to 02/02/2025"
MWH = {"metric": "non-GHG", "non_ghg_metric": "MWh"}

EDGES: list[tuple[str, str, list[Submission], list[str]]] = [
    ("C09", "the period is one year", [report("XCC", 2024, ndc_first_year=2024, ndc_last_year=2024)], []),
    ("C09", "the first year there is", [report("XCC", 2021)], []),
    ("C09", "the year before it", [report("XCC", 2020)], ["too_early"]),
    ("C30", "use in the last year", swapped(history(), 5, ndc_last_year=2025), []),
    ("C30", "use after the last year", swapped(history(), 5, ndc_last_year=2024), ["use"]),
    ("C30", "vintage of the first year", swapped(history(), 5, ndc_first_year=2023), []),
    ("C30", "a cancellation is no use", swapped(history(), 5, actions=(cancellation(),), ndc_last_year=2024), []),
    (
        "C27",
        "a voluntary contribution",
        host(first_transfer(action_subtype="Not yet defined", acquiring_party_id=None)),
        [],
    ),
    (
        "C27",
        "a contribution of A6.4ERs",
        acquirer(
            transfer(action_subtype="Voluntary transfer to the Adaptation Fund (A6.4 ERs)", acquiring_party_id=None)
        ),
        [],
    ),
    ("C27", "a transfer without a target", acquirer(transfer(acquiring_party_id=None, day=D(2025, 1, 1))), ["missing"]),
    ("C27", "issuance with a target", host(first_transfer(action_subtype="Issuance")), ["not_applicable"]),
    ("C28", "a cancellation by nobody", acquirer(cancellation(using_cancelling_party_id=None)), ["missing"]),
    ("C28", "a use for another Party", acquirer(use(using_cancelling_party_id="XCC")), ["other_party"]),
    ("C29", "a cancellation with a year", acquirer(cancellation(year_itmo_used_towards_ndc=2025)), ["not_applicable"]),
    ("C29", "a use for IMP with a year", acquirer(use(purpose_itmo_used_for_oimp="IMP")), ["not_applicable"]),
    (
        "C35",
        "a non-GHG block with its amount",
        host(first_transfer(quantity_non_ghg=1000, quantity_co2=450, **MWH)),
        [],
    ),
    (
        "C36",
        "vintage and action in 2021",
        [report("XAA", 2021, first_transfer(day=D(2021, 12, 31), **VINTAGE_2021))],
        [],
    ),
    ("C37", "units that match", units("VCS", "VCS-9-1", "VCS-9-1000"), []),
    ("C37", "one unit too many", units("VCS", "VCS-9-1", "VCS-9-1001"), ["span"]),
    ("C37", "units that run backwards", units("VCS", "VCS-9-2", "VCS-9-1"), ["not_a_range"]),
    ("C37", "units of two kinds", units("VCS", "A-1", "B-1"), ["not_a_range"]),
    ("C37", "no first unit", units("VCS", None, "VCS-9-1000"), ["incomplete"]),
    ("C37", "no last unit", units("VCS", "VCS-9-1", None), ["incomplete"]),
    ("C37", "units without a registry", units(None, "VCS-9-1", "VCS-9-1000"), ["incomplete"]),
    ("C37", "a metric of its own", units("VCS", "VCS-9-1", "VCS-9-450", quantity_non_ghg=1000, **MWH), []),
    ("C38", "on the day of authorization", host(first_transfer(), date_of_authorization=D(2024, 3, 1)), []),
    ("C39", "on the first day for use", acquirer(use(), authorized_timeframe=FRAME), []),
    ("C39", "on the last day for use", acquirer(use(day=D(2025, 2, 2)), authorized_timeframe=FRAME), []),
    ("C39", "the day after", acquirer(use(day=D(2025, 2, 3)), authorized_timeframe=FRAME), ["action"]),
    ("C39", "only uses are bounded", host(first_transfer(), authorized_timeframe=FRAME), []),
    ("C39", "the vintage is the first year", host(first_transfer(), authorized_timeframe="2023 - 2024"), []),
    (
        "C39",
        "the vintage is the last year",
        host(first_transfer(), authorized_timeframe="Occurred: from 2021 to 2023"),
        [],
    ),
    ("C42", "the host itself", acquirer(use(using_cancelling_party_id="XAA"), authorized_party_ids=("XCC",)), []),
    ("C43", "issuance as defined", oimp("Issuance", "Issuance"), []),
    ("C43", "authorization where issuance is defined", oimp("Authorization", "Issuance"), ["other_event"]),
    ("C43", "both purposes, by issuance", oimp("Issuance", "Issuance", "NDC and IMP"), []),
    (
        "C43",
        "both purposes, abroad before the use",
        oimp("First transfer to another Party", "Use or cancellation", "NDC and OIMP"),
        [],
    ),
    ("C43", "OIMP only, abroad", oimp("First transfer to another Party", "Use or cancellation"), ["other_event"]),
    (
        "C43",
        "OIMP only, abroad, in the mechanism",
        oimp("First transfer to another Party", "Use or cancellation", approach="CA0001"),
        [],
    ),
    ("C43", "OMGE under any definition", oimp("Voluntary cancellation to deliver OMGE", "Issuance"), []),
    ("C44", "a period that ends with the vintage, late", by_authorization(D(2026, 1, 1), ndc_last_year=2023), ["late"]),
    (
        "C44",
        "a period that begins with the vintage, late",
        by_authorization(D(2032, 1, 1), ndc_first_year=2023),
        ["late"],
    ),
    ("C44", "the vintage is of an unknown period", by_authorization(D(2032, 1, 1), ndc_first_year=2024), []),
    ("C44", "an NDC first transfer has no such deadline", [report("XAA", 2032, first_transfer(day=D(2032, 1, 1)))], []),
    ("C46", "two sides, five days apart", cancelled_abroad(5), []),
    ("C46", "two sides, six days apart", cancelled_abroad(6), ["again"]),
    ("C46", "the host names another Party", cancelled_abroad(0, using_cancelling_party_id="XCC"), ["again"]),
    ("C47", "a transfer one hour before the use", timed(ONE, NOON), []),
    ("C47", "a transfer one hour after the use", timed(NOON, ONE), ["after"]),
    ("C47", "use and transfer at once", timed(NOON, NOON), []),
    ("C47", "only one of them has a time", timed(None, ONE), []),
    ("C47", "neither has a time", timed(None, None), []),
    ("C48", "acquired five days before", abroad(D(2024, 3, 6), D(2024, 3, 1)), []),
    ("C48", "acquired six days before", abroad(D(2024, 3, 7), D(2024, 3, 1)), ["later"]),
    (
        "C48",
        "used two days before",
        abroad(D(2024, 3, 7), D(2024, 3, 5), use(day=D(2024, 3, 5), year_itmo_used_towards_ndc=2024)),
        ["later"],
    ),
    ("C48", "OIMP only, moved before its first transfer", cancelled_abroad(1), []),
    (
        "C48",
        "both purposes, moved before any first transfer",
        swapped(
            history(purposes="NDC and IMP", first_transfer_definition="Use or cancellation", **OIMP), 1, actions=()
        ),
        ["never", "never"],
    ),
    ("C48", "the host's report of the year is missing", [*history()[:1], *history()[3:5]], ["not_reported"]),
    (
        "C50",
        "out, back and out again on one day, seen by the host",
        host(
            first_transfer(day=D(2024, 6, 1)),
            acquisition(day=D(2024, 6, 1), transferring_party_id="XBB", party_itmo_registry_id="XAA01"),
            transfer(day=D(2024, 6, 1), party_itmo_registry_id="XAA01"),
        ),
        [],
    ),
    ("C50", "units of the same year, never acquired", [report("XBB", 2023, use(day=D(2023, 6, 1)))], ["not_held"]),
    (
        "C50",
        "first transferred by issuance and cancelled at home",
        host(
            first_transfer(action_subtype="Issuance", acquiring_party_id=None),
            cancellation(day=D(2024, 6, 1), using_cancelling_party_id="XAA", party_itmo_registry_id="XAA01"),
        ),
        [],
    ),
    ("C50", "units of a year whose report is missing", [history()[0], *history()[4:]], []),
]


@pytest.mark.parametrize(
    ("check_id", "edge", "submissions", "cases"), EDGES, ids=[f"{row[0]}-{row[1]}" for row in EDGES]
)
def test_at_the_edge(check_id: str, edge: str, submissions: list[Submission], cases: list[str]) -> None:
    assert [case for case, _, _ in seen(checked(*submissions), check_id)] == cases, edge


def test_a_finding_points_at_the_amount_of_the_rows_metric() -> None:
    ghg = checked(*host(first_transfer(quantity_co2=1)))
    other = checked(*host(first_transfer(quantity_non_ghg=1, **MWH)))
    assert [cell for _, _, cell in seen(ghg, "C35") + seen(other, "C35")] == ["S5", "T5"]


def this_year(**authorized: Any) -> list[Submission]:
    """The host's authorization and first transfer in one report."""
    return [report("XAA", 2024, first_transfer(), authorizations=(authorization(**authorized),))]


ONLY: list[tuple[str, list[Submission], list[str]]] = [
    ("an action before its authorization", this_year(date_of_authorization=D(2024, 3, 2)), ["C38"]),
    ("an action on the day of its authorization", this_year(date_of_authorization=D(2024, 3, 1)), []),
    (
        "an authorization as an action of its own, before the first transfer",
        host(
            action("Authorization", day=D(2024, 2, 1), action_subtype="Authorization"),
            first_transfer(),
        ),
        [],
    ),
    ("equal rows with equal times", host(*[first_transfer(action_time=NOON)] * 2), ["C45", "C49", "C50"]),
    ("equal uses", acquirer(use(1, 10), use(1, 10)), ["C46", "C49", "C50", "C55"]),
]


@pytest.mark.parametrize(("what", "submissions", "found"), ONLY, ids=[row[0] for row in ONLY])
def test_these_and_no_other_checks_speak_of(what: str, submissions: list[Submission], found: list[str]) -> None:
    outcome = checked(*submissions)
    assert [text_key[:3] for text_key, _ in contradictions(outcome)] == found, what
    assert {severity for _, severity in contradictions(outcome)} <= {"I"}


MESSAGES: list[tuple[str, list[Submission], str]] = [
    ("C35", host(first_transfer(quantity_co2=1)), "The quantity is 1, the block has 1000 units."),
    (
        "C39",
        host(first_transfer(), authorized_timeframe="2021 - 2023"),
        "The action of 2024-03-01 lies outside the authorized time frame 2021 - 2023.",
    ),
    ("C41", acquirer(use(), purposes="IMP", **OIMP), "The purpose NDC is not among the authorized ones: IMP."),
    (
        "C42",
        acquirer(use(), authorized_party_ids=("XCC",)),
        "XBB is not authorized to use units under XAA-1.",
    ),
    (
        "C50",
        [report("XBB", 2025, use())],
        "Whether XBB held these units cannot be checked: its holdings of 2024 are missing.",
    ),
    (
        "C43",
        oimp("Authorization", "Issuance"),
        "The subtype “Authorization” does not follow from the purposes IMP and the definition Issuance.",
    ),
]


@pytest.mark.parametrize(("check_id", "submissions", "message"), MESSAGES, ids=[row[0] for row in MESSAGES])
def test_a_message_says_what_was_found_and_what_was_expected(
    check_id: str, submissions: list[Submission], message: str
) -> None:
    outcome = checked(*submissions)
    assert [outcome.message(one) for one in outcome.findings if one.check == check_id] == [message]


def test_an_incomplete_underlying_unit_is_found_at_its_empty_cell() -> None:
    cells = [
        cell
        for values in ((None, "A-1", "A-1000"), ("VCS", None, "A-1000"), ("VCS", "A-1", None))
        for _, _, cell in seen(checked(*units(*values)), "C37")
    ]
    assert cells == ["L5", "M5", "N5"]
