"""One example of each command about what is told between books: the command, its desk, and what happened before."""

from collections.abc import Callable, Iterator

from counterfoil.application.command import Command
from tests.domain.commands.desk import Desk
from tests.domain.commands.scene import host
from tests.domain.commands.test_joint_issuance import agree
from tests.domain.commands.test_mechanism import state, stating_host
from tests.domain.commands.test_partner_notices import answer, gone, letter, notice, telling


def movement_examples() -> Iterator[tuple[Command, Callable[[], Desk], tuple[Command, ...]]]:
    yield notice(), gone, ()
    yield letter(), gone, ()
    yield answer(), telling, ()
    yield agree(), host, ()
    yield state(), stating_host, ()
