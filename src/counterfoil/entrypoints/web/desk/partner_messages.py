"""What is still to be delivered to a partner, as an officer sees it, and sending one message again by hand.

Read next: `application/federation/letter_book.py`. Source: ADR-0035.
"""

from typing import Final

from counterfoil.application.commands.abroad import TRANSFER, AbroadFault
from counterfoil.application.federation.letter_book import Delivery
from counterfoil.application.office import trail
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.notice import NOTICE, is_notice
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.visit import Visit

DEAD_MAX: Final = 1_000
SHOWN: Final = 100
WAITING_SHOWN: Final = 40
"""Messages that go on by themselves; how many more there are is told."""
EVER: Final = 2**62
RESENT: Final = "link.resent"
"""How the trail names a message that somebody sent again."""


def dead_to(visit: Visit, party: str) -> list[Delivery]:
    """What was set aside after its last try."""
    found = visit.ground.links.book().dead(after=(party, ""), limit=DEAD_MAX)
    return [each for each in found if each.partner == party]


def waiting_for(visit: Visit, party: str) -> list[Delivery]:
    """What is tried again by itself, the next first."""
    return list(visit.ground.links.book().due(party, now_ms=EVER, limit=WAITING_SHOWN))


async def resend(visit: Visit, party: str, transfer: str) -> Refusal | None:
    """Owe a partner what this side has to say about one transfer or notice, once more and from now on.

    What is no longer to be said goes away by itself. The trail keeps who asked for it.
    """
    kind = NOTICE if is_notice(transfer) else TRANSFER

    def partner_of(sight: Sight) -> str:
        return str((sight.record(kind, transfer) or {}).get("partner", ""))

    if await visit.ask(partner_of) != party:
        return Refusal(AbroadFault.UNKNOWN, {"transfer": transfer[:80]})
    await visit.in_office(lambda office: _noted(visit, office, party, [transfer]))
    await visit.aside(lambda: _owed(visit, party, transfer))
    return None


async def revive(visit: Visit, party: str) -> None:
    """Try all that was set aside for a partner from the beginning."""
    chosen = [each.transfer for each in await visit.aside(lambda: dead_to(visit, party))]
    if not chosen:
        return
    await visit.in_office(lambda office: _noted(visit, office, party, chosen))
    await visit.aside(lambda: _revived(visit, party, chosen))


def _owed(visit: Visit, party: str, transfer: str) -> None:
    book = visit.ground.links.book()
    known = [*dead_to(visit, party), *waiting_for(visit, party)]
    ends = next((each.expires_ms for each in known if each.transfer == transfer), 0)
    with book.change():
        book.owe([Delivery(party, transfer, 0, visit.now_ms, ends)])


def _revived(visit: Visit, party: str, transfers: list[str]) -> None:
    book = visit.ground.links.book()
    with book.change():
        book.revive([(party, each) for each in transfers], now_ms=visit.now_ms)


def _noted(visit: Visit, office: Office, party: str, transfers: list[str]) -> None:
    assert visit.standing is not None
    with office.store.change():
        facts: dict[str, JSON] = {"transfer": transfers[0], "messages": len(transfers)}
        trail.write(office, f"person:{visit.standing.acting}", RESENT, party, facts)
