"""Each check finds its error: a case seeds one error into a consistent history and names what is found."""

from datetime import date

import pytest

from counterfoil.domain.reporting.aef_rows import Submission
from tests.domain.reporting.submissions import (
    OIMP,
    acquirer,
    acquisition,
    cancellation,
    checked,
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

ONE_ERROR: list[tuple[str, str, list[Submission], list[str]]] = [
    (
        "C09",
        "the NDC period runs backwards",
        [report("XCC", 2024, ndc_first_year=2030, ndc_last_year=2021)],
        ["period"],
    ),
    ("C09", "the year is not over", [report("XCC", 2024, submitted_on=D(2024, 12, 31))], ["not_over"]),
    ("C12", "it is submitted on 16 April", [report("XCC", 2024, submitted_on=D(2025, 4, 16))], ["late"]),
    ("C24", "the action is of the year before", host(first_transfer(day=D(2023, 12, 31))), ["other_year"]),
    ("C24", "the action is of the year after", host(first_transfer(day=D(2025, 1, 1))), ["other_year"]),
    ("C25", "a use has a cancellation's subtype", acquirer(use(action_subtype="Other cancellations")), ["not_allowed"]),
    (
        "C26",
        "an acquisition names no source",
        swapped(history(), 4, actions=(acquisition(transferring_party_id=None),)),
        ["missing"],
    ),
    (
        "C26",
        "an acquisition names its own Party",
        swapped(history(), 4, actions=(acquisition(transferring_party_id="XBB"),)),
        ["same_party"],
    ),
    ("C26", "a use names a source", acquirer(use(transferring_party_id="XAA")), ["not_applicable"]),
    ("C27", "a first transfer abroad names no target", host(first_transfer(acquiring_party_id=None)), ["missing"]),
    ("C27", "a first transfer abroad goes home", host(first_transfer(acquiring_party_id="XAA")), ["same_party"]),
    ("C27", "a use names a target", acquirer(use(acquiring_party_id="XCC")), ["not_applicable"]),
    ("C28", "a use names no Party", acquirer(use(using_cancelling_party_id=None)), ["missing"]),
    ("C29", "a use for the NDC names no year", acquirer(use(year_itmo_used_towards_ndc=None)), ["missing"]),
    ("C29", "a use is for a later year", acquirer(use(year_itmo_used_towards_ndc=2026)), ["future"]),
    ("C30", "the year of use is before the period", acquirer(use(year_itmo_used_towards_ndc=2020)), ["use"]),
    (
        "C30",
        "the vintage is of an earlier period",
        swapped(history(), 5, ndc_first_year=2025, ndc_last_year=2030),
        ["vintage"],
    ),
    (
        "C31",
        "the acquirer reports the first transfer",
        acquirer(first_transfer(day=D(2025, 2, 1), acquiring_party_id="XCC", party_itmo_registry_id="XBB01")),
        ["other_party"],
    ),
    (
        "C32",
        "the host acquires what never left",
        swapped(history(), 2, actions=(acquisition(2001, 2010, day=D(2025, 5, 1), transferring_party_id="XBB"),)),
        ["never_left"],
    ),
    ("C33", "an id has a word for its number", host(first_transfer(first_id=itmo("one"))), ["unreadable"]),
    ("C33", "the ids are of two vintages", host(first_transfer(last_id=itmo(1000, vintage=2022))), ["two_classes"]),
    ("C33", "the range runs backwards", host(first_transfer(10, 1, quantity_co2=10)), ["backwards"]),
    ("C34", "the approach column differs", host(first_transfer(cooperative_approach_id="CA9002")), ["approach"]),
    ("C34", "the host column differs", acquirer(use(first_transferring_party_id="XCC")), ["host"]),
    ("C34", "the vintage column differs", host(first_transfer(vintage=2022)), ["vintage"]),
    ("C35", "the quantity is one too small", host(first_transfer(quantity_co2=999)), ["differs"]),
    (
        "C35",
        "a non-GHG block has no amount",
        host(first_transfer(metric="non-GHG", non_ghg_metric="MWh"), metric="non-GHG", non_ghg_metric="MWh"),
        ["differs"],
    ),
    ("C36", "the quantity is zero", host(first_transfer(quantity_co2=0)), ["not_positive"]),
    (
        "C36",
        "the vintage is after the action",
        host(first_transfer(first_id=itmo(1, vintage=2025), last_id=itmo(1000, vintage=2025), vintage=2025)),
        ["impossible_vintage"],
    ),
    ("C37", "a registry has no units", host(first_transfer(underlying_unit_registry_id="T-VER")), ["incomplete"]),
    (
        "C37",
        "the units differ in two numbers",
        host(
            first_transfer(
                underlying_unit_registry_id="VCS",
                underlying_unit_first_unit_id="VCS-1-1",
                underlying_unit_last_unit_id="VCS-2-1000",
            )
        ),
        ["not_a_range"],
    ),
    (
        "C37",
        "the units span too few",
        host(
            first_transfer(
                underlying_unit_registry_id="VCS",
                underlying_unit_first_unit_id="VCS-1-1",
                underlying_unit_last_unit_id="VCS-1-999",
            )
        ),
        ["span"],
    ),
    ("C38", "it is authorized later", host(first_transfer(), date_of_authorization=D(2024, 3, 2)), ["earlier"]),
    ("C39", "the vintage is outside", host(first_transfer(), authorized_timeframe="2024 - 2030"), ["vintage"]),
    ("C39", "the action is outside", host(first_transfer(), authorized_timeframe="2021 - 2023"), ["action"]),
    (
        "C39",
        "the use is outside",
        acquirer(use(), authorized_timeframe="Occurred: from 2021 to 2025. Use: from 2022 to 01/2025"),
        ["action"],
    ),
    ("C40", "nobody filed the authorization", host(first_transfer(authorization_id="XAA-2")), ["unknown"]),
    (
        "C40",
        "the authorization is of another approach",
        [
            host_2023(cooperative_approach_id="CA9002"),
            report("XAA", 2024, first_transfer()),
        ],
        ["other_approach"],
    ),
    ("C40", "the host has not reported", [report("XBB", 2024, acquisition())], ["host_not_reported"]),
    (
        "C41",
        "a cancellation is for a purpose not authorized",
        acquirer(cancellation(purpose_itmo_used_for_oimp="OP"), purposes="NDC and IMP", **OIMP),
        ["not_authorized"],
    ),
    ("C41", "an NDC use is not authorized", acquirer(use(), purposes="IMP", **OIMP), ["not_authorized"]),
    (
        "C42",
        "the using Party is not authorized",
        acquirer(use(), authorized_party_ids=("XCC",)),
        ["party"],
    ),
    (
        "C42",
        "the using entity is not authorized",
        acquirer(use(using_cancelling_entity_id="B-2"), authorized_entity_ids=("B-1",)),
        ["entity"],
    ),
    ("C43", "the first transfer has no subtype", host(first_transfer(action_subtype=None)), ["no_subtype"]),
    (
        "C43",
        "an NDC-only unit is first transferred by issuance",
        host(first_transfer(action_subtype="Issuance", acquiring_party_id=None)),
        ["other_event"],
    ),
    (
        "C43",
        "a dual-purpose unit was first transferred when it was issued, not when it left",
        host(first_transfer(), purposes="NDC and IMP", first_transfer_definition="Issuance", **OIMP),
        ["other_event"],
    ),
    (
        "C44",
        "an OIMP first transfer is recorded in the year of the final report",
        [
            host_2023(purposes="IMP", first_transfer_definition="Authorization", authorized_timeframe=None, **OIMP),
            report(
                "XAA",
                2032,
                first_transfer(
                    day=D(2032, 1, 1),
                    action_subtype="Authorization",
                    acquiring_party_id=None,
                    purpose_itmo_used_for_oimp="IMP",
                ),
            ),
        ],
        ["late"],
    ),
    (
        "C45",
        "one serial is first transferred again",
        host(first_transfer(1, 10), first_transfer(10, 20, day=D(2024, 4, 1))),
        ["again"],
    ),
    (
        "C46",
        "one serial is used again",
        acquirer(use(1, 500), use(500, 1000, day=D(2025, 3, 1))),
        ["again"],
    ),
    (
        "C47",
        "a unit is transferred after its use",
        acquirer(use(), transfer(1, 10, day=D(2025, 2, 2))),
        ["after"],
    ),
    (
        "C48",
        "the use is before the first transfer",
        [
            host_2023(),
            report("XAA", 2024, first_transfer(day=D(2024, 9, 1))),
            report("XBB", 2023),
            report(
                "XBB",
                2024,
                acquisition(),
                use(day=D(2024, 8, 1), year_itmo_used_towards_ndc=2024),
            ),
        ],
        ["later", "later"],
    ),
    (
        "C48",
        "no first transfer is reported though the host reported every year",
        swapped(history(), 1, actions=()),
        ["never", "never"],
    ),
    ("C49", "the same row stands twice", host(first_transfer(), first_transfer()), ["again"]),
    (
        "C50",
        "a used block is one larger than what was held",
        acquirer(use(1, 1001)),
        ["not_held"],
    ),
    (
        "C50",
        "units leave twice",
        host(first_transfer(), transfer(1, 10, party_itmo_registry_id="XAA01")),
        ["left_before"],
    ),
    (
        "C50",
        "the opening holding is not known",
        [report("XBB", 2025, use())],
        ["opening_missing"],
    ),
    (
        "C51",
        "one tonne more is first transferred than authorized",
        host(first_transfer(1, 500), first_transfer(501, 1000, day=D(2024, 4, 1)), authorized_quantity=999),
        ["exceeded"],
    ),
]


@pytest.mark.parametrize(
    ("check_id", "error", "submissions", "cases"), ONE_ERROR, ids=[f"{row[0]}-{row[1]}" for row in ONE_ERROR]
)
def test_a_check_finds_that(check_id: str, error: str, submissions: list[Submission], cases: list[str]) -> None:
    outcome = checked(*submissions)
    assert [case for case, _, _ in seen(outcome, check_id)] == cases, error
    for one in outcome.findings:
        assert outcome.message(one, "en") and outcome.message(one, "zh-Hant") and outcome.fix(one, "zh-Hant")
