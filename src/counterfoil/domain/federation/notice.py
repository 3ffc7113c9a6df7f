"""Notices: what one book tells another about things that move nothing between them, each with the proof of its entry.

A unit that is used or cancelled abroad before its first transfer, a recognition, an objection, a cancellation for a
beneficiary abroad: the book in which it happened owes the other one a notice until the other has answered. Notices
to a partner are numbered, so each has a name of its own and a repeated one is told from a new one.

Source: 4/CMA.6 para. 13 (arrangements to be told of use or cancellation); requirement R-CHE-04.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party, TransferId

NOTICE: Final = "notice"
"""By name: what this book owes a partner, or has told it."""
TAKEN_NOTICE: Final = "taken_notice"
"""By name: what a partner's book told this one."""
NOTICES_TO: Final = "notices_to"
"""By partner: the number of the latest notice to it."""
PARTS_MAX: Final = 64


class NoticeFault(StrEnum):
    ALREADY_TAKEN = "partner_notice.already_taken"
    UNKNOWN = "partner_notice.unknown"
    ANSWERED = "partner_notice.answered"
    CONTENT_UNREADABLE = "partner_notice.content_unreadable"
    NOT_THE_SENDERS = "partner_notice.not_the_senders"
    OTHER_LETTER = "partner_notice.other_letter"
    TOO_MANY_PARTS = "partner_notice.too_many_parts"
    TOLD_AGAIN = "partner_notice.told_again"


class NoticeKind(StrEnum):
    """What is told. The word stands in public leaves and in messages."""

    ENDED = "ended"
    """Units of the recipient that had no first transfer were used, cancelled or given to the Adaptation Fund here."""
    RECOGNIZED = "recognized"
    OBJECTED = "objected"
    ANSWERED = "answered"
    BENEFICIARY = "beneficiary"
    """Units were cancelled here for somebody in the recipient's country; nothing moves."""
    REVOKED = "revoked"
    """An authorization was revoked for units already first transferred, as its own terms allow."""
    JOINT_AGREED = "joint_agreed"
    """What this Party says of a joint issuance; it stands once both say the same."""
    JOINTLY_ISSUED = "jointly_issued"
    STATED = "authorization_stated"
    """A host's statement to the mechanism registry: an activity, and the letter under which it authorizes its units."""
    ARRIVED = "arrived"
    """Units that the recipient issued were acquired here from a third book."""
    FIRST_TRANSFERRED = "first_transferred"
    """Units of the recipient that were issued in this book were first transferred here: its own book adds them."""


class NoticeState(StrEnum):
    OWED = "owed"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice, as the book that owes it keeps it. `answer` is the digest of the partner's message.

    `entry` is the number of the entry that owes it, once it was answered; before, that is the one that set the record.
    """

    id: TransferId
    partner: Party
    kind: NoticeKind
    told_on: date
    content: Mapping[str, Any] = field(default_factory=dict)
    state: NoticeState = NoticeState.OWED
    answered_on: date | None = None
    answer: str = ""
    code: str = ""
    entry: int | None = None


def notice_id(registry: str, partner: str, number: int) -> TransferId:
    """The name of the notice with a number to a partner.

    >>> notice_id("XBB01", "XAA", 3)
    'N:XBB01:XAA:3'
    """
    return TransferId(f"N:{registry}:{partner}:{number}")


def is_notice(name: str) -> bool:
    """Whether a message's subject may be a notice; what else is called so is found to be none when it is looked up."""
    return name.startswith("N:")


def names_sender(name: str, *, registry: str, own: str) -> bool:
    """Whether a notice's name is one that a registry gives to notices to this Party."""
    start = f"N:{registry}:{own}:"
    number = name.removeprefix(start)
    return name.startswith(start) and number.isdigit() and number.isascii() and len(number) <= 12


def told(leaf: Mapping[str, Any], name: str, *, to: str) -> Mapping[str, JSON] | None:
    """What an entry of the partner's book says in the notice of that name to this Party; None where it tells nothing.

    The entry is the statement: what a message says beside it counts for nothing.
    """
    for row in leaf.get("records", ()):
        if isinstance(row, list) and len(row) == 3 and row[:2] == [NOTICE, name]:
            value = row[2]
            mine = isinstance(value, dict) and value.get("partner") == to and value.get("state") == NoticeState.OWED
            return value if mine else None
    return None
