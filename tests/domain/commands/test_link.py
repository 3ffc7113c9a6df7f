"""Links: their states, addresses and keys."""

from dataclasses import replace
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.abroad import AbroadFault
from counterfoil.application.commands.link import ChangeLink, FollowKey, LinkPartner, PartnerFault
from counterfoil.domain.federation.link import PARTNER, LinkFault, LinkState, Partner
from counterfoil.domain.federation.message import MessageFault
from counterfoil.domain.kernel.ids import Party
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import buyer, host, issuing_host, offer, partner, proposal

FIRST = "A" * 43 + "="
KEY = "B" * 43 + "="
NEXT = "C" * 43 + "="


def change(party: str = "CHE", state: LinkState | None = LinkState.SUSPENDED, **changes: Any) -> ChangeLink:
    return ChangeLink(party=Party(party), reason="a key was lost", state=state, **changes)


def follow(party: str = "CHE", public_key: str = KEY, hours: int = 24) -> FollowKey:
    return FollowKey(party=Party(party), public_key=public_key, proof="ab" * 32, overlap_hours=hours)


REFUSALS = (
    Case("a link's address has no scheme", LinkFault.ADDRESS_UNREADABLE, lambda _: linked(address="registry.example")),
    Case(
        "a link's address carries a query",
        LinkFault.ADDRESS_UNREADABLE,
        lambda _: linked(address="https://registry.example/?to=another"),
    ),
    Case(
        "a link's address names a user", LinkFault.ADDRESS_UNREADABLE, lambda _: linked(address="https://a@b.example")
    ),
    Case("its hours are negative", LinkFault.HOURS, lambda _: linked(answer_hours=-1)),
    Case("its hours are above a year", LinkFault.HOURS, lambda _: linked(answer_hours=24 * 366 + 1)),
    Case("a change is of a link that is not there", LinkFault.UNKNOWN, lambda _: change("NOR")),
    Case("a change changes nothing", LinkFault.SAME_STATE, lambda _: change(state=LinkState.LIVE)),
    Case("a change gives no address", LinkFault.ADDRESS_UNREADABLE, lambda _: change(address="file:///etc")),
    Case("a key is followed of a partner that is not linked", LinkFault.UNKNOWN, lambda _: follow("NOR")),
    Case("a followed key is no key", PartnerFault.KEY_UNREADABLE, lambda _: follow(public_key="bmV3")),
    Case("the key is the one in force", LinkFault.KEY_SUCCESSION, lambda _: follow(public_key=FIRST)),
    Case("the key is the one before", LinkFault.KEY_SUCCESSION, after(follow(), then=follow(public_key=FIRST))),
    Case("keys would overlap for two months", LinkFault.HOURS, lambda _: follow(hours=24 * 60)),
)


def linked(**changes: Any) -> Any:
    return replace(partner("CHE"), **changes)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_link_is_not_changed_when(case: Case) -> None:
    check_refused(case, host())


def known(desk: Desk) -> Partner:
    found = stored(desk.books, PARTNER, "CHE", Partner)
    assert found is not None
    return found


def test_a_change_keeps_what_it_does_not_name() -> None:
    desk = host()
    desk.do(linked(address="https://che.example", answer_hours=72))
    desk.do(change())
    desk.do(change(state=None, address="https://registry.che.example/article6"))
    link = known(desk)
    assert (link.state, link.answer_hours, link.public_key) == (LinkState.SUSPENDED, 72, FIRST)
    assert link.address == "https://registry.che.example/article6"


def test_a_later_link_keeps_the_terms_that_it_does_not_name() -> None:
    """Linked again with another key: neither a person's consent nor a suspension ends by silence."""
    desk = host()
    desk.do(linked(address="https://che.example", answer_hours=72, await_issuer=True, by_hand=True))
    desk.do(change())
    desk.do(LinkPartner(party=Party("CHE"), registry="CHE01", origin="che.example/registry", public_key=KEY))
    link = known(desk)
    assert (link.public_key, link.state, link.address, link.answer_hours) == (
        KEY,
        LinkState.SUSPENDED,
        "https://che.example",
        72,
    )
    assert (link.await_issuer, link.by_hand) == (True, True)
    desk.do(linked(state=LinkState.LIVE, by_hand=False))
    assert (known(desk).state, known(desk).by_hand, known(desk).await_issuer) == (LinkState.LIVE, False, True)


def test_a_first_link_is_live_at_once() -> None:
    desk = host()
    desk.do(replace(partner("CHE"), party=Party("NOR"), registry="NOR01"))
    first = stored(desk.books, PARTNER, "NOR", Partner)
    assert first is not None and (first.state, first.answer_hours, first.by_hand) == (LinkState.LIVE, 0, False)


def test_a_followed_key_takes_over_and_the_earlier_one_stays_good_for_the_overlap() -> None:
    desk = host()
    desk.do(follow(hours=24))
    link = known(desk)
    assert (link.public_key, link.earlier_key, link.earlier_until) == (KEY, FIRST, "1970-01-02T00:00:00Z")
    desk.do(follow(public_key=NEXT, hours=0))
    assert [key for key, _ in known(desk).keys()] == [b for b, _ in Partner(**_keys(NEXT, KEY)).keys()]


def _keys(current: str, earlier: str) -> Any:
    return {
        "party": Party("CHE"),
        "registry": "CHE01",
        "origin": "o",
        "public_key": current,
        "earlier_key": earlier,
    }


NOT_LIVE = (
    Case("the link is being tested", LinkFault.NOT_LIVE, after(change(state=LinkState.TESTING), then=proposal())),
    Case("the link is suspended", LinkFault.NOT_LIVE, after(change(), then=proposal())),
    Case("its end is no moment", AbroadFault.EXPIRY, lambda _: proposal(expires_at="soon")),
    Case("its end is over", AbroadFault.EXPIRY, lambda _: proposal(expires_at="1969-12-31T23:59:59Z")),
    Case("its end is years away", AbroadFault.EXPIRY, lambda _: proposal(expires_at="1972-01-01T00:00:00Z")),
)


@pytest.mark.parametrize("case", NOT_LIVE, ids=titles)
def test_a_transfer_is_not_proposed_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_the_hours_of_the_link_end_an_offer_that_names_no_end() -> None:
    desk = issuing_host()
    desk.do(linked(answer_hours=72))
    desk.do(proposal())
    assert desk.books.record("transfer", "T-1")["expires_at"] == "1970-01-04T00:00:00Z"


def overdue(_: Desk) -> Any:
    source = issuing_host()
    source.do(proposal())
    return replace(offer(source, "T-1"), expires_at="1969-12-31T23:59:59Z")


def in_testing(desk: Desk) -> Any:
    desk.do(change("THA", LinkState.TESTING))
    source = issuing_host()
    source.do(proposal())
    return offer(source, "T-1")


LATE = (
    Case("it came after its end", MessageFault.EXPIRED, overdue),
    Case("the link is being tested", LinkFault.NOT_LIVE, in_testing),
)


@pytest.mark.parametrize("case", LATE, ids=titles)
def test_a_proposal_is_not_accepted_when(case: Case) -> None:
    check_refused(case, buyer())
