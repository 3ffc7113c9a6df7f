"""The whole letter is asked at every first transfer: its scope, its entities and Parties, and its days."""

from typing import Any

import pytest

from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.units.metric import Metric
from tests.domain.commands.desk import TODAY, Case, check_refused, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    LOA,
    PARK,
    V2023,
    activity,
    agreement,
    authorized_host,
    buyer,
    deliver,
    issue,
    issuing_host,
    partner,
    proposal,
    sold,
)
from tests.domain.commands.test_governing_versions import LATER, TOMORROW, change, use

# The whole letter, at every first transfer


@pytest.mark.parametrize(
    "act",
    [proposal(), Cancel(units=units(V2023, 1, 5), account=DEV, purpose=CancellationPurpose.OMGE),
     ContributeToAdaptationFund(units=units(V2023, 1, 5), account=DEV)],
    ids=lambda act: type(act).__name__,
)  # fmt: skip
@pytest.mark.parametrize(
    ("changed", "fault"),
    [({"sectors": ("Waste",)}, CoverageFault.SECTOR), ({"activity_types": ("Landfill",)}, CoverageFault.ACTIVITY_TYPE),
     ({"activities": (PARK,)}, CoverageFault.ACTIVITY), ({"metric": Metric(gwp="AR6")}, CoverageFault.METRIC)],
)  # fmt: skip
def test_units_that_a_later_version_no_longer_covers_are_not_first_transferred(
    act: Any, changed: dict[str, Any], fault: CoverageFault
) -> None:
    desk = issuing_host()
    desk.do(activity(PARK))
    desk.do(change(**changed))
    check_refused(Case("no longer covered", fault, lambda _: act), desk)


def test_nothing_is_given_to_the_adaptation_fund_after_the_last_day_of_use() -> None:
    desk = issuing_host(last_use_on=TODAY)
    gift = ContributeToAdaptationFund(units=units(V2023, 1, 5), account=DEV)
    check_refused(Case("too late", CoverageFault.USE_TOO_LATE, lambda _: gift, on=TOMORROW), desk)
    desk.do(gift)


# Entities and Parties


def test_the_holder_of_the_account_must_be_an_authorized_entity_when_none_is_named() -> None:
    source, target = issuing_host(authorized_entities=("KLIK",)), buyer()
    target.do(OpenAccount(account="che:stranger", holder="STRANGER"))
    target.do(OpenAccount(account="che:party", holder="CHE"))
    for number, account in enumerate(("che:stranger", "che:party", BUYER)):
        first = 1 + 10 * number
        deliver(source, target, proposal(f"T-{number}", first=first, last=first + 9, target=account))
    stranger = Case("a stranger", CoverageFault.ENTITY, lambda _: use(account="che:stranger"))
    check_refused(stranger, target)
    target.do(use(11, 20, account="che:party"))
    target.do(use(21, 30))


def test_open_parties_are_those_of_the_approach() -> None:
    desk = issuing_host(any_party=True, authorized_parties=())
    desk.do(partner("SGP"))
    desk.do(agreement("THA", "SGP"))
    outside = Case("SGP takes no part", CoverageFault.PARTY, lambda _: proposal(to="SGP"))
    check_refused(outside, desk)
    desk.do(proposal(to="JPN"))


def test_open_parties_may_take_the_place_of_named_ones_after_a_first_transfer() -> None:
    source, target = sold()
    source.do(change(any_party=True, authorized_parties=()), on=TOMORROW)
    target.do(use(), on=LATER)
    source.do(proposal("T-2", "JPN", 41, 50), on=LATER)


# The day of issuance


PLACING = AuthorizeUnits(units=units(V2023, 1, 10), account=DEV, authorization=LOA)


def test_units_issued_in_time_may_be_authorized_after_the_last_day_of_issuance() -> None:
    desk = authorized_host(last_issuance_on=TODAY)
    desk.do(issue(authorization=None))
    desk.do(PlaceHold(hold="H", units=units(V2023, 50, 60), authority="a", reason="r"))
    desk.do(PLACING, on=LATER)


def test_units_issued_after_the_last_day_of_issuance_are_not_authorized_afterwards() -> None:
    desk = authorized_host(last_issuance_on=TODAY)
    desk.do(issue(authorization=None), on=TOMORROW)
    late = Case("issued too late", CoverageFault.ISSUANCE_TOO_LATE, lambda _: PLACING, on=LATER)
    assert check_refused(late, desk).facts["on"] == TOMORROW.isoformat()
