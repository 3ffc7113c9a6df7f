"""The supervisor of an installation: one process for each open section, and one for the front door.

It opens the listening sockets, starts what uses them, starts again what ended, and follows the installation's file. It
reads no request and opens no registry. What one section does has no way to another but through the front door.
Source: ADR-0034.
"""

import contextlib
import os
import pwd
import signal
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.durable import made_folder
from counterfoil.adapters.lock import RegistryLock
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.sockets import BACKLOG, PATH_BYTES_MAX, tcp_socket
from counterfoil.entrypoints.tenancy.charge import Charge, as_user
from counterfoil.entrypoints.tenancy.fault import InstallationFault
from counterfoil.entrypoints.tenancy.installation import (
    FILE,
    Installation,
    Section,
    SectionState,
    read_installation,
)
from counterfoil.entrypoints.tenancy.standing import (
    DOOR_SOCKET,
    Running,
    SectionStanding,
    Standing,
    run_folder,
    write_standing,
)

LOOK_SECONDS: Final = 0.1
FILE_SECONDS: Final = 0.5
END_SECONDS: Final = 15
"""How long a process may take to end when it is told to; a section finishes its acts, which takes eight at most."""
_MODULES: Final = "counterfoil.entrypoints.tenancy"
Tell = Callable[[str], None]


def supervise(
    directory: Path, *, host: str, port: int, for_seconds: int | None, language: str, tell: Tell
) -> Refusal | None:
    """Run the installation in a folder until SIGTERM, SIGINT, or the end of `for_seconds`.

    Args:
        tell: Takes the line that says where the door is, once all is started.

    Raises:
        Outage: there is no installation, or an address, an account or a folder cannot be used.
    """
    installation = read_installation(directory)
    lock = RegistryLock(directory).acquire("installation serve")
    if isinstance(lock, Refusal):
        return Refusal(InstallationFault.IN_USE, {"folder": str(directory), "holder": lock.facts["holder"]})
    run = run_folder(directory)
    made_folder(run)
    with lock, contextlib.ExitStack() as stack:
        # Accounts of sections have to get through to their sockets, and find nothing else here.
        sockets = run
        if len(os.fsencode(run.absolute() / "XXX.sock")) > PATH_BYTES_MAX:
            sockets = Path(stack.enter_context(TemporaryDirectory(prefix="counterfoil-")))
        for each in {run, sockets}:
            each.chmod(0o711 if os.geteuid() == 0 else 0o700)
        supervisor = Supervisor(installation, sockets, language)
        stack.callback(supervisor.close)
        supervisor.open_door(host, port)
        lock.announce(str(sockets / DOOR_SOCKET))
        supervisor.follow()
        tell(supervisor.address)
        supervisor.run(for_seconds)
    return None


class Supervisor:
    """The charges of one installation."""

    def __init__(self, installation: Installation, sockets: Path, language: str) -> None:
        self._installation = installation
        self._sockets = sockets
        self._language = language
        self._charges: dict[str, Charge] = {}
        self._ending: list[Charge] = []
        self._since: dict[str, str] = {}
        self._door: Charge | None = None
        self._mark: tuple[int, int] | None = None
        self._stop = False
        self.address = ""

    def open_door(self, host: str, port: int) -> None:
        """Bind the port and the owner's socket. Raises the outage `http.address_in_use`."""
        as_user(self._installation.user)
        public = tcp_socket(host, port)
        public.listen(BACKLOG)
        name = public.getsockname()
        self.address = f"http://{f'[{name[0]}]' if ':' in name[0] else name[0]}:{name[1]}"
        control = self._listening(DOOR_SOCKET, "")
        log = run_folder(self._installation.directory) / "door.log"
        arguments = (f"{_MODULES}.front_door_process", str(self._installation.directory))
        self._door = Charge(lambda: arguments, (public, control), log)
        self._door.user = self._installation.user

    def run(self, for_seconds: int | None) -> None:
        """Look after all until told to stop, then end all in order: the door first, so that nobody new comes in."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        signal.signal(signal.SIGHUP, self._told_to_forgive)
        started = looked = time.monotonic()
        while not self._stop and (for_seconds is None or time.monotonic() - started < for_seconds):
            time.sleep(LOOK_SECONDS)
            if time.monotonic() - looked > FILE_SECONDS:
                looked = time.monotonic()
                self.follow()
            self._look()

    def follow(self) -> None:
        """Take up the installation's file where it has changed. One that cannot be read changes nothing."""
        path = self._installation.directory / FILE
        try:
            found = path.stat()
            mark = found.st_mtime_ns, found.st_ino
            if mark == self._mark:
                return
            self._installation, self._mark = read_installation(self._installation.directory), mark
        except (OSError, Outage):
            return
        for section in self._installation.sections:
            if section.state is SectionState.OPEN and section.party not in self._charges:
                self._charges[section.party] = self._charge_of(section)
            elif section.state is not SectionState.OPEN:
                self._dismiss(section.party)
        for party in set(self._charges) - {each.party for each in self._installation.sections}:
            self._dismiss(party)
        self._look()
        self._tell_standing()

    def close(self) -> None:
        """End every process, the front door's before the others."""
        for wave in ([self._door] if self._door else [], [*self._charges.values(), *self._ending]):
            waiting = list(wave)
            while waiting:
                now = time.monotonic()
                waiting = [each for each in waiting if not each.end(now, after_seconds=END_SECONDS)]
                time.sleep(LOOK_SECONDS if waiting else 0)
            for each in wave:
                each.close()
        self._door, self._charges, self._ending = None, {}, []

    def _look(self) -> None:
        now = time.monotonic()
        changed = [self._door] if self._door is not None and self._door.look(now) else []
        for party, charge in self._charges.items():
            if charge.look(now):
                changed.append(charge)
                self._since[party] = _now()
        for each in [each for each in self._ending if each.end(now, after_seconds=END_SECONDS)]:
            each.close()
            self._ending.remove(each)
        if changed:
            self._tell_standing()
        # In this order: the door has been told, so that nobody new comes to wait.
        for each in changed:
            each.turn_away()

    def _dismiss(self, party: str) -> None:
        charge = self._charges.pop(party, None)
        if charge is not None:
            self._ending.append(charge)

    def _charge_of(self, section: Section) -> Charge:
        def arguments() -> Iterator[str]:
            found = self._installation.section(section.party)
            now = section if isinstance(found, Refusal) else found
            yield from (f"{_MODULES}.section_process", str(now.folder))
            yield from (str(now.memory_mib), str(now.file_mib), self._language)

        log = run_folder(self._installation.directory) / f"{section.party}.log"
        listening = self._listening(f"{section.party}.sock", self._installation.user)
        charge = Charge(lambda: tuple(arguments()), (listening,), log)
        charge.user = section.user
        return charge

    def _listening(self, name: str, user: str) -> socket.socket:
        """A listening socket that only we can open, or the account that is named."""
        path = self._sockets / name
        path.unlink(missing_ok=True)  # we hold the installation's lock, so that nobody listens there any more
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        former = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(former)
        if user and os.geteuid() == 0:
            os.chown(path, pwd.getpwnam(user).pw_uid, -1)
        listening.listen(BACKLOG)
        return listening

    def _tell_standing(self) -> None:
        installation = self._installation
        write_standing(
            installation.directory,
            Standing(
                installation.name,
                os.getpid(),
                self.address,
                installation.behind_proxy,
                installation.administrator,
                tuple(self._standing_of(section) for section in installation.sections),
            ),
        )

    def _standing_of(self, section: Section) -> SectionStanding:
        charge = self._charges.get(section.party)
        path = str(self._sockets / f"{section.party}.sock")
        if charge is None:
            return SectionStanding(section.party, section.hosts, path, Running.CLOSED, address=section.address)
        since = self._since.get(section.party, "")
        return SectionStanding(section.party, section.hosts, path, charge.running, charge.pid, since, charge.ends)

    def _told_to_stop(self, *_: object) -> None:
        self._stop = True

    def _told_to_forgive(self, *_: object) -> None:
        for each in self._charges.values():
            each.forgive()


def _now() -> str:
    return datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
