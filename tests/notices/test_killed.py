"""A worker that is killed between any two sendings: the next one goes on, in order, with nothing lost."""

import os
import signal
from pathlib import Path

import pytest

from counterfoil.application.notices.ports import Ways
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.postman import notice_desk, work_once
from tests.notices.post_room import Room
from tests.notices.test_telling import transferred


class Diary:
    """A webhook that writes each key into a file, and kills its process at one of them, before or after."""

    name = "diary"

    def __init__(self, path: Path, *, dies_at: int = 0, after: bool = False) -> None:
        self.path, self.dies_at, self.after = path, dies_at, after
        self.sent = 0

    def wants(self, sort: str) -> bool:
        return sort == "journal.entry"

    def send(self, body: bytes, *, number: int, at_ms: int) -> None:
        del number, at_ms
        self.sent += 1
        if self.sent == self.dies_at and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        with self.path.open("ab") as file:
            file.write(body + b"\n")
        if self.sent == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


def work(room: Room, diary: Diary) -> None:
    """The whole work of one process, with an office of its own."""
    at_hand = OfficeAtHand(room.folder.path)
    office = at_hand.office()
    assert office is not None
    work_once(room.folder, notice_desk(room.folder.path, office, Ways(None, (diary,))), reminders=False)
    at_hand.close()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_killed_worker_loses_nothing_and_keeps_the_order(
    room: Room, tmp_path: Path, dies_at: int, after: bool
) -> None:
    path = tmp_path / "diary"
    work(room, Diary(path))
    transferred(room, 1, 2, 3)
    child = os.fork()
    if child == 0:
        work(room, Diary(path, dies_at=dies_at, after=after))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    work(room, Diary(path))
    lines = path.read_bytes().splitlines()
    # What was sent but not yet marked is sent again; beside what it repeats, never later.
    assert len(lines) == 3 + after
    assert lines == sorted(lines, key=lambda line: line.split(b'"number":')[1])
    assert len(set(lines)) == 3
