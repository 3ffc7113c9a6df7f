"""One process in a supervisor's charge: started, watched, started again after a pause that grows, and given up."""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.tenancy.fault import InstallationFault
from counterfoil.entrypoints.tenancy.standing import Running

PAUSE_SECONDS_MAX: Final = 60
GOOD_SECONDS: Final = 60
"""A process that ran for so long was well; what ends it afterwards is counted anew."""
ENDS_MAX: Final = 12
"""After so many ends in a row, none of them asked for, a process is not started again by itself."""
LOG_BYTES_MAX: Final = 4 * 1024 * 1024
ACCEPT_MAX: Final = 4_096


class Charge:
    """A process and the listening sockets that it inherits. They stay here, so that no other process can take them."""

    def __init__(self, arguments: Callable[[], Sequence[str]], sockets: Sequence[socket.socket], log: Path) -> None:
        """`arguments` are those of the interpreter, asked for at every start."""
        self._arguments = arguments
        self.sockets = tuple(sockets)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._next = 0.0
        self._in_a_row = 0
        self._told_to_end: float | None = None
        self.user = ""
        self.ends = 0

    @property
    def pid(self) -> int:
        return 0 if self._process is None else self._process.pid

    @property
    def running(self) -> Running:
        if self._process is not None:
            return Running.RUNNING
        return Running.GIVEN_UP if self._in_a_row >= ENDS_MAX else Running.WAITING

    def look(self, now: float) -> bool:
        """See whether it has ended, and start it when it is time. True when something has changed."""
        if self._process is not None:
            if self._process.poll() is None:
                self._bound_log()
                return False
            self._ended(now)
            return True
        if self._in_a_row >= ENDS_MAX or now < self._next:
            return False
        self._start(now)
        return True

    def turn_away(self) -> None:
        """While it does not run, end the connections that wait: who made them learns of it now, not after the pause."""
        if self._process is None:
            for each in self.sockets:
                _turn_away(each)

    def forgive(self) -> None:
        """Begin to count anew, and start at the next look."""
        self._in_a_row, self._next = 0, 0.0

    def end(self, now: float, *, after_seconds: float) -> bool:
        """Tell it to end, and kill it where it has not after so many seconds. True once it is gone."""
        if self._process is None or self._process.poll() is not None:
            self._gone()
            return True
        if self._told_to_end is None:
            self._told_to_end = now
            self._process.send_signal(signal.SIGTERM)
        elif now - self._told_to_end > after_seconds:
            self._process.kill()
        return False

    def close(self) -> None:
        """Close the sockets; the paths of those that have one go too."""
        for each in self.sockets:
            path = each.getsockname() if each.family == socket.AF_UNIX else None
            each.close()
            if path:
                Path(path).unlink(missing_ok=True)

    def _start(self, now: float) -> None:
        self._started = now
        try:
            self._process = self._begun()
        except (OSError, Outage):
            # The machine has no room for a process now, or the account has gone: later, as after any other end.
            self._ended(now)

    def _begun(self) -> "subprocess.Popen[bytes]":
        descriptors = [each.fileno() for each in self.sockets]
        account = as_user(self.user)
        with self._opened_log() as log:
            return subprocess.Popen(  # noqa: S603  our own interpreter and module, with a folder that the operator named
                # With -P, a module that lies in the working folder is never taken for one of ours.
                [sys.executable, "-P", "-m", *self._arguments(), *map(str, descriptors)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env={name: value for name, value in os.environ.items() if name != "COUNTERFOIL_DIR"},
                pass_fds=descriptors,
                start_new_session=True,  # an interrupt from the keyboard is for the supervisor, which ends all in order
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else (),
            )

    def _ended(self, now: float) -> None:
        self._gone()
        self.ends += 1
        self._in_a_row = 1 if now - self._started > GOOD_SECONDS else self._in_a_row + 1
        self._next = now + min(PAUSE_SECONDS_MAX, 2 ** (self._in_a_row - 1))

    def _gone(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._process, self._told_to_end = None, None

    def _opened_log(self) -> IO[bytes]:
        return os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _bound_log(self) -> None:
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > LOG_BYTES_MAX:
                os.truncate(self._log, 0)


def _turn_away(listening: socket.socket) -> None:
    """End the connections that nobody has taken up."""
    listening.setblocking(False)  # noqa: FBT003  the socket's own signature
    with contextlib.suppress(OSError):
        for _ in range(ACCEPT_MAX):
            listening.accept()[0].close()


def as_user(name: str) -> pwd.struct_passwd | None:
    """The account to start a process as; None where it is the one that we have, or none is named.

    Raises:
        Outage: `installation.user_unfit` where there is no such account, or we may not become it.
    """
    if not name:
        return None
    try:
        account = pwd.getpwnam(name)
    except KeyError as error:
        raise Outage(InstallationFault.USER_UNFIT, {"user": name}) from error
    if account.pw_uid == os.geteuid():
        return None
    if os.geteuid() != 0:
        raise Outage(InstallationFault.USER_UNFIT, {"user": name})
    return account
