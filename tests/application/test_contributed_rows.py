"""What an authorization that changed, and a gift to the Adaptation Fund, become in the reports; and that both agree."""

from collections.abc import Sequence
from datetime import date

from counterfoil.application.command import Units
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.change_authorization import ChangeAuthorization
from counterfoil.application.commands.complete_authorization import CompleteAuthorization
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.reduce_authorization import ReduceAuthorization
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.party_accounts import party_accounts
from counterfoil.domain.authorizations.content import Component
from counterfoil.domain.kernel.ids import AuthorizationId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.application.office import APPROACH, LETTER, Office
from tests.application.test_aef_submission import CLASS, brief, office_with, submission
from tests.application.test_emissions_balance import DAY, record_ndc
from tests.application.test_federation import Pair
from tests.domain.reporting.submissions import checked, contradictions


def give(first: int, last: int, office: Office) -> ContributeToAdaptationFund:
    return ContributeToAdaptationFund(units=Units(CLASS, first, last), account=office.holder, reason="voluntary")


def adaptation(office: Office) -> dict[int, int]:
    office.day(date(2026, 1, 10))
    office.do(record_ndc(office.party))
    accounts = party_accounts(office.sight(), party=office.party, year=2025, as_of=DAY)
    assert not isinstance(accounts, Refusal), accounts
    return dict(accounts.adaptation)


def test_a_gift_is_a_first_transfer_of_a_subtype_that_the_list_does_not_have_yet() -> None:
    office = office_with()
    office.issued()
    office.do(give(1, 50, office))
    (row,) = submission(office).actions
    assert brief(row) == ("First transfer", "Not yet defined", "CA9001-XAA01-XAA-1-2023", "CA9001-XAA01-XAA-50-2023")
    assert (row.acquiring_party_id, row.purpose_itmo_used_for_oimp, row.using_cancelling_party_id) == (None, None, None)
    assert sum(int(held.quantity_co2 or 0) for held in submission(office).holdings) == 950
    assert adaptation(office) == {2025: 50}
    assert office.audit().findings == ()


def test_a_gift_of_units_first_transferred_before_is_a_transfer_of_their_holder() -> None:
    pair = Pair()
    pair.propose()
    pair.network.deliver()
    pair.buyer.do(UseTowardsNdc(units=Units(CLASS, 1, 300), account=pair.buyer.holder, year=2025))
    pair.buyer.do(give(301, 350, pair.buyer))
    found = [row for row in _of(pair.buyer, "XBB") if row.action_type == "Transfer"]
    assert [brief(row)[:2] for row in found] == [("Transfer", "Not yet defined")]
    assert found[0].acquiring_party_id is None
    assert adaptation(pair.buyer) == {2025: 50}
    assert adaptation(pair.host) == {}
    assert pair.buyer.audit().findings == ()


def _of(office: Office, party: str) -> Sequence[ActionRow]:
    found = aef_submission(office.sight(), party=party, year=2025, version="1.0", submitted_on=date(2026, 3, 31))
    assert not isinstance(found, Refusal)
    return found.actions


def test_units_first_transferred_by_a_change_have_a_row_of_the_day_of_the_change() -> None:
    office = office_with()
    office.issued()
    office.day(date(2025, 6, 1))
    office.do(
        ChangeAuthorization(
            authorization=LETTER,
            statement="none was used before",
            reason="agreed",
            purposes=(Purpose.NDC, Purpose.IMP),
            oimp_detail="an aviation scheme",
            first_transfer_definition=FirstTransferDefinition.AUTHORIZATION,
        )
    )
    found = submission(office)
    (row,) = found.actions
    assert (row.action_date, *brief(row)[:2]) == (date(2025, 6, 1), "First transfer", "Authorization")
    assert row.purpose_itmo_used_for_oimp == "IMP"
    assert [(each.authorization_version, each.purposes) for each in found.authorizations] == [
        (1, "NDC"),
        (2, "NDC and IMP"),
    ]


def test_a_stage_that_does_not_authorize_yet_has_no_row_and_the_complete_version_has() -> None:
    office = office_with()
    later = AuthorizationId("XA-LOA-2")
    office.do(
        Authorize(
            authorization=later,
            components=(Component.APPROACH,),
            cooperative_approach=APPROACH,
            any_party=True,
            underlying_references=("a methodology",),
            adjustment_commitment="adjustments are applied",
        )
    )
    assert {row.authorization_id for row in submission(office).authorizations} == {LETTER}
    office.do(
        CompleteAuthorization(
            authorization=later,
            components=(Component.OUTCOMES, Component.ENTITIES),
            authorized_entities=("E-1",),
            purposes=(Purpose.NDC,),
            vintages=(2024,),
            sectors=("Transportation",),
            gases=("CO2",),
            last_use_on=date(2030, 12, 31),
        )
    )
    rows = [row for row in submission(office).authorizations if row.authorization_id == later]
    assert [row.authorization_version for row in rows] == [1]


def test_units_taken_out_of_their_authorization_are_held_as_itmos_no_more() -> None:
    office = office_with()
    office.issued()
    office.do(
        ReduceAuthorization(
            authorization=LETTER,
            units=Units(CLASS, 1, 100),
            account=office.holder,
            statement="used at home",
            reason="a domestic obligation",
        )
    )
    found = submission(office)
    assert [row.authorized_quantity for row in found.authorizations] == [10_000, 9_900]
    assert [(row.first_id, row.quantity_co2) for row in found.holdings] == [("CA9001-XAA01-XAA-101-2023", 900)]
    assert found.actions == ()


def test_the_checks_before_anyone_elses_find_nothing_wrong_with_gifts_of_host_and_buyer() -> None:
    pair = Pair()
    pair.propose()
    pair.network.deliver()
    pair.host.do(give(401, 420, pair.host))
    pair.buyer.do(give(301, 350, pair.buyer))
    reports = [
        aef_submission(office.sight(), party=office.party, year=2025, version="1.0", submitted_on=date(2026, 3, 31))
        for office in (pair.host, pair.buyer)
    ]
    assert contradictions(checked(*(each for each in reports if isinstance(each, Submission)))) == []
