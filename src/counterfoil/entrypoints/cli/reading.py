"""How the command line reads: one look at what is committed, beside whoever writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.cli.screen import REFUSED, Fault

T = TypeVar("T")


@contextmanager
def looking(directory: Path) -> Iterator[Sight]:
    """A look at the registry in a folder. Needs no lock."""
    with open_for_reading(Folder(directory)) as readable:
        yield Sight(readable.reading, readable.codec, readable.evidence)


def told(answer: T | Refusal) -> T:
    """The answer of a query; its refusal ends the command."""
    if isinstance(answer, Refusal):
        raise Fault(answer, REFUSED)
    return answer


def refused(work: Callable[[], T]) -> T:
    """What the work gives; what is unfit for it ends the command as a refusal."""
    from counterfoil.application.backup.manifest import Unfit

    try:
        return work()
    except Unfit as unfit:
        raise Fault(unfit.refusal, REFUSED) from unfit


def founded(directory: Path) -> Path:
    """The folder, when there is a registry in it.

    Raises:
        Outage: `registry.not_founded`.
    """
    if not Folder(directory).founded:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(directory)})
    Folder(directory).require_whole()
    return directory
