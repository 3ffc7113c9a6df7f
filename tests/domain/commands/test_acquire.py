"""Transfers from another registry: accepted, then acquired or closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.abroad import AbroadFault
from counterfoil.application.commands.acquire import (
    AcceptTransfer,
    Acquire,
    DeclineTransfer,
    RecordAgreedTransfer,
)
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.offered import AcquireFault, OfferedPart
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.entry import LEAF_BYTES_MAX, Act, Entry, JournalEntry
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.serials import SerialsFault
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    CA9002,
    DEV,
    HOME,
    LOA,
    V2023,
    buyer,
    deliver,
    issuing_host,
    offer,
    proposal,
    receipt,
    settle,
    sold,
)

SOURCE = issuing_host()
SOURCE.do(proposal())
OFFER = offer(SOURCE, "T-1")
PART = OFFER.parts[0]


def offered(**changes: Any) -> AcceptTransfer:
    """The offer of THA with its one part changed."""
    return replace(OFFER, parts=(replace(PART, **changes),))


def of_parts(count: int) -> AcceptTransfer:
    """The offer in so many parts, with numbers as long as they get, from a far end of the class."""
    far = 10**17
    parts = tuple(replace(PART, first=far + 2 * number, last=far + 2 * number) for number in range(count))
    return replace(OFFER, parts=parts)


def with_facts(**changes: Any) -> AcceptTransfer:
    facts = {name: value for name, value in {**PART.facts, **changes}.items() if value is not None}
    return offered(facts=facts)


def with_letter(**changes: Any) -> AcceptTransfer:
    (authorization,) = OFFER.authorizations
    return replace(OFFER, authorizations=({**authorization, **changes},))


def acquisition(transfer: str = "T-1") -> Acquire:
    return Acquire(transfer=TransferId(transfer), receipt="01" * 32, provenance="")


def decline(transfer: str = "T-1") -> DeclineTransfer:
    return DeclineTransfer(transfer=TransferId(transfer), reason="withdrawn")


def agreed() -> RecordAgreedTransfer:
    return RecordAgreedTransfer(transfer=TransferId("A-1"), partner=Party("JPN"), direction="in", subject="JCM")


def proposed_again(desk: Desk) -> Acquire:
    """THA voids what CHE accepted, proposes the same units anew and delivers: a second receipt must not move them."""
    source = issuing_host()
    source.do(proposal())
    desk.do(offer(source, "T-1"))
    source.do(VoidTransfer(transfer=TransferId("T-1"), reason="expired"))
    deliver(source, desk, proposal("T-2"))
    return acquisition("T-1")


def known(desk: Desk) -> AcceptTransfer:
    deliver(issuing_host(), desk, proposal("T-0", first=40, last=50))
    return OFFER


def spent(desk: Desk) -> AcceptTransfer:
    deliver(issuing_host(), desk, proposal("T-0"))
    administrative = CancellationPurpose.ADMINISTRATIVE
    desk.do(Cancel(units=units(V2023, 1, 40), account=BUYER, purpose=administrative, authority="a", reason="r"))
    return OFFER


ITMO_2020 = V2023.replace("2023", "2020")

REFUSALS = (
    Case(
        "the account is another Party's",
        AccountFault.OTHER_PARTY,
        after(
            OpenAccount(account="jpn:firm", holder="firm", party=Party("JPN")), then=replace(OFFER, target="jpn:firm")
        ),
    ),
    Case(
        "its letter converts no metric",
        AcquireFault.RECORDS_UNREADABLE,
        lambda _: with_letter(metric={"kind": "non-GHG", "name": "MWh", "gwp": "AR5"}),
    ),
    Case("nobody is linked", AbroadFault.PARTNER_UNKNOWN, lambda _: replace(OFFER, partner=Party("NOR"))),
    Case("it was accepted", AbroadFault.ALREADY_PROPOSED, after(OFFER, then=OFFER)),
    Case("its name is this Party's", AbroadFault.NAME_OF_ANOTHER, lambda _: replace(OFFER, transfer="CHE-9")),
    Case("it offers nothing", AbroadFault.PARTS, lambda _: replace(OFFER, parts=())),
    Case("it offers 33 parts", AbroadFault.PARTS, lambda _: replace(OFFER, parts=(PART,) * 33)),
    Case("its acquisition would not fit into an entry", AcquireFault.TOO_LARGE, lambda _: of_parts(32)),
    Case("its target is not open", AccountFault.UNKNOWN, lambda _: replace(OFFER, target="che:nobody")),
    Case("its target is a chart account", AccountFault.NOT_A_HOLDING, lambda _: replace(OFFER, target="to:JPN")),
    Case(
        "a letter is unreadable",
        AcquireFault.RECORDS_UNREADABLE,
        lambda _: replace(OFFER, authorizations=({"id": "x"},)),
    ),
    Case("a letter has a false day", AcquireFault.RECORDS_UNREADABLE, lambda _: with_letter(authorized_on="soon")),
    Case("an approach is unreadable", AcquireFault.RECORDS_UNREADABLE, lambda _: replace(OFFER, approaches=({},))),
    Case("its range runs backwards", SerialsFault.BACKWARDS, lambda _: offered(first=2, last=1)),
    Case("its range begins at zero", SerialsFault.OUT_OF_BOUNDS, lambda _: offered(first=0)),
    Case("its class is unreadable", IdentifierFault.UNREADABLE, lambda _: offered(unit_class="units")),
    Case("its class is of 2020", IdentifierFault.VINTAGE_TOO_EARLY, lambda _: offered(unit_class=ITMO_2020)),
    Case("its facts lack the type", AcquireFault.FACTS_UNREADABLE, lambda _: with_facts(type=None)),
    Case("its facts have a type of their own", AcquireFault.FACTS_UNREADABLE, lambda _: with_facts(type="EUA")),
    Case(
        "its facts have a false day", AcquireFault.FACTS_UNREADABLE, lambda _: with_facts(first_transferred_on="soon")
    ),
    Case("it offers domestic units", AbroadFault.NOT_AN_ITMO, lambda _: offered(unit_class=HOME)),
    Case("it offers a CER under an ITMO's identifier", AbroadFault.NOT_AN_ITMO, lambda _: with_facts(type="CER")),
    Case("one unit of them is here", AcquireFault.UNITS_KNOWN, known),
    Case("the units were cancelled here", AcquireFault.UNITS_KNOWN, spent),
    Case("its approach was not sent", AcquireFault.APPROACH_DIFFERS, lambda _: replace(OFFER, approaches=())),
    Case("its letter was not sent", AcquireFault.APPROACH_DIFFERS, lambda _: replace(OFFER, authorizations=())),
    Case("its units have no letter", AcquireFault.APPROACH_DIFFERS, lambda _: with_facts(authorization=None)),
    Case("its letter is another host's", AcquireFault.APPROACH_DIFFERS, lambda _: with_letter(host="GHA")),
    Case(
        "its letter is another approach's",
        AcquireFault.APPROACH_DIFFERS,
        lambda _: with_letter(cooperative_approach=CA9002),
    ),
    Case("its letter has other vintages", AcquireFault.APPROACH_DIFFERS, lambda _: with_letter(vintages=[2024])),
    Case("its letter does not name this Party", CoverageFault.PARTY, lambda _: with_letter(authorized_parties=["JPN"])),
    Case(
        "its letter does not name the entity",
        CoverageFault.ENTITY,
        lambda _: replace(with_letter(authorized_entities=["KLIK"]), entity="ACME"),
    ),
    Case(
        "partner and target are wrong, and the partner comes first",
        AbroadFault.PARTNER_UNKNOWN,
        lambda _: replace(OFFER, partner=Party("NOR"), target="che:nobody"),
    ),
    Case("nothing was accepted to acquire", AbroadFault.UNKNOWN, lambda _: acquisition()),
    Case("nothing was accepted to close", AbroadFault.UNKNOWN, lambda _: decline()),
    Case("it was acquired", AbroadFault.NOT_OPEN, after(OFFER, acquisition(), then=acquisition())),
    Case("it was closed", AbroadFault.NOT_OPEN, after(OFFER, decline(), then=acquisition())),
    Case("what was acquired is closed", AbroadFault.NOT_OPEN, after(OFFER, acquisition(), then=decline())),
    Case("the units came by another transfer since", AcquireFault.UNITS_KNOWN, proposed_again),
    Case("an agreement was recorded", AbroadFault.ALREADY_PROPOSED, after(agreed(), then=agreed())),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_an_acquisition_is_refused_when(case: Case) -> None:
    check_refused(case, buyer())


@pytest.mark.parametrize("count", range(20, 33))
def test_what_is_accepted_can_arrive(count: int) -> None:
    """Once the source has settled, the units are nowhere else: what no entry could acquire would be lost."""
    desk = buyer()
    accepted = desk.ask(of_parts(count))
    if isinstance(accepted, Entry):
        desk.record(accepted)
        moment = "2026-03-31T09:30:00.000Z"
        arrived = JournalEntry(10**9, "T" * 88, "0" * 64, moment, "federation", desk.do(acquisition()), ())
        assert len(canonical(arrived.leaf())) < LEAF_BYTES_MAX


def home_again(first: int, last: int) -> Callable[[Desk], AcceptTransfer]:
    """CHE offers units of THA's own class to THA."""

    def act(desk: Desk) -> AcceptTransfer:
        deliver(desk, buyer(), proposal())
        part = OfferedPart(V2023, first, last, PART.facts)
        return replace(OFFER, transfer=TransferId("T-9"), partner=Party("CHE"), parts=(part,), target=DEV)

    return act


COUNTERFEIT = (
    Case("the units were never issued", AcquireFault.NEVER_ISSUED_HERE, home_again(101, 110)),
    Case("one of the units was never issued", AcquireFault.UNITS_KNOWN, home_again(40, 41)),
    Case("the units never left", AcquireFault.UNITS_KNOWN, home_again(41, 50)),
)


@pytest.mark.parametrize("case", COUNTERFEIT, ids=titles)
def test_the_registry_of_birth_refuses_its_own_units_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_one_unit_too_many_in_a_returning_range_is_refused() -> None:
    desk = issuing_host()
    case = home_again(91, 101)
    deliver(desk, buyer(), proposal("T-0", first=91, last=100))
    check_refused(Case("101 was never issued", AcquireFault.NEVER_ISSUED_HERE, case), desk)


def test_acceptance_acquires_nothing_and_acquisition_moves_no_balance() -> None:
    desk = buyer()
    assert desk.do(OFFER).act is Act.TRANSFER_ACCEPTED
    assert desk.held(V2023) == []
    source, target = sold()
    assert target.journal[-1].entry.act is Act.ACQUIRED
    assert target.held(V2023) == [("1..40", BUYER)]
    assert target.adjustments() == {}
    assert source.held(V2023)[0] == ("1..40", "to:CHE")


def test_an_acquired_unit_keeps_every_fact_of_its_birth_and_its_first_transfer() -> None:
    source, target = sold()
    assert target.facts(V2023, 40) == source.facts(V2023, 40)
    assert target.facts(V2023, 40)["first_transferred_on"] == "2026-03-31"


def test_units_pass_on_to_a_third_party_with_their_letter() -> None:
    _, second = sold()
    third = buyer("JPN")
    final = deliver(second, third, proposal("T-2", "JPN", first=11, last=20, source=BUYER))
    assert final.act is Act.TRANSFERRED_ABROAD
    assert second.adjustments() == third.adjustments() == {}
    assert third.held(V2023) == [("11..20", "jpn:buyer")]
    assert second.held(V2023) == [("1..10", BUYER), ("11..20", "to:JPN"), ("21..40", BUYER)]


def test_what_comes_home_keeps_the_facts_that_this_book_knows() -> None:
    source, target = sold()
    known = source.facts(V2023, 1)
    target.do(proposal("T-2", "THA", source=BUYER, target=DEV))
    forged = offer(target, "T-2")
    part = replace(forged.parts[0], facts={**forged.parts[0].facts, "mitigation": "removal", "sector": "Waste"})
    source.do(replace(forged, parts=(part,)))
    target.do(settle("T-2"))
    source.do(replace(receipt(target, "T-2"), first_transferred_on=date(2027, 1, 1)))
    assert source.held(V2023, 1, 40) == [("1..40", DEV)]
    assert source.facts(V2023, 1) == known


def test_units_come_home_in_pieces_and_together_with_new_ones() -> None:
    source, second = sold()
    deliver(second, source, proposal("T-2", "THA", first=1, last=10, source=BUYER, target=DEV))
    assert source.held(V2023)[:2] == [("1..10", DEV), ("11..40", "to:CHE")]
    deliver(source, second, proposal("T-3", first=1, last=10))
    deliver(source, second, proposal("T-4", first=41, last=50))
    assert second.books.balance("units", V2023, BUYER) == 50
    assert source.adjustments() == {"ndc:THA:2023:added": 50, "awaiting-use": -50}


def test_a_middlemans_older_copy_of_a_letter_does_not_undo_a_newer_one() -> None:
    source, second, third = issuing_host(), buyer(), buyer("JPN")
    deliver(source, second, proposal())
    deliver(source, third, proposal("T-2", "JPN", first=41, last=50))
    source.do(RevokeAuthorization(authorization=LOA, statement="s", reason="r", effective_on=date(2027, 1, 1)))
    deliver(source, third, proposal("T-3", "JPN", first=51, last=60))
    assert third.books.record("foreign_authorization", "THA:LOA-1")["version"] == 2
    deliver(second, third, proposal("T-4", "JPN", source=BUYER))
    assert third.books.record("foreign_authorization", "THA:LOA-1")["version"] == 2


def test_an_agreed_transfer_of_unknown_quantity_is_recorded_without_units() -> None:
    desk = buyer()
    entry = desk.do(agreed())
    assert entry.act is Act.TRANSFER_AGREED
    assert not entry.moves
    assert desk.books.record("agreed_transfer", "A-1")["quantity"] is None
