"""Use towards an NDC: the one act that subtracts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import NdcPeriod
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.issue import UnderlyingStart
from counterfoil.application.commands.use import UseFault, UseTowardsNdc
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.purpose import FirstTransferDefinition
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    HOME,
    LOA,
    V2023,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    oimp_letter,
    proposal,
    sold,
)


def use(first: int = 1, last: int = 40, **changes: Any) -> UseTowardsNdc:
    content: dict[str, Any] = {"units": units(V2023, first, last), "account": BUYER, "year": 2025, **changes}
    return UseTowardsNdc(**content)


def user() -> Desk:
    """CHE with 1 to 40 of vintage 2023, first transferred."""
    return sold()[1]


TWO_PERIODS = (NdcPeriod(2021, 2022, 2024), NdcPeriod(2025, 2030, 2032))

REFUSALS = (
    Case("the units are not here", UnitsFault.UNKNOWN, lambda _: use(40, 41)),
    Case("the units are another's", UnitsFault.NOT_HELD, lambda _: use(account="che:other")),
    Case("the units are used", UnitsFault.SPENT, after(use(1, 1), then=use())),
    Case(
        "the units are used, and the account of use is named",
        UnitsFault.SPENT,
        after(use(), then=use(account="used:CHE:ndc:2025")),
    ),
    Case("the units are on their way", UnitsFault.IN_FLIGHT, after(proposal("T-2", "JPN", source=BUYER), then=use())),
    Case(
        "the units are on their way, and the account of units in flight is named",
        UnitsFault.IN_FLIGHT,
        after(proposal("T-2", "JPN", source=BUYER), then=use(account="pending:JPN")),
    ),
    Case(
        "a unit is on hold",
        UnitsFault.ON_HOLD,
        after(PlaceHold(hold="H", units=units(V2023, 40, 40), authority="a", reason="r"), then=use()),
    ),
    Case("the year has not come", UseFault.YEAR_NOT_REACHED, lambda _: use(year=2027)),
    Case("the year is before the NDC", UseFault.YEAR_OUTSIDE_PERIOD, lambda _: use(year=2020)),
    Case("the entity is not in the letter", CoverageFault.ENTITY, lambda _: use(entity="ACME")),
    Case(
        "a unit is missing and the year has not come, and the unit comes first",
        UnitsFault.UNKNOWN,
        lambda _: use(1, 41, year=2027),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_use_is_refused_when(case: Case) -> None:
    source, desk = issuing_host(authorized_entities=("KLIK",)), buyer()
    deliver(source, desk, proposal(entity="KLIK"))
    check_refused(case, desk)


def with_registry(**changes: Any) -> Desk:
    desk = user()
    desk.registry = replace(desk.registry, **changes)
    return desk


def domestic() -> Desk:
    desk = host()
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    return desk


def not_first_transferred() -> Desk:
    """CHE with units authorized for IMP alone, which a move does not make first transferred."""
    source, desk = host(), buyer()
    source.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION))
    source.do(issue())
    deliver(source, desk, proposal())
    return desk


def for_other_purposes() -> Desk:
    """CHE with first transferred units that no letter lets be used towards an NDC."""
    source, desk = host(), buyer()
    source.do(oimp_letter(FirstTransferDefinition.ISSUANCE))
    source.do(issue())
    deliver(source, desk, proposal())
    return desk


def without_letter() -> Desk:
    desk = user()
    desk.books.records[("foreign_authorization", "THA:LOA-1")] = None
    desk.books.commit()
    return desk


def last_used_by(day: date) -> Desk:
    source, desk = authorized_host(last_use_on=day), buyer()
    source.do(issue())
    deliver(source, desk, proposal())
    return desk


ELSEWHERE = (
    (with_registry(is_party=False), Case("the user is no Party", UseFault.NOT_A_PARTY, lambda _: use())),
    (with_registry(ndc_periods=()), Case("the user has no NDC", UseFault.YEAR_OUTSIDE_PERIOD, lambda _: use())),
    (
        with_registry(ndc_periods=TWO_PERIODS),
        Case("the vintage is of another period", UseFault.VINTAGE_OUTSIDE_PERIOD, lambda _: use()),
    ),
    (issuing_host(), Case("the user is the host", UseFault.BY_HOST, lambda _: use(account=DEV))),
    (
        domestic(),
        Case("the units are domestic", UseFault.NOT_AN_ITMO, lambda _: use(account=DEV, units=units(HOME, 1, 9))),
    ),
    (not_first_transferred(), Case("nobody added them", UseFault.NOT_FIRST_TRANSFERRED, lambda _: use())),
    (for_other_purposes(), Case("the letter is for other purposes", CoverageFault.PURPOSE, lambda _: use())),
    (without_letter(), Case("the letter is not known", AuthorizationFault.UNKNOWN, lambda _: use())),
    (
        last_used_by(date(2026, 3, 31)),
        Case("the last day of use was yesterday", CoverageFault.USE_TOO_LATE, lambda _: use(), on=date(2026, 4, 1)),
    ),
)


@pytest.mark.parametrize(("desk", "case"), ELSEWHERE, ids=lambda value: value.why if isinstance(value, Case) else "")
def test_a_use_is_also_refused_when(desk: Desk, case: Case) -> None:
    check_refused(case, desk)


def test_a_use_subtracts_in_the_year_of_use_and_the_units_rest() -> None:
    source, desk = sold()
    entry = desk.do(use(1, 30))
    assert (entry.act, entry.because) == (Act.USED_TOWARDS_NDC, "LOA-1 v1")
    assert desk.held(V2023) == [("1..30", "used:CHE:ndc:2025"), ("31..40", BUYER)]
    assert desk.adjustments() == {"ndc:CHE:2025:subtracted": -30, "awaiting-use": 30}
    assert source.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}


def test_the_year_of_use_may_be_this_year_and_either_end_of_the_period() -> None:
    desk = user()
    for serial, year in enumerate((2021, 2026), start=1):
        desk.do(use(serial, serial, year=year))
    assert desk.adjustments()["ndc:CHE:2021:subtracted"] == -1


def test_units_used_on_the_last_day_of_use_are_used() -> None:
    last_used_by(date(2026, 3, 31)).do(use())


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_what_ends_a_letter_does_not_reach_units_first_transferred_before(end: str) -> None:
    source, desk = authorized_host(valid_to=date(2026, 4, 30)), buyer()
    source.do(issue())
    deliver(source, desk, proposal(last=39))
    if end == "revoked":
        source.do(RevokeAuthorization(authorization=LOA, statement="s", reason="r"), on=date(2026, 4, 2))
        desk.books.records[("foreign_authorization", "THA:LOA-1")] = source.books.record("authorization", LOA)
        desk.books.commit()
    desk.do(use(1, 39), on=date(2026, 5, 1))
    assert desk.adjustments() == {"ndc:CHE:2025:subtracted": -39, "awaiting-use": 39}


def test_units_of_two_births_are_used_together() -> None:
    source, desk = authorized_host(), buyer()
    source.do(issue(quantity=20, underlying=UnderlyingStart("VCS", "VCU-", 5)))
    source.do(issue(quantity=20))
    deliver(source, desk, proposal())
    desk.do(use())
    assert desk.adjustments() == {"ndc:CHE:2025:subtracted": -40, "awaiting-use": 40}
