"""A registry with people, and ways out that remember what they were given."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.notices.notice_desk import NoticeDesk
from counterfoil.application.notices.ports import Delivery, Letter, Ways
from counterfoil.application.office.ports import Membership, Organisation, Person, PersonState
from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.postman import notice_desk, work_once
from tests.http.desk import founded
from tests.office.stage import NOON, Stage, staged

ANNA, BELA, CARO = "P-AAAAAAAA", "P-BBBBBBBB", "P-CCCCCCCC"


@dataclass
class Box:
    """A mail server that takes letters, or fails as often as it is told to."""

    letters: list[Letter] = field(default_factory=list)
    failures: int = 0

    def send(self, letter: Letter) -> None:
        if self.failures:
            self.failures -= 1
            raise Outage(NoticeFault.NOT_DELIVERED, {"detail": "no"}, retry=True)
        self.letters.append(letter)


@dataclass
class Hook:
    """A webhook that keeps the numbers and bodies it was sent."""

    name: str = "erp"
    bodies: list[dict[str, object]] = field(default_factory=list)
    failures: int = 0

    def wants(self, sort: str) -> bool:
        return sort == "journal.entry"

    def send(self, body: bytes, *, number: int, at_ms: int) -> None:
        del number, at_ms
        if self.failures:
            self.failures -= 1
            raise Outage(NoticeFault.NOT_DELIVERED, {"detail": "no"}, retry=True)
        self.bodies.append(json.loads(body))


@dataclass
class Room:
    """Anna administers, Bela is an officer, Caro holds the account of the small registry for `trader`."""

    folder: Folder
    stage: Stage
    box: Box
    hook: Hook
    desk: NoticeDesk

    def work(self) -> None:
        work_once(self.folder, self.desk, reminders=False)

    def inbox(self, person: str) -> list[Delivery]:
        return list(self.desk.outbox.inbox(person, before=2**53, unread=False, limit=200))

    def sorts(self, person: str) -> list[str]:
        return [each.notice.sort for each in reversed(self.inbox(person))]


@contextmanager
def post_room(path: Path) -> Iterator[Room]:
    folder = founded(path / "registry", blocks=2)
    stage = staged(folder.path)
    box, hook = Box(), Hook()
    store = stage.office.store
    with store.change():
        store.organisations.add(Organisation("trader", "company", "Firm", suspended=False, made_ms=NOON))
        for person, organisation, role in (
            (ANNA, "", "administrator"),
            (BELA, "", "operator"),
            (CARO, "trader", "holder"),
        ):
            mail = f"{person}@example.org".lower()
            store.people.add(Person(person, "x", mail, PersonState.ACTIVE, NOON, NOON))
            store.memberships.add(Membership(0, person, organisation, role, "2026-01-01"))
    desk = notice_desk(folder.path, stage.office, Ways(box, (hook,)))
    try:
        yield Room(folder, stage, box, hook, desk)
    finally:
        stage.at_hand.close()


def without_ways(room: Room) -> NoticeDesk:
    return replace(room.desk, ways=Ways())
