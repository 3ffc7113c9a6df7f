"""The process of one section: it serves the registry in one folder through the socket that its supervisor gave it.

It knows of no other section. It lowers its own bounds before it opens anything, and ends when its supervisor does.
"""

import os
import resource
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Final

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.serving import serve

_MIB: Final = 1024 * 1024


def bound(limit: int, mib: int) -> None:
    """Take at most so many MiB from now on; 0 asks for nothing."""
    if mib:
        _, hard = resource.getrlimit(limit)
        most = mib * _MIB if hard == resource.RLIM_INFINITY else min(mib * _MIB, hard)
        resource.setrlimit(limit, (most, most))


def end_with_supervisor() -> None:
    """Stop in order when the other end of the standard input is gone: then nobody looks after this process."""

    def wait() -> None:
        while os.read(0, 1_024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="counterfoil-supervisor", daemon=True).start()


def main(arguments: list[str]) -> int:
    """Serve a folder through a listening socket, within so many MiB of memory and of each file."""
    folder, memory_mib, file_mib, language, descriptor = arguments
    bound(resource.RLIMIT_AS, int(memory_mib))
    bound(resource.RLIMIT_FSIZE, int(file_mib))
    os.umask(0o077)
    end_with_supervisor()
    door = socket.socket(fileno=int(descriptor))
    door.setblocking(False)  # noqa: FBT003  the socket's own signature
    try:
        return serve(Folder(Path(folder)), language=language, door=door)
    except Outage as outage:
        for line in (catalogue().message(outage, language), catalogue().fix(outage, language), f"[{outage.code}]"):
            sys.stderr.write(f"{line}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
