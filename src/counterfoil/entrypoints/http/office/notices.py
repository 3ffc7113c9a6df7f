"""The routes of notices: one's own inbox and wishes; for those who keep the registry, what was set aside."""

from typing import Any, Final

import msgspec

from counterfoil.application.notices import delivering
from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.notices.notice_desk import NoticeDesk, wish_of
from counterfoil.application.notices.ports import Channel, Delivery, DeliveryState, MailWish, Preference, Ways
from counterfoil.application.notices.wording import worded
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE, Nothing
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.notice_practice import notice_practice, notice_word
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.postman import outbox_of

LIMIT: Final = 50
LIMIT_MAX: Final = 200
_NUMBER_MAX: Final = 18


class Wishes(msgspec.Struct, forbid_unknown_fields=True):
    mail: str
    language: str


def routes() -> tuple[OfficeRoute, ...]:
    """Every route of notices."""
    own, table = Access.SIGNED_IN, Access.BY_TABLE
    place = f"{PLACE}/notices"
    waiting = f"{PLACE}/deliveries"
    return (
        OfficeRoute(
            "GET", place, "listNotices", said("One's notices, newest first", "本人之通知（由新至舊）"), _inbox, own
        ),
        OfficeRoute(
            "POST",
            f"{place}/{{number}}/read",
            "readNotice",
            said("Mark a notice as read", "將通知標為已讀"),
            _read,
            own,
            Nothing,
        ),
        OfficeRoute(
            "GET",
            f"{place}/wishes",
            "showNoticeWishes",
            said("How often one wants mail, and in which language", "本人之郵件頻率與語言"),
            _wishes,
            own,
        ),
        OfficeRoute(
            "POST",
            f"{place}/wishes",
            "setNoticeWishes",
            said("Say how often one wants mail, and in which language", "設定郵件頻率與語言"),
            _wish,
            own,
            Wishes,
        ),
        OfficeRoute(
            "GET", waiting, "listDeliveries", said("Deliveries by state", "依狀態列示之遞送"), _deliveries, table
        ),
        OfficeRoute(
            "POST",
            f"{waiting}/{{number}}/retry",
            "retryDelivery",
            said("Try again what was set aside", "重試已擱置之遞送"),
            _retry,
            table,
            Nothing,
        ),
    )


def _desk(office: Office) -> NoticeDesk:
    """The desk without ways out: an answer to a request sends nothing."""
    practice = notice_practice()
    return NoticeDesk(office, outbox_of(office), permission_table().permissions, practice, Ways(), notice_word)


def _inbox(office: Office, call: Call) -> Answer | Refusal:
    desk, person = _desk(office), call.session.person
    limit = _whole(call.query.get("limit", str(LIMIT)), "limit")
    if not 1 <= limit <= LIMIT_MAX:
        raise unreadable("limit", str(limit))
    before = _whole(call.query.get("before", str(2**53)), "before")
    unread = call.query.get("unread") == "true"
    found = desk.outbox.inbox(person, before=before, unread=unread, limit=limit)
    language = wish_of(desk, person).language
    following = str(found[-1].number) if len(found) == limit else None
    return Answer({"items": [_shown(desk, each, language) for each in found], "next": following})


def _shown(desk: NoticeDesk, delivery: Delivery, language: str) -> dict[str, Any]:
    notice = delivery.notice
    title, body = worded(desk, notice, language)
    return {
        "number": delivery.number,
        "sort": notice.sort,
        "subject": notice.subject,
        "at_ms": notice.at_ms,
        "title": title,
        "body": body,
        "facts": msgspec.json.decode(notice.facts),
        "read_ms": delivery.read_ms,
    }


def _read(office: Office, call: Call) -> Answer | Refusal:
    outbox = outbox_of(office)
    number = _whole(call.path["number"], "number")
    found = outbox.get(number)
    # Somebody else's notice is as unknown as one that never was.
    if found is None or found.channel is not Channel.INBOX or found.target != call.session.person:
        return Refusal(NoticeFault.UNKNOWN, {"number": number})
    with office.store.change():
        outbox.read(number, office.clock.now_ms())
    return Answer({"read": True})


def _wishes(office: Office, call: Call) -> Answer | Refusal:
    wish = wish_of(_desk(office), call.session.person)
    return Answer({"mail": wish.mail.value, "language": wish.language})


def _wish(office: Office, call: Call) -> Answer | Refusal:
    mail, language = call.body.mail, call.body.language
    if mail not in tuple(MailWish) or language not in LANGUAGES:
        return Refusal(NoticeFault.PREFERENCE_UNREADABLE, {"mail": mail[:20], "language": language[:20]})
    with office.store.change():
        outbox_of(office).prefer(call.session.person, Preference(MailWish(mail), language))
    return _wishes(office, call)


def _deliveries(office: Office, call: Call) -> Answer | Refusal:
    state = call.query.get("state", DeliveryState.DEAD.value)
    if state not in tuple(DeliveryState):
        raise unreadable("state", state)
    after = _whole(call.query.get("after", "0"), "after")
    found = outbox_of(office).listed(DeliveryState(state), after=after, limit=LIMIT_MAX)
    following = str(found[-1].number) if len(found) == LIMIT_MAX else None
    return Answer({"items": [_delivery(each) for each in found], "next": following})


def _retry(office: Office, call: Call) -> Answer | Refusal:
    found = delivering.retry(_desk(office), _whole(call.path["number"], "number"), actor=call.actor)
    return found if isinstance(found, Refusal) else Answer(_delivery(found))


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "number": delivery.number,
        "notice": delivery.notice.key,
        "sort": delivery.notice.sort,
        "subject": delivery.notice.subject,
        "channel": delivery.channel.value,
        "target": delivery.target,
        "state": delivery.state.value,
        "tries": delivery.tries,
        "next_ms": delivery.next_ms,
        "detail": delivery.detail,
    }


def _whole(sent: str, name: str) -> int:
    if not sent.isascii() or not sent.isdecimal() or len(sent) > _NUMBER_MAX:
        raise unreadable(name, sent[:40])
    return int(sent)
