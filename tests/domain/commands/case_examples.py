"""One example of each command about cases, comparisons, recovery and requests: with its desk and what came before."""

from collections.abc import Iterator

from tests.domain.commands.link_examples import LinkExample
from tests.domain.commands.scene import authorized_host, host, issuing_host
from tests.domain.commands.test_case import COMPARED, SEEN, case, close, confirm
from tests.domain.commands.test_recover import BEGIN, CHE, end
from tests.domain.commands.test_request_issuance import asked, ended


def case_examples() -> Iterator[LinkExample]:
    yield case(), issuing_host, ()
    yield close(), issuing_host, (case(),)
    yield confirm(), issuing_host, (case(),)
    yield SEEN, host, ()
    yield COMPARED, host, ()
    yield BEGIN, host, ()
    yield end(CHE, "DNA", "its registry was closed"), host, (BEGIN,)
    yield asked(), authorized_host, ()
    yield ended(), authorized_host, (asked(),)
