"""A partner with a real key and a log of its own making: the honest book answers with codes, and stays sound."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from counterfoil.application.commands.abroad import TRANSFER
from counterfoil.application.receipt import Receipt
from counterfoil.domain.federation.message import MessageKind
from counterfoil.domain.kernel.refusal import Refusal
from tests.federation_attack.hostile import DAY, PROVENANCE, Hostile
from tests.movements.books import CLASS, Books


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    books = Books("XBB", "XCC")
    for one, other in (("XBB", "XCC"), ("XCC", "XBB")):
        books.offices[one].do(replace(books.offices[one].agreement(other), agreement="IA-2"))
    hostile = Hostile(books)
    yield hostile
    for office in hostile.books.offices.values():
        assert office.audit().findings == ()


def refused(outcome: Any) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def accepted(hostile: Hostile, transfer: str = "t-1", first: int = 1, last: int = 10) -> None:
    received = hostile.say(MessageKind.PROPOSAL, transfer, hostile.offer(transfer, first, last))
    assert isinstance(received.outcome, Receipt), received.outcome


LEAVES: list[Any] = [
    [],
    "text",
    7,
    None,
    {},
    {"act": "TransferProposed", "details": []},
    {"act": "TransferProposed", "details": "t-1"},
    {"act": [], "details": {}},
    b"[" * 5_000 + b"]" * 5_000,
    b'{"act":1.5}',
    b"no json",
    b'{"act":"TransferProposed","details":{"transfer":99999999999999999999999999}}',
]


@pytest.mark.parametrize("leaf", LEAVES, ids=range(len(LEAVES)))
@pytest.mark.parametrize("kind", [MessageKind.PROPOSAL, MessageKind.NOTICE, MessageKind.ACKNOWLEDGEMENT])
def test_a_proven_leaf_that_is_no_entry_is_refused(hostile: Hostile, kind: MessageKind, leaf: Any) -> None:
    transfer = "N:XAA01:XBB:1" if kind is MessageKind.NOTICE else "t-1"
    if kind is MessageKind.ACKNOWLEDGEMENT:
        hostile.books.send(1, 10, by="XAA", to="XBB")
        hostile.books.propose(1, 5, "t-2", by="XBB", to="XAA")
        transfer = "t-2"
    body = {**hostile.offer("t-1", 500, 510), "proof": hostile.log(leaf), "state": "acquired"}
    assert refused(hostile.say(kind, transfer, body).outcome) in {"message.proof", "message.unreadable"}


@pytest.mark.parametrize(
    "members",
    [
        {"moves": [[]]},
        {"moves": [[CLASS, 1, 10]]},
        {"moves": 5},
        {"moves": [[CLASS, "1", None, "a", "to:XBB"]]},
        {"moves": [{"4": "to:XBB"}]},
        {"moves": {}, "facts": []},
    ],
)
def test_a_final_entry_with_moves_that_are_none_gives_nothing(hostile: Hostile, members: dict[str, Any]) -> None:
    accepted(hostile)
    body = {"proof": hostile.entry("TransferredAbroad", "t-1", **members), "provenance": PROVENANCE}
    assert refused(hostile.say(MessageKind.RECEIPT, "t-1", body).outcome) in {"message.proof", "message.unreadable"}


@pytest.mark.parametrize("facts", [[[]], 5, [["a", 1, 2, []]], [["a", 1, 2, {"first_transfer_trigger": "nothing"}]]])
def test_a_final_entry_with_facts_that_are_none_gives_nothing(hostile: Hostile, facts: Any) -> None:
    accepted(hostile)
    moves = [[CLASS, 1, 10, "pending:XBB", "to:XBB"]]
    proof = hostile.entry("FirstTransferred", "t-1", moves=moves, facts=facts)
    outcome = hostile.say(MessageKind.RECEIPT, "t-1", {"proof": proof, "provenance": PROVENANCE}).outcome
    assert refused(outcome) in {"message.proof", "message.unreadable"}


def test_a_final_entry_without_a_day_gives_nothing(hostile: Hostile) -> None:
    accepted(hostile)
    moves = [[CLASS, 1, 10, "pending:XBB", "to:XBB"]]
    leaf = {"act": "FirstTransferred", "details": {"transfer": "t-1", "partner": "XBB"}, "moves": moves}
    outcome = hostile.say(MessageKind.RECEIPT, "t-1", {"proof": hostile.log(leaf), "provenance": PROVENANCE}).outcome
    assert refused(outcome) == "message.unreadable"


@pytest.mark.parametrize(
    "changes",
    [
        {"parts": []},
        {"parts": [[CLASS, 0, 10, {}]]},
        {"parts": [[CLASS, -5, 10, {}]]},
        {"parts": [[CLASS, 10, 1, {}]]},
        {"parts": [[CLASS, 1, 2**62, {}]]},
        {"parts": [["CA9001", 1, 2, {}]]},
        {"parts": [["x" * 10_000, 1, 2, {}]]},
        {"parts": [[CLASS, 1, 2, {"type": []}]]},
        {"authorizations": [{}]},
        {"authorizations": [{"id": 5}]},
        {"approaches": [{"id": []}]},
        {"target": "no such account"},
        {"target": "to:XCC"},
        {"target": 7},
        {"entity": 5},
        {"entity": ["E-1"]},
        {"entity": "\u0000"},
        {"expires_at": "never"},
        {"expires_at": 5},
        {"retire": 5},
        {"retire": {"year": -1, "purpose": "ndc"}},
        {"retire": {"year": 2025, "purpose": "gift"}},
        {"proof": {"seq": 0, "leaf": "", "checkpoint": "", "proof": [5]}},
        {"proof": {"seq": -1, "leaf": "", "checkpoint": "", "proof": []}},
    ],
    ids=str,
)
def test_a_proposal_that_is_nonsense_is_refused_by_code(hostile: Hostile, changes: dict[str, Any]) -> None:
    before = hostile.victim.writer.note
    received = hostile.say(MessageKind.PROPOSAL, "t-1", {**hostile.offer("t-1", 1, 10), **changes})
    assert refused(received.outcome)
    assert hostile.victim.writer.note == before, "nothing was written"


def test_a_unit_that_is_offered_twice_in_one_proposal_is_not_accepted(hostile: Hostile) -> None:
    """It could never be acquired, and the transfer would never end."""
    offer = hostile.offer("t-1", 1, 10)
    (part,) = offer["parts"]
    received = hostile.say(MessageKind.PROPOSAL, "t-1", {**offer, "parts": [part, [CLASS, 10, 12, part[3]]]})
    assert refused(received.outcome) == "transfer.parts"


def test_a_partner_does_not_say_that_this_party_has_recognized_the_transfer(hostile: Hostile) -> None:
    offer = hostile.offer("t-1", 1, 10)
    (part,) = offer["parts"]
    part[3] |= {"recognized_by": "XBB"}
    received = hostile.say(MessageKind.PROPOSAL, "t-1", offer)
    assert isinstance(received.outcome, Receipt), received.outcome
    hostile.say(MessageKind.RECEIPT, "t-1", hostile.receipt("t-1", (CLASS, 1, 10)))
    (held,) = hostile.victim.writer.books.holdings(CLASS, 1, 10)
    assert held.facts.get("recognized_by") != "XBB", "only XBB's own book says what XBB has recognized"


def test_a_transfer_cannot_take_the_name_of_a_notice(hostile: Hostile) -> None:
    """Else what is owed to a third under that name would be looked for in the transfer, and never told."""
    name = "N:XBB01:XCC:1"
    received = hostile.say(MessageKind.PROPOSAL, name, hostile.offer(name, 1, 10))
    assert refused(received.outcome)
    assert hostile.victim.writer.books.record(TRANSFER, name) is None


def test_units_that_went_to_a_third_are_not_brought_home_by_one_who_never_had_them(hostile: Hostile) -> None:
    """XAA sent units to XCC. XBB says that it sends them home, and proves an entry of its own log."""
    hostile.books.send(1, 100, to="XCC")
    thief = Hostile(hostile.books, liar="XBB", victim="XAA")
    offer = thief.offer("t-9", 1, 100)
    thief.say(MessageKind.PROPOSAL, "t-9", offer)
    thief.say(MessageKind.RECEIPT, "t-9", thief.receipt("t-9", (CLASS, 1, 100)))
    assert hostile.books.held("XCC") == 100
    assert hostile.books.where("XAA", 1, 100) == ["to:XCC"]


@pytest.mark.parametrize("ending", ["withdrawn", "expired", "refused"])
def test_nobody_ends_the_transfer_of_two_others(hostile: Hostile, ending: str) -> None:
    hostile.books.propose(1, 100, "t-1", to="XCC")
    thief = Hostile(hostile.books, liar="XBB", victim="XAA")
    proof = thief.entry("TransferAccepted", "t-1")
    for kind, body in (
        (MessageKind.REFUSAL, {"code": "no"}),
        (MessageKind.ACCEPTANCE, {"proof": proof}),
        (MessageKind.ACKNOWLEDGEMENT, {"state": "acquired", "proof": thief.entry("Acquired", "t-1")}),
        (MessageKind.WITHDRAWAL, {"reason": "x", "ending": ending}),
        (MessageKind.RECEIPT, thief.receipt("t-1", (CLASS, 1, 100))),
        (MessageKind.PROPOSAL, thief.offer("t-1", 1, 100)),
    ):
        received = thief.say(kind, "t-1", body)
        assert refused(received.outcome) == "transfer.other_partner"
        assert received.answers == (), "what is owed to another is not shown"


def test_a_message_for_another_registry_is_nothing_here(hostile: Hostile) -> None:
    outcome = hostile.say(MessageKind.PROPOSAL, "t-1", hostile.offer("t-1", 1, 10), recipient="XCC").outcome
    assert refused(outcome) == "message.not_for_us"


def notice(hostile: Hostile, number: int, kind: str, content: Any, **leaf: Any) -> Any:
    name = f"N:{hostile.liar.party}01:{hostile.victim.party}:{number}"
    record = ["notice", name, {"partner": hostile.victim.party, "state": "owed", "kind": kind, "content": content}]
    proof = hostile.log({"act": "Cancelled", "on": DAY, "records": [record], "details": {}, **leaf})
    return hostile.say(MessageKind.NOTICE, name, {"proof": proof}).outcome


@pytest.mark.parametrize("kind", ["ended", "recognized", "objected", "answered", "joint_agreed", "jointly_issued"])
@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "text",
        {},
        {"units": 5},
        {"units": [[CLASS, "9" * 50, 10**15]]},
        {"units": [[CLASS, 1, 2, 3]], "trigger": "omge", "transfer": [], "reason": [], "decision": [], "issued": []},
        {"units": [[CLASS, 1, 2]], "trigger": "nothing", "transfer": "t-1", "answer": {}, "reason": {}},
    ],
    ids=str,
)
def test_a_notice_that_is_nonsense_is_refused_by_code(hostile: Hostile, kind: str, content: Any) -> None:
    before = hostile.victim.writer.note
    assert refused(notice(hostile, 1, kind, content))
    assert hostile.victim.writer.note == before


@pytest.mark.parametrize(
    "units",
    [
        [["x", 1, 1]],
        [[CLASS, "9" * 50, "9" * 50]],
        [[CLASS, 5, 1]],
        [[CLASS, 1, 1]] * 5_000,
        [["A private person lives at this address", 1, 1]],
    ],
    ids=["no class", "huge", "no range", "many", "content"],
)
def test_a_notice_about_a_beneficiary_says_units_or_is_refused(hostile: Hostile, units: Any) -> None:
    assert refused(notice(hostile, 1, "beneficiary", {"units": units}))


def test_a_notice_keeps_nothing_in_the_public_journal_but_what_was_asked(hostile: Hostile) -> None:
    content = {"units": [[CLASS, 1, 1]], "beneficiary": "B", "surprise": "a private person"}
    outcome = notice(hostile, 1, "beneficiary", content)
    if isinstance(outcome, Receipt):
        kept = hostile.victim.writer.books.record("taken_notice", "N:XAA01:XBB:1")
        assert "surprise" not in kept["content"]


def test_a_holder_ends_only_what_left_for_it(hostile: Hostile) -> None:
    hostile.books.send(1, 100, to="XCC")
    thief = Hostile(hostile.books, liar="XBB", victim="XAA")
    content = {"units": [[CLASS, 1, 10]], "trigger": "use_or_cancellation", "purpose": "IMP"}
    for first, last in ((1, 10), (500, 510)):
        moves = [[CLASS, first, last, "xbb:holder", "cancelled:oimp:XBB"]]
        told = {**content, "units": [[CLASS, first, last]]}
        outcome = notice(thief, first, "ended", told, moves=moves)
        assert refused(outcome) == "ended_abroad.not_there"


def test_a_receipt_with_thousands_of_pieces_of_evidence_is_refused_and_none_is_kept(hostile: Hostile) -> None:
    accepted(hostile)
    body = hostile.receipt("t-1", (CLASS, 1, 10))
    body["provenance"] = {**PROVENANCE, "evidence": {str(n): f"text {n}" for n in range(5_000)}}
    outcome = hostile.say(MessageKind.RECEIPT, "t-1", body).outcome
    assert refused(outcome) == "message.unreadable"


def test_thousands_of_letters_are_not_looked_through(hostile: Hostile) -> None:
    offer = hostile.offer("t-1", 1, 10)
    (letter,) = offer["authorizations"]
    received = hostile.say(MessageKind.PROPOSAL, "t-1", {**offer, "authorizations": [letter] * 900})
    assert refused(received.outcome)


def test_an_old_receipt_does_not_bring_home_what_went_out_again(hostile: Hostile) -> None:
    """XCC once sent the units on to XBB, and XBB sent them home. They are XCC's again; XBB shows the old receipt."""
    books = hostile.books
    books.send(1, 100, to="XCC")
    thief = Hostile(books, liar="XBB", victim="XAA")
    books.send(1, 100, "t-2", by="XCC", to="XBB")
    books.propose(1, 100, "t-3", by="XBB", to="XAA")
    receipts = json.loads(books.network.waiting[0][1].content)["body"]["receipts"]
    books.network.deliver()
    assert books.where("XAA", 1, 100) == ["xaa:holder"]
    for office in books.offices.values():
        office.clock.move_to(office.clock.now_ms() + 60_000)
    books.send(1, 100, "t-4", to="XCC")
    received = thief.say(MessageKind.PROPOSAL, "t-9", {**thief.offer("t-9", 1, 100), "receipts": receipts})
    assert refused(received.outcome) == "message.custody"
    assert books.where("XAA", 1, 100) == ["to:XCC"] and books.held("XCC") == 100


def test_of_a_receipt_that_is_refused_nothing_is_kept(hostile: Hostile) -> None:
    """The same units were accepted twice, as an honest source may offer them twice; they came by the other transfer."""
    accepted(hostile, "t-1")
    accepted(hostile, "t-2")
    hostile.say(MessageKind.RECEIPT, "t-1", hostile.receipt("t-1", (CLASS, 1, 10)))
    told = {**PROVENANCE, "evidence": {"a": "left behind"}}
    body = {**hostile.receipt("t-2", (CLASS, 1, 10)), "provenance": told}
    assert refused(hostile.say(MessageKind.RECEIPT, "t-2", body).outcome) == "acquisition.units_known"
    assert not hostile.victim.world.evidence.has(sha256(b"left behind").hexdigest())
