"""NDC, inventory, method and freeze: what is recorded, and what is refused by its own name."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, stored
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.choose_method import ChooseMethod, FreezePeriod
from counterfoil.application.commands.record_inventory import VALUES_MAX, InventoryFault, RecordInventory
from counterfoil.application.commands.record_ndc import NdcFault, RecordNdc
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD, Inventory, YearTotal
from counterfoil.domain.accounting.ndc import (
    NDC_RECORD,
    AccountingYear,
    InventorySector,
    Ndc,
    NdcKind,
    Scope,
    Source,
    Target,
    TargetForm,
)
from counterfoil.domain.accounting.period_account import (
    PERIOD_ACCOUNT,
    AccountState,
    MethodFault,
    PeriodAccount,
    PeriodFault,
    YearLevel,
)
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.entry import Act, Entry
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    SHOP,
    V2023,
    buyer,
    deliver,
    issuing_host,
    proposal,
)

SOURCE = Source("Second updated NDC", "section 2", "https://example.org/ndc")
TARGET = Target("unconditional", TargetForm.REDUCTION, 2030, "30 % below business as usual", SOURCE, reduction="0.30")
SECTORS = (InventorySector.ENERGY, InventorySector.WASTE)
CLOSED = date(2032, 6, 1)


def record_ndc(**changes: Any) -> RecordNdc:
    content: dict[str, Any] = {
        "ndc": "THA-2",
        "title": "Second updated NDC",
        "parties": (Party("THA"),),
        "first": 2021,
        "last": 2030,
        "kind": NdcKind.SINGLE_YEAR,
        "sectors": SECTORS,
        "gases": ("CO2", "CH4"),
        "source": SOURCE,
        "targets": (TARGET,),
    }
    return RecordNdc(**{**content, **changes})


def record_inventory(**changes: Any) -> RecordInventory:
    content: dict[str, Any] = {
        "inventory": "THA-BTR1",
        "values": (YearTotal(2021, 100, SECTORS),),
        "source": Source("BTR 1"),
        "gases": ("CO2", "CH4"),
    }
    return RecordInventory(**{**content, **changes})


def choose(method: Method = Method.AVERAGING, **changes: Any) -> ChooseMethod:
    return ChooseMethod(**{"first": 2021, "last": 2030, "method": method, **changes})


def freeze(**changes: Any) -> FreezePeriod:
    return FreezePeriod(**{"first": 2021, "last": 2030, "reason": "review of the final report", **changes})


def frozen_then(command: Command) -> Callable[[Desk], Command]:
    """A command after the period's account was frozen in 2031."""

    def act(desk: Desk) -> Command:
        for before in (record_ndc(), choose()):
            desk.do(before)
        desk.do(freeze(), on=date(2031, 5, 1))
        return command

    return act


def path(first: int = 2021, last: int = 2030) -> tuple[YearLevel, ...]:
    return tuple(YearLevel(year, 1_000) for year in range(first, last + 1))


def desk(party: str = "THA", **changes: Any) -> Desk:
    return Desk(registry(party, **changes))


def test_an_ndc_stands_under_its_period_and_its_update_replaces_it() -> None:
    at = desk()
    assert at.do(record_ndc()).act is Act.NDC_RECORDED
    found = stored(at.books, NDC_RECORD, "2021-2030", Ndc)
    assert found is not None
    assert (found.id, found.targets, found.source) == ("THA-2", (TARGET,), SOURCE)
    at.do(record_ndc(ndc="THA-3"))
    assert at.books.record(NDC_RECORD, "2021-2030")["id"] == "THA-3"


def test_a_non_party_records_its_pledge_and_a_territory_the_ndc_of_its_party() -> None:
    desk("TWN", is_party=False).do(record_ndc(parties=(), jurisdictions=(Party("TWN"),)))
    desk("HKG", is_party=False).do(record_ndc(parties=(Party("CHN"),), jurisdictions=(Party("HKG"),)))
    desk("SWE").do(record_ndc(parties=(Party("EUE"), Party("SWE"))))


def test_an_inventory_keeps_its_values_and_source() -> None:
    at = desk()
    assert at.do(record_inventory()).act is Act.INVENTORY_RECORDED
    found = stored(at.books, INVENTORY_RECORD, "THA-BTR1", Inventory)
    assert found is not None
    assert (found.party, found.values, found.source) == ("THA", (YearTotal(2021, 100, SECTORS),), Source("BTR 1"))


def test_the_largest_inventory_fits_into_an_entry() -> None:
    values = tuple(YearTotal(2025 - n, 10**15, tuple(InventorySector)) for n in range(VALUES_MAX))
    entry = desk().do(record_inventory(values=values))
    assert len(str(entry.records[0].value)) < 15_000


def test_a_method_is_locked_with_its_path() -> None:
    at = desk()
    at.do(record_ndc())
    at.do(choose(Method.TRAJECTORY, path=path()))
    found = stored(at.books, PERIOD_ACCOUNT, "2021-2030", PeriodAccount)
    assert found is not None
    assert (found.method, found.locked_on, found.state) == (Method.TRAJECTORY, at.today, AccountState.OPEN)
    assert found.level(2025) == 1_000


def frozen_host() -> Desk:
    """THA with one hundred authorized units, whose period is frozen in 2032."""
    at = issuing_host()
    at.do(record_ndc())
    at.do(choose())
    at.today = CLOSED
    at.do(freeze())
    return at


def holding_buyer() -> Desk:
    tha, che = issuing_host(), buyer()
    deliver(tha, che, proposal())
    return che


def swiss() -> RecordNdc:
    return record_ndc(parties=(Party("CHE"),))


def test_a_frozen_account_keeps_its_day_and_reason_and_the_books_go_on() -> None:
    at = frozen_host()
    found = stored(at.books, PERIOD_ACCOUNT, "2021-2030", PeriodAccount)
    assert found is not None
    assert (found.state, found.frozen_on, found.freeze_reason) == (
        *(AccountState.FROZEN, CLOSED),
        "review of the final report",
    )
    at.do(Transfer(units=units(V2023, 1, 5), source=DEV, target=SHOP))


def test_use_for_a_pledge_beyond_the_ndc_is_no_ndc_use() -> None:
    che = holding_buyer()
    before = che.adjustments()
    entry = che.do(Cancel(units=units(V2023, 1, 10), account=BUYER, purpose=CancellationPurpose.VOLUNTARY))
    assert isinstance(entry, Entry)
    assert not [account for account in che.adjustments() if account.startswith("ndc:CHE")]
    che.do(UseTowardsNdc(units=units(V2023, 11, 20), account=BUYER, year=2025))
    assert che.adjustments()["ndc:CHE:2025:subtracted"] == -10
    assert "ndc:CHE:2025:subtracted" not in before


def use_after_the_freeze(at: Desk) -> UseTowardsNdc:
    at.do(swiss())
    at.do(choose())
    at.do(freeze(), on=CLOSED)
    return UseTowardsNdc(units=units(V2023, 1, 10), account=BUYER, year=2025)


NDC_REFUSALS = (
    Case("its name is unreadable", NdcFault.ID_UNREADABLE, after(then=record_ndc(ndc="a b"))),
    Case("its period is backwards", NdcFault.PERIOD_UNREADABLE, after(then=record_ndc(first=2031, last=2030))),
    Case("its period never ends", NdcFault.PERIOD_UNREADABLE, after(then=record_ndc(first=2031, last=9998))),
    Case("it overlaps another period", NdcFault.PERIOD_DIFFERS, after(then=record_ndc(first=2026))),
    Case("a party is no code", NdcFault.PARTY_UNREADABLE, after(then=record_ndc(parties=(Party("Siam"),)))),
    Case("it is another's", NdcFault.NOT_OF_THIS_REGISTRY, after(then=record_ndc(parties=(Party("CHE"),)))),
    Case(
        "a Party is listed as a jurisdiction",
        NdcFault.STANDING_DIFFERS,
        after(then=record_ndc(parties=(), jurisdictions=(Party("THA"),))),
    ),
    Case("it names no sectors", NdcFault.SCOPE_MISSING, after(then=record_ndc(sectors=()))),
    Case("it names no gases", NdcFault.SCOPE_MISSING, after(then=record_ndc(gases=()))),
    Case("it has no source", NdcFault.SOURCE_MISSING, after(then=record_ndc(source=Source(" ")))),
    Case(
        "the fiscal year has no first day",
        NdcFault.FISCAL_YEAR_UNCLEAR,
        after(then=record_ndc(accounting_year=AccountingYear.FISCAL)),
    ),
    Case(
        "the calendar year has another first day",
        NdcFault.FISCAL_YEAR_UNCLEAR,
        after(then=record_ndc(fiscal_year_begins="04-01")),
    ),
    Case("it has no target", NdcFault.TARGETS_MISSING, after(then=record_ndc(targets=()))),
    Case(
        "a portion is named of an NDC with targets",
        NdcFault.PORTION_UNCLEAR,
        after(then=record_ndc(portion=Scope(SECTORS, ("CO2",)))),
    ),
    Case(
        "a portion has no gases",
        NdcFault.PORTION_UNCLEAR,
        after(then=record_ndc(of_measures=True, portion=Scope(SECTORS, ()))),
    ),
    Case("two targets have one name", NdcFault.TARGET_UNREADABLE, after(then=record_ndc(targets=(TARGET, TARGET)))),
    Case(
        "a target's share is a percentage",
        NdcFault.TARGET_UNREADABLE,
        after(
            then=record_ndc(targets=(Target("t", TargetForm.REDUCTION, 2030, "", SOURCE, reduction="30"),)),
        ),
    ),
    Case(
        "an indicator is not named",
        NdcFault.TARGET_UNREADABLE,
        after(then=record_ndc(targets=(Target("t", TargetForm.FLOOR, 2030, "", SOURCE, level=1),))),
    ),
    Case(
        "a target lies outside the period",
        NdcFault.TARGET_UNREADABLE,
        after(then=record_ndc(targets=(Target("t", TargetForm.LEVEL, 2035, "", SOURCE, level=1),))),
    ),
    Case(
        "another kind than the locked method is for",
        NdcFault.KIND_LOCKED,
        after(record_ndc(), choose(), then=record_ndc(kind=NdcKind.MULTI_YEAR)),
    ),
    Case(
        "another kind than the locked method is for, as a correction",
        NdcFault.KIND_LOCKED,
        after(
            record_ndc(),
            choose(),
            then=record_ndc(kind=NdcKind.MULTI_YEAR, correction="It was misread."),
        ),
    ),
    Case(
        "its period is frozen, and nothing is corrected",
        NdcFault.PERIOD_FROZEN,
        frozen_then(record_ndc(title="another")),
        on=date(2033, 1, 1),
    ),
)
INVENTORY_REFUSALS = (
    Case("its name is unreadable", InventoryFault.ID_UNREADABLE, after(then=record_inventory(inventory=""))),
    Case("it is there already", InventoryFault.ALREADY_RECORDED, after(record_inventory(), then=record_inventory())),
    Case("the party is no code", InventoryFault.PARTY_UNREADABLE, after(then=record_inventory(party=Party("TH")))),
    Case("it has no source", InventoryFault.SOURCE_MISSING, after(then=record_inventory(source=Source("")))),
    Case("it names no gases", InventoryFault.SCOPE_MISSING, after(then=record_inventory(gases=()))),
    Case(
        "a value names no sectors",
        InventoryFault.SCOPE_MISSING,
        after(then=record_inventory(values=(YearTotal(2021, 1),))),
    ),
    Case("an indicator names gases", InventoryFault.SCOPE_MISSING, after(then=record_inventory(metric="MWh"))),
    Case("it is empty", InventoryFault.VALUES_MISSING, after(then=record_inventory(values=()))),
    Case(
        "it is too long",
        InventoryFault.TOO_MANY_VALUES,
        after(then=record_inventory(values=tuple(YearTotal(n, 1, SECTORS) for n in range(VALUES_MAX + 1)))),
    ),
    Case(
        "it says the same twice",
        InventoryFault.VALUE_TWICE,
        after(then=record_inventory(values=(YearTotal(2021, 1, SECTORS), YearTotal(2021, 2, SECTORS[::-1])))),
    ),
    Case(
        "the year is not over",
        InventoryFault.YEAR_NOT_OVER,
        after(then=record_inventory(values=(YearTotal(2026, 1, SECTORS),))),
    ),
)
METHOD_REFUSALS = (
    Case("no NDC is recorded", MethodFault.NDC_UNKNOWN, after(then=choose())),
    Case(
        "another was chosen before",
        MethodFault.LOCKED,
        after(record_ndc(), choose(), then=choose(Method.TRAJECTORY, path=path())),
    ),
    Case("the NDC is of one year", MethodFault.NOT_FOR_KIND, after(record_ndc(), then=choose(Method.MULTI_YEAR))),
    Case(
        "a year of the path is missing",
        MethodFault.PATH_INCOMPLETE,
        after(record_ndc(), then=choose(Method.TRAJECTORY, path=path(2022))),
    ),
    Case("averaging has a path", MethodFault.PATH_NOT_ASKED, after(record_ndc(), then=choose(path=path()))),
    Case("no method is chosen", MethodFault.NOT_CHOSEN, after(then=freeze())),
)
FREEZE_REFUSALS = (
    Case("the period runs on", PeriodFault.NOT_OVER, after(record_ndc(), choose(), then=freeze())),
    Case(
        "nobody says why", PeriodFault.REASON_MISSING, after(record_ndc(), choose(), then=freeze(reason=" ")), on=CLOSED
    ),
    Case(
        "units are on their way",
        PeriodFault.TRANSFER_PENDING,
        after(proposal(), record_ndc(), choose(), then=freeze()),
        on=CLOSED,
    ),
)
FROZEN_REFUSALS = (
    Case("it is frozen already", PeriodFault.FROZEN, after(then=freeze())),
    Case(
        "a unit would be first transferred by its cancellation",
        PeriodFault.FROZEN,
        after(then=Cancel(units=units(V2023, 1, 5), account=DEV, purpose=CancellationPurpose.OMGE)),
    ),
)
USE_REFUSALS = (Case("the period of the use is frozen", PeriodFault.FROZEN, use_after_the_freeze, on=CLOSED),)


@pytest.mark.parametrize("case", (*NDC_REFUSALS, *INVENTORY_REFUSALS, *METHOD_REFUSALS), ids=titles)
def test_a_record_is_refused_when(case: Case) -> None:
    check_refused(case, desk())


@pytest.mark.parametrize("case", FREEZE_REFUSALS, ids=titles)
def test_a_freeze_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


@pytest.mark.parametrize("case", FROZEN_REFUSALS, ids=titles)
def test_a_frozen_period_refuses_when(case: Case) -> None:
    check_refused(case, frozen_host())


@pytest.mark.parametrize("case", USE_REFUSALS, ids=titles)
def test_a_use_is_refused_when(case: Case) -> None:
    check_refused(case, holding_buyer())


def test_the_ndc_of_a_frozen_period_is_corrected_and_says_so() -> None:
    books = desk()
    command = frozen_then(record_ndc(title="Second NDC", correction="A misprint; the ministry's note of 3 May 2032."))(
        books
    )
    entry = books.do(command, on=date(2033, 1, 1))
    assert entry.details["correction"] == "A misprint; the ministry's note of 3 May 2032."
    assert "correction" not in desk().do(record_ndc(correction=" ")).details


def test_an_ndc_is_updated_as_long_as_its_kind_fits_the_locked_method() -> None:
    books = desk()
    for command in (record_ndc(), choose(), record_ndc(title="Third NDC")):
        books.do(command)
    assert books.books.record(NDC_RECORD, "2021-2030")["title"] == "Third NDC"
