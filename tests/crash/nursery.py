"""Servers by the dozen: a process that has imported everything once, and forks a server whenever it is asked.

Starting an interpreter for each of a thousand killed servers would take longer than all their work. What is killed is
a whole process all the same, with its threads, connections and locks.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 120
"""A server ends by itself after this time, whatever became of the test."""


@dataclass(frozen=True)
class Child:
    """A server that was forked: its process, and where it listens, or the outage that kept it from it."""

    pid: int
    port: int
    outage: str = ""

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """Asks the process for servers, one at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def serve(self, folder: Path, *, patient_seconds: float = 20) -> Child:
        """A server on a registry. A database that has not noticed the end of the last one is waited for."""
        end = time.monotonic() + patient_seconds
        while True:
            told = self._ask({"serve": str(folder)})
            child = Child(told["pid"], told.get("port", 0), told.get("outage", ""))
            if not child.outage:
                return child
            self.reap(child)
            assert child.outage in ("storage.busy", "storage.unreachable"), told
            assert time.monotonic() < end, told
            time.sleep(0.05)

    def reap(self, child: Child) -> int:
        """Wait for the end of a server; its wait status."""
        return int(self._ask({"reap": child.pid})["status"])

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.crash.nursery"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Nursery(process)
        finally:
            process.communicate(timeout=30)  # the end of its input is the end of its work


def main() -> None:
    """Answer one question a line. Whoever still serves at the end is killed."""
    import counterfoil.adapters.storage.postgres.store
    import counterfoil.entrypoints.serving  # noqa: F401

    living: set[int] = set()
    for line in sys.stdin:
        question = json.loads(line)
        if "reap" in question:
            living.discard(question["reap"])
            say(status=os.waitpid(question["reap"], 0)[1])
            continue
        pid = os.fork()
        if pid == 0:
            forked(Path(question["serve"]))
        living.add(pid)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def forked(path: Path) -> None:
    """In the child: serve, and never return. The line that the parent's asker waits for comes from here."""
    from counterfoil.application.ports import Outage
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.serving import serve

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        serve(Folder(path), port=0, for_seconds=LONGEST_SECONDS, tell=say_port)
    except Outage as outage:
        say(pid=os.getpid(), outage=outage.code)
        os._exit(3)
    finally:
        os._exit(0)


def say_port(line: str) -> None:
    if "http://" in line:
        say(pid=os.getpid(), port=int(line.rpartition(":")[2]))


def say(**told: Any) -> None:
    os.write(1, (json.dumps(told) + "\n").encode())


if __name__ == "__main__":
    main()
