"""What implementations get wrong in accounting, first transfer and authorization: rulebook section 7, rows 1 to 22.

Each test acts through the product and sets beside its answer the one that the published wrong rule would give. The
title says the right behaviour; `wrong` is the known error.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.choose_method import ChooseMethod
from counterfoil.application.commands.record_statement import RecordStatement
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.ctf_table4 import ctf_table4
from counterfoil.application.queries.emissions_balance import party_balance
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.emissions_balance import Flows, Method, average_adjustment
from counterfoil.domain.accounting.flow import Basis
from counterfoil.domain.kernel.ids import AuthorizationId
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose, purposes_text
from counterfoil.packs.loader import load_aef_format
from tests.application.office import Office
from tests.application.test_emissions_balance import record_inventory, record_ndc
from tests.application.test_federation import CLASS, Pair
from tests.domain.accounting.ndcs import told
from tests.domain.commands.desk import Desk
from tests.domain.commands.scene import (
    CA9002,
    DEV,
    V2023,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    proposal,
    settle,
)

DAY = date(2026, 12, 31)
E, FIRST, ACQUIRED, USED = 950, 400, 400, 300
FORM = load_aef_format()


@pytest.fixture
def pair() -> Iterator[Pair]:
    """XAA has first transferred 400 of vintage 2023 to XBB, which has used 300 of them for 2025."""
    made = Pair()
    made.propose()
    made.network.deliver()
    made.buyer.do(UseTowardsNdc(units=Units(CLASS, 1, USED), account=made.buyer.holder, year=2025))
    for office in (made.host, made.buyer):
        office.day(date(2026, 1, 10))
        office.do(record_ndc(office.party), record_inventory({2021: 900, 2023: E, 2025: E}))
    yield made
    for office in (made.host, made.buyer):
        assert office.audit().findings == ()


def years(office: Office, method: Method | None = Method.TRAJECTORY) -> Any:
    found = party_balance(office.sight(), party=office.party, as_of=DAY, method=method)
    assert not isinstance(found, Refusal), found
    return found["years"]


def table(office: Office, basis: Basis = Basis.VINTAGE) -> Table4:
    found = ctf_table4(office.sight(), party=office.party, year=2025, as_of=DAY, basis=basis)
    assert not isinstance(found, Refusal), found
    return found


def annual(office: Office, year: int = 2025) -> Submission:
    day = date(year + 1, 3, 31)
    found = aef_submission(office.sight(), party=office.party, year=year, version="1.0", submitted_on=day)
    assert not isinstance(found, Refusal), found
    return found


def office_with(**authorize: Any) -> Office:
    office = Office()
    office.activity(**authorize)
    office.issued()
    return office


def refused(desk: Desk, command: Command) -> str:
    outcome = desk.ask(command)
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def test_1_acquisition_has_no_term_and_use_is_subtracted(pair: Pair) -> None:
    wrong_for_the_user = E - ACQUIRED + USED
    assert years(pair.buyer)["2025"]["balance"] == E - USED != wrong_for_the_user
    assert years(pair.buyer)["2023"]["balance"] == E != E - ACQUIRED


def test_2_the_host_is_charged_for_what_it_first_transfers(pair: Pair) -> None:
    wrong = E - FIRST
    assert years(pair.host)["2023"]["balance"] == E + FIRST != wrong


def test_3_the_method_is_applied_and_locked_for_the_period(pair: Pair) -> None:
    stored_and_ignored = years(pair.host)["2025"]["adjustment"]
    pair.host.do(ChooseMethod(first=2021, last=2030, method=Method.AVERAGING))
    assert years(pair.host, None)["2025"]["adjustment"]["exact"] == str(Fraction(FIRST, 6)) != stored_and_ignored
    (again,) = pair.host.ask(ChooseMethod(first=2021, last=2030, method=Method.TRAJECTORY))
    assert isinstance(again, Refusal)


def test_4_an_average_counts_up_to_its_own_year() -> None:
    """Vector CA-V3: first transferred 2021 to 2030, in thousands."""
    moved = dict(zip(range(2021, 2031), (0, 0, 30, 60, 90, 90, 60, 30, 0, 0), strict=True))
    flows = Flows(YearSpan(2021, 2030), {year: amount * 1_000 for year, amount in moved.items()}, {})
    wrong = Fraction(360_000, 4)
    assert average_adjustment(flows, as_of=2024) == 22_500 != wrong == 90_000
    assert average_adjustment(flows, as_of=2030) == 36_000


def test_5_one_population_stands_behind_every_line(pair: Pair) -> None:
    shown = table(pair.host, Basis.VINTAGE)
    first, net = shown.row(6).years, shown.row(9).years
    assert told(first[2023], net[2023]) == (FIRST, FIRST)
    wrong = [each for each in first if told(first[each]) == (0,) and told(net[each]) != (0,)]
    assert wrong == [], "a Party reports nothing transferred and an adjustment"
    view = table(pair.host, Basis.FIRST_TRANSFER_YEAR)
    assert told(view.row(6).years[2025], view.row(9).years[2023]) == (FIRST, FIRST)
    assert view.row(11) == shown.row(11), "the adjustment stands in the vintage, whatever the view"


def test_6_nothing_is_taken_at_issuance() -> None:
    desk = issuing_host()
    after_levies = 100 - 5 - 2
    assert sum(held.serials.size for held in desk.books.all_holdings() if held.account == DEV) == 100 != after_levies
    assert desk.adjustments() == {}


def test_7_an_authorization_without_a_purpose_is_refused_and_never_means_ndc() -> None:
    assert refused(host(), letter(purposes=())) == "authorization.content_missing"
    assert Authorize.__dataclass_fields__["purposes"].default == ()


def test_8_purposes_are_a_set_with_seven_names_and_no_other() -> None:
    desk = host()
    desk.do(oimp_letter(FirstTransferDefinition.ISSUANCE, Purpose.NDC, Purpose.IMP))
    assert set(Purpose) == {"NDC", "IMP", "OP"}
    assert purposes_text({Purpose.NDC, Purpose.IMP}) == "NDC and IMP"
    assert FORM.lists["purposes"].values == ("NDC", "OIMP", "IMP", "OP", "NDC and OIMP", "NDC and IMP", "NDC and OP")
    assert FORM.lists["purposes"].canonical("Other") is None


def test_9_the_definition_is_that_of_the_approach_and_not_of_the_installation() -> None:
    desk = host()
    desk.do(oimp_letter(FirstTransferDefinition.ISSUANCE))
    other = {"authorization": AuthorizationId("LOA-2"), "cooperative_approach": CA9002}
    desk.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION, **other))
    same = oimp_letter(FirstTransferDefinition.AUTHORIZATION, authorization=AuthorizationId("LOA-3"))
    assert refused(desk, same) == "authorization.definition_differs"


def test_10_an_entity_is_named_by_its_number_under_its_authorization() -> None:
    office = office_with()
    (entity,) = annual(office).entities
    assert (entity.authorized_entity_id, entity.cooperative_approach_id) == ("E-1", "CA9001")
    office.do(
        Cancel(units=Units(CLASS, 1, 5), account=office.holder, purpose=CancellationPurpose.OMGE, entity="E-1"),
    )
    (row,) = annual(office).actions
    fixed_text = ("Party", "Authorized entity")
    assert (row.using_cancelling_party_id, row.using_cancelling_entity_id) == ("XAA", "E-1") != fixed_text
    desk = issuing_host(authorized_entities=("KLIK",))
    assert refused(desk, proposal(entity="SOMEBODY")) == "coverage.entity_not_authorized"


def test_11_annual_information_and_structured_summary_are_two_products(pair: Pair) -> None:
    (action,) = annual(pair.host).actions
    lines = {row.line.number for row in table(pair.host).rows}
    assert (action.action_type, action.quantity_co2) == ("First transfer", FIRST)
    assert lines == set(range(1, 21)), "a dump of actions is no structured summary"


def test_12_every_column_comes_from_one_list_of_fields() -> None:
    assert [len(spec.fields) for spec in FORM.tables] == [9, 19, 27, 16, 8]
    labels = [spec.label for one in FORM.tables[1:4] for spec in one.fields]
    assert labels.count("Cooperative approach ID") == 3
    assert any("Calendar year" in label for label in labels)
    assert not [label for label in labels if "umulative" in label]


def test_13_another_metric_has_its_own_account_and_its_own_factor() -> None:
    office = Office()
    office.activity(metric=Metric(MetricKind.NON_GHG, "MWh", conversion="0.45"))
    office.issued()
    office.do(Cancel(units=Units(CLASS, 1, 11), account=office.holder, purpose=CancellationPurpose.OMGE))
    books = office.writer.books
    assert books.balance("adjustments", "metric:MWh", "ndc:XAA:2023:added") == 11
    netted_with_tonnes = 11
    assert books.balance("adjustments", "tCO2e", "ndc:XAA:2023:added") == 0 != netted_with_tonnes
    assert annual(office).actions[0].quantity_co2 == Fraction(99, 20)


def test_14_an_initial_report_is_complete_only_when_every_element_is_answered() -> None:
    office = office_with()

    def gaps() -> dict[str, str]:
        found = initial_report(office.sight(), party="XAA", year=2025, as_of=DAY)
        assert not isinstance(found, Refusal), found
        assert found.complete is (not found.gaps)
        return {gap.element: gap.kind.value for gap in found.gaps}

    before = gaps()
    asked = {"I.A", "I.F", "II.A", "III.B.1", "III.C", "IV.A", "IV.F", "IV.G.2", "IV.H.3"}
    assert asked <= set(before), "entities and sustainable development are asked for too"
    office.do(RecordStatement(element="IV.B", approach="CA9001", text={"en": "tbd"}))
    assert before["IV.B"] == "not_answered"
    assert gaps()["IV.B"] == "says_nothing", "an object that is present is not yet an answer"


def test_15_an_adjustment_is_made_once_by_its_act_and_from_one_state_only() -> None:
    desk, other = issuing_host(), buyer()
    assert refused(desk, settle("T-1")) == "transfer.unknown"
    deliver(desk, other, proposal())
    once = desk.adjustments()
    assert once["ndc:THA:2023:added"] == 40
    assert refused(desk, settle("T-1")) == "transfer.not_open"
    assert desk.adjustments() == once != {"ndc:THA:2023:added": 80}


def test_16_a_safeguard_without_data_is_indeterminate_and_not_passed() -> None:
    office = office_with()
    found = party_balance(office.sight(), party="XAA", as_of=DAY, method=None)
    assert not isinstance(found, Refusal)
    assert found["safeguards"]["S4"]["verdict"] == "indeterminate", "not pass"


@pytest.mark.parametrize("vintage", [2020, 2027])
def test_17_a_vintage_is_a_year_from_2021_on_and_not_after_the_act(vintage: int) -> None:
    desk = authorized_host()
    assert isinstance(desk.ask(issue(vintage=vintage)), Refusal)
    free_text = FORM.table(3).field_of("vintage")
    assert (free_text.type, free_text.pattern) == ("integer", r"\d{4}")


def test_18_a_part_of_a_block_is_first_transferred_and_its_rest_is_not() -> None:
    """Vector FT-V2 in small: a child of a split inherits what its serials had, and nothing else."""
    desk, other = issuing_host(), buyer()
    deliver(desk, other, proposal("T-1", "CHE", 1, 40))
    assert desk.adjustments()["ndc:THA:2023:added"] == 40
    second = deliver(desk, other, proposal("T-2", "CHE", 41, 60))
    assert second.act == "FirstTransferred", "not an ordinary transfer"
    assert desk.adjustments()["ndc:THA:2023:added"] == 60
    assert "first_transferred_on" not in {name for name, value in desk.facts(V2023, 61).items() if value}


def test_19_holdings_are_where_the_units_are_at_the_years_end(pair: Pair) -> None:
    authorized = annual(pair.host).authorizations[0].authorized_quantity
    (held,) = annual(pair.host).holdings
    assert (held.first_id[-8:], held.quantity_co2) == ("401-2023", 600)
    assert held.quantity_co2 != authorized
    (rest,) = annual(pair.buyer).holdings
    assert rest.quantity_co2 == FIRST - USED


def test_20_both_parties_report_their_side(pair: Pair) -> None:
    (sent,) = annual(pair.host).actions
    got, used = annual(pair.buyer).actions
    assert (sent.action_type, got.action_type, used.action_type) == ("First transfer", "Acquisition", "Use")
    assert (sent.first_id, sent.last_id, sent.acquiring_party_id) == (got.first_id, got.last_id, "XBB")
    assert got.transferring_party_id == "XAA"


def test_21_a_cancellation_for_omge_is_a_first_transfer_when_there_was_none() -> None:
    office = office_with()
    office.do(Cancel(units=Units(CLASS, 1, 20), account=office.holder, purpose=CancellationPurpose.OMGE))
    (row,) = annual(office).actions
    assert row.action_type == "First transfer", "not a cancellation"
    assert table(office).row(9).years[2023] == 20


@pytest.mark.parametrize(
    ("definition", "first"),
    [
        (FirstTransferDefinition.ISSUANCE, "at home"),
        (FirstTransferDefinition.AUTHORIZATION, "at home"),
        (FirstTransferDefinition.USE_OR_CANCELLATION, "abroad"),
    ],
)
def test_22_of_two_purposes_the_earlier_event_counts_once(definition: FirstTransferDefinition, first: str) -> None:
    desk, other = host(), buyer()
    desk.do(oimp_letter(definition, Purpose.NDC, Purpose.IMP, authorized_parties=letter().authorized_parties))
    desk.do(issue())
    at_home = desk.adjustments().get("ndc:THA:2023:added", 0)
    assert at_home == (100 if first == "at home" else 0)
    final: Entry = deliver(desk, other, proposal())
    assert final.act == ("FirstTransferred" if first == "abroad" else "TransferredAbroad")
    assert desk.adjustments()["ndc:THA:2023:added"] == (100 if first == "at home" else 40)
