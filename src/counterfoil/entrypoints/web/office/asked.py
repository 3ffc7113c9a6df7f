"""How the office's pages ask the office, and where they lead afterwards."""

from collections.abc import Callable
from typing import Final, TypeVar

from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.page import Gone
from counterfoil.entrypoints.web.visit import Visit

T = TypeVar("T")
NEXT_MAX: Final = 2_000
FIRST: Final = ("/desk/tasks", "/desk/me")
"""Where somebody goes who signed in without wanting to go anywhere: the first of these that they may open."""


async def of_office(visit: Visit, work: Callable[[Office], T], *, hashing: bool = False) -> T:
    """What the office says, in its threads.

    Raises:
        Told: `sign_in.refused` where nobody was ever invited.
    """
    found = await visit.in_office(lambda office: (work(office),), hashing=hashing)
    if found is None:
        raise visit.refuse(Refusal(OfficeFault.SIGN_IN_REFUSED))
    return found[0]


def onward(visit: Visit, wanted: str) -> str:
    """The address of a page of this registry, whatever was asked for: it is always read as a path below our own.

    So `//elsewhere.example` and `https://elsewhere.example` lead to a page of ours that is not there.
    """
    plain = "".join(char for char in wanted[:NEXT_MAX] if char.isprintable() and char != "\\")
    if not plain.startswith("/") or plain.startswith("//"):
        plain = next((path for path in FIRST if f"GET {path}" in visit.ground.gate.table.routes), FIRST[-1])
    return f"{visit.root}{plain.lstrip('/')}"


def done(visit: Visit, *segments: str, what: str) -> Gone:
    """Back to a page, which says what was done: `web.office.done.<what>`."""
    return Gone(visit.url(*segments, done=what))


def actor(visit: Visit) -> str:
    """The name of who asks, as the trail has it."""
    assert visit.bearer is not None, "the page asks for a session"
    return f"person:{visit.bearer.standing.acting}"
