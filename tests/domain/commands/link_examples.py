"""One example of each command about links and the ends of transfers: with its desk, and what happened before."""

from collections.abc import Callable, Iterator

from counterfoil.application.command import Command
from tests.domain.commands.desk import Desk
from tests.domain.commands.scene import host
from tests.domain.commands.test_consent import asked, consent, noted, refusal
from tests.domain.commands.test_end_transfer import confirm, final
from tests.domain.commands.test_link import change, follow
from tests.domain.commands.test_open_section import administrator, closed, opened

LinkExample = tuple[Command, Callable[[], Desk], tuple[Command, ...]]


def link_examples() -> Iterator[LinkExample]:
    yield change(), host, ()
    yield follow(), host, ()
    yield confirm(), final, ()
    yield noted(), asked, ()
    yield consent(), asked, (noted(),)
    yield refusal(), asked, (noted(),)
    yield opened(), administrator, ()
    yield closed(), administrator, (opened(),)
