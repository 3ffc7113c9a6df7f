"""What telling people works with, and how a notice comes into the outbox with its deliveries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.application.notices.ports import (
    Channel,
    MailWish,
    Notice,
    Outbox,
    Practice,
    Preference,
    Sort,
    Ways,
)
from counterfoil.application.office.ports import Office, PersonState
from counterfoil.domain.kernel.canonical import JSON, canonical
from counterfoil.domain.people.permission import Permissions

Word = Callable[[str, str, Mapping[str, str]], str]
"""The text of a key in a language, with facts: the name of an act or of a duty."""
DAY_MS: Final = 24 * 60 * 60 * 1000
TOLD_MAX: Final = 1_000
"""Persons of one notice."""


@dataclass(frozen=True, slots=True)
class NoticeDesk:
    """All that telling works with."""

    office: Office
    outbox: Outbox
    permissions: Permissions
    practice: Practice
    ways: Ways
    word: Word


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: what it is, the key that makes it once, whom it is about, and its facts."""

    key: str
    sort: str
    subject: str
    at_ms: int
    facts: Mapping[str, JSON]


def tell(desk: NoticeDesk, news: News, persons: Iterable[str]) -> bool:
    """Inside a change: enter a notice, and one delivery for every way on which somebody gets it.

    Returns:
        False when nobody is to be told, or the notice is there already.
    """
    sort = desk.practice.sorts[news.sort]
    told = sorted(set(persons))[:TOLD_MAX]
    hooks = [each for each in desk.ways.webhooks if each.wants(news.sort)]
    if not told and not hooks:
        return False
    facts = canonical(dict(news.facts)).decode()
    number = desk.outbox.add(Notice(0, news.key, news.sort, news.subject, news.at_ms, facts))
    if number is None:
        return False
    now = desk.office.clock.now_ms()
    for person in told:
        desk.outbox.queue(number, Channel.INBOX, person, next_ms=now)
        _mail(desk, sort, number, person, now)
    for hook in hooks:
        desk.outbox.queue(number, Channel.WEBHOOK, hook.name, next_ms=now)
    return True


def wish_of(desk: NoticeDesk, person: str) -> Preference:
    """What somebody wishes; who has said nothing gets each mail, in the registry's language."""
    return desk.outbox.preference(person) or Preference(MailWish.EACH, desk.ways.language)


def _mail(desk: NoticeDesk, sort: Sort, number: int, person: str, now: int) -> None:
    found = desk.office.store.people.get(person)
    if desk.ways.post is None or found is None or found.mail is None or found.state is PersonState.ERASED:
        return
    wish = wish_of(desk, person).mail
    if sort.always or wish is MailWish.EACH:
        desk.outbox.queue(number, Channel.MAIL, person, next_ms=now)
    elif wish is MailWish.DAILY:
        tomorrow = (now // DAY_MS + 1) * DAY_MS
        desk.outbox.queue(number, Channel.MAIL, person, next_ms=tomorrow, digest=True)
