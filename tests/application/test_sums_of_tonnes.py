"""What stands in no sum of tonnes: units of another metric, and units whose authorization is gone."""

from datetime import date

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.queries.ctf_table4 import ctf_table4
from counterfoil.application.queries.party_accounts import party_accounts
from counterfoil.application.queries.register_history import register_history
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.application.office import LETTER, TONNES, Office
from tests.application.test_aef_submission import CLASS, office_with

MWH = Metric(MetricKind.NON_GHG, "MWh", conversion="0.45")
DAY = date(2026, 12, 31)


def of_aviation(metric: Metric = TONNES) -> Office:
    """A thousand units authorized for aviation only, first transferred when they are used."""
    office = office_with(
        metric=metric,
        purposes=(Purpose.IMP,),
        oimp_detail="an aviation scheme",
        first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION,
    )
    office.issued()
    return office


def memo(office: Office) -> int:
    table = ctf_table4(office.sight(), party="XAA", year=2025, as_of=DAY)
    assert not isinstance(table, Refusal), table
    return table.facts.authorized_not_transferred


def omge() -> Cancel:
    return Cancel(units=Units(CLASS, 1, 40), account="xaa:holder", purpose=CancellationPurpose.OMGE)


def test_the_memo_counts_what_is_authorized_for_other_purposes_and_not_first_transferred() -> None:
    assert memo(of_aviation()) == 1_000


def test_a_revoked_letter_has_nothing_more_to_transfer() -> None:
    office = of_aviation()
    office.do(RevokeAuthorization(authorization=LETTER, statement="none left", reason="an error"))
    assert memo(office) == 0


def test_megawatt_hours_stand_in_no_sum_of_tonnes() -> None:
    office = of_aviation(MWH)
    assert memo(office) == 0
    office.do(omge())
    accounts = party_accounts(office.sight(), party="XAA", year=2025, as_of=DAY)
    assert not isinstance(accounts, Refusal)
    assert accounts.omge.total() == 0
    (told,) = register_history(office.sight(), as_of=DAY).omge["CA9001"]
    assert (told.quantity, told.unit, told.tonnes) == (40, "MWh", 0)


def test_tonnes_that_were_cancelled_are_told_as_tonnes() -> None:
    office = of_aviation()
    office.do(omge())
    (told,) = register_history(office.sight(), as_of=DAY).omge["CA9001"]
    assert (told.first, told.last, told.quantity, told.unit, told.tonnes) == (1, 40, 40, "tCO2e", 40)


@pytest.mark.parametrize(("reaches", "lines"), [(True, (1_000, 0)), (False, (0, 1_000))])
def test_what_is_first_transferred_stands_in_the_line_of_the_version_that_governs_it(
    *, reaches: bool, lines: tuple[int, int]
) -> None:
    office = office_with(
        purposes=(Purpose.IMP,),
        oimp_detail="an aviation scheme",
        first_transfer_definition=FirstTransferDefinition.ISSUANCE,
        terms_allow_change_after_first_transfer=reaches,
    )
    office.issued()
    office.day(date(2025, 6, 1))
    office.do(ChangeAuthorization(authorization=LETTER, statement="s", reason="r", purposes=(Purpose.NDC, Purpose.IMP)))
    for as_of, expected in ((date(2025, 5, 31), (0, 1_000)), (DAY, lines)):
        table = ctf_table4(office.sight(), party="XAA", year=2024, as_of=as_of)
        assert not isinstance(table, Refusal), table
        assert (table.row(6).years[2023], table.row(7).years[2023]) == expected
