"""The balance, the structured summary and the calendar, from journals: one population, one sign, no invented zero."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings

from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.choose_method import ChooseMethod
from counterfoil.application.commands.correct import CORRECTED, Correct
from counterfoil.application.commands.record_inventory import RecordInventory
from counterfoil.application.commands.record_ndc import RecordNdc
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.balance import BalanceFault
from counterfoil.application.queries.calendar import CalendarFault, calendar
from counterfoil.application.queries.ctf_table4 import SummaryFault, ctf_table4, table_json
from counterfoil.application.queries.emissions_balance import no_net_increase_over, party_balance
from counterfoil.application.queries.party_accounts import AccountsFault, PartyAccounts, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import Closing
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.emissions_balance import IndicativeBasis, Method, adjustments, average_adjustment
from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.flow import FlowKind, net_flows
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD, YearTotal
from counterfoil.domain.accounting.ndc import AccountingYear, InventorySector, NdcKind, Source, Target, TargetForm
from counterfoil.domain.accounting.period_account import MethodFault, YearLevel
from counterfoil.domain.accounting.safeguards import Verdict, World, no_double_use, no_net_increase, uses_are_backed
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import JournalEntry
from counterfoil.domain.reporting.structured_summary import Line
from counterfoil.domain.reporting.summary_json import summary_from_report
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.application.office import Office
from tests.application.test_federation import CLASS, Pair
from tests.domain.accounting.ndcs import told
from tests.domain.commands.desk import Desk
from tests.properties.test_histories import histories, long_histories
from tests.properties.world import Step, world

SOURCE = Source("NDC text", "section 2")
SECTORS = (InventorySector.ENERGY, InventorySector.WASTE)
DAY = date(2026, 12, 31)


def record_ndc(party: str, **changes: Any) -> RecordNdc:
    content: dict[str, Any] = {
        "ndc": f"{party}-1",
        "title": "First NDC",
        "parties": (Party(party),),
        "first": 2021,
        "last": 2030,
        "kind": NdcKind.SINGLE_YEAR,
        "sectors": SECTORS,
        "gases": ("CO2",),
        "source": SOURCE,
        "targets": (Target("level", TargetForm.LEVEL, 2030, "at most 1,000 t", SOURCE, level=1_000),),
        "activity_sectors": ("Transportation",),
    }
    return RecordNdc(**{**content, **changes})


def record_inventory(levels: dict[int, int], **changes: Any) -> RecordInventory:
    values = tuple(YearTotal(year, level, SECTORS) for year, level in levels.items())
    content: dict[str, Any] = {"inventory": "INV-1", "values": values, "source": SOURCE, "gases": ("CO2",)}
    return RecordInventory(**{**content, **changes})


@pytest.fixture
def pair() -> Iterator[Pair]:
    """XAA has first transferred 400 of vintage 2023 to XBB, which has used 300 for 2025."""
    pair = Pair()
    pair.propose()
    pair.network.deliver()
    pair.buyer.do(UseTowardsNdc(units=Units(CLASS, 1, 300), account=pair.buyer.holder, year=2025))
    for office in (pair.host, pair.buyer):
        office.day(date(2026, 1, 10))
        office.do(record_ndc(office.party), record_inventory({2021: 900, 2023: 950}))
    yield pair
    for office in (pair.host, pair.buyer):
        assert office.audit().findings == ()


def balance(office: Office, as_of: date = DAY, method: Method | None = Method.TRAJECTORY) -> Any:
    found = party_balance(office.sight(), party=office.party, as_of=as_of, method=method)
    assert not isinstance(found, Refusal), found
    return found


def table(office: Office, year: int = 2025) -> Table4:
    found = ctf_table4(office.sight(), party=office.party, year=year, as_of=DAY)
    assert not isinstance(found, Refusal), found
    return found


def test_the_host_is_charged_by_vintage_and_the_user_credited_by_year_of_use(pair: Pair) -> None:
    host, buyer = balance(pair.host), balance(pair.buyer)
    assert (host["years"]["2023"]["adjustment"], host["years"]["2023"]["balance"]) == (400, 950 + 400)
    assert (buyer["years"]["2025"]["adjustment"], buyer["years"]["2023"]["balance"]) == (-300, 950)
    assert buyer["years"]["2025"]["balance"] == {"not_available": "inventory_missing"}
    assert host["agrees_with_book"] and buyer["agrees_with_book"]


def test_after_the_periods_end_its_final_figures_are_told(pair: Pair) -> None:
    found = balance(pair.host, date(2031, 6, 30), Method.AVERAGING)
    assert (found["values"], len(found["years"]), found["years"]["2030"]["adjustment"]) == ("final", 10, 40)
    early = balance(pair.host, date(2021, 6, 30), Method.AVERAGING)
    assert early["years"] == {}


def test_the_buyers_onward_cancellation_and_holding_have_no_term(pair: Pair) -> None:
    before = balance(pair.buyer)["years"]
    rest = Units(CLASS, 301, 400)
    pair.buyer.do(Cancel(units=rest, account=pair.buyer.holder, purpose=CancellationPurpose.VOLUNTARY))
    assert balance(pair.buyer)["years"] == before
    acquired_minus_used = 400 - 300
    assert before["2025"]["net"] == -300 != -acquired_minus_used


def test_averaging_divides_by_the_years_since_the_period_began(pair: Pair) -> None:
    pair.host.do(ChooseMethod(first=2021, last=2030, method=Method.AVERAGING))
    later = balance(pair.host, date(2026, 1, 31), None)
    assert [told["adjustment"] for told in later["years"].values()] == [80] * 5
    assert later["deviation_from_average"] == 4


def test_a_path_stands_beside_the_balance_and_a_year_above_it_is_told(pair: Pair) -> None:
    pair.host.do(
        ChooseMethod(
            first=2021,
            last=2030,
            method=Method.TRAJECTORY,
            path=tuple(YearLevel(year, 1_000) for year in range(2021, 2031)),
        )
    )
    years = balance(pair.host, method=None)["years"]
    assert (years["2021"]["path"], years["2021"]["to_path"]) == (1_000, 100)
    assert (years["2023"]["path"], years["2023"]["to_path"]) == (1_000, -350)
    assert years["2022"]["to_path"] == {"not_available": "inventory_missing"}
    assert "path" not in balance(pair.buyer, method=Method.AVERAGING)["years"]["2021"]
    assert balance(pair.buyer)["years"]["2021"]["path"] == {"not_available": "path_missing"}


def test_what_happened_after_the_day_is_not_told(pair: Pair) -> None:
    found = balance(pair.host, date(2025, 1, 14))
    assert found["years"]["2023"]["adjustment"] == 0
    assert found["years"]["2023"]["balance"] == 950  # what it is measured against is what is known now


def test_a_locked_method_is_not_replaced_by_an_option(pair: Pair) -> None:
    pair.host.do(ChooseMethod(first=2021, last=2030, method=Method.AVERAGING))
    found = party_balance(pair.host.sight(), party="XAA", as_of=DAY, method=Method.TRAJECTORY)
    assert isinstance(found, Refusal) and found.code == MethodFault.LOCKED
    fits = party_balance(pair.buyer.sight(), party="XBB", as_of=DAY, method=Method.MULTI_YEAR)
    assert isinstance(fits, Refusal) and fits.code == MethodFault.NOT_FOR_KIND


def test_without_a_method_the_flows_are_told_and_no_adjustment(pair: Pair) -> None:
    found = balance(pair.host, method=None)
    assert found["years"]["2023"]["first_transferred"] == 400
    assert found["years"]["2023"]["adjustment"] == {"not_available": "method_not_chosen"}


def test_one_registry_alone_cannot_vouch_for_the_world(pair: Pair) -> None:
    verdicts = {name: told["verdict"] for name, told in balance(pair.buyer)["safeguards"].items()}
    assert verdicts == {each: "pass" if each == "S3" else "indeterminate" for each in ("S1", "S2", "S3", "S4", "S5")}
    assert balance(pair.buyer)["safeguards"]["S5"]["found"] == [f"{CLASS} 301-400"]


def test_the_summary_has_every_line_and_its_split(pair: Pair) -> None:
    host, buyer = table(pair.host), table(pair.buyer)
    assert list(host.row(6).years.values()) == [0, 0, 400, 0, 0]
    assert list(buyer.row(8).years.values()) == [0, 0, 0, 0, 300]
    (row,) = host.split
    assert (row.approach, row.sector, row.transferring, row.using, row.vintage) == (
        *("CA9001", "Transportation", "XAA", "XBB", 2023),
    )
    shown = table_json(host, registry={"demonstration": False})
    assert {line["line"] for line in shown["lines"]} == set(range(1, 21))
    assert not shown["complete"] and {gap["kind"] for gap in shown["gaps"]} == {"not_available"}


def test_the_checks_read_the_same_table(pair: Pair) -> None:
    pair.host.do(
        ChooseMethod(
            first=2021,
            last=2030,
            method=Method.TRAJECTORY,
            path=tuple(YearLevel(year, 1_000) for year in range(2021, 2031)),
        )
    )
    read = summary_from_report(table_json(table(pair.host), registry={}), "ctf4.json")
    assert read is not None
    assert told(read.method, read.amounts(Line.FIRST_TRANSFERRED)[2023]) == ("trajectory", 400)
    assert dict(read.amounts(Line.BALANCE)) == {2021: 900, 2023: 1_350}
    assert sum(part.amount for part in read.splits) == 400


def test_a_complete_table_says_so(pair: Pair) -> None:
    levels = dict.fromkeys(range(2021, 2026), 900)
    pair.host.do(
        record_inventory(levels, inventory="INV-2"), ChooseMethod(first=2021, last=2030, method=Method.AVERAGING)
    )
    assert table_json(table(pair.host), registry={})["complete"] is True


def test_other_purposes_stand_on_a_line_of_their_own_with_their_entities() -> None:
    office = Office()
    office.activity(
        purposes=(Purpose.IMP,),
        oimp_detail="an aviation scheme",
        first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION,
    )
    office.issued()
    office.do(Cancel(units=Units(CLASS, 1, 250), account=office.holder, purpose=CancellationPurpose.IMP, entity="E-1"))
    found = table(office)
    assert told(found.row(6).years[2023], found.row(7).years[2023], found.row(9).years[2023]) == (0, 250, 250)
    assert found.entities == ("E-1",)
    assert found.facts.authorized_not_transferred == 750
    assert balance(office)["safeguards"]["S1"]["verdict"] == "pass"


def test_overall_mitigation_is_other_information_and_an_addition() -> None:
    office = Office()
    office.activity()
    office.issued()
    cancelled = office.do(Cancel(units=Units(CLASS, 1, 20), account=office.holder, purpose=CancellationPurpose.OMGE))
    found = table_json(table(office), registry={})
    omge = next(line for line in found["lines"] if line.get("part") == "omge")
    assert omge["years"]["2025"] == 20
    assert table(office).row(9).years[2023] == 20
    office.do(Correct(entry=cancelled[0].seq, authority="registrar", reason="typed wrong"))
    assert table(office).row(9).years[2023] == 0


def test_a_first_transfer_from_outside_the_scope_is_told_apart_and_counted(pair: Pair) -> None:
    pair.host.do(record_ndc("XAA", activity_sectors=("Agriculture",)))
    found = balance(pair.host)
    assert (found["first_transferred_outside_scope"], found["years"]["2023"]["adjustment"]) == (400, 400)


def test_a_non_party_keeps_a_shadow_account_named_so_and_submits_no_summary() -> None:
    island = Office("XTW", is_party=False)
    island.do(record_ndc("XTW", parties=(), jurisdictions=(Party("XTW"),)))
    assert balance(island)["standing"] == "shadow"
    refused = ctf_table4(island.sight(), party="XTW", year=2023, as_of=DAY)
    assert isinstance(refused, Refusal) and refused.code == SummaryFault.NOT_A_PARTY
    due = calendar(island.sight(), party="XTW", on=DAY, years=1)
    assert isinstance(due, Refusal) and due.code == CalendarFault.NOT_A_PARTY


def test_a_member_of_a_shared_ndc_has_adjustments_and_no_balance_of_its_own(pair: Pair) -> None:
    union = (Party("XEU"), Party("XAA"), Party("XBB"))
    pair.host.do(record_ndc("XEU", parties=union))
    found = balance(pair.host)
    assert (found["standing"], found["years"]["2023"]["adjustment"]) == ("party", 400)
    assert found["years"]["2023"]["balance"] == {"not_available": "shared_ndc"}
    assert found["targets"] == {} or found["targets"]["level"]["outcome"] == "indeterminate"
    assert table(pair.host).row(4).years[2023] is Unavailable.SHARED_NDC


def test_a_territory_accounts_within_the_ndc_of_its_party() -> None:
    territory = Office("XHK", is_party=False)
    territory.do(record_ndc("XCN", parties=(Party("XCN"),), jurisdictions=(Party("XHK"),)))
    assert balance(territory)["standing"] == "within_party"
    refused = ctf_table4(territory.sight(), party="XHK", year=2023, as_of=DAY)
    assert isinstance(refused, Refusal) and refused.code == SummaryFault.NOT_A_PARTY


def test_what_is_used_for_a_pledge_beyond_the_ndc_lowers_no_balance(pair: Pair) -> None:
    """Units cancelled for a national pledge stay first transferred and unused; S1 counts them so."""
    before = balance(pair.buyer)["years"]["2025"]
    pledge = Cancel(
        units=Units(CLASS, 301, 400),
        account=pair.buyer.holder,
        purpose=CancellationPurpose.VOLUNTARY,
        beneficiary="national pledge beyond the NDC",
    )
    pair.buyer.do(pledge)
    assert balance(pair.buyer)["years"]["2025"] == before
    assert (before["used"], table(pair.buyer).row(8).years[2025]) == (300, 300)
    assert accounts_of(pair.buyer).closed_by_book["tCO2e"][Closing.UNUSED] == 100


def test_a_fiscal_year_is_named_with_its_first_day(pair: Pair) -> None:
    pair.host.do(record_ndc("XAA", accounting_year=AccountingYear.FISCAL, fiscal_year_begins="04-01"))
    found = balance(pair.host)
    assert (found["accounting_year"], found["fiscal_year_begins"]) == ("fiscal", "04-01")
    assert balance(pair.buyer)["fiscal_year_begins"] is None


@pytest.mark.parametrize(
    ("party", "year", "fault"),
    [
        ("XBB", 2023, BalanceFault.OTHER_PARTY),
        ("XAA", 2020, AccountsFault.NO_PERIOD),
        ("XAA", 2027, SummaryFault.YEAR_NOT_OVER),
    ],
)
def test_a_summary_is_refused_when(party: str, year: int, fault: str) -> None:
    refused = ctf_table4(Office().sight(), party=party, year=year, as_of=DAY)
    assert isinstance(refused, Refusal) and refused.code == fault


def seen(desk: Desk) -> Sight:
    """A look at a desk, as far as the accounts need one."""

    def records(kind: str) -> Iterator[tuple[str, Any]]:
        assert kind in (CORRECTED, INVENTORY_RECORD)
        return iter([(key, value) for (of, key), value in desk.books.records.items() if of == kind])

    def entries() -> Iterator[JournalEntry]:
        return iter(desk.journal)

    return SimpleNamespace(  # type: ignore[return-value]
        registry=desk.registry, records=records, entries=entries, record=desk.books.record
    )


def accounts_of(office: Office) -> PartyAccounts:
    found = party_accounts(office.sight(), party=office.party, year=2026, as_of=DAY)
    assert not isinstance(found, Refusal)
    return found


def accounts(desk: Desk) -> PartyAccounts:
    found = party_accounts(seen(desk), party=desk.registry.party, year=2026, as_of=DAY)
    assert not isinstance(found, Refusal)
    return found


@given(long_histories)
@histories
def test_flows_are_the_adjustment_book_and_the_world_adds_what_nobody_takes_away(history: list[Step]) -> None:
    found = world()
    for step in history:
        found.take(step)
    told = [accounts(desk) for desk in found.desks.values()]
    assert all(each.agrees_with_book for each in told)
    net = sum(-flow.quantity if flow.kind is FlowKind.USED else flow.quantity for each in told for flow in each.flows)
    closed = sum(each.closed_by_book.get("tCO2e", {}).get(closing, 0) for each in told for closing in Closing)
    unused = sum(each.awaiting_by_units.get("tCO2e", 0) for each in told)
    assert net == closed + unused


@given(long_histories)
@settings(max_examples=max(50, settings().max_examples // 2))
def test_the_safeguards_that_ask_all_books_pass_whatever_happened(history: list[Step]) -> None:
    """S1 to S3 over all Parties: nothing is used twice, nothing unacquired, and no net increase."""
    found = world()
    for step in history:
        found.take(step)
    told = [accounts(desk) for desk in found.desks.values()]
    assert no_net_increase_over(told).verdict is Verdict.PASS
    met = any(each.party in other.partners for each in told for other in told[1:] if each is told[0])
    alone = no_net_increase_over(told[1:]).verdict
    assert alone is Verdict.INDETERMINATE if met else alone is not Verdict.FAIL
    net = {
        each.party: sum(-flow.quantity if flow.kind is FlowKind.USED else flow.quantity for flow in each.flows)
        for each in told
    }
    books = [each.closed_by_book.get("tCO2e", {}) for each in told]
    closed = {closing: sum(book.get(closing, 0) for book in books) for closing in Closing}
    unused = closed[Closing.UNUSED] + sum(each.awaiting_by_units.get("tCO2e", 0) for each in told)
    everybody = World(net, oimp=closed[Closing.OIMP], omge=closed[Closing.OMGE], unused=unused)
    assert no_net_increase(everybody).verdict is Verdict.PASS
    if unused:
        lost = World(net, oimp=everybody.oimp, omge=everybody.omge, unused=0)
        assert no_net_increase(lost).verdict is Verdict.FAIL
    assert no_double_use(each for party in told for each in party.used).verdict is Verdict.PASS
    for each in told:
        assert uses_are_backed(each.used, each.acquired).verdict is Verdict.PASS


@given(long_histories)
@settings(max_examples=max(50, settings().max_examples // 2))
def test_every_method_gives_the_same_total_of_a_partys_history(history: list[Step]) -> None:
    """Averages times years equal totals, and additions less subtractions of the years are those of the whole."""
    found = world()
    for step in history:
        found.take(step)
    for each in (accounts(desk) for desk in found.desks.values()):
        span = each.period.span
        flows = net_flows([flow for flow in each.flows if flow.commodity == "tCO2e"], span)
        for as_of in span.years():
            whole = flows.cumulative(as_of)
            assert average_adjustment(flows, as_of=as_of) * (as_of - span.first + 1) == whole
            assert all(sum(adjustments(flows, method, as_of=as_of).values()) == whole for method in Method)
        running = adjustments(flows, Method.AVERAGING, as_of=span.last, basis=IndicativeBasis.RUNNING)
        assert running[span.last] * len(running) == flows.cumulative(span.last)
