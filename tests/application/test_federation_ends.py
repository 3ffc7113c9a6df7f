"""How transfers end between two books: expired, silent, suspended, after a change of keys, after a restore."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from nacl.signing import SigningKey

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.commands.abroad import TRANSFER
from counterfoil.application.commands.end_transfer import Ending
from counterfoil.application.commands.link import ChangeLink, FollowKey, LinkPartner
from counterfoil.application.commands.retire_there import RetireThere
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.jws import key_id, signing_input
from counterfoil.domain.federation.link import LinkState
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.test_federation import Pair, net

HOUR_MS = 3_600_000


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    for office in (pair.host, pair.buyer):
        assert office.audit().findings == ()


def in_an_hour(pair: Pair) -> str:
    return utc_text(pair.host.clock.now_ms() + HOUR_MS)


def later(pair: Pair, hours: int) -> None:
    for office in (pair.host, pair.buyer):
        office.clock.move_to(office.clock.now_ms() + hours * HOUR_MS)


def state(pair: Pair) -> tuple[str | None, str | None]:
    records = [office.writer.books.record(TRANSFER, "t-1") for office in (pair.host, pair.buyer)]
    host, buyer = (None if record is None else record["state"] for record in records)
    return host, buyer


def test_both_books_end_with_the_others_receipt(pair: Pair) -> None:
    pair.propose()
    pair.network.deliver()
    assert state(pair) == ("final", "final")
    assert pair.host.writer.books.record(TRANSFER, "t-1")["confirmed_on"] is not None


def test_an_offer_that_comes_late_is_refused_and_the_units_come_back(pair: Pair) -> None:
    pair.propose(expires_at=in_an_hour(pair))
    later(pair, 2)
    outcomes = pair.network.deliver()
    assert isinstance(outcomes[0], Refusal) and outcomes[0].code == "message.expired"
    assert state(pair) == ("refused", None)
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (1_000, 0)


def test_an_accepted_offer_that_expired_is_closed_on_both_sides_when_the_target_asks(pair: Pair) -> None:
    pair.propose(expires_at=in_an_hour(pair))
    pair.step()
    pair.network.waiting.clear()
    later(pair, 2)
    host = pair.links[Party("XAA")]
    assert isinstance(host.withdraw("t-1", reason="no answer", ending=Ending.EXPIRED), Receipt)
    pair.network.waiting.clear()
    assert state(pair) == ("expired", "accepted")
    assert pair.links[Party("XBB")].resend("t-1") is None
    pair.network.deliver()
    assert state(pair) == ("expired", "expired")


def test_a_target_that_asks_in_time_gets_the_units(pair: Pair) -> None:
    pair.propose()
    pair.step()
    pair.network.waiting.clear()
    pair.links[Party("XBB")].resend("t-1")
    pair.network.deliver()
    assert state(pair) == ("final", "final")


def test_an_offer_is_not_expired_before_its_end(pair: Pair) -> None:
    pair.propose(expires_at=in_an_hour(pair))
    early = pair.links[Party("XAA")].withdraw("t-1", reason="impatience", ending=Ending.EXPIRED)
    assert isinstance(early, Refusal) and early.code == "transfer.not_expired"


def test_a_withdrawal_that_overtakes_its_proposal_ends_the_transfer_on_both_sides(pair: Pair) -> None:
    pair.propose()
    pair.links[Party("XAA")].withdraw("t-1", reason="a mistake")
    pair.network.waiting.reverse()
    pair.network.deliver()
    assert state(pair) == ("withdrawn", "withdrawn")
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (1_000, 0)


def test_a_receipt_that_overtakes_everything_is_refused_and_taken_when_its_turn_comes(pair: Pair) -> None:
    pair.propose()
    proposal = pair.network.waiting[0]
    pair.step()
    pair.step()
    receipt = pair.network.waiting.popleft()
    lonely = Pair()
    refused = lonely.links[Party("XBB")].receive(receipt[1]).outcome
    assert isinstance(refused, Refusal) and refused.code in ("message.sequence", "message.key_unknown")
    pair.network.waiting.extend([proposal, receipt])
    pair.network.deliver()
    assert state(pair) == ("final", "final")


def test_messages_of_a_suspended_partner_change_nothing_and_work_again_when_it_is_live(pair: Pair) -> None:
    pair.propose()
    pair.step()
    acceptance = pair.network.waiting[0]
    pair.host.do(ChangeLink(party=Party("XBB"), reason="a key was lost", state=LinkState.SUSPENDED))
    refused = pair.step()
    assert isinstance(refused, Refusal) and refused.code == "link.suspended"
    assert state(pair) == ("proposed", "accepted")
    pair.host.do(ChangeLink(party=Party("XBB"), reason="a new key was agreed", state=LinkState.LIVE))
    pair.network.waiting.append(acceptance)
    pair.network.deliver()
    assert state(pair) == ("final", "final")


def test_over_a_link_that_is_tested_a_proposal_is_answered_and_nothing_is_accepted(pair: Pair) -> None:
    pair.propose()
    pair.buyer.do(ChangeLink(party=Party("XAA"), reason="a rehearsal", state=LinkState.TESTING))
    pair.network.deliver()
    assert state(pair) == ("refused", None)
    assert pair.host.writer.books.record(TRANSFER, "t-1")["reason"] == "XBB: link.not_live"


def test_the_earlier_key_is_good_for_the_overlap_and_not_a_moment_longer(pair: Pair) -> None:
    pair.propose()
    successor = FileSigner(pair.host.signer.name, SigningKey(bytes(range(32))))
    key = base64.b64encode(successor.public_key).decode()
    pair.buyer.do(FollowKey(party=Party("XAA"), public_key=key, proof="ab" * 32, overlap_hours=24))
    proposal = pair.network.waiting[0][1]
    later(pair, 25)
    refused = pair.links[Party("XBB")].receive(proposal).outcome
    assert isinstance(refused, Refusal) and refused.code == "message.key_expired"
    again = resigned(proposal, successor)
    assert pair.links[Party("XBB")].receive(again).outcome is not None


def resigned(envelope: Envelope, signer: FileSigner) -> Envelope:
    key = key_id(signer.public_key)
    signed = signer.sign(signing_input(envelope.content, key=key))
    return replace(envelope, signature=signed, key=key)


def test_a_message_from_the_future_is_refused_and_a_slow_clock_is_borne(pair: Pair) -> None:
    pair.host.clock.move_to(pair.host.clock.now_ms() + 301_000)
    pair.propose()
    refused = pair.step()
    assert isinstance(refused, Refusal) and refused.code == "message.from_future"
    pair.buyer.clock.move_to(pair.buyer.clock.now_ms() + 2_000)
    pair.links[Party("XAA")].resend("t-1")
    pair.network.deliver()
    assert state(pair) == ("final", "final")
    assert net(pair.host) == {"2023": 400}


def test_messages_that_come_together_do_what_they_do_one_by_one(pair: Pair) -> None:
    for number in range(1, 5):
        pair.propose(first=number, last=number, transfer=f"t-{number}")
    bundle = [envelope for _, envelope in pair.network.waiting]
    pair.network.waiting.clear()
    buyer, host = pair.links[Party("XBB")], pair.links[Party("XAA")]
    sizes = (pair.buyer.writer.size, pair.host.writer.size)
    for side in (buyer, host, buyer, host):
        bundle = [answer for received in side.receive_all([*bundle, *bundle]) for answer in received.answers]
        bundle = list({envelope.content: envelope for envelope in bundle}.values())
    assert bundle == []
    assert pair.held(pair.buyer) == 4
    assert (pair.buyer.writer.size - sizes[0], pair.host.writer.size - sizes[1]) == (8, 8)


def agreed_before(pair: Pair, **proposed: Any) -> Envelope:
    """What the buyer signed when the same name stood for these terms, before the source was restored."""
    before = Pair()
    before.propose(**proposed)
    before.step()
    buyer = before.buyer
    pair.host.do(
        LinkPartner(party=Party("XBB"), registry="XBB01", origin=buyer.signer.name, public_key=buyer.public_key)
    )
    return before.network.waiting.popleft()[1]


@pytest.mark.parametrize("other", [{"first": 401, "last": 800}, {"last": 399}, {"retire": RetireThere(2025, "ndc")}])
def test_nothing_leaves_by_an_acceptance_of_other_terms(pair: Pair, other: dict[str, Any]) -> None:
    pair.propose()
    answer = pair.links[Party("XAA")].receive(agreed_before(pair, **other)).outcome
    assert isinstance(answer, Refusal) and answer.code == "message.other_terms"
    assert state(pair)[0] == "proposed" and net(pair.host) == {}


def test_the_same_terms_settle_whenever_they_were_accepted(pair: Pair) -> None:
    """The check is of the terms: the acceptance of an earlier, equal proposal is as good."""
    pair.propose()
    answer = pair.links[Party("XAA")].receive(agreed_before(pair)).outcome
    assert isinstance(answer, Receipt) and state(pair)[0] == "final"
