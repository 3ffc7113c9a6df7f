"""All examples of commands that stand in files of their own."""

from collections.abc import Iterator
from itertools import chain

from tests.domain.commands.case_examples import case_examples
from tests.domain.commands.ground_examples import ground_examples
from tests.domain.commands.guard_examples import guard_examples
from tests.domain.commands.life_examples import life_examples
from tests.domain.commands.link_examples import LinkExample, link_examples
from tests.domain.commands.movement_examples import movement_examples
from tests.domain.commands.trade_examples import trade_examples


def more_examples() -> Iterator[LinkExample]:
    """Each is the command, its desk, and what happened before."""
    linked = chain(link_examples(), movement_examples(), case_examples())
    return chain(life_examples(), ground_examples(), guard_examples(), trade_examples(), linked)
