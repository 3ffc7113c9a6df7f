"""C10 to C23 and C52 to C78: each is silent on the consistent world and finds its seeded error, and only that."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.finding import CheckStatus
from counterfoil.domain.reporting.records import Records
from tests.domain.reporting.recorded import (
    records,
    whole_history,
)
from tests.domain.reporting.submissions import (
    OIMP,
    acquisition,
    authorization,
    checked,
    entity,
    first_transfer,
    holding,
    report,
    seen,
    swapped,
    use,
)

D = date
HOST_2023, HOST_2024, HOST_2025, USER_2023, USER_2024, USER_2025 = range(6)
UNITS = ("underlying_unit_registry_id", "underlying_unit_first_unit_id", "underlying_unit_last_unit_id")
MWH: dict[str, Any] = {"metric": "non-GHG", "non_ghg_metric": "MWh", "gwp_values": None}
BOTH: dict[str, Any] = {"purposes": "NDC and IMP", "first_transfer_definition": "Use or cancellation", **OIMP}


def world(index: int | None = None, *more: Submission, authorized: Any = None, **changes: Any) -> list[Submission]:
    """The consistent world with one of its reports changed."""
    submissions = whole_history(**(authorized or {}))
    return [*(submissions if index is None else swapped(submissions, index, **changes)), *more]


def units(*values: str) -> dict[str, str]:
    return dict(zip(UNITS, values, strict=True))


def home(*actions: Any, holdings: Any = (), **more: Any) -> list[Submission]:
    """The host first transfers by issuance, and what it then reports of those units."""
    granted = {"purposes": "IMP", "first_transfer_definition": "Issuance", **OIMP}
    first = first_transfer(action_subtype="Issuance", acquiring_party_id=None, purpose_itmo_used_for_oimp="IMP")
    reports = world(HOST_2024, authorized=granted, actions=(first, *actions), holdings=holdings, **more)
    return [one for one in reports if (one.party, one.reported_year) in (("XAA", 2023), ("XAA", 2024))]


ISSUED = holding(party_itmo_registry_id="XAA01")
AMENDED = authorization(authorization_version=2, date_of_authorization=D(2025, 6, 1), purposes="IMP", **OIMP)


def versions(*rows: Any) -> list[Submission]:
    return world(HOST_2023, authorizations=rows)


Case = tuple[str, str, list[Submission], list[tuple[str, str]]]

ERRORS: list[Case] = [
    ("C10", "two periods that overlap", world(HOST_2025, ndc_last_year=2029), [("differs", "I")]),
    (
        "C11",
        "an old period without an explanation",
        [replace(one, ndc_last_year=2024) for one in world() if one.party == "XAA"],
        [("outside", "W")],
    ),
    (
        "C14",
        "a version that skips one",
        [report("XAA", 2023, authorizations=(authorization(authorization_version=3),))],
        [("not_known", "N")],
    ),
    (
        "C14",
        "a version that skips one, after an earlier report",
        world(HOST_2025, authorizations=(authorization(authorization_version=3, date_of_authorization=D(2025, 1, 1)),)),
        [("gap", "I")],
    ),
    ("C14", "a version twice", versions(authorization(), authorization()), [("again", "I")]),
    (
        "C15",
        "an authorization of the next year",
        versions(authorization(date_of_authorization=D(2024, 1, 1))),
        [("later", "I")],
    ),
    (
        "C16",
        "another purpose without what belongs to it",
        versions(authorization(purposes="NDC and IMP", first_transfer_definition="Use or cancellation")),
        [("missing", "I")],
    ),
    (
        "C16",
        "a definition for NDC use only",
        versions(authorization(first_transfer_definition="Issuance")),
        [("not_applicable", "I")],
    ),
    (
        "C17",
        "two definitions for one approach",
        versions(
            authorization(**BOTH),
            authorization(authorization_id="XAA-2", **{**BOTH, "first_transfer_definition": "Issuance"}),
        ),
        [("differs", "I")],
    ),
    (
        "C18",
        "a non-GHG metric without a name",
        versions(authorization(), authorization(authorization_id="XAA-2", metric="non-GHG")),
        [("differs", "I")],
    ),
    (
        "C19",
        "nothing is authorized",
        versions(authorization(), authorization(authorization_id="XAA-2", authorized_quantity=0)),
        [("not_positive", "I")],
    ),
    ("C20", "a code of nobody", versions(authorization(authorized_party_ids=("XBB", "ZZQ"))), [("no_code", "I")]),
    (
        "C20",
        "an entity that is in no table 5",
        versions(authorization(authorized_entity_ids=("B-1",))),
        [("no_entity", "I")],
    ),
    (
        "C21",
        "a time frame that runs backwards",
        versions(authorization(authorized_timeframe="Use: from 2030 to 2024")),
        [("backwards", "I")],
    ),
    (
        "C21",
        "mitigation before 2021",
        versions(authorization(authorized_timeframe="2020 - 2030")),
        [("too_early", "I")],
    ),
    (
        "C21",
        "use after the deadline",
        versions(authorization(**BOTH, authorized_timeframe="Use: from 2023 to 01/01/2032")),
        [("too_late", "I")],
    ),
    (
        "C22",
        "a change of purpose after the first transfer",
        world(HOST_2025, authorizations=(AMENDED,)),
        [("touches", "I")],
    ),
    (
        "C22",
        "a change of purpose for which the terms provide",
        world(
            HOST_2025,
            authorized={"authorization_terms": "Also after the first transfer, by agreement."},
            authorizations=(AMENDED,),
        ),
        [("touches", "W")],
    ),
    (
        "C22",
        "one version, two contents",
        world(HOST_2025, authorizations=(authorization(sectors=("Agriculture",)),)),
        [("rewritten", "I")],
    ),
    (
        "C52",
        "a serial in two rows",
        world(USER_2024, holdings=(holding(1, 500), holding(500, 1000))),
        [("overlap", "I")],
    ),
    (
        "C53",
        "a quantity that is not the block",
        world(USER_2024, holdings=(holding(quantity_co2=1),)),
        [("differs", "I")],
    ),
    (
        "C54",
        "an unknown authorization",
        world(USER_2024, holdings=(holding(authorization_id="XAA-9"),)),
        [("unknown", "I")],
    ),
    ("C55", "a unit less than what came in", world(USER_2024, holdings=(holding(1, 999),)), [("lost", "I")]),
    (
        "C55",
        "a unit more than what came in",
        world(USER_2024, holdings=(holding(1, 1001),)),
        [("appeared", "I"), ("lost", "I")],
    ),
    (
        "C55",
        "a host that holds what has left",
        world(HOST_2024, holdings=(holding(11, 20, party_itmo_registry_id="XAA01"),)),
        [("appeared", "I"), ("lost", "I")],
    ),
    (
        "C55",
        "the year before is missing",
        [one for one in world() if (one.party, one.reported_year) != ("XBB", 2024)],
        [("opening_missing", "N")],
    ),
    ("C56", "what was used is still held", world(USER_2025, holdings=(holding(1, 10),)), [("ended", "I")]),
    (
        "C57",
        "two Parties hold a unit",
        world(HOST_2024, holdings=(holding(1, 1, party_itmo_registry_id="XAA01"),)),
        [("two_holders", "I")],
    ),
    (
        "C58",
        "removals that were reductions",
        world(USER_2024, holdings=(holding(mitigation_type="Removals"),)),
        [("differs", "I")],
    ),
    (
        "C59",
        "an entity without a country",
        world(HOST_2023, entities=(entity(authorized_entity_country_of_incorporation=None),)),
        [("no_country", "I")],
    ),
    (
        "C59",
        "two names",
        world(HOST_2023, entities=(entity(), entity(authorized_entity_name="Seller"))),
        [("two_names", "I")],
    ),
    (
        "C60",
        "an entity that nobody lists",
        world(USER_2025, actions=(use(using_cancelling_entity_id="B-1"),)),
        [("absent", "I")],
    ),
    (
        "C60",
        "an entity of another approach",
        swapped(
            world(USER_2025, actions=(use(using_cancelling_entity_id="B-1"),)),
            HOST_2023,
            entities=(entity(cooperative_approach_id="CA9002"),),
        ),
        [("other_approach", "I")],
    ),
    (
        "C60",
        "an entity authorized after its use",
        swapped(
            world(USER_2025, actions=(use(using_cancelling_entity_id="B-1"),)),
            HOST_2025,
            entities=(entity(date_of_authorization=D(2025, 2, 2)),),
        ),
        [("later", "I")],
    ),
    (
        "C61",
        "a third Party holds under an approach that it has no part in",
        world(None, report("XCC", 2024, holdings=(holding(2001, 2010, party_itmo_registry_id="XCC01"),))),
        [("not_taking_part", "I")],
    ),
    (
        "C62",
        "one unit of what went out did not arrive",
        world(USER_2024, actions=(acquisition(1, 999),), holdings=(holding(1, 999),)),
        [("unmatched", "I")],
    ),
    (
        "C62",
        "the receiving Party has not reported",
        [one for one in world() if one.party != "XBB"],
        [("not_reported", "N")],
    ),
    (
        "C63",
        "more arrived than went out",
        world(USER_2024, actions=(acquisition(1, 1001),), holdings=(holding(1, 1001),)),
        [("unmatched", "I")],
    ),
    (
        "C63",
        "the giving Party has not reported",
        [one for one in world() if one.party != "XAA"],
        [("not_reported", "N")],
    ),
    (
        "C64",
        "more of a non-GHG metric arrives than went out",
        swapped(
            world(HOST_2024, authorized=MWH, actions=(first_transfer(quantity_non_ghg=1000, quantity_co2=450, **MWH),)),
            USER_2024,
            actions=(acquisition(quantity_non_ghg=1001, quantity_co2=450, **MWH),),
            holdings=(holding(quantity_non_ghg=1000, quantity_co2=450, **MWH),),
        ),
        [("differs", "I")],
    ),
    ("C65", "six days apart", world(USER_2024, actions=(acquisition(day=D(2024, 3, 7)),)), [("apart", "W")]),
    (
        "C65",
        "in two years",
        swapped(
            swapped(
                world(HOST_2024, actions=(first_transfer(day=D(2024, 12, 31)),)), USER_2024, actions=(), holdings=()
            ),
            USER_2025,
            actions=(acquisition(day=D(2025, 1, 1)), use()),
        ),
        [("other_year", "W")],
    ),
    (
        "C66",
        "a metric of its own",
        world(USER_2024, actions=(acquisition(quantity_non_ghg=1000, **MWH),)),
        [("metric", "I"), ("authorized_metric", "I")],
    ),
    (
        "C66",
        "other underlying units",
        swapped(
            world(HOST_2024, actions=(first_transfer(**units("VCS", "A-1", "A-1000")),)),
            USER_2024,
            actions=(acquisition(**units("VCS", "A-2", "A-1001")),),
        ),
        [("offset", "I")],
    ),
    (
        "C66",
        "other sectors in the using Party's copy",
        world(USER_2023, authorizations=(authorization(sectors=("Agriculture",)),)),
        [("sectors", "I")],
    ),
    ("C68", "issued, first transferred, and nowhere", home(), [("lost", "I")]),
    (
        "C68",
        "part of it is nowhere",
        home(holdings=(holding(1, 900, party_itmo_registry_id="XAA01"),)),
        [("lost", "I")],
    ),
    (
        "C68",
        "more is abroad than ever left",
        world(USER_2024, actions=(acquisition(1, 1001),), holdings=(holding(1, 1001),)),
        [("never_left", "I")],
    ),
    (
        "C69",
        "two Parties use a unit",
        world(HOST_2025, actions=(use(1, 10, using_cancelling_party_id="XAA", party_itmo_registry_id="XAA01"),)),
        [("two_parties", "I")],
    ),
    (
        "C70",
        "a second unit before the same underlying one",
        world(
            HOST_2024,
            actions=(
                first_transfer(1, 1000, **units("VCS", "A-1", "A-1000")),
                first_transfer(1001, 1001, **units("VCS", "A-1000", "A-1000")),
            ),
        ),
        [("twice", "I")],
    ),
    (
        "C70",
        "an underlying unit with a claim of its own",
        world(HOST_2024, actions=(first_transfer(**units("VCS", "VCS-1-100", "VCS-1-1099")),)),
        [("withdrawn", "I")],
    ),
]


def test_the_consistent_world_is_consistent_and_every_check_is_made_on_it() -> None:
    outcome = checked(*world(), records=records())
    assert (outcome.findings, outcome.not_made, outcome.status) == ((), (), CheckStatus.CONSISTENT)


@pytest.mark.parametrize(("check_id", "error", "submissions", "cases"), ERRORS, ids=[f"{r[0]}-{r[1]}" for r in ERRORS])
def test_a_check_finds_that(
    check_id: str, error: str, submissions: list[Submission], cases: list[tuple[str, str]]
) -> None:
    outcome = checked(*submissions, records=Records(withdrawn_units=records().withdrawn_units))
    assert [(case, severity) for case, severity, _ in seen(outcome, check_id)] == cases, error
    for one in outcome.findings:
        assert outcome.message(one, "en")
        assert outcome.message(one, "zh-Hant")
        assert outcome.fix(one, "en")
        assert outcome.fix(one, "zh-Hant")
        assert one.place.party
        assert one.place.sheet
