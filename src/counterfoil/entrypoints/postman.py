"""The one worker of a registry's notices: reads both logs, reminds, and sends. One at a time has the folder's turn."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.notices.delivering import deliver
from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.notices.following import follow_journal, follow_trail
from counterfoil.application.notices.notice_desk import NoticeDesk
from counterfoil.application.notices.ports import Outbox, Ways
from counterfoil.application.notices.reminding import remind
from counterfoil.application.office.anchoring import due
from counterfoil.application.office.ports import Office
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.notice_practice import notice_practice, notice_word
from counterfoil.entrypoints.notice_settings import read_ways
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.permission_table import permission_table

LOCK: Final = "notices.lock"
ROUNDS_MAX: Final = 500
"""Of one run: 100,000 rows of the logs, 50,000 deliveries. The next run goes on."""
PAUSE_SECONDS: Final = 5
REMIND_SECONDS: Final = 3_600
ANCHOR_SECONDS: Final = 600
"""How often the worker of a server looks whether the trail was anchored today; first after so long."""

_log = logging.getLogger("counterfoil.notices")


@dataclass(frozen=True, slots=True)
class Round:
    """What one run did."""

    trail: int
    journal: int
    reminders: int
    tried: int


def outbox_of(office: Office) -> Outbox:
    """The outbox in an office's file."""
    from counterfoil.adapters.office.notices import SqliteOutbox
    from counterfoil.adapters.office.store import SqliteOffice

    assert isinstance(office.store, SqliteOffice)
    return SqliteOutbox(office.store.file)


def notice_desk(folder: Path, office: Office, ways: Ways | None = None) -> NoticeDesk:
    """The desk of an open office."""
    permissions = permission_table(folder).permissions
    found = read_ways(folder) if ways is None else ways
    return NoticeDesk(office, outbox_of(office), permissions, notice_practice(), found, notice_word)


def work_once(folder: Folder, desk: NoticeDesk, *, reminders: bool = True) -> Round:
    """Follow both logs to their ends, remind, send all that is due.

    Raises:
        Outage: `notice.worker_busy` where another process is at it, or what the stores say.
    """
    with _turn(folder.path):
        trail = _until_nothing(lambda: follow_trail(desk))
        with open_for_reading(folder) as readable:
            sight = Sight(readable.reading, readable.codec, readable.evidence)
            journal = _until_nothing(lambda: follow_journal(desk, sight))
            made = remind(desk, sight) if reminders else 0
        return Round(trail, journal, made, _until_nothing(lambda: deliver(desk)))


def _until_nothing(step: Callable[[], int]) -> int:
    total = 0
    for _ in range(ROUNDS_MAX):
        done = step()
        total += done
        if not done:
            break
    return total


class Postman:
    """A thread that works every few seconds, away from the event loop, until it is told to stop."""

    def __init__(self, folder: Folder, anchor: Callable[[Command], object] | None = None) -> None:
        """`anchor` takes the act that anchors the trail in the journal, once a day; without it none is made."""
        self._folder = folder
        self._anchor = anchor
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counterfoil-notices", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, *, seconds: float) -> None:
        """Ask it to stop and wait so long; what it has begun to send is sent again by the next one."""
        self._stop.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        at_hand = OfficeAtHand(self._folder.path)
        since = float(REMIND_SECONDS)
        told, quiet = "", 0.0
        try:
            while not self._stop.wait(PAUSE_SECONDS):
                since, quiet = since + PAUSE_SECONDS, quiet + PAUSE_SECONDS
                try:
                    office = at_hand.office()
                    if office is None:
                        continue
                    work_once(self._folder, notice_desk(self._folder.path, office), reminders=since >= REMIND_SECONDS)
                    since = 0 if since >= REMIND_SECONDS else since
                    if quiet >= ANCHOR_SECONDS:
                        quiet = 0.0
                        self.anchor_due(office)
                    told = ""
                except Outage as outage:
                    # The same trouble is told once, and looked at again at the next turn.
                    if outage.code != told:
                        _log.warning("notices wait: %s", outage.code)
                    told = str(outage.code)
        except Exception:  # noqa: BLE001  a thread would end without a word
            _log.exception("notices stopped")
        finally:
            at_hand.close()

    def anchor_due(self, office: Office) -> None:
        """Anchor the trail, unless it was anchored today or has not grown."""
        if self._anchor is None:
            return
        with open_for_reading(self._folder) as readable:
            command = due(office, Sight(readable.reading, readable.codec, readable.evidence))
        if command is not None:
            self._anchor(command)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Outage(NoticeFault.WORKER_BUSY, {"folder": str(folder)}, retry=True) from error
        yield
    finally:
        os.close(file)
