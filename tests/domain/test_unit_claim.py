"""What may be said of a unit follows from its facts, and what may be said never stands among what may not."""

from datetime import date
from itertools import product

import pytest

from counterfoil.domain.accounting.unit_facts import UnitFacts
from counterfoil.domain.compliance.claim import EndStatus, Statement, claims_of
from counterfoil.domain.compliance.unit_claim import (
    Saying,
    Value,
    claims_at_end,
    claims_before_end,
    value_at_end,
    value_before_end,
)
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import Reversibility, UnitType

ITMO = UnitFacts(UnitType.ITMO, "A-1")
GIVEN = UnitFacts(UnitType.ITMO, "A-1", authorization="L-1")
GONE = UnitFacts(UnitType.ITMO, "A-1", authorization="L-1", first_transferred_on=date(2026, 1, 5))


@pytest.mark.parametrize(
    "case, facts, purposes, may, may_not",
    [
        ("nothing was authorized", ITMO, (), "host_counts", "not_authorized"),
        ("it is a home credit", UnitFacts(UnitType.DOMESTIC, "A-1"), (), "home_use", "not_authorized"),
        ("it is a Kyoto unit", UnitFacts(UnitType.CER, "1"), (), "kyoto_cancellation", "kyoto"),
        ("NDC use is authorized", GIVEN, (Purpose.NDC,), "towards_ndc", "not_adjusted"),
        ("IMP is authorized", GIVEN, (Purpose.IMP,), "international_purpose", "not_adjusted"),
        ("OP is authorized", GIVEN, (Purpose.OP,), "other_purpose", "not_adjusted"),
        ("it was first transferred", GONE, (Purpose.NDC,), "host_adjusted", "not_used"),
    ],
)
def test_a_unit_may_be_told_by_its_facts_when(
    case: str, facts: UnitFacts, purposes: tuple[Purpose, ...], may: str, may_not: str
) -> None:
    told = {each.name: each for each in claims_before_end(facts, whereabouts="held", purposes=purposes, on_hold=False)}
    assert told[may].may and not told[may_not].may, case
    assert ("towards_ndc" in told) == (Purpose.NDC in purposes), case
    assert not told["neutral"].may


@pytest.mark.parametrize("name, facts", [("unauthorized", ITMO), ("authorized", GIVEN), ("first transferred", GONE)])
def test_no_sentence_is_both_allowed_and_forbidden(name: str, facts: UnitFacts) -> None:
    for where, held, purposes in product(("held", "in_flight", "abroad"), (False, True), ((), tuple(Purpose))):
        told = claims_before_end(facts, whereabouts=where, purposes=purposes, on_hold=held)
        assert len({each.name for each in told}) == len(told), name
        assert ("on_hold" in {each.name for each in told}) == held
        assert ("in_flight" in {each.name for each in told}) == (where == "in_flight")
        assert {each.name for each in told} <= {each.value for each in Saying}


@pytest.mark.parametrize("reversibility", Reversibility)
def test_what_can_come_back_is_never_told_as_permanent(reversibility: Reversibility) -> None:
    facts = UnitFacts(UnitType.ITMO, "A-1", reversibility=reversibility)
    told = {each.name: each for each in claims_before_end(facts, whereabouts="held", purposes=(), on_hold=False)}
    assert ("permanent" in told) == (reversibility is Reversibility.REVERSIBLE)


@pytest.mark.parametrize("status", EndStatus)
def test_a_unit_at_its_end_says_each_statement_one_way(status: EndStatus) -> None:
    told = claims_at_end(claims_of(status, quantity=1))
    assert sorted(each.name for each in told) == sorted(each.value for each in Statement)
    assert not next(each for each in told if each.name == "further_use").may and all(each.end for each in told)


@pytest.mark.parametrize(
    "case, facts, value",
    [
        ("nothing was authorized", ITMO, Value.NONE_ABROAD),
        ("it is a home credit", UnitFacts(UnitType.DOMESTIC, "A-1"), Value.NONE_ABROAD),
        ("it is a Kyoto unit", UnitFacts(UnitType.CER, "1"), Value.NONE_ABROAD),
        ("it is authorized", GIVEN, None),
        ("it was first transferred", GONE, None),
    ],
)
def test_what_no_other_party_can_count_has_the_value_0_abroad(case: str, facts: UnitFacts, value: Value | None) -> None:
    assert value_before_end(facts) is value, case


@pytest.mark.parametrize("status", EndStatus)
def test_only_what_was_counted_for_an_obligation_has_a_value_at_its_end(status: EndStatus) -> None:
    counted = status in (EndStatus.NDC, EndStatus.INTERNATIONAL)
    assert value_at_end(claims_of(status, quantity=1)) is (Value.COUNTED if counted else Value.NONE)
    surrendered = claims_of(EndStatus.DOMESTIC, quantity=1, surrendered_t=1)
    assert value_at_end(surrendered) is Value.COUNTED
