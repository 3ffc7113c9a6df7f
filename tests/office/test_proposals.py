"""Four eyes at work: what is proposed is looked at, approved by another person, and done exactly once."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.guard import Demands, Guard
from counterfoil.application.office import people
from counterfoil.application.office.approval_desk import ApprovalDesk, Register
from counterfoil.application.office.ports import Membership, Organisation, Person, PersonState
from counterfoil.application.office.proposal import ProposalState
from counterfoil.application.office.proposals import DAY_MS, OPEN_MAX, Seen, approve, look, propose, reject, withdraw
from counterfoil.application.office.settling import UNSETTLED_MS
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.preview import Preview
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.approvals_at_hand import approval_desk
from counterfoil.entrypoints.bootstrap import Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.gate import Gate, owners_guard
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.preview_text import said
from counterfoil.entrypoints.wire import command_json
from tests.http.desk import HELD, OTHER, founded
from tests.office.stage import NOON, Stage, code_of, staged

ANNA, BELA, CARO = "P-AAAAAAAA", "P-BBBBBBBB", "P-CCCCCCCC"
ACCOUNT = OpenAccount(account="tha:new", holder="E-1")


class Scene:
    """A registry with its office: Anna and Bela are officers of the registry, Caro holds accounts for E-1."""

    def __init__(self, stage: Stage, writable: Writable) -> None:
        self.stage, self.writable = stage, writable
        self.gate = Gate(permission_table(), stage.at_hand.staffed)
        self.desk: ApprovalDesk = approval_desk(stage.at_hand, stage.office, writable.driver, self.gate)
        store = stage.office.store
        with store.change():
            store.organisations.add(Organisation("E-1", "company", "Firm", suspended=False, made_ms=NOON))
            for person, organisation, role in (
                (ANNA, "", "operator"),
                (BELA, "", "operator"),
                (CARO, "E-1", "holder"),
            ):
                store.people.add(Person(person, "x", f"{person}@x.org".lower(), PersonState.ACTIVE, NOON, NOON))
                store.memberships.add(Membership(0, person, organisation, role, "2026-01-01"))

    def standing(self, person: str) -> Standing:
        from counterfoil.application.office.sessions import standing_of

        found = self.stage.office.store.people.get(person)
        assert found is not None
        return standing_of(self.stage.office, found, "E-1" if person == CARO else "")

    def propose(self, person: str = ANNA, command: Command = ACCOUNT, **options: Any) -> Seen | Refusal:
        act = {name: value for name, value in command_json(command).items() if name != "id" or value}
        text = msgspec.json.encode(act).decode()
        return propose(self.desk, self.standing(person), command, text, **{"why": "new client", **options})

    def proposed(self, person: str = ANNA, command: Command = ACCOUNT, **options: Any) -> tuple[str, str]:
        """Its name, and the hash of its preview."""
        seen = self.propose(person, command, **options)
        assert isinstance(seen, Seen), seen
        assert isinstance(seen.preview, Preview)
        return seen.proposal.id, seen.preview.sha256

    def approve(self, person: str, name: str, seen: str) -> Seen | Receipt | Refusal:
        return approve(self.desk, self.standing(person), name, seen=seen)

    def state(self, name: str) -> ProposalState:
        found = self.desk.proposals.get(name)
        assert found is not None
        return found.at(self.stage.clock.now_ms())

    def do(self, command: Command, guard: Any = None) -> Any:
        return self.writable.driver.do([Submission(command, "test", guard)])[0]

    def acts(self) -> list[str]:
        return [row.act for row in self.stage.office.store.trail.all()]


def made_scene(tmp_path: Path) -> Iterator[Scene]:
    folder = founded(tmp_path / "registry", blocks=2)
    stage = staged(folder.path)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        yield Scene(stage, writable)
    stage.at_hand.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from made_scene(tmp_path)


def test_an_act_of_two_persons_is_done_once_and_names_both(scene: Scene) -> None:
    name, seen = scene.proposed()
    receipt = scene.approve(BELA, name, seen)
    assert isinstance(receipt, Receipt)
    assert (receipt.act, receipt.command) == ("AccountOpened", f"proposal:{name}")
    row = scene.writable.world.store.row(receipt.seq)
    assert row is not None
    leaf = scene.writable.world.codec.decode(row.leaf)
    assert leaf["by"] == f"person:{ANNA}+person:{BELA}"
    assert scene.state(name) is ProposalState.DONE
    assert scene.acts() == ["proposal.made", "proposal.approved", "proposal.done"]


def test_a_preview_says_what_would_change_and_changes_nothing(scene: Scene) -> None:
    before = scene.writable.driver.writer.note
    command = Transfer(units=Units("BR-#", 1, 100), source=HELD, target=OTHER)
    seen = scene.propose(command=command)
    assert isinstance(seen, Seen) and isinstance(seen.preview, Preview)
    changes = seen.preview.changes
    assert changes["units"] == [
        {"unit_class": "BR-#", "first": 1, "last": 100, "quantity": 100, "source": HELD, "target": OTHER}
    ]
    held = {balance["account"]: (balance["before"], balance["after"]) for balance in changes["balances"]}
    assert held == {HELD: (2000, 1900), OTHER: (0, 100)}
    assert seen.preview.persons == 2, "who proposes asks for a second person, also where no law does"
    assert seen.preview.demand is None
    assert scene.writable.driver.writer.note == before
    assert scene.writable.driver.writer.books.balance("units", "BR-#", OTHER) == 0
    lines = said(changes)
    assert any("2000 → 1900" in line for line in lines["en"])
    assert any("2000 → 1900" in line for line in lines["zh-Hant"])
    assert lines["en"] != lines["zh-Hant"]


def test_what_was_seen_is_exactly_what_is_done_or_the_approver_is_told(scene: Scene) -> None:
    command = Transfer(units=Units("BR-#", 1, 100), source=HELD, target=OTHER)
    name, seen = scene.proposed(command=command)
    assert isinstance(scene.do(Transfer(units=Units("BR-#", 500, 500), source=HELD, target=OTHER)), Receipt)
    refusal = scene.approve(BELA, name, seen)
    assert code_of(refusal) == "approval.preview_changed"
    assert scene.state(name) is ProposalState.OPEN
    again = look(scene.desk, name)
    assert isinstance(again, Seen) and isinstance(again.preview, Preview)
    assert isinstance(refusal, Refusal) and refusal.facts["preview"] == again.preview.sha256 != seen
    assert isinstance(scene.approve(BELA, name, again.preview.sha256), Receipt)


@pytest.mark.parametrize("guess", ["", "0" * 64])
def test_nobody_approves_without_having_looked(scene: Scene, guess: str) -> None:
    name, _ = scene.proposed()
    assert code_of(scene.approve(BELA, name, guess)) == "approval.preview_changed"


def test_the_initiator_is_not_the_second_person(scene: Scene) -> None:
    name, seen = scene.proposed()
    assert code_of(scene.approve(ANNA, name, seen)) == "approval.same_person"
    assert code_of(reject(scene.desk, scene.standing(ANNA), name, reason="no")) == "approval.same_person"
    assert scene.state(name) is ProposalState.OPEN


def test_a_machine_neither_proposes_nor_approves(scene: Scene) -> None:
    name, seen = scene.proposed()
    machine = Standing("", "", "operator", frozenset({"operator"}))
    assert code_of(approve(scene.desk, machine, name, seen=seen)) == "approval.person_needed"
    assert code_of(propose(scene.desk, machine, ACCOUNT, "{}", why="")) == "approval.person_needed"


def test_a_person_without_the_right_role_neither_approves_nor_rejects(scene: Scene) -> None:
    name, seen = scene.proposed(command=OpenAccount(account="tha:other", holder="E-2"))
    assert code_of(scene.approve(CARO, name, seen)) == "permission.not_own"
    assert code_of(reject(scene.desk, scene.standing(CARO), name, reason="no")) == "permission.not_own"
    idle = Standing("P-DDDDDDDD", "", "operator", frozenset())
    assert code_of(approve(scene.desk, idle, name, seen=seen)) == "permission.role_missing"


def test_a_holder_proposes_for_its_own_and_an_officer_approves(scene: Scene) -> None:
    name, seen = scene.proposed(CARO)
    assert isinstance(scene.approve(ANNA, name, seen), Receipt)
    foreign = scene.propose(CARO, OpenAccount(account="tha:theirs", holder="E-2"))
    assert code_of(foreign) == "permission.not_own"


def test_a_suspended_organisation_stands_behind_nothing(scene: Scene) -> None:
    name, seen = scene.proposed(CARO)
    people.suspend_organisation(scene.stage.office, "E-1", suspended=True, actor="local")
    assert code_of(scene.approve(ANNA, name, seen)) == "approval.organisation_suspended"
    other, hash_of_other = scene.proposed(ANNA, OpenAccount(account="tha:b", holder="E-1"))
    assert code_of(scene.approve(CARO, other, hash_of_other)) == "approval.organisation_suspended"
    assert isinstance(reject(scene.desk, scene.standing(ANNA), name, reason="suspended"), Seen)


def test_who_has_left_no_longer_stands_behind_a_proposal(scene: Scene) -> None:
    name, seen = scene.proposed()
    store = scene.stage.office.store
    with store.change():
        store.people.put(Person(ANNA, None, None, PersonState.ERASED, NOON, NOON))
    assert code_of(scene.approve(BELA, name, seen)) == "approval.person_gone"


def test_of_two_approvers_at_once_one_makes_the_act_and_one_is_told(scene: Scene) -> None:
    name, seen = scene.proposed(CARO)
    begin, answers = threading.Barrier(2), []

    def run(person: str) -> None:
        standing = scene.standing(person)
        begin.wait()
        answers.append(approve(scene.desk, standing, name, seen=seen))

    threads = [threading.Thread(target=run, args=(person,)) for person in (ANNA, BELA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    receipts = [each for each in answers if isinstance(each, Receipt)]
    refusals = [each.code for each in answers if isinstance(each, Refusal)]
    assert len(receipts) == 1
    assert refusals and set(refusals) <= {"approval.not_open", "approval.already_done"}
    leaves = [row for row in scene.writable.world.store.reading().journal() if row.command == f"proposal:{name}"]
    assert len(leaves) == 1


def test_a_rejection_needs_a_reason_and_is_final(scene: Scene) -> None:
    name, seen = scene.proposed()
    assert code_of(reject(scene.desk, scene.standing(BELA), name, reason="  ")) == "approval.reason_missing"
    closed = reject(scene.desk, scene.standing(BELA), name, reason="Wrong holder")
    assert isinstance(closed, Seen)
    assert (closed.state, closed.proposal.closed_by, closed.proposal.reason) == (
        ProposalState.REJECTED,
        BELA,
        "Wrong holder",
    )
    assert code_of(scene.approve(BELA, name, seen)) == "approval.not_open"


def test_only_the_initiator_takes_a_proposal_back(scene: Scene) -> None:
    name, seen = scene.proposed()
    assert code_of(withdraw(scene.desk, scene.standing(BELA), name)) == "approval.not_initiator"
    assert isinstance(withdraw(scene.desk, scene.standing(ANNA), name), Seen)
    assert code_of(scene.approve(BELA, name, seen)) == "approval.not_open"


def test_a_proposal_ends_by_itself(scene: Scene) -> None:
    name, seen = scene.proposed(days=1)
    scene.stage.later(DAY_MS - 1_000)
    assert scene.state(name) is ProposalState.OPEN
    scene.stage.later(1_000)
    assert scene.state(name) is ProposalState.EXPIRED
    assert code_of(scene.approve(BELA, name, seen)) == "approval.not_open"
    listed = scene.desk.proposals.listed(
        state=ProposalState.EXPIRED, organisation=None, now_ms=scene.stage.clock.now_ms(), before=2**62, limit=10
    )
    assert [proposal.id for _, proposal in listed] == [name]


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_proposal_stays_open_for_a_bounded_time(scene: Scene, days: int) -> None:
    assert code_of(scene.propose(days=days)) == "approval.days_out_of_range"


def test_what_would_be_refused_cannot_be_proposed(scene: Scene) -> None:
    assert code_of(scene.propose(command=OpenAccount(account=OTHER, holder="E-1"))) == "account.already_open"


def test_nobody_fills_the_office_with_proposals(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert OPEN_MAX == 200
    monkeypatch.setattr("counterfoil.application.office.proposals.OPEN_MAX", 1)
    scene.proposed()
    assert code_of(scene.propose(command=OpenAccount(account="tha:b", holder="E-1"))) == "approval.too_many"


def test_what_is_refused_at_the_end_opens_the_proposal_again(scene: Scene) -> None:
    name, seen = scene.proposed()
    assert isinstance(scene.do(OpenAccount(account="tha:new", holder="E-9")), Receipt)
    assert code_of(scene.approve(BELA, name, seen)) == "account.already_open"
    assert scene.state(name) is ProposalState.OPEN
    shown = look(scene.desk, name)
    assert isinstance(shown, Seen) and code_of(shown.preview) == "account.already_open"


@dataclass
class Lost:
    """A register whose answer never arrives, after the act or before it."""

    inner: Register
    happened: bool

    def read(self, text: str) -> Command | Refusal:
        return self.inner.read(text)

    def preview(self, submission: Submission, guard: Guard) -> Preview | Receipt | Refusal:
        return self.inner.preview(submission, guard)

    def agreed(self, submission: Submission, guard: Guard, *, seen: str) -> Receipt | Refusal | Preview:
        if self.happened:
            self.inner.agreed(submission, guard, seen=seen)
        raise Outage(OutageFault.WRITER_CLOSED, retry=True)


@pytest.mark.parametrize("happened", [True, False])
def test_an_approval_without_an_answer_is_settled_by_the_journal(scene: Scene, happened: bool) -> None:
    """The process ended between the approval and the answer: the act is there, or it is not; it is never done twice."""
    command = OpenAccount(account="tha:new", holder="E-1")
    name, seen = scene.proposed(command=command)
    lost = replace(scene.desk, register=Lost(scene.desk.register, happened))
    with pytest.raises(Outage):
        approve(lost, scene.standing(BELA), name, seen=seen)
    assert scene.state(name) is ProposalState.APPROVING
    assert code_of(scene.approve(BELA, name, seen)) == "approval.not_open"
    scene.stage.later(UNSETTLED_MS)
    found = look(scene.desk, name)
    assert isinstance(found, Seen)
    assert found.state is (ProposalState.DONE if happened else ProposalState.OPEN)
    if not happened:
        assert isinstance(scene.approve(BELA, name, seen), Receipt)


def test_the_office_shows_an_unknown_proposal_to_nobody(scene: Scene) -> None:
    assert code_of(look(scene.desk, "Q-NOTTHERE")) == "approval.unknown"
    assert code_of(scene.approve(BELA, "Q-NOTTHERE", "")) == "approval.unknown"


def test_from_the_first_administrator_on_nobody_does_a_guarded_act_alone(scene: Scene) -> None:
    guard = owners_guard(scene.writable.folder.path)
    assert guard is not None, "Anna is enrolled"
    refusal = scene.do(ACCOUNT, guard)
    assert code_of(refusal) == "approval.second_person_needed"
    assert refusal.facts["pack"] == "registry-practice"
    one = Guard(scene.gate.table.permissions, Demands(), (scene.standing(ANNA),))
    assert code_of(scene.do(ACCOUNT, one)) == "approval.second_person_needed"
    free = Transfer(units=Units("BR-#", 1, 1), source=HELD, target=OTHER)
    assert isinstance(scene.do(free, guard), Receipt), "a transfer at home needs nobody else"


def test_while_nobody_is_enrolled_the_owner_of_the_folder_acts_alone(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=1)
    assert owners_guard(folder.path) is None
    stage = staged(folder.path)
    try:
        assert owners_guard(folder.path) is None, "an office without people binds nobody"
    finally:
        stage.at_hand.close()
    with open_for_reading(folder) as readable:
        assert readable.registry.party == "THA"


PRICED = Transfer(units=Units("BR-#", 1, 10), source=HELD, target=OTHER, id="priced-1", confidential={"price": 930})


def sent(scene: Scene, command: Command, standing: Standing) -> Any:
    return scene.do(command, Guard(scene.gate.table.permissions, Demands(), (standing,)))


@pytest.mark.parametrize("price", [930, 931])
def test_a_repeat_tells_nobody_else_whether_a_confidential_value_was_guessed(scene: Scene, price: int) -> None:
    """The stranger knows everything public, and may send such acts, but not over these units."""
    first = sent(scene, PRICED, scene.standing(ANNA))
    assert isinstance(first, Receipt)
    guess = replace(PRICED, confidential={"price": price})
    assert code_of(sent(scene, guess, scene.standing(CARO))) == "permission.not_own"
    fresh = replace(PRICED, id="priced-2", units=Units("BR-#", 11, 20))
    guess = replace(fresh, confidential={"price": price})
    batch = [Submission(fresh, "t"), Submission(guess, "t", stranger(scene))]
    done, told = scene.writable.driver.do(batch)
    assert isinstance(done, Receipt)
    assert code_of(told) == "permission.not_own", "not within one batch either"


def stranger(scene: Scene) -> Guard:
    return Guard(scene.gate.table.permissions, Demands(), (scene.standing(CARO),))


def test_who_may_do_an_act_gets_its_first_receipt_again(scene: Scene) -> None:
    first = sent(scene, PRICED, scene.standing(ANNA))
    assert sent(scene, PRICED, scene.standing(ANNA)) == first
    assert code_of(sent(scene, replace(PRICED, confidential={"price": 1}), scene.standing(ANNA))) == "command.id_taken"


def test_a_repeat_of_a_public_act_answers_only_what_the_journal_says(scene: Scene) -> None:
    """Whoever sends it: each word of the receipt stands in the public leaf."""
    public = replace(PRICED, id="public-1", confidential={})
    first = sent(scene, public, scene.standing(ANNA))
    again = sent(scene, public, scene.standing(CARO))
    assert isinstance(again, Receipt) and again == first
    row = scene.writable.world.store.row(again.seq)
    assert row is not None
    leaf = scene.writable.world.codec.decode(row.leaf)
    told = (again.seq, again.command, again.act, again.recorded_at, again.effective_on, again.because)
    public_facts = (leaf["seq"], leaf["command"], leaf["act"], leaf["at"], leaf["on"], leaf.get("because"))
    assert told == public_facts
    assert [list(move) for move in again.moves] == leaf["moves"]
    assert again.leaf_hash == row.leaf_hash.hex()
