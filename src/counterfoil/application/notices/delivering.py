"""Sends what waits, in order for each subject. What fails waits longer each time, and is set aside at last.

A delivery is sent first and marked after: when the process ends in between, it is sent again, under the same name.
"""

import json
from collections.abc import Sequence
from typing import Final

from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.notices.notice_desk import NoticeDesk, wish_of
from counterfoil.application.notices.ports import Channel, Delivery, DeliveryState, Letter, Notice
from counterfoil.application.notices.wording import worded
from counterfoil.application.office import trail
from counterfoil.application.office.ports import PersonState
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.notice import next_try_ms

ROUND: Final = 100
DIGEST_MAX: Final = 200
_DETAIL_MAX: Final = 200


def deliver(desk: NoticeDesk) -> int:
    """One round: every delivery that is due, at most so many; says how many were tried."""
    tried = 0
    seen: set[int] = set()
    stuck: set[tuple[str, str, str]] = set()
    for delivery in desk.outbox.due(desk.office.clock.now_ms(), limit=ROUND):
        queue = (delivery.channel.value, delivery.target, delivery.notice.subject)
        if delivery.number in seen or queue in stuck:
            continue
        together = _together(desk, delivery)
        seen.update(each.number for each in together)
        tried += 1
        if not _try(desk, together):
            stuck.add(queue)
    return tried


def retry(desk: NoticeDesk, number: int, *, actor: str) -> Delivery | Refusal:
    """Try again what was set aside, from the beginning."""
    with desk.office.store.change():
        found = desk.outbox.get(number)
        if found is None:
            return Refusal(NoticeFault.UNKNOWN, {"number": number})
        if found.state is not DeliveryState.DEAD:
            return Refusal(NoticeFault.NOT_DEAD, {"number": number, "state": found.state.value})
        now = desk.office.clock.now_ms()
        desk.outbox.settle(number, DeliveryState.WAITING, tries=0, next_ms=now, detail="")
        trail.write(desk.office, actor, "notice.retried", str(number), {"channel": found.channel.value})
        again = desk.outbox.get(number)
    assert again is not None
    return again


def body_of(notice: Notice) -> bytes:
    """What a webhook gets: canonical JSON, the same each time it is sent."""
    return canonical(
        {
            "number": notice.number,
            "key": notice.key,
            "sort": notice.sort,
            "subject": notice.subject,
            "at_ms": notice.at_ms,
            "facts": json.loads(notice.facts),
        }
    )


def _together(desk: NoticeDesk, delivery: Delivery) -> Sequence[Delivery]:
    if not delivery.digest:
        return (delivery,)
    return desk.outbox.digest(delivery.target, desk.office.clock.now_ms(), limit=DIGEST_MAX)


def _try(desk: NoticeDesk, together: Sequence[Delivery]) -> bool:
    """Send, and write down how that went; False when it failed."""
    try:
        state = _sent(desk, together)
    except Outage as outage:
        _failed(desk, together, str(outage.facts.get("detail", outage.code)))
        return False
    with desk.office.store.change():
        for each in together:
            desk.outbox.settle(each.number, state, tries=each.tries + 1, next_ms=each.next_ms, detail="")
    return True


def _failed(desk: NoticeDesk, together: Sequence[Delivery], detail: str) -> None:
    now = desk.office.clock.now_ms()
    with desk.office.store.change():
        for each in together:
            tries = each.tries + 1
            wait = next_try_ms(tries)
            state = DeliveryState.DEAD if wait is None else DeliveryState.WAITING
            next_ms = now + (wait or 0)
            desk.outbox.settle(each.number, state, tries=tries, next_ms=next_ms, detail=detail[:_DETAIL_MAX])


def _sent(desk: NoticeDesk, together: Sequence[Delivery]) -> DeliveryState:
    """Send one delivery, or several as one mail; dropped where there is nobody to send to."""
    first = together[0]
    if first.channel is Channel.WEBHOOK:
        hook = desk.ways.webhook(first.target)
        if hook is None:
            return DeliveryState.DROPPED
        hook.send(body_of(first.notice), number=first.number, at_ms=desk.office.clock.now_ms())
        return DeliveryState.DONE
    person = desk.office.store.people.get(first.target)
    if desk.ways.post is None or person is None or person.mail is None or person.state is PersonState.ERASED:
        return DeliveryState.DROPPED
    desk.ways.post.send(_letter(desk, together, person.mail))
    return DeliveryState.DONE


def _letter(desk: NoticeDesk, together: Sequence[Delivery], address: str) -> Letter:
    first = together[0]
    language = wish_of(desk, first.target).language
    parts = [worded(desk, each.notice, language) for each in together]
    if len(parts) == 1:
        title, body = parts[0]
        return Letter(address, title, body, f"notice-{first.number}", language)
    heading = desk.practice.sorts["digest"].title[language].format(count=len(parts))
    text = "\n\n".join(f"{title}\n{body}" for title, body in parts)
    return Letter(address, heading, text, f"digest-{first.number}-{together[-1].number}", language)


def trial_letter(desk: NoticeDesk, address: str) -> str | Refusal:
    """Mail a test to an address, now. The answer is the address.

    Raises:
        Outage: `notice.not_delivered`.
    """
    if desk.ways.post is None or "@" not in address:
        return Refusal(NoticeFault.NOT_CONFIGURED, {"way": Channel.MAIL.value})
    title, body = worded(desk, _trial(desk), desk.ways.language)
    desk.ways.post.send(Letter(address, title, body, f"test-{desk.office.clock.now_ms()}", desk.ways.language))
    return address


def trial_webhook(desk: NoticeDesk, name: str) -> str | Refusal:
    """Post a signed test to a webhook, now. The answer is its name.

    Raises:
        Outage: `notice.not_delivered`.
    """
    hook = desk.ways.webhook(name)
    if hook is None:
        return Refusal(NoticeFault.NOT_CONFIGURED, {"way": name[:60] or "-"})
    notice, now = _trial(desk), desk.office.clock.now_ms()
    hook.send(body_of(notice), number=0, at_ms=now)
    return name


def _trial(desk: NoticeDesk) -> Notice:
    return Notice(0, "test", "test", "test", desk.office.clock.now_ms(), "{}")
