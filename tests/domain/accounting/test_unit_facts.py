"""The facts that travel with a unit."""

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.domain.accounting.unit_facts import Status, UnderlyingUnits, UnitFacts, unit_facts
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.unit_type import MitigationType, PermittedUse, Reversibility, UnitType

BORN = UnitFacts(UnitType.ITMO, "BUSES", mitigation_type=MitigationType.REDUCTION)
FULL = UnitFacts(
    unit_type=UnitType.ITMO,
    activity="PARK",
    mitigation_type=MitigationType.REMOVAL,
    metric=Metric(MetricKind.NON_GHG, "MWh"),
    sector="AFOLU",
    activity_type="Forests",
    underlying=UnderlyingUnits("VCS", "VCU-", "-X", -4),
    reversibility=Reversibility.REVERSIBLE,
    permitted_use=PermittedUse.INTERNATIONAL,
    authorization="LOA-1",
    first_transferred_on=date(2024, 2, 29),
    first_transfer_trigger="omge",
    origin="cdm/cp1",
)


@pytest.mark.parametrize("facts", [BORN, FULL, UnitFacts(UnitType.CER, "BR-1"), replace(FULL, metric=Metric())])
def test_facts_are_read_back_as_they_were_written(facts: UnitFacts) -> None:
    assert unit_facts(facts.as_facts()) == facts


def test_a_unit_is_unauthorized_then_authorized_then_first_transferred() -> None:
    authorized = replace(BORN, authorization="LOA-1")
    assert [BORN.status, authorized.status, FULL.status] == [
        Status.UNAUTHORIZED,
        Status.AUTHORIZED,
        Status.FIRST_TRANSFERRED,
    ]


def test_a_reversible_removal_is_never_identical_to_a_permanent_one() -> None:
    permanent = replace(FULL, reversibility=Reversibility.PERMANENT)
    assert permanent.as_facts() != FULL.as_facts()


def test_an_underlying_unit_keeps_its_number_in_every_split() -> None:
    underlying = UnderlyingUnits("VCS", "VCU-", "-X", 4_999)
    assert [underlying.identifier(serial) for serial in (1, 100)] == ["VCU-5000-X", "VCU-5099-X"]
