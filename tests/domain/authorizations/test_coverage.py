"""Coverage: the clauses of an authorization, asked in a fixed order."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.authorizations.content import CLAUSES, Component
from counterfoil.domain.authorizations.coverage import Cover, CoverageFault, addresses, covers, headroom
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import Purpose

LETTER = Authorization(
    id=AuthorizationId("LOA-1"),
    version=1,
    host=Party("THA"),
    cooperative_approach=CooperativeApproachId("CA9001"),
    authorized_on=date(2024, 1, 1),
    purposes=(Purpose.NDC,),
    vintages=(2023, 2024),
    tracking_registry="THA01",
    underlying_references=("Decree 1",),
    sectors=("Transport",),
    authorized_parties=(Party("CHE"),),
    authorized_entities=("KLIK",),
    activities=(ActivityId("BUSES"),),
    valid_from=date(2024, 2, 1),
    valid_to=date(2024, 12, 31),
    last_issuance_on=date(2024, 6, 30),
    last_use_on=date(2024, 9, 30),
)
ASKED = Cover(
    on=date(2024, 6, 30),
    vintage=2023,
    approach="CA9001",
    activity="BUSES",
    metric=Metric(),
    purpose=Purpose.NDC,
    party=Party("CHE"),
    entity="KLIK",
    issued_on=date(2024, 6, 30),
    uses=True,
)
REVOKED = replace(LETTER, state=AuthorizationState.REVOKED, effective_on=date(2024, 5, 1))

# In the order in which they are asked.
REFUSALS: tuple[tuple[CoverageFault, dict[str, Any], dict[str, Any]], ...] = (
    (CoverageFault.INCOMPLETE, {}, {"components": (Component.APPROACH, Component.OUTCOMES)}),
    (CoverageFault.REVOKED, {}, {"state": AuthorizationState.REVOKED, "effective_on": date(2024, 1, 15)}),
    (CoverageFault.NOT_YET_VALID, {"on": date(2024, 1, 31)}, {}),
    (CoverageFault.EXPIRED, {"on": date(2025, 1, 1)}, {}),
    (CoverageFault.ISSUANCE_TOO_LATE, {"issued_on": date(2024, 7, 1)}, {}),
    (CoverageFault.USE_TOO_LATE, {}, {"last_use_on": date(2024, 6, 29)}),
    (CoverageFault.APPROACH, {"approach": "CA9002"}, {}),
    (CoverageFault.PURPOSE, {"purpose": Purpose.OP}, {}),
    (CoverageFault.VINTAGE, {"vintage": 2025}, {}),
    (CoverageFault.ACTIVITY, {"activity": "STOVES"}, {}),
    (CoverageFault.METRIC, {"metric": Metric(MetricKind.NON_GHG, "MWh")}, {}),
    (CoverageFault.SECTOR, {"sector": "Energy"}, {}),
    (CoverageFault.ACTIVITY_TYPE, {"activity_type": "Cooking"}, {"activity_types": ("Transport",)}),
    (CoverageFault.UNDERLYING_REGISTRY, {"underlying_registry": "GS"}, {"underlying_registries": ("VCS",)}),
    (CoverageFault.PARTY, {"party": Party("JPN")}, {}),
    (CoverageFault.ENTITY, {"entity": "ACME"}, {}),
)


@pytest.mark.parametrize(("fault", "asked", "letter"), REFUSALS)
def test_one_clause_that_fails_refuses_by_its_own_name(
    fault: CoverageFault, asked: dict[str, object], letter: dict[str, object]
) -> None:
    assert covers(LETTER, ASKED) is None
    refusal = covers(replace(LETTER, **letter), replace(ASKED, **asked))
    assert refusal is not None
    assert refusal.code == fault
    assert (refusal.facts["authorization"], refusal.facts["version"]) == ("LOA-1", 1)
    assert refusal.facts["clause"] in {"4", "7", *CLAUSES.values()}


# A day is too early or too late, never both: such neighbours cannot fail together.
NEIGHBOURS = [at for at in range(len(REFUSALS) - 1) if not ("on" in REFUSALS[at][1] and "on" in REFUSALS[at + 1][1])]


@pytest.mark.parametrize("at", NEIGHBOURS)
def test_of_two_clauses_that_fail_the_earlier_one_answers(at: int) -> None:
    (fault, asked, letter), (_, later_asked, later_letter) = REFUSALS[at], REFUSALS[at + 1]
    changed = replace(LETTER, **{**later_letter, **letter})
    refusal = covers(changed, replace(ASKED, **{**later_asked, **asked}))
    assert refusal is not None
    assert refusal.code == fault


def test_an_act_is_asked_only_what_it_touches() -> None:
    assert covers(LETTER, Cover(on=date(2024, 12, 31), vintage=2024)) is None


@pytest.mark.parametrize("name", ["valid_from", "valid_to", "last_issuance_on", "last_use_on"])
def test_the_first_and_the_last_day_belong_to_the_period(name: str) -> None:
    assert covers(replace(LETTER, **{name: ASKED.on}), ASKED) is None


def test_a_revocation_holds_from_its_day_and_not_before() -> None:
    asked = replace(ASKED, on=date(2024, 4, 30))
    assert covers(REVOKED, asked) is None
    refusal = covers(REVOKED, replace(asked, on=date(2024, 5, 1)))
    assert refusal is not None
    assert refusal.code == CoverageFault.REVOKED


def test_what_ends_a_letter_does_not_reach_units_first_transferred_before() -> None:
    asked = replace(ASKED, issued_on=None, first_transferred=True)
    assert covers(REVOKED, asked) is None
    assert covers(LETTER, replace(asked, on=date(2025, 1, 1), uses=False)) is None
    refusal = covers(LETTER, replace(asked, on=date(2024, 10, 1)))
    assert refusal is not None
    assert refusal.code == CoverageFault.USE_TOO_LATE


def test_the_host_and_any_party_of_an_open_letter_are_addressed() -> None:
    asked = replace(ASKED, party=Party("THA"))
    assert addresses(LETTER, asked) is None
    assert addresses(replace(LETTER, any_party=True), replace(ASKED, party=Party("NOR"))) is None
    assert addresses(replace(LETTER, authorized_entities=()), replace(ASKED, entity="ACME")) is None


def test_the_authorized_quantity_is_used_up_to_its_last_unit() -> None:
    limited = replace(LETTER, authorized_quantity=100)
    assert headroom(limited, first_transferred=60, asked=40) is None
    refusal = headroom(limited, first_transferred=60, asked=41)
    assert refusal is not None
    assert (refusal.code, refusal.facts["left"]) == (CoverageFault.QUANTITY, 40)
    assert headroom(LETTER, first_transferred=10**12, asked=10**12) is None


def test_a_letter_valid_from_an_earlier_day_covers_nothing_before_it_is_given() -> None:
    early = replace(LETTER, valid_from=date(2023, 1, 1))
    refusal = covers(early, replace(ASKED, on=date(2023, 12, 31)))
    assert refusal is not None and refusal.code == CoverageFault.NOT_YET_VALID
    assert covers(early, replace(ASKED, on=date(2024, 1, 1))) is None
