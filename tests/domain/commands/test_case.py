"""Cases: exactly their units are blocked, and each is closed by the way that mends it, and by no other."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, stored
from counterfoil.application.commands.abroad import TRANSFER, AbroadFault, TransferRecord, TransferState
from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.close_case import CloseCase, CloseCaseFault, Closing, ConfirmCase
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.hold import HoldFault, PlaceHold, ReleaseHold
from counterfoil.application.commands.open_case import CASE, CaseFault, CaseRecord, CaseState, Departure, OpenCase
from counterfoil.application.commands.passed_on import PassedOnFault
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.witness_partner import (
    RecordReconciliation,
    WitnessPartner,
    WitnessPartnerFault,
    seen_size,
)
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.federation.case import CaseKind, Claim, Mender
from counterfoil.domain.federation.crossing import Way
from counterfoil.domain.federation.link import PARTNER, LinkFault, LinkState, Partner
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.serials import SerialsFault
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import DEV, LOA, SHOP, V2023, authorized_host, issue, issuing_host, proposal, settle

EVIDENCE, OTHER = "ab" * 32, "cd" * 32
LEFT_ON = date(2026, 3, 31)


def case(key: str = "CHE-1", **changes: Any) -> OpenCase:
    """CHE shows our own signed entry: units 11 to 20 were first transferred to it, and this book has forgotten."""
    content: dict[str, Any] = {
        "case": key,
        "partner": Party("CHE"),
        "kind": CaseKind.IN_BOTH,
        "mender": Mender.US,
        "blocked": True,
        "units": (units(V2023, 11, 20),),
        "theirs": Claim(Way.IN, 30, "T-7", "2026-03-12T09:00:00Z"),
        "evidence": EVIDENCE,
        "departure": Departure(41, "T-7", LEFT_ON, Trigger.INTERNATIONAL_TRANSFER.value),
    }
    return OpenCase(**{**content, **changes})


def unproven(key: str = "CHE-1", **changes: Any) -> OpenCase:
    return case(key, mender=Mender.NOBODY, blocked=False, departure=None, **changes)


def forked(key: str = "CHE-9") -> OpenCase:
    return case(key, kind=CaseKind.FORKED, mender=Mender.THEM, blocked=False, units=(), departure=None, theirs=None)


def close(way: Closing = Closing.GIVE_UP, key: str = "CHE-1", **changes: Any) -> CloseCase:
    content: dict[str, Any] = {"authority": "DNA", "reason": "CHE showed our signed entry"}
    return CloseCase(case=key, way=way, **{**content, **changes})


def confirm(key: str = "CHE-1", **changes: Any) -> ConfirmCase:
    return ConfirmCase(**{"case": key, "evidence": OTHER, "partner_entry": 77, **changes})


def move(first: int, last: int) -> Transfer:
    return Transfer(units=units(V2023, first, last), source=DEV, target=SHOP)


SEEN = WitnessPartner(partner=Party("CHE"), old=0, size=40, root=OTHER, note=EVIDENCE)
COMPARED = RecordReconciliation(
    partner=Party("CHE"),
    left=EVIDENCE,
    came=OTHER,
    complete=True,
    differing=0,
    under_way=0,
    cases=0,
    evidence=EVIDENCE,
)


def unlettered(desk: Desk) -> Command:
    """Units that the lost letter covered: the registry must take the letter up again before it gives them up."""
    desk.do(case())
    first, last = 11, 20
    desk.record(Entry(Act.CORRECTED, desk.today, facts=(FactChange(V2023, first, last, {"authorization": "LOA-9"}),)))
    return close()


def spent(desk: Desk) -> Command:
    desk.record(Entry(Act.CANCELLED, desk.today, moves=(Move(V2023, 20, 20, DEV, "cancelled:voluntary"),)))
    desk.do(case())
    return close()


def sent_elsewhere(desk: Desk) -> Command:
    desk.do(proposal("T-2", "JPN", 15, 40))
    desk.do(case())
    return close()


def gone_on(desk: Desk) -> Command:
    desk.do(proposal("T-2", "JPN", 15, 40))
    desk.do(settle("T-2"))
    desk.do(case())
    return close()


def known_here(desk: Desk) -> Command:
    desk.do(case(units=(units(FOREIGN, 1, 9),)))
    desk.record(Entry(Act.ACQUIRED, desk.today, moves=(Move(FOREIGN, 9, 9, "from:CHE", DEV),)))
    return close(Closing.PASSED_ON)


FOREIGN = "CA9001-CHE01-CHE-#-2023"
HELD = PlaceHold(hold="H-1", units=units(V2023, 15, 15), authority="court", reason="an attachment")

REFUSALS = (
    Case("its name is no name", CaseFault.ID_UNREADABLE, lambda _: case("a case")),
    Case("it stands", CaseFault.ALREADY_OPEN, after(case(), then=case())),
    Case("it names no units", CaseFault.RANGES, lambda _: case(units=())),
    Case("it names too many ranges", CaseFault.RANGES, lambda _: case(units=(units(V2023, 1, 1),) * 33)),
    Case("a forked log names units", CaseFault.RANGES, lambda _: replace(forked(), units=case().units)),
    Case("its class cannot be read", IdentifierFault.UNREADABLE, lambda _: case(units=(units("x", 1, 1),))),
    Case("its range runs backwards", SerialsFault.BACKWARDS, lambda _: case(units=(units(V2023, 2, 1),))),
    Case("its evidence is no digest", CaseFault.EVIDENCE_UNREADABLE, lambda _: case(evidence="abc")),
    Case("its partner is not linked", LinkFault.UNKNOWN, lambda _: case(partner=Party("NOR"))),
    Case("there is none to close", CloseCaseFault.UNKNOWN, lambda _: close()),
    Case("it is closed", CloseCaseFault.CLOSED, after(case(), confirm(), then=close())),
    Case("nobody decides", CloseCaseFault.REASON_MISSING, after(case(), then=close(authority=" "))),
    Case("no reason is given", CloseCaseFault.REASON_MISSING, after(case(), then=close(reason=""))),
    Case("ours is not to stand by", CloseCaseFault.OTHER_WAY, after(case(), then=close(Closing.OWN_BOOK))),
    Case("nothing was proven", CloseCaseFault.OTHER_WAY, after(unproven(), then=close())),
    Case("it was mended", CloseCaseFault.OTHER_WAY, after(case(), close(), then=close())),
    Case(
        "what is to be acquired waits for messages",
        CloseCaseFault.OTHER_WAY,
        after(case(kind=CaseKind.IN_NEITHER, departure=None), then=close()),
    ),
    Case(
        "a unit is not here",
        CloseCaseFault.UNITS_UNKNOWN,
        after(case(units=(units(V2023, 95, 101),)), then=close()),
    ),
    Case("a unit is used up", CloseCaseFault.UNITS_SPENT, spent),
    Case("a unit went to a third", CloseCaseFault.UNITS_LEFT, gone_on),
    Case("a unit is in flight to a third", CloseCaseFault.UNITS_IN_FLIGHT, sent_elsewhere),
    Case("passing on: it was issued here", PassedOnFault.BORN_HERE, after(case(), then=close(Closing.PASSED_ON))),
    Case("passing on: a unit is known here", PassedOnFault.UNITS_HERE, known_here),
    Case("a person holds a unit", UnitsFault.ON_HOLD, after(case(), HELD, then=close())),
    Case(
        "an earlier departure is lost, too",
        CloseCaseFault.EARLIER_FIRST,
        after(case(), case("JPN-1", departure=Departure(40, "T-6", LEFT_ON)), then=close()),
    ),
    Case("the letter is not here", AuthorizationFault.UNKNOWN, unlettered),
    Case("there is none to confirm", CloseCaseFault.UNKNOWN, lambda _: confirm()),
    Case("the confirmation shows nothing", CloseCaseFault.EVIDENCE_MISSING, after(case(), then=confirm(evidence=""))),
    Case(
        "its hold is to be released",
        HoldFault.OF_A_CASE,
        after(case(), then=ReleaseHold(hold="CHE-1:1", authority="DNA", reason="r")),
    ),
    Case("a stranger's log is seen", LinkFault.UNKNOWN, lambda _: replace(SEEN, partner=Party("NOR"))),
    Case("a log begins elsewhere", WitnessPartnerFault.OTHER_SIZE, after(SEEN, then=replace(SEEN, size=50))),
    Case("a log shrinks", WitnessPartnerFault.OTHER_SIZE, after(SEEN, then=replace(SEEN, old=40, size=39))),
    Case("a root is no digest", WitnessPartnerFault.DIGEST_UNREADABLE, lambda _: replace(SEEN, root="x")),
    Case("a stranger was compared", LinkFault.UNKNOWN, lambda _: replace(COMPARED, partner=Party("NOR"))),
    Case("a hash is no digest", WitnessPartnerFault.DIGEST_UNREADABLE, lambda _: replace(COMPARED, left="x")),
)


@pytest.mark.parametrize("each", REFUSALS, ids=titles)
def test_a_case_is_refused_when(each: Case) -> None:
    check_refused(each, issuing_host())


def found(desk: Desk, key: str = "CHE-1") -> CaseRecord:
    known = stored(desk.books, CASE, key, CaseRecord)
    assert known is not None
    return known


def test_a_case_blocks_exactly_its_units_and_no_authority_lifts_it_but_its_closing() -> None:
    desk = issuing_host()
    desk.do(case())
    desk.do(move(1, 10))
    desk.do(move(21, 30))
    for serial in (11, 20):
        check_refused(Case("blocked", UnitsFault.ON_HOLD, lambda _, at=serial: move(at, at)), desk)
    desk.do(confirm())
    desk.do(move(11, 20))


def test_an_unproven_claim_blocks_nothing_and_is_closed_by_the_own_book() -> None:
    desk = issuing_host()
    desk.do(unproven())
    desk.do(move(11, 20))
    desk.do(close(Closing.OWN_BOOK))
    assert (found(desk).state, found(desk).way) == (CaseState.CLOSED, "own_book")


def test_what_was_signed_away_is_given_up_as_the_lost_entry_had_it() -> None:
    desk, right = issuing_host(), issuing_host()
    right.do(proposal("T-7", first=11, last=20), on=LEFT_ON)
    right.do(settle("T-7"), on=LEFT_ON)
    desk.do(case())
    desk.today = date(2026, 4, 20)
    entry = desk.do(close())
    assert entry.act is Act.FIRST_TRANSFERRED
    assert entry.details["lost_entry"] == 41 and entry.details["evidence"] == EVIDENCE
    for of in (desk, right):
        assert of.held(V2023) == [("1..10", DEV), ("11..20", "to:CHE"), ("21..100", DEV)]
        assert of.adjustments() == {"ndc:THA:2023:added": 10, "awaiting-use": -10}
        assert first_transferred_quantity(of.books, LOA) == 10
    assert desk.facts(V2023, 11) == right.facts(V2023, 11)
    assert stored(desk.books, TRANSFER, "T-7", TransferRecord).state is TransferState.FINAL  # type: ignore[union-attr]
    assert found(desk).state is CaseState.MENDED
    closing = desk.do(confirm())
    assert closing.details["partner_entry"] == 77
    assert (found(desk).state, found(desk).closing_evidence) == (CaseState.CLOSED, OTHER)


def test_units_still_in_flight_by_the_lost_transfer_are_given_up_and_counted_once() -> None:
    desk = issuing_host()
    desk.do(proposal("T-7", first=11, last=30), on=LEFT_ON)
    desk.do(case(units=(units(V2023, 11, 30),)))
    check_refused(Case("blocked", UnitsFault.ON_HOLD, lambda _: settle("T-7")), desk)
    desk.do(close())
    assert first_transferred_quantity(desk.books, LOA) == 20
    check_refused(
        Case("it is final", AbroadFault.NOT_OPEN, lambda _: VoidTransfer(transfer=TransferId("T-7"), reason="r")), desk
    )


def test_of_a_transfer_given_up_in_part_the_rest_can_be_taken_back() -> None:
    desk = issuing_host()
    desk.do(proposal("T-7", first=11, last=40), on=LEFT_ON)
    desk.do(case())
    desk.do(close())
    desk.do(VoidTransfer(transfer=TransferId("T-7"), reason="r"))
    assert desk.held(V2023) == [("1..10", DEV), ("11..20", "to:CHE"), ("21..40", DEV), ("41..100", DEV)]
    assert first_transferred_quantity(desk.books, LOA) == 10


def test_units_that_had_been_first_transferred_before_are_given_up_without_another_first_transfer() -> None:
    desk = issuing_host()
    desk.do(proposal("T-6", first=11, last=20))
    desk.do(settle("T-6"))
    before = desk.adjustments()
    desk.do(case(departure=Departure(41, "T-7", LEFT_ON)))
    check_refused(Case("they stand abroad", CloseCaseFault.UNITS_LEFT, lambda _: close()), desk)
    assert desk.adjustments() == before


def test_a_rewritten_log_suspends_the_link_and_is_followed_anew_when_an_authority_says_so() -> None:
    desk = issuing_host()
    desk.do(SEEN)
    desk.do(forked())
    link = stored(desk.books, PARTNER, "CHE", Partner)
    assert link is not None and (link.state, link.reason) == (LinkState.SUSPENDED, "CHE-9")
    check_refused(Case("it names no units", CloseCaseFault.OTHER_WAY, lambda _: close(key="CHE-9")), desk)
    desk.do(close(Closing.ACCEPT_LOG, "CHE-9"))
    assert seen_size(desk.books, "CHE") == 0
    desk.do(replace(SEEN, size=20))
    assert seen_size(desk.books, "CHE") == 20


def test_units_that_are_not_here_are_blocked_before_they_come() -> None:
    desk = authorized_host()
    desk.do(case(units=(units(V2023, 1, 5),), kind=CaseKind.IN_NEITHER, departure=None))
    desk.do(issue())
    check_refused(Case("blocked", UnitsFault.ON_HOLD, lambda _: move(1, 1)), desk)
    desk.do(move(6, 10))


def test_a_hold_of_a_case_stands_beside_others() -> None:
    desk = issuing_host()
    desk.do(case())
    desk.do(PlaceHold(hold="H-1", units=units(V2023, 20, 25), authority="DNA", reason="r"))
    desk.do(confirm())
    check_refused(Case("the other stands", UnitsFault.ON_HOLD, lambda _: move(20, 20)), desk)
    desk.do(move(11, 19))
