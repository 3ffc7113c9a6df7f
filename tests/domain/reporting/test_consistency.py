"""The checks are silent on consistent histories, and weigh what they find as the rulebook says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from counterfoil.domain.reporting.finding import CheckStatus
from tests.domain.reporting.submissions import (
    OIMP,
    acquirer,
    acquisition,
    authorization,
    cancellation,
    checked,
    contradictions,
    entity,
    first_transfer,
    history,
    holding,
    host,
    host_2023,
    ids,
    itmo,
    report,
    seen,
    swapped,
    transfer,
    use,
)

D = date


def test_the_consistent_history_has_no_finding() -> None:
    outcome = checked(*history())
    assert (outcome.status, outcome.findings) == (CheckStatus.CONSISTENT, ())


def test_an_empty_year_is_a_report() -> None:
    outcome = checked(report("XCC", 2024))
    assert (outcome.status, outcome.findings) == (CheckStatus.CONSISTENT, ())


NO_ERROR: list[tuple[str, list[Submission]]] = [
    ("ranges that only touch", host(first_transfer(1, 10), first_transfer(11, 20, day=D(2024, 3, 1)))),
    (
        "one acquisition split over three rows",
        swapped(history(), 4, actions=(acquisition(1, 400), acquisition(401, 401), acquisition(402, 1000))),
    ),
    ("thousands separators in an identifier", host(first_transfer(first_id=itmo("1"), last_id=itmo("1,000")))),
    ("submitted on 15 April", [report("XCC", 2024, submitted_on=D(2025, 4, 15))]),
    ("an action in the last millisecond of the year", host(first_transfer(day=D(2024, 12, 31)))),
    ("a country group with an exceptionally reserved code", [report("EUE", 2024)]),
    (
        "a purpose that is one of two authorized ones",
        acquirer(cancellation(), purposes="NDC and IMP", first_transfer_definition="Use or cancellation", **OIMP),
    ),
    ("any Party is authorized", acquirer(use(), authorized_party_ids=())),
    (
        "one entity of two is authorized",
        swapped(
            acquirer(use(using_cancelling_entity_id="B-2"), authorized_entity_ids=("B-1", "B-2")),
            0,
            entities=(entity(), entity(authorized_entity_id="B-2", authorized_entity_name="Airline")),
        ),
    ),
    ("exactly the authorized quantity", host(first_transfer(), authorized_quantity=1000)),
    (
        "an OIMP first transfer by authorization, on the last day",
        [
            host_2023(purposes="IMP", first_transfer_definition="Authorization", authorized_timeframe=None, **OIMP),
            report(
                "XAA",
                2031,
                first_transfer(
                    day=D(2031, 12, 31),
                    action_subtype="Authorization",
                    acquiring_party_id=None,
                    purpose_itmo_used_for_oimp="IMP",
                    additional_explanatory_information="recorded after the period, before the deadline",
                ),
                holdings=(holding(party_itmo_registry_id="XAA01"),),
            ),
        ],
    ),
    (
        "a cancellation for OMGE that is the first transfer",
        host(
            first_transfer(
                action_subtype="Voluntary cancellation to deliver OMGE",
                acquiring_party_id=None,
                using_cancelling_party_id="XAA",
            )
        ),
    ),
    (
        "a return to the host and a second way out",
        [
            host_2023(),
            report(
                "XAA",
                2024,
                first_transfer(),
                acquisition(1, 100, day=D(2024, 5, 2), transferring_party_id="XBB", party_itmo_registry_id="XAA01"),
                transfer(1, 100, day=D(2024, 6, 1), party_itmo_registry_id="XAA01"),
            ),
            report("XBB", 2023),
            report(
                "XBB",
                2024,
                acquisition(),
                transfer(1, 100, day=D(2024, 5, 1), acquiring_party_id="XAA"),
                holdings=(holding(101, 1000),),
            ),
        ],
    ),
    (
        "the two sides of one cancellation abroad that is the first transfer",
        [
            host_2023(
                purposes="IMP", first_transfer_definition="Use or cancellation", authorized_party_ids=("XBB",), **OIMP
            ),
            report(
                "XAA",
                2024,
                first_transfer(
                    action_subtype="Use or cancellation",
                    acquiring_party_id=None,
                    using_cancelling_party_id="XBB",
                    purpose_itmo_used_for_oimp="IMP",
                ),
            ),
            report("XBB", 2023),
            report("XBB", 2024, acquisition(day=D(2024, 2, 1)), cancellation(day=D(2024, 2, 28))),
        ],
    ),
    (
        "units of the mechanism registry",
        [
            report("XAA", 2023, authorizations=(authorization(cooperative_approach_id="CA0001"),)),
            report(
                "XAA",
                2024,
                first_transfer(
                    cooperative_approach_id="CA0001",
                    first_id="CA0001-UN01-XAA-1-2023",
                    last_id="CA0001-UN01-XAA-1000-2023",
                    party_itmo_registry_id="UN01",
                ),
            ),
        ],
    ),
]


@pytest.mark.parametrize(("what", "submissions"), NO_ERROR, ids=[row[0] for row in NO_ERROR])
def test_nothing_is_found_in(what: str, submissions: list[Submission]) -> None:
    outcome = checked(*submissions)
    assert contradictions(outcome) == [], what
    assert outcome.holds == ()


def same_day(*times: time | None) -> list[Submission]:
    """XBB acquires, sends to XCC, gets back and sends again, the last three on one day, with or without times."""
    day = D(2024, 6, 1)
    back = {"transferring_party_id": "XCC"}
    moves: list[Callable[..., ActionRow]] = [transfer, acquisition, transfer]
    rows = [
        move(1, 1000, day=day, action_time=at, **(back if move is acquisition else {}))
        for move, at in zip(moves, times, strict=True)
    ]
    return [
        host_2023(),
        report("XAA", 2024, first_transfer()),
        report("XBB", 2023),
        report("XBB", 2024, acquisition(), *rows),
    ]


def test_out_and_back_on_one_day_is_a_warning_where_only_days_are_reported() -> None:
    outcome = checked(*same_day(None, None, None))
    assert contradictions(outcome) == [("C49.again", "W")]
    assert outcome.status is CheckStatus.NOT_AVAILABLE


def test_the_same_row_twice_on_one_day_without_a_return_is_an_inconsistency() -> None:
    rows = (acquisition(), transfer(), transfer())
    outcome = checked(*swapped(history()[:5], 4, actions=rows))
    assert ("again", "I") in [(case, severity) for case, severity, _ in seen(outcome, "C49")]


def test_a_missing_host_gives_not_available_and_its_report_settles_it() -> None:
    own = history()[3:5]
    alone = checked(*own)
    assert (alone.status, ids(alone)) == (CheckStatus.NOT_AVAILABLE, ["C40", "C48", "C54", "C63"])
    settled = checked(*history()[:2], *own)
    assert settled.status is CheckStatus.CONSISTENT


def test_a_corrected_counterparty_flips_the_status_of_all() -> None:
    wrong = swapped(history(), 1, actions=(first_transfer(), first_transfer(900, 1000, day=D(2024, 3, 5))))
    assert checked(*wrong).status is CheckStatus.INCONSISTENT
    corrected = replace(history()[1], version="1.1", submitted_on=D(2025, 5, 1))
    late = checked(*wrong, corrected)
    assert (late.status, ids(late)) == (CheckStatus.CONSISTENT, ["C12"])


def test_a_later_version_that_narrows_the_purposes_does_not_touch_what_was_done_before() -> None:
    amended = authorization(
        authorization_version=2,
        date_of_authorization=D(2025, 6, 1),
        purposes="IMP",
        first_transfer_definition="Issuance",
        **OIMP,
    )
    submissions = swapped(
        history(authorization_terms="Also after first transfer, by agreement of both Parties."),
        2,
        authorizations=(amended,),
    )
    assert set(contradictions(checked(*submissions))) == {("C22.touches", "W")}


@pytest.mark.parametrize(
    ("check_id", "changes"),
    [
        ("C38", {"date_of_authorization": D(2024, 12, 1)}),
        ("C39", {"authorized_timeframe": "Occurred: from 2021 to 2022"}),
        ("C43", {"purposes": "IMP", "first_transfer_definition": "Issuance", **OIMP}),
        ("C51", {"authorized_quantity": 999}),
    ],
)
def test_a_report_of_another_year_does_not_excuse_what_the_years_own_report_forbids(
    check_id: str, changes: dict[str, Any]
) -> None:
    submissions = swapped(history(), 1, authorizations=(authorization(**changes),))
    assert check_id in ids(checked(*submissions))


def test_an_unreadable_acquisition_is_not_answered_with_units_that_were_not_held() -> None:
    submissions = swapped(history(), 4, actions=(acquisition(first_id="CA9001 1"),), holdings=(holding(),))
    assert contradictions(checked(*submissions)) == [("C33.unreadable", "I")]


def test_the_registry_in_the_identifier_may_differ_from_the_one_that_tracked_the_action() -> None:
    assert seen(checked(*history()), "C34") == []


def test_the_host_is_read_from_its_own_column_and_not_from_the_transferring_party() -> None:
    outcome = checked(
        *history(authorized_party_ids=())[:2],
        report("XBB", 2023),
        report("XBB", 2024, acquisition(), transfer()),
        report("XCC", 2023),
        report(
            "XCC",
            2024,
            acquisition(transferring_party_id="XBB", party_itmo_registry_id="XCC01", day=D(2024, 6, 2)),
            holdings=(holding(party_itmo_registry_id="XCC01"),),
        ),
    )
    assert outcome.findings == ()
