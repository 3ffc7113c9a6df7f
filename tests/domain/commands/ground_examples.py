"""One example of each command about boundaries and imported activities: the command, its desk, what happened before."""

from collections.abc import Callable, Iterator

from counterfoil.application.command import Command
from tests.domain.commands.desk import Desk
from tests.domain.commands.scene import host
from tests.domain.commands.test_check_boundary import FIRST, SECOND, WOOD, check, decision, desk, shares
from tests.domain.commands.test_import_activities import period, project

GroundExample = tuple[Command, Callable[[], Desk], tuple[Command, ...]]


def ground_examples() -> Iterator[GroundExample]:
    yield check(WOOD, 1, shares(25)), desk, (FIRST,)
    yield decision(), desk, (FIRST, SECOND)
    yield project(), host, ()
    yield period(), host, (project(),)
