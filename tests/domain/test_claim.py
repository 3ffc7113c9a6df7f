"""What may be said of units at their end."""

import pytest

from counterfoil.domain.compliance.claim import (
    MAY,
    Claims,
    EndStatus,
    Statement,
    claims_of,
    end_status,
    sayable,
)

ENDS = (
    ("UsedTowardsNdc", "", EndStatus.NDC, 100, {Statement.TOWARDS_NDC}),
    ("Cancelled", "IMP", EndStatus.INTERNATIONAL, 100, {Statement.INTERNATIONAL_OBLIGATION}),
    ("Cancelled", "OP", EndStatus.OTHER_PURPOSE, 0, {Statement.COMPENSATION}),
    ("Cancelled", "OMGE", EndStatus.OMGE, 0, {Statement.OVERALL_MITIGATION}),
    ("Cancelled", "voluntary", EndStatus.VOLUNTARY, 0, {Statement.VOLUNTARY_CONTRIBUTION}),
    ("Cancelled", "administrative", EndStatus.ADMINISTRATIVE, 0, set()),
    ("Retired", "", EndStatus.DOMESTIC, 0, {Statement.VOLUNTARY_CONTRIBUTION}),
    ("ContributedToAdaptationFund", "", EndStatus.ADAPTATION_FUND, 0, {Statement.ADAPTATION_CONTRIBUTION}),
)


@pytest.mark.parametrize(("act", "purpose", "status", "value_t", "may"), ENDS)
def test_an_end_decides_what_may_be_said(
    act: str, purpose: str, status: EndStatus, value_t: int, may: set[Statement]
) -> None:
    claims = claims_of(end_status(act, purpose), quantity=100)
    assert (claims.status, claims.compliance_value_t, set(claims.may)) == (status, value_t, may)
    assert set(claims.may) | set(claims.may_not) == set(Statement)
    assert not set(claims.may) & set(claims.may_not)


@pytest.mark.parametrize("status", EndStatus)
@pytest.mark.parametrize("surrendered_t", [0, 40])
def test_no_units_carry_carbon_neutral_or_a_further_use(status: EndStatus, surrendered_t: int) -> None:
    claims = claims_of(status, quantity=100, surrendered_t=surrendered_t)
    for never in (Statement.CARBON_NEUTRAL, Statement.FURTHER_USE):
        refusal = sayable(claims, never, entry=7)
        assert refusal is not None
        assert refusal.facts["statement"] == never.value


def test_only_units_used_towards_an_ndc_are_said_to_count_towards_one() -> None:
    assert [status for status in EndStatus if Statement.TOWARDS_NDC in MAY[status]] == [EndStatus.NDC]


def test_units_that_a_liability_took_count_at_home_and_are_no_gift() -> None:
    claims = claims_of(EndStatus.DOMESTIC, quantity=100, surrendered_t=40)
    assert claims == Claims(
        EndStatus.DOMESTIC,
        (Statement.DOMESTIC_OBLIGATION,),
        tuple(each for each in Statement if each is not Statement.DOMESTIC_OBLIGATION),
        40,
    )
