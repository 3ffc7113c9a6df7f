"""Under a law that asks for three persons, each of them stands behind the same effect; nobody takes a proposal's id."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.guard import Guard
from counterfoil.application.office.approval_desk import Register
from counterfoil.application.office.ports import Membership, Person, PersonState
from counterfoil.application.office.proposals import Seen
from counterfoil.application.preview import Preview
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.wire import command_json
from tests.http.desk import HELD, OTHER
from tests.office.stage import NOON, code_of
from tests.office.test_proposals import ACCOUNT, ANNA, BELA, Scene, made_scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from made_scene(tmp_path)


@dataclass
class Three:
    """A register under a law that asks for three persons."""

    inner: Register

    def read(self, text: str) -> Command | Refusal:
        return self.inner.read(text)

    def preview(self, submission: Submission, guard: Guard) -> Preview | Receipt | Refusal:
        found = self.inner.preview(submission, guard)
        return replace(found, persons=3) if isinstance(found, Preview) else found

    def agreed(self, submission: Submission, guard: Guard, *, seen: str) -> Receipt | Refusal | Preview:
        return self.inner.agreed(submission, guard, seen=seen)


def test_of_three_persons_nobody_counts_who_saw_another_preview(scene: Scene) -> None:
    dora = "P-DDDDDDDD"
    store = scene.stage.office.store
    with store.change():
        store.people.add(Person(dora, "x", "dora@x.org", PersonState.ACTIVE, NOON, NOON))
        store.memberships.add(Membership(0, dora, "", "operator", "2026-01-01"))
    scene.desk = replace(scene.desk, register=Three(scene.desk.register))
    name, before = scene.proposed(command=Transfer(units=Units("BR-#", 1, 100), source=HELD, target=OTHER))
    assert isinstance(scene.approve(BELA, name, before), Seen), "a third person is waited for"
    assert isinstance(scene.do(Transfer(units=Units("BR-#", 500, 500), source=HELD, target=OTHER)), Receipt)
    changed = scene.approve(dora, name, before)
    assert isinstance(changed, Refusal) and changed.code == "approval.preview_changed"
    now = str(changed.facts["preview"])
    assert isinstance(scene.approve(dora, name, now), Seen), "Bela saw something else, so Dora is the second"
    kept = scene.desk.proposals.get(name)
    assert kept is not None
    assert [(each.person, each.preview) for each in kept.signatures] == [(ANNA, ""), (dora, now)]
    assert code_of(scene.approve(dora, name, now)) == "approval.same_person"
    receipt = scene.approve(BELA, name, now)
    assert isinstance(receipt, Receipt), "Bela approves again, of what it is now"
    row = scene.writable.world.store.row(receipt.seq)
    assert row is not None
    assert scene.writable.world.codec.decode(row.leaf)["by"] == f"person:{ANNA}+person:{dora}+person:{BELA}"


def test_nobody_takes_the_id_of_a_proposal_before_it_is_done(scene: Scene) -> None:
    name, seen = scene.proposed()
    taken = msgspec.json.encode(command_json(replace(ACCOUNT, account="tha:b", id=f"proposal:{name}"))).decode()
    assert code_of(scene.desk.register.read(taken)) == "command.id_reserved"
    assert isinstance(scene.approve(BELA, name, seen), Receipt)
