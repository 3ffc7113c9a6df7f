"""How the command line writes: under the registry's lock, or through the server that holds it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.lock import LockFault
from counterfoil.application.command import Command
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.cli.screen import REFUSED, Fault
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.gate import owners_guard
from counterfoil.entrypoints.wire import answer_json, command_json

BY: Final = "local"
Answer = Mapping[str, Any]
Send = Callable[[Sequence[Command]], list[Answer]]
"""Commands in, their answers out in the same order, as `wire.answer_json` writes them."""


@contextmanager
def writing(directory: Path, what: str) -> Iterator[Send]:
    """A way to send commands to the registry in a folder.

    Raises:
        Fault: somebody who takes no requests holds the lock.
        Outage: the registry cannot be opened.
    """
    opened = open_for_writing(Folder(directory), what)
    if isinstance(opened, Refusal):
        yield _through_the_holder(opened)
    else:
        with opened as writable:
            yield _own(writable)


@contextmanager
def locked(directory: Path, what: str) -> Iterator[Writable]:
    """The registry opened by this process, for work that no command does."""
    opened = open_for_writing(Folder(directory), what)
    if isinstance(opened, Refusal):
        raise Fault(opened, REFUSED)
    with opened as writable:
        yield writable


def _own(writable: Writable) -> Send:
    guard = owners_guard(writable.folder.path)

    def send(commands: Sequence[Command]) -> list[Answer]:
        outcomes = writable.driver.do([Submission(command, BY, guard) for command in commands])
        return [answer_json(outcome, catalogue()) for outcome in outcomes]

    return send


def _through_the_holder(refusal: Refusal) -> Send:
    address = refusal.facts.get("address")
    if refusal.code != LockFault.LOCKED or not address:
        raise Fault(refusal, REFUSED)

    def send(commands: Sequence[Command]) -> list[Answer]:
        from counterfoil.entrypoints.http.local import send as send_to

        return list(send_to(str(address), [command_json(command) for command in commands]))

    return send
