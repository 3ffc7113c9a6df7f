"""Whom a notice is for: the words of its sort, resolved to pseudonyms on the day.

`subject` is the person it is about, `initiator` who proposed an act, `approvers` who may approve it, `owners` the
people of the organisations that own it, `role:NAME` whoever holds a role.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from counterfoil.application.notices.notice_desk import News, NoticeDesk
from counterfoil.application.office.ports import PersonState
from counterfoil.application.office.trail import day_of
from counterfoil.domain.people.permission import Reach

ROLE: Final = "role:"


def audience(desk: NoticeDesk, news: News, owners: Iterable[str] = ()) -> set[str]:
    """Every person of a notice.

    Args:
        owners: The organisations that own what it is about.
    """
    found: set[str] = set()
    on = day_of(desk.office.clock.now_ms())
    for word in desk.practice.sorts[news.sort].to:
        if word.startswith(ROLE):
            found.update(desk.office.store.memberships.holders(word[len(ROLE) :], on=on))
        elif word == "owners":
            found.update(person for body in sorted(set(owners)) for person in desk.outbox.members(body, on=on))
        else:
            found.update(WORDS[word](desk, news, on))
    return found


def _subject(desk: NoticeDesk, news: News, on: str) -> Iterator[str]:
    del on
    person = desk.office.store.people.get(news.subject)
    if person is not None and person.state is not PersonState.ERASED:
        yield person.person


def _initiator(desk: NoticeDesk, news: News, on: str) -> Iterator[str]:
    del on
    proposer = desk.outbox.proposer(news.subject)
    if proposer is not None:
        yield proposer[0]


def _approvers(desk: NoticeDesk, news: News, on: str) -> Iterator[str]:
    """Whoever may do the command, apart from who proposed it: officers, and colleagues where own things are meant."""
    proposer = desk.outbox.proposer(news.subject)
    if proposer is None:
        return
    person, organisation = proposer
    for role, reach in desk.permissions.rows.get(str(news.facts.get("command", "")), {}).items():
        holders = desk.office.store.memberships.holders(role, on=on)
        own = set(desk.outbox.members(organisation, on=on)) if reach is Reach.OWN else set(holders)
        yield from (each for each in holders if each in own and each != person)


WORDS: Final[Mapping[str, Callable[[NoticeDesk, News, str], Iterator[str]]]] = {
    "subject": _subject,
    "initiator": _initiator,
    "approvers": _approvers,
}


def known_word(word: str, roles: Mapping[str, Any]) -> bool:
    """Whether a sort may name this audience."""
    return word == "owners" or word in WORDS or (word.startswith(ROLE) and word[len(ROLE) :] in roles)
