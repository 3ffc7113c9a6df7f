"""Two books, one transfer: whatever is lost, repeated or forged, no unit is spendable in both or in none."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.adapters.peers.in_process import InProcessNetwork
from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.hold import PlaceHold, ReleaseHold
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.balance import awaiting_by_units, balance_of
from counterfoil.application.queries.trace import trace
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.jws import key_id, signing_input
from counterfoil.domain.federation.message import Envelope, MessageKind
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import Office

CLASS = "CA9001-XAA01-XAA-#-2023"


class Pair:
    """A host and an acquirer, joined by a queue that a test may disturb."""

    def __init__(self) -> None:
        self.network = InProcessNetwork()
        self.host, self.buyer = Office("XAA"), Office("XBB")
        self.links = {office.party: self._link(office) for office in (self.host, self.buyer)}
        for office, other in ((self.host, self.buyer), (self.buyer, self.host)):
            office.do(
                LinkPartner(
                    party=other.party,
                    registry=f"{other.party}01",
                    origin=other.signer.name,
                    public_key=other.public_key,
                )
            )
        self.host.activity()
        self.host.issued()
        self.buyer.open_holder()
        self.buyer.do(self.buyer.agreement("XAA"))

    def _link(self, office: Office) -> Federation:
        def do(submissions: list[Submission]) -> list[Outcome]:
            return office.writer.step(submissions)

        link = Federation(office.world, office.writer, do, self.network)  # type: ignore[arg-type]
        self.network.join(office.party, link.receive)
        return link

    def propose(self, first: int = 1, last: int = 400, transfer: str = "t-1", **content: object) -> Outcome:
        command = ProposeTransfer(
            id=f"{transfer}:propose",
            transfer=TransferId(transfer),
            partner=Party("XBB"),
            parts=(Units(CLASS, first, last),),
            source=self.host.holder,
            target=self.buyer.holder,
        )
        return self.links[Party("XAA")].propose(replace(command, **content), by="tester")  # type: ignore[arg-type]

    def step(self) -> object:
        """Deliver exactly one message."""
        return self.network.step()

    def held(self, office: Office) -> int:
        return sum(
            holding.serials.size for holding in office.writer.books.all_holdings() if holding.account == office.holder
        )


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    for office in (pair.host, pair.buyer):
        assert office.audit().findings == ()


def sealed(office: Office, message: dict[str, Any]) -> Envelope:
    """A message as its sender would sign it."""
    content, key = office.world.codec.encode(message), key_id(office.signer.public_key)
    return Envelope(content, office.signer.sign(signing_input(content, key=key)), key)


def net(office: Office) -> dict[str, int]:
    balance = balance_of(office.sight(), office.party)
    assert not isinstance(balance, Refusal)
    years = balance["commodities"].get("tCO2e", {"years": {}})["years"]
    return {year: entry["net"] for year, entry in years.items()}


def test_a_first_transfer_adds_to_the_host_by_vintage_and_only_use_subtracts_from_the_buyer(pair: Pair) -> None:
    pair.propose()
    assert pair.held(pair.host) == 600 and net(pair.host) == {}
    pair.network.deliver()
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (600, 400)
    assert net(pair.host) == {"2023": 400}
    assert net(pair.buyer) == {}
    pair.buyer.do(UseTowardsNdc(units=Units(CLASS, 1, 400), account=pair.buyer.holder, year=2025))
    assert net(pair.buyer) == {"2025": -400}
    assert sum(net(pair.host).values()) + sum(net(pair.buyer).values()) == 0
    for office, waiting in ((pair.host, 400), (pair.buyer, -400)):
        assert awaiting_by_units(office.sight()) == {"tCO2e": waiting}


def test_at_every_stage_the_units_are_spendable_in_one_book_at_most(pair: Pair) -> None:
    pair.propose()
    stages = [(pair.held(pair.host), pair.held(pair.buyer))]
    while pair.network.waiting:
        pair.step()
        stages.append((pair.held(pair.host), pair.held(pair.buyer)))
    assert stages == [(600, 0), (600, 0), (600, 0), (600, 400), (600, 400)]


def test_every_message_may_be_repeated(pair: Pair) -> None:
    pair.propose()
    seen: list[tuple[str, Envelope]] = []
    while pair.network.waiting:
        seen.append(pair.network.waiting[0])
        pair.step()
    for message in seen * 2:
        pair.network.waiting.append(message)
        pair.network.deliver()
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (600, 400)
    assert net(pair.host) == {"2023": 400}


def test_a_lost_receipt_is_sent_again_when_the_proposal_or_the_acceptance_is(pair: Pair) -> None:
    pair.propose()
    pair.step()
    pair.step()
    pair.network.waiting.clear()
    pair.host.clock.move_to(pair.host.clock.now_ms() + 60_000)
    assert isinstance(pair.propose(), Receipt)
    assert not [answer for answer in pair.network.deliver() if not isinstance(answer, Receipt)]
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (600, 400)
    assert net(pair.host) == {"2023": 400}


def test_a_hold_placed_in_flight_keeps_the_units_until_it_is_released(pair: Pair) -> None:
    pair.propose()
    pair.step()
    acceptance = pair.network.waiting[0]
    pair.host.do(PlaceHold(hold="h-1", units=Units(CLASS, 10, 10), authority="registrar", reason="a question"))
    refused = pair.step()
    assert isinstance(refused, Refusal) and refused.code == "units.on_hold"
    pair.host.do(ReleaseHold(hold="h-1", authority="registrar", reason="answered"))
    pair.network.waiting.append(acceptance)
    pair.network.deliver()
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (600, 400)


@pytest.mark.parametrize("steps", [0, 1, 2])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("effective_on"),
        lambda body: body.update(effective_on="soon"),
        lambda body: body.update(effective_on=20250115),
        lambda body: body.update(proof=None),
        lambda body: body.update(proof={}),
        lambda body: body.update(proof="a proof"),
        lambda body: body.update(proof={**body["proof"], "proof": ["zz"]}),
        lambda body: body.update(proof={**body["proof"], "proof": [7]}),
        lambda body: body.update(proof={**body["proof"], "checkpoint": "no note"}),
    ],
)
def test_a_signed_message_with_a_malformed_body_is_refused_and_changes_nothing(
    pair: Pair, steps: int, spoil: Callable[[dict[str, Any]], object]
) -> None:
    pair.propose()
    for _ in range(steps):
        pair.step()
    sender = pair.buyer if steps == 1 else pair.host
    party, envelope = pair.network.waiting.popleft()
    message = sender.world.codec.decode(envelope.content)
    spoil(message["body"])
    sizes = (pair.host.writer.size, pair.buyer.writer.size)
    answer = pair.links[Party(party)].receive(sealed(sender, message)).outcome
    assert isinstance(answer, Refusal) and answer.code in ("message.unreadable", "message.proof")
    assert (pair.host.writer.size, pair.buyer.writer.size) == sizes


@pytest.mark.parametrize("member", ["kind", "transfer", "sender", "recipient", "sent_at"])
@pytest.mark.parametrize("value", [[], ["XAA"], {}, {"a": 1}, None, 7])
def test_a_message_whose_head_is_no_text_is_refused_before_anything_is_asked_of_it(
    pair: Pair, member: str, value: Any
) -> None:
    pair.propose()
    party, envelope = pair.network.waiting.popleft()
    message = pair.host.world.codec.decode(envelope.content)
    content = pair.host.world.codec.encode({**message, member: value})
    for sent in (content, b"[]", b"7"):
        answer = pair.links[Party(party)].receive(Envelope(sent, b"no signature", "no-key")).outcome
        assert isinstance(answer, Refusal) and answer.code == "message.unreadable"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body["parts"].__setitem__(0, [["a"], *body["parts"][0][1:]]),
        lambda body: body["parts"].__setitem__(0, [body["parts"][0][0], "1", 400, {}]),
        lambda body: body["parts"].__setitem__(0, "part"),
        lambda body: body["parts"][0].__setitem__(3, "facts"),
        lambda body: body["parts"][0].append(1),
        lambda body: body.update(authorizations=["LOA-1"]),
        lambda body: body.update(approaches=[None]),
        lambda body: body["authorizations"][0].update(metric="tCO2e"),
    ],
)
def test_a_signed_proposal_with_malformed_parts_is_refused_not_a_mistake(
    pair: Pair, spoil: Callable[[dict[str, Any]], object]
) -> None:
    pair.propose()
    party, envelope = pair.network.waiting.popleft()
    message = pair.host.world.codec.decode(envelope.content)
    spoil(message["body"])
    answer = pair.links[Party(party)].receive(sealed(pair.host, message)).outcome
    assert isinstance(answer, Refusal), answer


def test_a_lost_proposal_is_withdrawn_and_the_units_come_back(pair: Pair) -> None:
    pair.propose()
    pair.network.waiting.clear()
    outcome = pair.links[Party("XAA")].withdraw("t-1", reason="expired")
    assert isinstance(outcome, Receipt)
    pair.network.deliver()
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (1_000, 0)
    assert net(pair.host) == {}
    assert isinstance(pair.propose(transfer="t-2"), Receipt)


def test_an_acceptance_that_comes_after_the_withdrawal_moves_nothing(pair: Pair) -> None:
    pair.propose()
    pair.step()
    pair.links[Party("XAA")].withdraw("t-1", reason="expired")
    answers = pair.network.deliver()
    assert any(isinstance(answer, Refusal) and answer.code == "transfer.not_open" for answer in answers)
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (1_000, 0)


def test_a_refusal_of_the_other_book_brings_the_units_back_with_its_reason(pair: Pair) -> None:
    pair.propose(target="xbb:nobody")
    pair.network.deliver()
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (1_000, 0)
    record = pair.host.writer.books.record("transfer", "t-1")
    assert (record["state"], record["reason"]) == ("refused", "XBB: account.unknown")


def test_units_in_flight_belong_to_nobody_else(pair: Pair) -> None:
    pair.propose()
    again = pair.propose(first=400, last=401, transfer="t-2")
    assert isinstance(again, Refusal) and again.code == "units.in_flight"


def test_two_proposals_cannot_together_exceed_the_authorized_quantity() -> None:
    pair = Pair()
    pair.host.do()
    limited = Office("XAA")
    limited.activity(authorized_quantity=500)
    limited.issued()
    pair.host = limited
    pair.links[Party("XAA")] = pair._link(limited)
    limited.do(
        LinkPartner(
            party=Party("XBB"), registry="XBB01", origin=pair.buyer.signer.name, public_key=pair.buyer.public_key
        )
    )
    assert isinstance(pair.propose(1, 400), Receipt)
    second = pair.propose(401, 800, transfer="t-2")
    assert isinstance(second, Refusal) and (second.code, second.facts["left"]) == ("coverage.quantity_exceeded", 100)
    pair.links[Party("XAA")].withdraw("t-1", reason="expired")
    assert isinstance(pair.propose(401, 800, transfer="t-3"), Receipt)


@pytest.mark.parametrize(
    ("disturb", "fault"),
    [
        (lambda envelope: replace(envelope, signature=bytes(64)), "message.signature"),
        (lambda envelope: replace(envelope, content=envelope.content.replace(b"400", b"401")), "message.signature"),
        (lambda envelope: replace(envelope, key="A" * 43), "message.key_unknown"),
        (lambda envelope: replace(envelope, content=b"not json"), "message.unreadable"),
        (lambda envelope: replace(envelope, content=b"{}"), "message.unreadable"),
        (lambda envelope: replace(envelope, content=envelope.content.replace(b",", b", ", 1)), "message.unreadable"),
        (lambda envelope: replace(envelope, content=b"x" * (1024 * 1024 + 1)), "message.too_large"),
    ],
)
def test_a_message_that_was_tampered_with_is_refused(pair: Pair, disturb: object, fault: str) -> None:
    pair.propose()
    party, envelope = pair.network.waiting.popleft()
    answer = pair.links[Party(party)].receive(disturb(envelope)).outcome  # type: ignore[operator]
    assert isinstance(answer, Refusal) and answer.code == fault
    assert pair.held(pair.buyer) == 0


def test_a_message_for_another_registry_or_from_a_stranger_is_refused(pair: Pair) -> None:
    pair.propose()
    _, envelope = pair.network.waiting.popleft()
    wrong_way = pair.links[Party("XAA")].receive(envelope).outcome
    assert isinstance(wrong_way, Refusal) and wrong_way.code == "message.not_for_us"
    stranger = Office("XBB")
    link = Federation(stranger.world, stranger.writer, stranger.writer.step, pair.network)
    answer = link.receive(envelope).outcome
    assert isinstance(answer, Refusal) and answer.code == "message.sender_unknown"


def test_a_receipt_without_the_proof_of_the_final_entry_acquires_nothing(pair: Pair) -> None:
    pair.propose()
    pair.step()
    pair.step()
    _, envelope = pair.network.waiting.popleft()
    message = pair.host.world.codec.decode(envelope.content)
    assert message["kind"] == MessageKind.RECEIPT.value
    message["body"]["proof"]["leaf"] = message["body"]["proof"]["leaf"].replace("FirstTransferred", "Transferred")
    answer = pair.links[Party("XBB")].receive(sealed(pair.host, message)).outcome
    assert isinstance(answer, Refusal) and answer.code == "message.proof"
    assert pair.held(pair.buyer) == 0
    assert isinstance(pair.links[Party("XBB")].receive(envelope).outcome, Receipt)


def come_home(pair: Pair, *, first: int, last: int) -> None:
    """All up to 400 go abroad, and some come back."""
    pair.propose(first=first)
    pair.network.deliver()
    back = ProposeTransfer(
        id="t-9:propose",
        transfer=TransferId("t-9"),
        partner=Party("XAA"),
        parts=(Units(CLASS, first, last),),
        source=pair.buyer.holder,
        target=pair.host.holder,
    )
    assert isinstance(pair.links[Party("XBB")].propose(back, by="tester"), Receipt)
    pair.network.deliver()


def test_units_that_return_home_keep_their_first_transfer(pair: Pair) -> None:
    """Vector FT-V2: a return to the host is no second first transfer."""
    come_home(pair, first=1, last=100)
    assert (pair.held(pair.host), pair.held(pair.buyer)) == (700, 300)
    assert net(pair.host) == {"2023": 400}
    facts = pair.host.writer.books.holdings(CLASS, 1, 100)[0].facts
    assert facts["first_transferred_on"] == date(2025, 1, 15).isoformat()


def test_one_cancellation_is_the_first_transfer_of_those_units_only_that_had_none(pair: Pair) -> None:
    """101 to 140 went abroad and came home; 81 to 100 never left, and lie in the same account."""
    come_home(pair, first=101, last=140)
    pair.host.do(Cancel(units=Units(CLASS, 81, 140), account=pair.host.holder, purpose=CancellationPurpose.OMGE))
    assert net(pair.host) == {"2023": 320}
    found = aef_submission(pair.host.sight(), party="XAA", year=2025, version="1.0", submitted_on=date(2026, 3, 31))
    assert not isinstance(found, Refusal)
    ended = [row for row in found.actions if row.using_cancelling_party_id]
    assert [(row.action_type, row.quantity_co2) for row in ended] == [("First transfer", 20), ("Cancellation", 40)]
    assert sum(int(row.quantity_co2) for row in found.actions if row.action_type == "First transfer") == 320


def test_a_used_unit_is_traced_past_the_border_to_its_readings(pair: Pair) -> None:
    pair.propose()
    pair.network.deliver()
    pair.buyer.do(UseTowardsNdc(units=Units(CLASS, 1, 400), account=pair.buyer.holder, year=2025))
    found = trace(pair.buyer.sight(), "CA9001-XAA01-XAA-7-2023")
    assert not isinstance(found, Refusal)
    assert [(step["registry"], step["act"]) for step in found["steps"]] == [
        ("XBB01", "UsedTowardsNdc"),
        ("XBB01", "Acquired"),
        ("XAA01", "FirstTransferred"),
        ("XAA01", "TransferProposed"),
        ("XAA01", "Issued"),
    ]
    issued = found["steps"][-1]
    assert issued["activity"]["title"] == "Buses"
    assert issued["evidence"][0]["first_lines"] == ["readings of M1"]
    assert list(found["authorizations"]) == ["XA-LOA-1 v1"]
    assert found["steps"][2]["adjustments"] == [{"account": "ndc:XAA:2023:added", "amount": 400}]
    assert found["assumed"] == []
