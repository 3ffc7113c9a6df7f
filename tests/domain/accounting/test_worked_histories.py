"""Worked histories, played at the desks: a split block that returns, a year of holdings, and a world that adds up.

Carried over from the worked examples FT-V2, H-V1 and CA-V6 of the Article 6.2 rulebook, section 3.7.
Source: 4/CMA.6 paras. 12, 17; 2/CMA.3 annex paras. 2, 8, 20.
"""

from datetime import date

from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import Desk, registry, units
from tests.domain.commands.scene import (
    BUYER,
    CA9001,
    CA9002,
    DEV,
    STOVES,
    activity,
    agreement,
    buyer,
    deliver,
    host,
    issue,
    letter,
    oimp_letter,
    partner,
    proposal,
    report,
    statement,
)

BLOCK = "CA9002-THA01-THA-#-2023"
GHANAS = "CA9001-GHA01-GHA-#-2023"


def large_host(*quantities: int) -> Desk:
    """THA with units of vintage 2023 in blocks of these sizes, authorized for NDC use."""
    desk = host()
    total = sum(quantities)
    desk.do(letter(authorization="LOA-2", cooperative_approach=CA9002))
    desk.do(report("M-2", STOVES, (2023, total)))
    desk.do(statement("V-2", "M-2", (2023, total)))
    for quantity in quantities:
        desk.do(issue(activity=STOVES, verification="V-2", quantity=quantity, authorization="LOA-2"))
    return desk


def test_a_split_block_keeps_its_first_transfers_through_a_return() -> None:
    tha, che, jpn = large_host(1_000), buyer(), buyer("JPN")

    def first(transfer: str, to: Desk, start: int, end: int, on: date) -> Entry:
        return deliver(tha, to, proposal(transfer, to.registry.party, start, end, of=BLOCK), on=on)

    acts = [first("T-1", che, 1, 400, date(2026, 4, 1)).act]
    back = proposal("T-2", "THA", 1, 100, of=BLOCK, source=BUYER, target=DEV)
    acts.append(deliver(che, tha, back, on=date(2026, 5, 1)).act)
    acts.append(first("T-3", jpn, 401, 700, date(2026, 7, 1)).act)
    acts.append(first("T-4", jpn, 1, 100, date(2026, 8, 1)).act)
    assert acts == [
        Act.FIRST_TRANSFERRED,
        Act.TRANSFERRED_ABROAD,
        Act.FIRST_TRANSFERRED,
        Act.TRANSFERRED_ABROAD,
    ]
    assert tha.adjustments() == {"ndc:THA:2023:added": 700, "awaiting-use": -700}
    assert tha.adjustments()["ndc:THA:2023:added"] != 800  # the return counted as a second first transfer
    days = {serial: tha.facts(BLOCK, serial).get("first_transferred_on") for serial in (1, 400, 401, 700, 701, 1_000)}
    assert days == {1: "2026-04-01", 400: "2026-04-01", 401: "2026-07-01", 700: "2026-07-01", 701: None, 1_000: None}
    assert jpn.facts(BLOCK, 1) == che.facts(BLOCK, 101)
    assert [desk.books.balance("units", BLOCK, at) for desk, at in ((tha, DEV), (che, BUYER), (jpn, "jpn:buyer"))] == [
        300,
        300,
        400,
    ]


def ghana() -> Desk:
    """Another host, with 300 units that THA may acquire."""
    desk = Desk(registry("GHA"))
    desk.do(OpenAccount(account="gha:dev", holder="dev"))
    desk.do(partner("THA"))
    parties = (Party("GHA"), Party("THA"), Party("CHE"))
    desk.do(RegisterCooperativeApproach(approach=CA9001, title="Rice", participants=parties))
    desk.do(agreement("GHA", "THA"))
    desk.do(activity("RICE"))
    desk.do(report("M-1", ActivityId("RICE"), (2023, 300)))
    desk.do(statement("V-1", "M-1", (2023, 300)))
    desk.do(letter(any_party=True))
    desk.do(issue(activity="RICE", quantity=300, account="gha:dev"))
    return desk


def held(desk: Desk) -> int:
    return sum(piece.serials.size for piece in desk.books.all_holdings() if role(piece.account) is AccountRole.HOLDING)


def test_a_party_that_hosts_and_buys_reconciles_its_holdings() -> None:
    tha, che, gha = large_host(500, 1_000), buyer(), ghana()
    for one, other in ((tha, "GHA"), (che, "GHA")):
        one.do(partner(other))
    tha.do(agreement("THA", "GHA"))
    assert held(tha) == 500 + 1_000
    deliver(gha, tha, proposal("G-1", "THA", 1, 300, of=GHANAS, source="gha:dev", target=DEV))
    assert held(tha) == 1_800
    deliver(tha, che, proposal("T-1", "CHE", 1, 700, of=BLOCK))
    deliver(tha, che, proposal("T-2", "CHE", 1, 100, of=GHANAS))
    tha.do(UseTowardsNdc(units=units(GHANAS, 101, 250), account=DEV, year=2025))
    tha.do(Cancel(units=units(BLOCK, 701, 750), account=DEV, purpose=CancellationPurpose.OMGE))
    assert held(tha) == 500 + 1_000 + 300 - 700 - 100 - 150 - 50 == 800
    assert tha.adjustments() == {
        "ndc:THA:2023:added": 750,
        "ndc:THA:2025:subtracted": -150,
        "awaiting-use": -550,
        "closed:omge": -50,
    }
    assert gha.adjustments() == {"ndc:GHA:2023:added": 300, "awaiting-use": -300}
    assert che.adjustments() == {}


def test_three_parties_together_add_what_nobody_used_towards_an_ndc() -> None:
    tha, che, jpn = host(), buyer(), buyer("JPN")
    by_use = FirstTransferDefinition.USE_OR_CANCELLATION
    tha.do(oimp_letter(by_use, Purpose.NDC, Purpose.IMP, authorization="LOA-2", cooperative_approach=CA9002))
    tha.do(report("M-2", STOVES, (2023, 850)))
    tha.do(statement("V-2", "M-2", (2023, 850)))
    tha.do(issue(activity=STOVES, verification="V-2", quantity=850, authorization="LOA-2"))
    deliver(tha, che, proposal("T-1", "CHE", 1, 600, of=BLOCK))
    tha.do(Cancel(units=units(BLOCK, 601, 850), account=DEV, purpose=CancellationPurpose.IMP))
    deliver(che, jpn, proposal("T-2", "JPN", 1, 100, of=BLOCK, source=BUYER))
    che.do(UseTowardsNdc(units=units(BLOCK, 101, 550), account=BUYER, year=2025))
    jpn.do(UseTowardsNdc(units=units(BLOCK, 1, 100), account="jpn:buyer", year=2026))
    net = {
        desk.registry.party: sum(amount for account, amount in desk.adjustments().items() if account.startswith("ndc:"))
        for desk in (tha, che, jpn)
    }
    assert net == {"THA": 850, "CHE": -450, "JPN": -100}  # the buyer's own transfer of 100 has no term
    assert tha.adjustments()["closed:oimp"] == -250
    assert che.books.balance("units", BLOCK, BUYER) == 50
    assert sum(net.values()) == 300 == 250 + 50
