"""Transfers to another registry, on the side of the units: proposed, then final or voided."""

from datetime import date, timedelta

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.abroad import (
    TRANSFER,
    AbroadFault,
    ProposeTransfer,
    TransferRecord,
    TransferState,
)
from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.accounting.first_transfer import FirstTransferFault
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party, TransferId
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    HOME,
    LOA,
    PARK,
    SHOP,
    V2023,
    V2024,
    activity,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    partner,
    proposal,
    report,
    settle,
    statement,
)

BY_USE = FirstTransferDefinition.USE_OR_CANCELLATION
DOMESTIC = issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None)
PLAIN = issue(authorization=None, quantity=10)


def void(transfer: str = "T-1") -> VoidTransfer:
    return VoidTransfer(transfer=TransferId(transfer), reason="expired")


def parts(*ranges: tuple[int, int]) -> ProposeTransfer:
    return proposal(parts=tuple(units(V2023, first, last) for first, last in ranges))


def returned(desk: Desk) -> ProposeTransfer:
    """Forty units went to CHE and came back: beside new ones, they would be another kind of row."""
    other = buyer()
    deliver(desk, other, proposal())
    deliver(other, desk, proposal("T-2", "THA", source=BUYER, target=DEV))
    return proposal("T-3", parts=(units(V2023, 31, 50),))


REFUSALS = (
    Case("nobody is linked", AbroadFault.PARTNER_UNKNOWN, lambda _: proposal(to="NOR")),
    Case("its identifier is taken", AbroadFault.ALREADY_PROPOSED, after(proposal(last=1), then=proposal(first=2))),
    Case("it names nothing", AbroadFault.PARTS, lambda _: parts()),
    Case("it names 33 parts", AbroadFault.PARTS, lambda _: parts(*((n, n) for n in range(1, 34)))),
    Case("its parts overlap", AbroadFault.PARTS, lambda _: parts((1, 10), (10, 20))),
    Case("its source is not open", AccountFault.UNKNOWN, lambda _: proposal(source="tha:nobody")),
    Case("its source is abroad", AccountFault.NOT_A_HOLDING, lambda _: proposal(source="to:JPN")),
    Case("the units are another's", UnitsFault.NOT_HELD, lambda _: proposal(source=SHOP)),
    Case("the units are proposed", UnitsFault.IN_FLIGHT, after(proposal(), then=proposal("T-2", "JPN"))),
    Case("the units left", UnitsFault.LEFT, after(proposal(), settle("T-1"), then=proposal("T-2", "JPN"))),
    Case(
        "a unit is on hold",
        UnitsFault.ON_HOLD,
        after(PlaceHold(hold="H", units=units(V2023, 40, 40), authority="DNA", reason="r"), then=proposal()),
    ),
    Case("the units are domestic", AbroadFault.NOT_AN_ITMO, after(DOMESTIC, then=proposal(of=HOME))),
    Case("no letter covers them", FirstTransferFault.NOT_AUTHORIZED, after(PLAIN, then=proposal(first=101, last=110))),
    Case("one unit has no letter", FirstTransferFault.NOT_AUTHORIZED, after(PLAIN, then=proposal(last=101))),
    Case(
        "the buyer is not in the letter",
        CoverageFault.PARTY,
        after(partner("NOR"), then=proposal(to="NOR")),
    ),
    Case(
        "the entity is not in the letter",
        CoverageFault.ENTITY,
        after(
            letter(authorization="LOA-2", authorized_entities=("KLIK",)),
            issue(authorization="LOA-2"),
            then=proposal(first=101, last=140, entity="ACME"),
        ),
    ),
    Case("the letter has expired", CoverageFault.EXPIRED, lambda _: proposal(), on=date(2029, 1, 1)),
    Case("it asks more than the letter has left", CoverageFault.QUANTITY, lambda _: proposal(last=91)),
    Case(
        "it asks more than earlier proposals have left",
        CoverageFault.QUANTITY,
        after(proposal(last=60), then=proposal("T-2", "JPN", 61, 91)),
    ),
    Case("it mixes first transfers with later ones", AbroadFault.MIXED, returned),
    Case(
        "partner and parts are wrong, and the partner comes first",
        AbroadFault.PARTNER_UNKNOWN,
        lambda _: proposal(to="NOR", parts=()),
    ),
    Case(
        "the Party is not in the letter and the quantity is exceeded, and the Party comes first",
        CoverageFault.PARTY,
        after(partner("NOR"), then=proposal(to="NOR", last=91)),
    ),
    Case("nothing was proposed to settle", AbroadFault.UNKNOWN, lambda _: settle("T-1")),
    Case("nothing was proposed to void", AbroadFault.UNKNOWN, lambda _: void()),
    Case(
        "the letter was revoked on the way",
        CoverageFault.REVOKED,
        after(proposal(), RevokeAuthorization(authorization=LOA, statement="s", reason="r"), then=settle("T-1")),
    ),
    Case("the letter ended on the way", CoverageFault.EXPIRED, after(proposal(), then=settle("T-1")), date(2029, 1, 1)),
    Case("it is final", AbroadFault.NOT_OPEN, after(proposal(), settle("T-1"), then=settle("T-1"))),
    Case("what is final is voided", AbroadFault.NOT_OPEN, after(proposal(), settle("T-1"), then=void())),
    Case("what is voided is settled", AbroadFault.NOT_OPEN, after(proposal(), void(), then=settle("T-1"))),
    Case("what is voided is voided", AbroadFault.NOT_OPEN, after(proposal(), void(), then=void())),
)


HOST_MUST_RECORD = Case(
    "the letter covers NDC use since the units left",
    AbroadFault.HOST_MUST_RECORD,
    lambda _: proposal("T-3", "JPN", source=BUYER),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_transfer_abroad_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host(authorized_quantity=90, valid_to=date(2028, 12, 31)))


def test_until_it_is_final_a_first_transfer_moves_no_balance_and_the_units_are_nobodys() -> None:
    desk = issuing_host()
    entry = desk.do(proposal())
    assert entry.act is Act.TRANSFER_PROPOSED
    assert desk.held(V2023) == [("1..40", "pending:CHE"), ("41..100", DEV)]
    assert desk.adjustments() == {}
    assert "first_transferred_on" not in desk.facts(V2023, 1)


def test_a_final_first_transfer_adds_to_the_year_of_the_vintage_on_the_day_it_became_final() -> None:
    desk = issuing_host()
    desk.do(proposal())
    entry = desk.do(settle("T-1"), on=TODAY + timedelta(days=3))
    assert (entry.act, entry.because) == (Act.FIRST_TRANSFERRED, "LOA-1 v1")
    assert desk.held(V2023) == [("1..40", "to:CHE"), ("41..100", DEV)]
    assert desk.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}
    assert desk.facts(V2023, 1)["first_transferred_on"] == "2026-04-03"
    assert desk.facts(V2023, 1)["first_transfer_trigger"] == "international_transfer"


def test_a_first_transfer_of_two_vintages_adds_to_both_years() -> None:
    desk = issuing_host()
    desk.do(issue(vintage=2024, quantity=7))
    desk.do(proposal(parts=(units(V2023, 1, 3), units(V2024, 1, 7))))
    desk.do(settle("T-1"))
    assert desk.adjustments() == {"ndc:THA:2023:added": 3, "ndc:THA:2024:added": 7, "awaiting-use": -10}


def test_a_voided_proposal_gives_back_units_and_room_under_the_letter() -> None:
    desk = issuing_host(authorized_quantity=40)
    desk.do(proposal())
    assert first_transferred_quantity(desk.books, LOA) == 40
    desk.do(void())
    assert first_transferred_quantity(desk.books, LOA) == 0
    assert [at for _, at in desk.held(V2023)] == [DEV, DEV]
    assert desk.adjustments() == {}
    desk.do(proposal("T-2"))
    transfer = stored(desk.books, TRANSFER, "T-1", TransferRecord)
    assert transfer is not None
    assert (transfer.state, transfer.reason) == (TransferState.WITHDRAWN, "expired")


def test_units_that_came_back_go_abroad_again_without_a_second_addition() -> None:
    desk, other, third = issuing_host(authorized_quantity=40), buyer(), buyer("JPN")
    deliver(desk, other, proposal())
    deliver(other, desk, proposal("T-2", "THA", source=BUYER, target=DEV))
    assert desk.held(V2023) == [("1..40", DEV), ("41..100", DEV)]
    final = deliver(desk, third, proposal("T-3", "JPN"))
    assert final.act is Act.TRANSFERRED_ABROAD
    assert desk.adjustments() == {"ndc:THA:2023:added": 40, "awaiting-use": -40}
    assert first_transferred_quantity(desk.books, LOA) == 40


def test_a_domestic_move_before_does_not_hide_the_authorization() -> None:
    desk = issuing_host()
    desk.do(Transfer(units=units(V2023, 1, 10), source=DEV, target=SHOP))
    desk.do(proposal(source=SHOP, last=10))


TOO_LATE = Case(
    "a move that is the first transfer for other purposes comes after the deadline",
    FirstTransferFault.AFTER_DEADLINE,
    lambda _: proposal(of="CA9003-THA01-THA-#-2023"),
    on=date(2032, 1, 1),
)


@pytest.mark.parametrize(("any_move", "added"), [(False, {}), (True, {"ndc:THA:2023:added": 40, "awaiting-use": -40})])
def test_units_for_other_purposes_alone_are_first_transferred_by_a_move_only_where_the_approach_says_so(
    any_move: bool, added: dict[str, int]
) -> None:
    desk = host()
    approach = CooperativeApproachId("CA9003")
    desk.do(
        RegisterCooperativeApproach(
            approach=approach,
            title="Parks",
            participants=(Party("THA"), Party("CHE")),
            first_transfer_on_any_cross_party_move=any_move,
        )
    )
    desk.do(activity(PARK, cooperative_approach=approach))
    desk.do(report("M-2", PARK, (2023, 100)))
    desk.do(statement("V-2", "M-2", (2023, 100)))
    desk.do(oimp_letter(BY_USE, cooperative_approach=approach))
    desk.do(issue(activity=PARK, verification="V-2"))
    of = "CA9003-THA01-THA-#-2023"
    if any_move:
        check_refused(TOO_LATE, desk)
    final = deliver(desk, buyer(), proposal(of=of))
    assert final.act is (Act.FIRST_TRANSFERRED if any_move else Act.TRANSFERRED_ABROAD)
    assert desk.adjustments() == added


def test_only_the_host_records_the_first_transfer_of_units_that_left_without_one() -> None:
    desk, other = host(), buyer()
    desk.do(oimp_letter(BY_USE))
    desk.do(issue())
    deliver(desk, other, proposal())
    desk.do(ChangeAuthorization(authorization=LOA, statement="s", reason="r", purposes=(Purpose.NDC, Purpose.IMP)))
    deliver(desk, other, proposal("T-2", first=41, last=50))
    check_refused(HOST_MUST_RECORD, other)


def test_units_whose_letter_is_not_known_here_do_not_move() -> None:
    desk = authorized_host()
    desk.do(issue())
    desk.books.records[("authorization", LOA)] = None
    desk.books.commit()
    check_refused(Case("the record is lost", AuthorizationFault.UNKNOWN, lambda _: proposal()), desk)
