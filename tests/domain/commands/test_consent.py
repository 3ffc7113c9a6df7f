"""A transfer that waits for a person at its target: noted, consented to, refused, or taken back by its source."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Units, stored
from counterfoil.application.commands.abroad import TRANSFER, AbroadFault, TransferRecord, TransferState
from counterfoil.application.commands.acquire import DeclineTransfer
from counterfoil.application.commands.consent import (
    REASON_MAX,
    ConsentFault,
    ConsentToTransfer,
    NoteProposedTransfer,
    RefuseTransfer,
)
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.offered import OfferedPart
from counterfoil.application.commands.recover import BeginRecovery, RecoveryFault
from counterfoil.application.commands.waiting import ARRIVING, WAITING_MAX, waiting_from
from counterfoil.domain.federation.link import LinkFault, LinkState
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, Move
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import buyer, issuing_host, offer, proposal
from tests.domain.commands.test_link import change

SOURCE = issuing_host()
SOURCE.do(proposal())
OFFER = offer(SOURCE, "T-1")
FROM = "from:NOR"


def noted(transfer: str = "T-1", **changes: Any) -> NoteProposedTransfer:
    """The offer of THA as it is noted."""
    content = {name: getattr(OFFER, name) for name in asdict(OFFER)}
    return NoteProposedTransfer(**{**content, "transfer": TransferId(transfer), **changes})


def consent() -> ConsentToTransfer:
    return ConsentToTransfer(transfer=TransferId("T-1"))


def refusal(reason: str = "Another volume was agreed") -> RefuseTransfer:
    return RefuseTransfer(transfer=TransferId("T-1"), reason=reason)


def decline() -> DeclineTransfer:
    return DeclineTransfer(transfer=TransferId("T-1"), reason="withdrawn")


def asked() -> Desk:
    """The desk of CHE, to which THA is linked."""
    return buyer()


def state(desk: Desk) -> tuple[TransferState, bool]:
    known = stored(desk.books, TRANSFER, "T-1", TransferRecord)
    assert known is not None
    return known.state, known.by_hand


def one_too_many(desk: Desk) -> NoteProposedTransfer:
    """The offer, after as many others as may wait."""
    for number in range(WAITING_MAX):
        far = 10_000 + 100 * number
        parts = (replace(OFFER.parts[0], first=far, last=far + 9),)
        desk.do(noted(f"T-{number + 10}", parts=parts))
    return noted()


def told_of(desk: Desk, source: str, target: str) -> None:
    """The units of the offer, as another registry told this book of them: they went from a Party to a Party."""
    part = OFFER.parts[0]
    move = Move(part.unit_class, part.first, part.last, source, target)
    desk.record(
        Entry(Act.NOTICE_TAKEN, date(2026, 3, 1), moves=(move,), facts=facts_of(part) if source == FROM else ())
    )


def facts_of(part: OfferedPart) -> tuple[FactChange, ...]:
    return (FactChange(part.unit_class, part.first, part.last, part.facts),)


def moved_meanwhile(desk: Desk) -> ConsentToTransfer:
    told_of(desk, FROM, "to:NOR")
    desk.do(noted())
    told_of(desk, "to:NOR", "to:SWE")
    return consent()


def held_meanwhile(desk: Desk) -> ConsentToTransfer:
    told_of(desk, FROM, "to:NOR")
    desk.do(noted())
    part = OFFER.parts[0]
    units = Units(part.unit_class, part.first, part.last)
    desk.do(PlaceHold(hold="H-1", units=units, authority="FOEN", reason="an inquiry"))
    return consent()


REFUSALS = (
    Case("it is noted twice", AbroadFault.ALREADY_PROPOSED, after(noted(), then=noted())),
    Case("as many wait as may", ConsentFault.TOO_MANY_WAITING, one_too_many),
    Case("nothing waits under the name", AbroadFault.UNKNOWN, lambda _: consent()),
    Case("nothing is there to refuse", AbroadFault.UNKNOWN, lambda _: refusal()),
    Case("it was refused before", AbroadFault.NOT_OPEN, after(noted(), refusal(), then=consent())),
    Case("it was consented to before", AbroadFault.NOT_OPEN, after(noted(), consent(), then=refusal())),
    Case("its source took it back", AbroadFault.NOT_OPEN, after(noted(), decline(), then=consent())),
    Case("no reason is given", ConsentFault.REASON_UNCLEAR, after(noted(), then=refusal("  "))),
    Case("the reason is a book", ConsentFault.REASON_UNCLEAR, after(noted(), then=refusal("x" * (REASON_MAX + 1)))),
    Case(
        "its source was not asked since a restore, which may know of a consent",
        RecoveryFault.UNRECONCILED,
        after(noted(), BeginRecovery(taken_at="2026-03-30T02:00:00Z", entries=12), then=refusal()),
    ),
    Case("its units were put on hold meanwhile", UnitsFault.ON_HOLD, held_meanwhile),
    Case("its units went elsewhere meanwhile", ConsentFault.MOVED_SINCE, moved_meanwhile),
    Case(
        "the link was suspended meanwhile",
        LinkFault.NOT_LIVE,
        after(noted(), change(party=Party("THA"), state=LinkState.SUSPENDED), then=consent()),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_transfer_is_not_decided_here_when(case: Case) -> None:
    check_refused(case, asked())


def test_units_that_stayed_where_they_were_when_they_were_offered_are_consented_to() -> None:
    desk = asked()
    told_of(desk, FROM, "to:NOR")
    desk.do(noted())
    desk.do(consent())
    assert state(desk)[0] is TransferState.ACCEPTED


def test_what_is_noted_moves_nothing_and_waits() -> None:
    desk = asked()
    entry = desk.do(noted())
    assert (entry.act, entry.moves, entry.postings, entry.facts) == (Act.TRANSFER_OFFERED, (), (), ())
    assert state(desk) == (TransferState.OFFERED, True)
    assert waiting_from(desk.books, "THA") == ("T-1",)


def test_consent_gives_the_very_acceptance_that_a_link_without_it_gives() -> None:
    by_hand, at_once = asked(), asked()
    by_hand.do(noted())
    given, direct = by_hand.do(consent()), at_once.do(OFFER)
    assert (given.act, given.details) == (Act.TRANSFER_ACCEPTED, direct.details)
    kinds = {each.kind for each in direct.records} - {TRANSFER}
    assert {each.kind: each.value for each in given.records if each.kind in kinds} == {
        each.kind: each.value for each in direct.records if each.kind in kinds
    }
    assert (state(by_hand), state(at_once)) == ((TransferState.ACCEPTED, True), (TransferState.ACCEPTED, False))


@pytest.mark.parametrize(
    ("command", "ends"),
    [
        (consent(), TransferState.ACCEPTED),
        (refusal(), TransferState.REFUSED),
        (decline(), TransferState.WITHDRAWN),
    ],
)
def test_what_is_decided_waits_no_longer_and_what_was_offered_is_not_kept(
    command: ConsentToTransfer | RefuseTransfer | DeclineTransfer, ends: TransferState
) -> None:
    desk = asked()
    desk.do(noted())
    desk.do(command)
    assert state(desk)[0] is ends
    assert waiting_from(desk.books, "THA") == ()
    assert not desk.books.record(ARRIVING, "T-1")
